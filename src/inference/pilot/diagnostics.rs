//! Owns what a pilot says against the assumptions of its analysis: do the numbers of responses depend on the prompts, and how unlike
//! are prompts in their own variance?
//!
//! v_i is the unbiased variance of the responses of prompt i, for k_i >= 2. Its mean square over prompts contains sampling noise. For
//! k_i >= 4 two disjoint pairs of responses give an unbiased estimate of the square of the true variance, and their mean over all
//! choices, with d_ij half the squared distance, is
//!
//! ```text
//! U_i = [ (sum d)^2 - 4 sum_i (sum_j d_ij)^2 + 2 sum d^2 ] / (k (k-1) (k-2) (k-3))        sums over ordered pairs
//! ```
//!
//! (for numbers the polykay k_22 of Tukey 1956). Mean U less the squared mean of v, whose own noise is left out pair by pair, is the
//! variance between prompts.

use super::sample::{Prompt, Reservoir, shuffle};
use super::tested::Tested;
use crate::numerics::stream::Stream;

/// Permutations of a correlation's p-value.
const PERMUTATIONS: usize = 999;

/// What the kept prompts of a pilot say about its assumptions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diagnostics {
    /// Prompts looked at: all, or a random sample of a large pilot.
    pub prompts: u64,
    /// Pearson's correlation of k_i and v_i over prompts with two responses or more, by 999 permutations. None where all k_i or all v_i are equal.
    pub size_and_variance: Option<Tested>,
    /// Skewness of the v_i, sampling noise included. None where they are equal or fewer than three.
    pub skewness: Option<f64>,
    /// Coefficient of variation between prompts of their true variances, its sampling noise removed: 0 where what is left is below 0.
    /// None where fewer than two prompts have four responses, or no responses differ.
    pub spread: Option<f64>,
}

pub(super) fn of(kept: &Reservoir, stream: &mut Stream) -> Diagnostics {
    let prompts = kept.prompts();
    let repeated = || prompts.iter().filter(|prompt| prompt.responses >= 2);
    let sizes: Vec<f64> = repeated().map(|prompt| prompt.responses as f64).collect();
    let variances: Vec<f64> = repeated().map(|prompt| prompt.variance).collect();
    Diagnostics {
        prompts: prompts.len() as u64,
        size_and_variance: correlation(sizes, &variances, stream),
        skewness: skewness(variances),
        spread: spread(prompts),
    }
}

/// Numbers less their mean, divided by their root mean square; none where they do not differ.
fn standardised(mut numbers: Vec<f64>) -> Option<Vec<f64>> {
    let count = numbers.len() as f64;
    let first = *numbers.first()?;
    let mean = first + numbers.iter().map(|x| x - first).sum::<f64>() / count;
    numbers.iter_mut().for_each(|x| *x -= mean);
    let spread = (numbers.iter().map(|x| x * x).sum::<f64>() / count).sqrt();
    numbers.iter_mut().for_each(|x| *x /= spread);
    (spread > 0.0).then_some(numbers)
}

fn correlation(sizes: Vec<f64>, variances: &[f64], stream: &mut Stream) -> Option<Tested> {
    let (mut sizes, variances) = (standardised(sizes)?, standardised(variances.to_vec())?);
    let of = |sizes: &[f64]| sizes.iter().zip(&variances).map(|(x, y)| x * y).sum::<f64>() / sizes.len() as f64;
    let value = of(&sizes);
    let far = (0..PERMUTATIONS).filter(|_| {
        shuffle(&mut sizes, stream);
        // Equal sums in another order differ by rounding.
        of(&sizes).abs() >= value.abs() * (1.0 - 1e-12)
    });
    let p = (far.count() as f64 + 1.0) / (PERMUTATIONS as f64 + 1.0);
    Some(Tested { value, p })
}

fn skewness(variances: Vec<f64>) -> Option<f64> {
    let count = variances.len() as f64;
    let numbers = (count >= 3.0).then(|| standardised(variances))??;
    Some(numbers.iter().map(|x| x * x * x).sum::<f64>() / count)
}

/// The coefficient of variation of true variances, of the kept responses.
fn spread(prompts: &[Prompt]) -> Option<f64> {
    let (mut count, mut first, mut second, mut squares) = (0.0, 0.0, 0.0, 0.0);
    for prompt in prompts.iter().filter(|prompt| prompt.kept >= 4) {
        let (variance, square) = unbiased(prompt);
        count += 1.0;
        first += variance;
        second += variance * variance;
        squares += square;
    }
    let mean = first / count;
    let between = squares / count - (first * first - second) / (count * (count - 1.0));
    (count >= 2.0 && mean > 0.0).then(|| if between > 0.0 { between.sqrt() / mean } else { 0.0 })
}

/// Unbiased estimates of a prompt's variance and of its square, of at least four kept responses.
fn unbiased(prompt: &Prompt) -> (f64, f64) {
    let k = prompt.kept as f64;
    let (mut sum, mut of_rows, mut of_pairs) = (0.0, 0.0, 0.0);
    for row in prompt.row_sums() {
        sum += row;
        of_rows += row * row;
    }
    for other in 1..prompt.kept {
        for one in 0..other {
            let distance = prompt.distance(one, other);
            of_pairs += 2.0 * distance * distance;
        }
    }
    let pairs = k * (k - 1.0);
    let quadruples = pairs * (k - 2.0) * (k - 3.0);
    (sum / pairs, (sum * sum - 4.0 * of_rows + 2.0 * of_pairs) / quadruples)
}

//! Owns the test of whether the order of a prompt's responses means anything.
//!
//! Model: responses of one prompt are exchangeable, so that every order is as likely. Two statistics, each summed over prompts: the
//! distance of neighbours, less what all pairs of the prompt have on average (copies and trends make neighbours alike, drawing without
//! replacement unlike), and the same of pairs within the first or within the second half (a drift makes halves alike). The p-values are
//! by permutation within prompts, two-sided, and the smaller one is doubled for the two.

use super::responses::Refusal;
use super::sample::{Prompt, Reservoir, shuffle};
use super::tested::Tested;
use crate::numerics::stream::Stream;

/// What permutations say of the order of responses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exchangeability {
    /// Prompts with three responses or more: of two every order looks alike.
    pub prompts: u64,
    /// The mean distance of neighbours less what their prompts' pairs have on average, half squared; for labels, the rate at which they
    /// differ. Below 0 where neighbours are alike.
    pub neighbours: Tested,
    /// The same of pairs in one half. Below 0 where the halves differ.
    pub halves: Tested,
    /// Of both together, a probability: small where the order means something.
    pub p: f64,
}

/// Sums over prompts of the two statistics, for the responses in some order.
type Pair = [f64; 2];

/// Permutes `draws` times.
pub(super) fn of(kept: &Reservoir, draws: usize, stream: &mut Stream) -> Result<Exchangeability, Refusal> {
    let prompts: Vec<(&Prompt, f64)> = kept
        .prompts()
        .iter()
        .filter(|prompt| prompt.kept >= 3)
        .map(|prompt| (prompt, mean(prompt)))
        .collect();
    if prompts.is_empty() {
        return Err(Refusal::TooFewPrompts {
            prompts: 0,
            responses: 3,
            needed: 1,
        });
    }
    let (own, far) = permuted(&prompts, draws, stream);
    let pairs = prompts.iter().fold([0.0; 2], |sum, (prompt, _)| {
        let [neighbours, halves] = counts(prompt.kept);
        [sum[0] + neighbours, sum[1] + halves]
    });
    let tested = |at: usize| Tested {
        value: own[at] / pairs[at],
        p: far[at] / (draws as f64 + 1.0),
    };
    let (neighbours, halves) = (tested(0), tested(1));
    Ok(Exchangeability {
        prompts: prompts.len() as u64,
        neighbours,
        halves,
        p: (2.0 * neighbours.p.min(halves.p)).min(1.0),
    })
}

/// Both statistics in file order, and of this order and `draws` random ones how many are as far from 0.
fn permuted(prompts: &[(&Prompt, f64)], draws: usize, stream: &mut Stream) -> (Pair, Pair) {
    let mut order = Vec::new();
    let own = summed(prompts, &mut order, None);
    let mut far = [1.0; 2];
    for _ in 0..draws {
        let other = summed(prompts, &mut order, Some(stream));
        for at in 0..2 {
            // Equal sums in another order differ by rounding.
            far[at] += f64::from(u8::from(other[at].abs() >= own[at].abs() * (1.0 - 1e-9)));
        }
    }
    (own, far)
}

fn mean(prompt: &Prompt) -> f64 {
    let k = prompt.kept as f64;
    prompt.row_sums().sum::<f64>() / (k * (k - 1.0))
}

/// Pairs of neighbours, and of responses in one half.
fn counts(kept: usize) -> Pair {
    let pairs = |k: usize| (k * k.saturating_sub(1)) as f64 / 2.0;
    [kept as f64 - 1.0, pairs(kept / 2) + pairs(kept - kept / 2)]
}

/// Both statistics of all prompts, in file order or in a random one.
fn summed(prompts: &[(&Prompt, f64)], order: &mut Vec<usize>, mut shuffled: Option<&mut Stream>) -> Pair {
    let mut sums = [0.0; 2];
    for (prompt, mean) in prompts {
        order.clear();
        order.extend(0..prompt.kept);
        if let Some(stream) = shuffled.as_deref_mut() {
            shuffle(order, stream);
        }
        let [neighbours, halves] = counts(prompt.kept);
        sums[0] += order.windows(2).map(|at| prompt.distance(at[0], at[1])).sum::<f64>() - neighbours * mean;
        let (first, second) = order.split_at(prompt.kept / 2);
        sums[1] += among(prompt, first) + among(prompt, second) - halves * mean;
    }
    sums
}

/// The distances of all pairs of some responses.
fn among(prompt: &Prompt, some: &[usize]) -> f64 {
    let to_earlier = |at: usize| (0..at).map(move |other| prompt.distance(some[at], some[other]));
    (1..some.len()).flat_map(to_earlier).sum()
}

//! Owns how tests of this room judge simulations: scores in standard errors, at one false-alarm rate over all checks of a test.

use crate::numerics::special::normal_quantile;

/// The probability that a test of right values fails.
const FALSE_ALARM: f64 = 1e-4;

/// Scores of right values, and of values that are wrong on purpose.
#[derive(Default)]
pub(super) struct Checks {
    right: Vec<f64>,
    wrong: Vec<f64>,
}

impl Checks {
    /// Adds the score of a right value and that of a wrong one.
    pub(super) fn add(&mut self, right: f64, wrong: f64) {
        self.right.push(right);
        self.wrong.push(wrong);
    }

    /// Demands that no right value is further off than the largest of so many normals is once in 10,000 tests (Sidak), and
    /// that some wrong value is.
    #[track_caller]
    pub(super) fn finish(self) {
        // 1 - (1 - a)^(1/k) of k checks, to first order a/k, for both tails.
        let limit = -normal_quantile(0.5 * FALSE_ALARM / self.right.len() as f64);
        let largest = |z: &[f64]| z.iter().fold(0.0_f64, |top, z| top.max(z.abs()));
        let (right, wrong) = (largest(&self.right), largest(&self.wrong));
        assert!(
            right < limit,
            "{right} standard errors, beyond {limit}: {:?}",
            self.right
        );
        assert!(wrong > limit, "a wrong value was not noticed: {:?}", self.wrong);
    }
}

/// How often something happened.
#[derive(Default)]
pub(super) struct Frequency {
    hits: u32,
    trials: u32,
}

impl Frequency {
    pub(super) fn add(&mut self, hit: bool) {
        self.hits += u32::from(hit);
        self.trials += 1;
    }

    /// Standard errors from a probability, those of a binomial with it.
    pub(super) fn score(&self, probability: f64) -> f64 {
        let trials = f64::from(self.trials);
        let error = (probability * (1.0 - probability) / trials).sqrt();
        (f64::from(self.hits) / trials - probability) / error
    }
}

/// The sum, the sum of squares and the number of values.
#[derive(Default)]
pub(super) struct Mean {
    sum: f64,
    squares: f64,
    count: f64,
}

impl Mean {
    pub(super) fn add(&mut self, x: f64) {
        self.sum += x;
        self.squares += x * x;
        self.count += 1.0;
    }

    /// Estimated standard errors from a value.
    pub(super) fn score(&self, value: f64) -> f64 {
        let mean = self.sum / self.count;
        let variance = self.squares / self.count - mean * mean;
        (mean - value) / (variance / self.count).sqrt()
    }
}

/// A draw from probabilities.
pub(super) fn draw(p: &[f64], uniform: f64) -> usize {
    let mut left = uniform;
    let found = p.iter().position(|p| {
        left -= p;
        left < 0.0
    });
    found.unwrap_or(p.len() - 1)
}

/// Every sequence of `length` modes, the last place running fastest.
pub(super) fn sequences(modes: usize, length: u32) -> Vec<Vec<usize>> {
    (0..length).fold(vec![vec![]], |shorter, _| {
        let longer = |s: Vec<usize>| (0..modes).map(move |m| [s.clone(), vec![m]].concat());
        shorter.into_iter().flat_map(longer).collect()
    })
}

/// How often each mode occurs.
pub(super) fn count(sequence: &[usize], modes: usize) -> Vec<u8> {
    let mut counts = vec![0; modes];
    sequence.iter().for_each(|&m| counts[m] += 1);
    counts
}

/// What the rounding of a sum of probabilities may come to: half an ulp for each of some thousand terms.
pub(super) const ROUNDING: f64 = 1e-12;

/// Equality of two lists of probabilities but for rounding.
#[track_caller]
pub(super) fn assert_near(found: &[f64], right: &[f64]) {
    assert_eq!(found.len(), right.len());
    for (i, (a, b)) in found.iter().zip(right).enumerate() {
        assert!((a - b).abs() <= ROUNDING, "{i}: {a}, but {b} by the other route");
    }
}

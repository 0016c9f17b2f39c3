//! Owns what measures see of fits: eight policies at one prompt of the population, and how the fits ended.

use crate::numerics::lanes::{LANES, Lanes};
use crate::world::Population;

/// Eight policies at one prompt.
pub(super) struct PromptView<'a> {
    pub population: &'a Population,
    /// pi(x), one entry per mode.
    pub truth: &'a [f64],
    /// ln p of the fitted policies.
    pub log_p: &'a [Lanes<f64>],
    /// p.
    pub p: &'a [Lanes<f64>],
}

impl PromptView<'_> {
    /// The sum over modes of a term of mode and lane.
    pub fn sum(&self, term: impl Fn(usize, usize) -> f64) -> Lanes<f64> {
        let mut sum = [0.0; LANES];
        for m in 0..self.truth.len() {
            for l in 0..LANES {
                sum[l] += term(m, l);
            }
        }
        sum
    }

    /// The mean of a term over the modes that have a share of responses worth covering. There is one: the likeliest mode has at least
    /// 1/M, and where that is below [`WORTH`], it is the only one.
    pub fn covered(&self, term: impl Fn(f64, f64) -> f64) -> Lanes<f64> {
        let most = self.truth.iter().copied().fold(0.0, f64::max);
        let least = if most < WORTH { most } else { WORTH };
        let count = self.truth.iter().filter(|&&own| own >= least).count() as f64;
        let worth = |m: usize| if self.truth[m] >= least { 1.0 / count } else { 0.0 };
        self.sum(|m, l| worth(m) * term(self.truth[m], self.p[m][l]))
    }

    /// sum_m -pi_m ln p_m.
    pub fn loss(&self) -> Lanes<f64> {
        self.sum(|m, l| -self.truth[m] * self.log_p[m][l])
    }

    pub fn entropy(&self) -> Lanes<f64> {
        self.sum(|m, l| -self.p[m][l] * self.log_p[m][l])
    }
}

/// The share of a prompt's responses from which on a mode is worth covering.
pub(super) const WORTH: f64 = 0.05;

/// Responses among which a mode is to be seen.
pub(super) const DRAWS: i32 = 8;

/// How eight fits ended.
pub(super) struct FitView {
    pub steps: Lanes<f64>,
    pub converged: Lanes<f64>,
}

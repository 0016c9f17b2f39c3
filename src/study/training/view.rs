//! Owns what measures see of fits: eight at a time.

use crate::numerics::lanes::{LANES, Lanes};

/// Eight fits and their distributions, as measures see them.
pub(super) struct View<'a> {
    /// What the policy should be; modes of wrong responses have none of it.
    pub truth: &'a [f64],
    /// R_m; empty in a world without rewards.
    pub rewards: &'a [f64],
    /// Its logarithm; 0 where it is 0.
    pub log_truth: &'a [f64],
    /// Shares of modes among the responses that they are fitted to.
    pub target: &'a [Lanes<f64>],
    /// ln p of the fitted policies.
    pub log_p: &'a [Lanes<f64>],
    pub steps: Lanes<f64>,
    pub converged: Lanes<f64>,
    /// What `target` is of a mode that they did not see.
    pub unseen: f64,
    /// Whether the fits have an optimum whatever they saw.
    pub bounded: bool,
}

impl View<'_> {
    /// KL(pi || p), pi the target.
    pub fn excess_nll(&self) -> Lanes<f64> {
        self.sum(|m, l| self.truth[m] * (self.log_truth[m] - self.log_p[m][l]))
    }

    /// 1 for fits that have an optimum, and had not converged after the last step.
    pub fn unconverged(&self) -> Lanes<f64> {
        let seen = self.seen(|_| true);
        let optimum = |l: usize| if self.bounded { 1.0 } else { seen[l] };
        std::array::from_fn(|l| optimum(l) * (1.0 - self.converged[l]))
    }

    /// 1 for fits that saw every mode of right responses, else 0.
    pub fn complete(&self) -> Lanes<f64> {
        self.seen(|m| self.truth[m] > 0.0)
    }

    /// 1 for fits that saw every mode of these, else 0.
    fn seen(&self, of: impl Fn(usize) -> bool) -> Lanes<f64> {
        let absent = self.sum(|m, l| if of(m) && !self.saw(m, l) { 1.0 } else { 0.0 });
        absent.map(|modes| if modes > 0.0 { 0.0 } else { 1.0 })
    }

    /// Whether the fit in a lane saw a mode.
    pub fn saw(&self, mode: usize, lane: usize) -> bool {
        self.target[mode][lane] > self.unseen
    }

    pub fn sum(&self, term: impl Fn(usize, usize) -> f64) -> Lanes<f64> {
        let mut sum = [0.0; LANES];
        for m in 0..self.truth.len() {
            for l in 0..LANES {
                sum[l] += term(m, l);
            }
        }
        sum
    }
}

//! Owns full-batch gradient descent of the shared softmax policy, eight or sixteen replicates in lanes.
//!
//! The loss of logits theta on a distribution f over modes is L = -sum_m f_m ln p_theta(m) + (ridge/2) |theta|^2, in
//! nats; its gradient is p_theta - f + ridge theta. f is sufficient: it holds all that kept responses say. A lane whose
//! gradient is within the tolerance stands still from then on, whatever its neighbours do (law 4).

mod kernel;
mod settings;
#[cfg(test)]
mod tests;

use crate::numerics::elementary::ln;
use crate::numerics::lanes::{LANES, Lanes, dispatch};
pub use settings::{Descent, Fitted};

/// Lanes of a pair: two sets of eight.
pub const PAIR: usize = 2 * LANES;

impl Descent {
    /// The loss of `logits` on the distribution `target`, in nats.
    pub fn loss(&self, target: &[f64], logits: &[f64]) -> f64 {
        let policy = super::SharedSoftmax::from_logits(logits);
        let penalty: f64 = logits.iter().map(|theta| theta * theta).sum();
        policy.nll(target) + 0.5 * self.ridge * penalty
    }

    /// The gradient of [`loss`](Self::loss) in the logits.
    pub fn gradient(&self, target: &[f64], logits: &[f64]) -> Vec<f64> {
        let policy = super::SharedSoftmax::from_logits(logits);
        let of_nll = policy.gradient(target);
        of_nll
            .iter()
            .zip(logits)
            .map(|(g, theta)| g + self.ridge * theta)
            .collect()
    }

    /// Fits eight policies from `logits` (nats) to `target` (rows are modes, columns lanes), in place. `scratch` needs
    /// [`SCRATCH`](Self::SCRATCH) times as many rows; its content does not matter.
    ///
    /// Powers of e err by at most 1.5 ulp. A lane's bits do not depend on its neighbours, nor on the vector unit; one that
    /// takes no step keeps its logits. They may lie anywhere; but of a lane whose logits may have come 346 nats from zero, those
    /// more than 693 nats below the highest have probability 0. Panics where the numbers of rows do not fit.
    #[inline]
    pub fn fit(&self, target: &[Lanes<f64>], logits: &mut [Lanes<f64>], scratch: &mut [Lanes<f64>]) -> Fitted {
        assert!(target.len() == logits.len() && Self::SCRATCH * target.len() == scratch.len());
        descend::run(self, target, logits, scratch)
    }

    /// [`fit`](Self::fit) of sixteen lanes, with the bits of two fits of eight, in about four fifths of their time: while one
    /// set waits for its sum and its division, the other's powers fill the vector unit.
    #[inline]
    pub fn fit_pair(
        &self,
        target: &[[f64; PAIR]],
        logits: &mut [[f64; PAIR]],
        scratch: &mut [[f64; PAIR]],
    ) -> Fitted<PAIR> {
        assert!(target.len() == logits.len() && Self::SCRATCH * target.len() == scratch.len());
        descend_pair::run(self, target, logits, scratch)
    }

    /// The policy that descent without a ridge converges to: f itself, where no mode is missing. Log-probabilities.
    pub fn optimum_without_ridge(target: &[f64]) -> Vec<f64> {
        target.iter().map(|&f| ln(f)).collect()
    }
}

use kernel::fit as fit_kernel;

dispatch!(
    /// [`Descent::fit`] at every vector level.
    pub mod descend = fit_kernel(
        descent: &Descent,
        target: &[Lanes<f64>],
        logits: &mut [Lanes<f64>],
        scratch: &mut [Lanes<f64>],
    ) -> Fitted
);

dispatch!(
    /// [`Descent::fit_pair`] at every vector level.
    pub mod descend_pair = fit_kernel(
        descent: &Descent,
        target: &[[f64; PAIR]],
        logits: &mut [[f64; PAIR]],
        scratch: &mut [[f64; PAIR]],
    ) -> Fitted<PAIR>
);

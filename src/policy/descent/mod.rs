//! Owns full-batch gradient descent of the shared softmax policy, eight replicates in lanes, one set or several.
//!
//! The loss of logits theta on a distribution f over modes is L = -sum_m f_m ln p_theta(m) + (ridge/2) |theta|^2, in
//! nats; its gradient is p_theta - f + ridge theta. f is sufficient: it holds all that kept responses say. A lane whose
//! gradient is within the tolerance stands still from then on, whatever its neighbours do (law 4).

mod kernel;
mod settings;
#[cfg(test)]
mod tests;

use crate::numerics::elementary::ln;
use crate::numerics::lanes::{Lanes, dispatch};
pub use settings::{Descent, Fitted, SETS};

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
    /// [`scratch`](Self::scratch) rows; its content does not matter.
    ///
    /// Powers of e err by at most 130 ulp, roundings of 128 steps, and by a few as a rule. A lane's bits do not depend on its neighbours, nor on the vector unit; one that
    /// takes no step keeps its logits. They may lie anywhere; but of a lane whose logits may have come 346 nats from zero, those
    /// more than 682 nats below the highest may have probability 0. Panics where the numbers of rows do not fit.
    #[inline]
    pub fn fit(&self, target: &[Lanes<f64>], logits: &mut [Lanes<f64>], scratch: &mut [Lanes<f64>]) -> Fitted {
        assert!(target.len() == logits.len() && scratch.len() >= Self::scratch(target.len()));
        descend::run(self, target, logits, scratch)
    }

    /// [`fit`](Self::fit) of [`SETS`] sets of lanes one after the other, each with the bits that it has alone, in less time: while one waits
    /// for its sum and its division, the others' changes fill the vector unit.
    #[inline]
    pub fn fit_together(
        &self,
        target: &[Lanes<f64>],
        logits: &mut [Lanes<f64>],
        scratch: &mut [Lanes<f64>],
    ) -> [Fitted; SETS] {
        assert!(target.len() == logits.len() && scratch.len() >= Self::scratch(target.len()));
        assert!(target.len().is_multiple_of(SETS));
        descend_together::run(self, target, logits, scratch)
    }

    /// The policy that descent without a ridge converges to: f itself, where no mode is missing. Log-probabilities.
    pub fn optimum_without_ridge(target: &[f64]) -> Vec<f64> {
        target.iter().map(|&f| ln(f)).collect()
    }
}

use kernel::{fit as fit_kernel, fit_together as fit_together_kernel};

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
    /// [`Descent::fit_together`] at every vector level.
    pub mod descend_together = fit_together_kernel(
        descent: &Descent,
        target: &[Lanes<f64>],
        logits: &mut [Lanes<f64>],
        scratch: &mut [Lanes<f64>],
    ) -> [Fitted; SETS]
);

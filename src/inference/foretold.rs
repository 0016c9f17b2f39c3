//! What a measurement would be after more replicates, or were the truth a stated value: for telling beforehand what a test can show.
//!
//! Standard errors of means fall as the root of the number of replicates, and everything else is taken to stay: the estimate, or the
//! truth that it is put at, and the degrees of freedom. That is 'about', as is the standard error itself. A test reaches its level there
//! in about half of all runs.

use super::cell::Measured;
use super::estimate::Estimate;

impl Estimate {
    /// The same after `factor` times the replicates.
    #[must_use]
    pub fn after(self, factor: f64) -> Self {
        Self {
            mcse: self.mcse / factor.sqrt(),
            // Beyond u64 it saturates: it is a count for reading.
            replicates: (self.replicates as f64 * factor) as u64,
            ..self
        }
    }
}

impl Measured {
    /// The same after `factor` times the replicates, were the estimate to stay where it is.
    #[must_use]
    pub fn after(&self, factor: f64) -> Self {
        match self {
            Self::Smooth(estimate) => Self::Smooth(estimate.after(factor)),
            Self::SquaredNorm(norm) => Self::SquaredNorm(norm.after(factor)),
            Self::Share(share) => Self::Share(share.after(factor)),
        }
    }

    /// The same with its estimate at `truth`.
    #[must_use]
    pub fn placed_at(&self, truth: f64) -> Self {
        match self {
            Self::Smooth(estimate) => Self::Smooth(Estimate {
                value: truth,
                ..*estimate
            }),
            Self::SquaredNorm(norm) => Self::SquaredNorm(norm.placed_at(truth)),
            Self::Share(share) => Self::Share(share.placed_at(truth)),
        }
    }
}

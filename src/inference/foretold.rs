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
    /// The same after `factor` times the replicates, were the estimate to stay where it is: of quotients, angles and skewed
    /// estimates as if they were smooth.
    #[must_use]
    pub fn after(&self, factor: f64) -> Self {
        match self {
            // Bit for bit, and with all that is known of it.
            own if factor == 1.0 => *own,
            Self::SquaredNorm(norm) => Self::SquaredNorm(norm.after(factor)),
            Self::Norm(norm) => Self::Norm(norm.after(factor)),
            Self::Proportion(share) => Self::Proportion(share.after(factor)),
            Self::Mass(mass) => Self::Mass(mass.after(factor)),
            own => Self::Smooth(own.estimate().after(factor)),
        }
    }

    /// The same with its estimate at `truth`.
    #[must_use]
    pub fn placed_at(&self, truth: f64) -> Self {
        match self {
            Self::SquaredNorm(norm) => Self::SquaredNorm(norm.placed_at(truth)),
            Self::Norm(norm) => Self::Norm(norm.placed_at(truth * truth)),
            Self::Proportion(share) => Self::Proportion(share.placed_at(truth)),
            Self::Mass(mass) => Self::Mass(mass.placed_at(truth)),
            own => Self::Smooth(own.estimate().at(truth)),
        }
    }
}

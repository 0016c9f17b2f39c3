//! Owns one arm: what is kept of how many prompts, and the path that is taken.

use crate::numerics::text::float;
use crate::study::pools::PoolArm;
use crate::theory::gradient_path::Along;

/// One selection and one path.
#[derive(Debug, Clone, PartialEq)]
pub struct PathArm {
    /// What is kept of how many prompts in one replicate. Paths are those of the mean over all replicates, so that their number
    /// decides the Monte Carlo error alone.
    pub pool: PoolArm,
    /// Which gradient descent follows.
    pub along: Along,
    /// Step length, finite and above 0.
    pub rate: f64,
}

impl PathArm {
    pub(super) fn canonical(&self) -> String {
        let along = match self.along {
            Along::Own => "own",
            Along::Truth => "true",
        };
        format!("{} along {along} rate {}", self.pool.canonical(), float(self.rate))
    }
}

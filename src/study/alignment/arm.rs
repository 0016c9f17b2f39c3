//! Owns one arm: what is kept of how many prompts, and the path that is taken.

use crate::numerics::text::float;
use crate::study::chosen::Choice;
use crate::study::draws::Design;
use crate::theory::gradient_path::Along;

/// One selection and one path.
#[derive(Debug, Clone, PartialEq)]
pub struct PathArm {
    /// Which K of the pool are kept. Other selectors than `random` need a world whose responses have attributes.
    pub choice: Choice,
    /// N_p: prompts of one replicate. Paths are those of the mean over all replicates, so that it decides the Monte Carlo
    /// error alone.
    pub prompts: u32,
    /// K.
    pub responses: u32,
    /// N; K where nothing is chosen.
    pub candidates: u32,
    /// Which gradient descent follows.
    pub along: Along,
    /// Step length, finite and above 0.
    pub rate: f64,
}

impl PathArm {
    pub(super) fn design(&self) -> Design {
        Design {
            prompts: self.prompts,
            responses: self.responses,
            depth: self.candidates,
            choice: self.choice,
        }
    }

    /// The arm with another number of prompts, responses or candidates; none where there can be no such arm.
    pub(super) fn with(&self, key: &str, value: u32) -> Option<Self> {
        let mut arm = self.clone();
        match key {
            "prompts" => arm.prompts = value,
            "responses" => arm.responses = value,
            "candidates" => arm.candidates = value,
            _ => return None,
        }
        (arm.prompts > 0 && arm.responses > 0 && arm.responses <= arm.candidates).then_some(arm)
    }

    pub(super) fn canonical(&self) -> String {
        let along = match self.along {
            Along::Own => "own",
            Along::Truth => "true",
        };
        format!("{} along {along} rate {}", self.design().canonical(), float(self.rate))
    }
}

//! Owns the study `stopping`: what a rule that looks at its own precision does to estimates and intervals.
//!
//! A replicate is one whole simulated run: samples of a [`Law`] whose mean is known, in batches, until the engine's own
//! rule ([`engine::Stopping`](crate::engine::Stopping)) says that the standard error of their mean is small enough.
//! It decides nothing itself, and knows no prompts.

mod arm;
mod cover;
mod estimands;
mod file;
mod law;
mod measures;
#[cfg(test)]
mod tests;
mod theory;
mod worker;

pub use arm::{SAMPLES, StoppingArm};
pub use cover::NOMINAL;
pub use file::KIND;
pub use law::Law;
pub use measures::{MEASURES, Measure};

use crate::engine::{Declared, StudyError};
use crate::study::{Scenario, Setting};
use std::sync::Arc;

/// Its name in files.
const NAME: &str = "stopping";

/// One scenario of the study: a law, a seed, and the rules compared on its samples.
#[derive(Debug, Clone)]
pub struct Stopping {
    law: Law,
    arms: Arc<[StoppingArm]>,
    measures: Arc<[Measure]>,
    scenario: Arc<Scenario>,
    covers: cover::Covers,
}

impl Stopping {
    /// The scenario of `seed` and `law`: an error where there can be no such arm. Each looks first after 2 to
    /// [`StoppingArm::MOST_GROUPS`] groups, takes at least two batches and has a target that some number of samples reaches.
    pub fn new(seed: u64, law: Law, arms: Vec<StoppingArm>, measures: Vec<Measure>) -> Result<Self, StudyError> {
        Self::read(Setting::new(seed, law, arms, measures))
    }

    /// The same of a file's setting.
    pub fn read(setting: Setting<Law, StoppingArm, Measure>) -> Result<Self, StudyError> {
        let (law, arms, measures) = (setting.world, &setting.arms, &setting.measures);
        for (index, arm) in arms.iter().enumerate() {
            arm.check(&law).map_err(|why| StudyError::of_arm(index, why))?;
        }
        // One slot per arm and measure, arm by arm.
        let of_slot = |slot: usize| {
            let (arm, measure) = (slot / measures.len(), measures[slot % measures.len()]);
            estimands::estimands(measure, (arm, slot), &arms[arm], &law)
        };
        let declared = Declared {
            world: format!("samples {}", law.canonical()),
            study: format!("{} samples {SAMPLES}", NAME),
            unit: "one simulated run",
            estimands: (0..arms.len() * measures.len()).flat_map(of_slot).collect(),
            words: arms.iter().map(|arm| arm.expected(&law)).max().unwrap_or(0),
            ..setting.declared(NAME, StoppingArm::canonical, measures.len())
        };
        Ok(Self {
            scenario: Scenario::new(declared),
            law,
            arms: setting.arms.into(),
            measures: setting.measures.into(),
            covers: cover::covers,
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[StoppingArm] {
        &self.arms
    }

    /// The law of the samples.
    pub fn law(&self) -> &Law {
        &self.law
    }
}

//! Owns the study `allocation`: what it gains to give prompts different numbers of responses, and what a pilot costs that says which.
//!
//! A known share of prompts is open: prompts of a world whose truth is known. The others are closed: each has one known answer, of which
//! one response is enough, and says nothing of the open ones. A replicate is one data set; its estimate of the mean response distribution
//! of open prompts is the mean of their own estimates, each prompt counting the same, and its price is what prompts and responses cost. It
//! fits nothing: the estimate is what a shared policy learns of open prompts.

mod arm;
mod estimands;
mod file;
mod measures;
mod question;
#[cfg(test)]
mod tests;
mod truth;
mod worker;

pub use arm::{AllocationArm, Rule};
pub use file::KIND;
pub use measures::{MEASURES, Measure};

use crate::engine::{Declared, Memory, StudyError, list};
use crate::numerics::lanes::Lanes;
use crate::study::{PoolSetting, Scenario};
use crate::world::World;
use std::sync::Arc;
use truth::Truth;

/// Its name in files.
const NAME: &str = "allocation";

/// One scenario of the study: a world of open prompts, a seed, and the data sets that are drawn.
#[derive(Debug, Clone)]
pub struct Allocations {
    world: Arc<dyn World>,
    arms: Arc<[AllocationArm]>,
    scenario: Arc<Scenario>,
}

impl Allocations {
    /// The scenario of `seed` and `world`: an error where there can be no such arm.
    pub fn new(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<AllocationArm>,
        measures: Vec<Measure>,
    ) -> Result<Self, StudyError> {
        Self::read(PoolSetting::new(seed, world, arms, measures))
    }

    /// The same of a file's setting.
    pub fn read(setting: PoolSetting<AllocationArm, Measure>) -> Result<Self, StudyError> {
        let (arms, world) = (&setting.arms, setting.world.as_ref());
        for (index, arm) in arms.iter().enumerate() {
            arm.check().map_err(|(_, why)| StudyError::of_arm(index, why))?;
        }
        let truths: Vec<Truth> = arms.iter().map(|arm| Truth::of(world, arm)).collect();
        let told = estimands::Told {
            arms,
            truths: &truths,
            base: world.mean(),
        };
        let declared = Declared {
            world: world.canonical(),
            unit: "one data set of open and closed prompts",
            versions: &["allocation 1"],
            estimands: told.estimands(&setting.measures),
            words: arms.iter().map(|arm| arm.words(world)).max().unwrap_or(0),
            ..setting.declared(NAME, AllocationArm::canonical, slots(world))
        };
        let memory = Memory {
            worker: list::<Lanes<f64>>(arms.len() * (slots(world) + 1)),
            ..Memory::default()
        };
        Ok(Self {
            scenario: Scenario::holding(declared, Vec::new(), memory),
            world: setting.world,
            arms: setting.arms.into(),
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[AllocationArm] {
        &self.arms
    }
}

/// Of an arm: the estimate of each mode less its mean, over the root of the mean; their squares; and the price of a prompt.
fn slots(world: &dyn World) -> usize {
    world.mean().len() + 2
}

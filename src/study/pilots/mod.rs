//! Owns the study `pilots`: how well a small pilot tells V_x, V_{y|x} and K*, and how often its verdict on the model gives false alarm.
//!
//! A replicate is one simulated pilot: prompts of a world whose truth is known, with some responses each. What `allocate --pilot` makes of
//! a file, [`inference::pilot`](crate::inference::pilot), makes the same of it, and the result is held against the truth: that of
//! responses that are drawn independently given their prompt, which is what a design buys. It estimates nothing itself.

mod arm;
mod cover;
mod estimands;
mod file;
mod measures;
mod question;
mod sizes;
#[cfg(test)]
mod tests;
mod truth;
mod worker;

pub use arm::PilotArm;
pub use file::KIND;
pub use measures::{MEASURES, Measure};
pub use sizes::PilotSizes;

use crate::engine::{Declared, Memory, StudyError};
use crate::numerics::lanes::LANES;
use crate::study::{PoolSetting, Scenario};
use crate::world::World;
use std::sync::Arc;
use truth::Truth;

/// Its name in files.
const NAME: &str = "pilots";

/// One scenario of the study: a world, a seed, and the pilots that are drawn of it.
#[derive(Debug, Clone)]
pub struct Pilots {
    world: Arc<dyn World>,
    arms: Arc<[PilotArm]>,
    measures: Arc<[Measure]>,
    scenario: Arc<Scenario>,
    covers: cover::Covers,
}

impl Pilots {
    /// The scenario of `seed` and `world`: an error where there can be no such arm. Each has two prompts or more, two responses or more
    /// of a prompt (three, if its model is tested), a cost ratio above 0 and at least one response to choose.
    pub fn new(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<PilotArm>,
        measures: Vec<Measure>,
    ) -> Result<Self, StudyError> {
        Self::read(PoolSetting::new(seed, world, arms, measures))
    }

    /// The same of a file's setting.
    pub fn read(setting: PoolSetting<PilotArm, Measure>) -> Result<Self, StudyError> {
        let (arms, measures, world) = (&setting.arms, &setting.measures, setting.world.as_ref());
        let tested = measures.iter().any(|measure| measure.own().tests);
        for (index, arm) in arms.iter().enumerate() {
            arm.check(tested).map_err(|why| StudyError::of_arm(index, why))?;
        }
        // One slot per arm and measure, arm by arm.
        let truths: Vec<Truth> = arms.iter().map(|arm| Truth::of(world, arm)).collect();
        let of_slot = |slot: usize| {
            let (arm, measure) = (slot / measures.len(), measures[slot % measures.len()]);
            estimands::estimands(measure, (arm, slot), &truths[arm])
        };
        let declared = Declared {
            world: world.canonical(),
            unit: "one simulated pilot",
            versions: &["pilot 1"],
            estimands: (0..arms.len() * measures.len()).flat_map(of_slot).collect(),
            words: arm::words(world, arms),
            ..setting.declared(NAME, PilotArm::canonical, measures.len())
        };
        Ok(Self {
            scenario: Scenario::holding(declared, Vec::new(), memory(arms)),
            world: setting.world,
            arms: setting.arms.into(),
            measures: setting.measures.into(),
            covers: cover::covers,
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[PilotArm] {
        &self.arms
    }
}

/// Eight pilots at a time of each arm, and the analysis of one.
fn memory(arms: &[PilotArm]) -> Memory {
    /// A prompt of a pilot: its sums, with counts of labels in a tree of one leaf, and its responses among those kept.
    const PROMPT: u64 = 448;
    let prompts: u64 = arms.iter().map(|arm| u64::from(arm.prompts)).sum();
    Memory {
        held: 0,
        prepared: 0,
        worker: LANES as u64 * PROMPT * prompts,
    }
}

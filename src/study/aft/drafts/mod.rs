//! Owns the study `aft-drafts`: what of a group of drafts makes its aggregation good.
//!
//! A replicate is one query of a [`SlotWorld`]. A model drafts several responses to it, every group of some of them is aggregated, and
//! groups are ranked within the query by the quality of their drafts and by their diversity. Models are trained once, before the first
//! replicate, as those of the study `aft` are in its first: what is estimated holds for these, over queries. Arms that differ by the
//! groups that count alone share drafts and answers.

mod arm;
mod estimands;
mod file;
mod groups;
mod measures;
mod question;
mod ranks;
#[cfg(test)]
mod tests;
mod trace;
mod worker;

pub use arm::{Asked, Cell, DraftsArm, Reward};
pub use file::KIND;
pub use measures::{MEASURES, Measure};

use super::teaching;
use crate::engine::{Declared, Memory, Sizes, StudyError, list};
use crate::numerics::lanes::Lanes;
use crate::study::{Scenario, Setting};
use crate::world::SlotWorld;
use std::sync::Arc;

/// Its name in files.
const NAME: &str = "aft-drafts";

/// One scenario of the study: a world, a seed, and the models and groups compared on its queries.
#[derive(Debug, Clone)]
pub struct AftDrafts {
    world: Arc<SlotWorld>,
    arms: Arc<[DraftsArm]>,
    measures: Arc<[Measure]>,
    scenario: Arc<Scenario>,
}

impl AftDrafts {
    /// The scenario of `seed` and `world`: an error where it cannot have one of the arms.
    pub fn new(seed: u64, world: SlotWorld, arms: Vec<DraftsArm>, measures: Vec<Measure>) -> Result<Self, StudyError> {
        Self::read(Setting::new(seed, world, arms, measures))
    }

    /// The same of a file's setting.
    pub fn read(setting: Setting<SlotWorld, DraftsArm, Measure>) -> Result<Self, StudyError> {
        let (world, arms, measures) = (&setting.world, &setting.arms, &setting.measures);
        for (index, arm) in arms.iter().enumerate() {
            arm.check(world).map_err(|(_, why)| StudyError::of_arm(index, why))?;
        }
        let declared = Declared {
            world: world.canonical(),
            unit: "one query, its drafts answered by models that were trained once",
            versions: &["aft-drafts 1"],
            // Queries are few, and each is a group of its own as long as there is room.
            sizes: Sizes { batch: 1, block: 16 },
            estimands: estimands::estimands(arms, measures),
            words: words(world, arms),
            ..setting.declared(NAME, DraftsArm::canonical, measures::SLOTS)
        };
        let memory = memory(world, arms);
        Ok(Self {
            scenario: Scenario::holding(declared, Vec::new(), memory),
            world: Arc::new(setting.world),
            arms: setting.arms.into(),
            measures: setting.measures.into(),
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[DraftsArm] {
        &self.arms
    }

    /// What is measured of each.
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }
}

/// Uniforms of a query's slot: of the most drafts, and of an answer for each group where answers are drawn.
fn uniforms(arms: &[DraftsArm]) -> u64 {
    let most = |of: fn(&Asked) -> u64| arms.iter().map(|arm| of(&arm.asked)).max().unwrap_or(0);
    most(|own| u64::from(own.pool)) + most(Asked::draws)
}

/// Random words of a replicate.
fn words(world: &SlotWorld, arms: &[DraftsArm]) -> u64 {
    world.slots as u64 * (super::words_of_slot(world) + uniforms(arms))
}

/// Rows of lanes of a query, with what models see and draw of it, and three numbers and ranks of each group; before that the queries that
/// models learn from.
fn memory(world: &SlotWorld, arms: &[DraftsArm]) -> Memory {
    let rows = (world.groups() * world.modes) as u64;
    let pool = arms.iter().map(|arm| u64::from(arm.asked.pool)).max().unwrap_or(0);
    let query = rows * (world.features as u64 + 16 + pool) + world.groups() as u64 * uniforms(arms);
    let groups = |arm: &DraftsArm| arm.asked.groups() as usize;
    let most = arms.iter().map(groups).max().unwrap_or(0);
    Memory {
        held: list::<DraftsArm>(arms.len()),
        prepared: teaching::bytes(teaching::rows(world, arm::models(arms))),
        worker: list::<Lanes<f64>>(query as usize) + list::<[f64; 8]>(most),
    }
}

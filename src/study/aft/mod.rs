//! Owns the study `aft`: models that propose drafts of an answer and aggregate them.
//!
//! A replicate is one training run: queries of a [`SlotWorld`] to learn from, models trained on them, and other
//! queries that their answers are scored on. All arms see the same queries, drafts are drawn at the same uniforms, and each model is trained
//! once (law 3). An answer is scored by its probabilities; only the drafts that it rests on are drawn.

mod answering;
mod arm;
mod bayes;
mod bench;
mod chain;
pub mod drafts;
mod estimands;
mod file;
mod lessons;
mod measures;
mod model_keys;
mod question;
mod rows;
mod scored;
mod teaching;
#[cfg(test)]
mod tests;
mod trace;
mod worker;
mod worlds;

pub use arm::{AftArm, Answer, BaseModel, Copied, Evaluation, How, Judge, Kind, Model, Source};
pub use file::KIND;
pub use measures::{MEASURES, Measure};

use crate::engine::{Declared, Memory, Sizes, StudyError, list};
use crate::study::{Scenario, Setting};
use crate::world::SlotWorld;
use std::sync::Arc;

/// Its name in files.
const NAME: &str = "aft";

/// What is asked: of which world, and how many queries in each replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Where queries come from.
    pub world: SlotWorld,
    /// Queries that answers are scored on.
    pub queries: u32,
}

/// One scenario of the study: a world, a seed, and the models and ways to answer compared on its queries.
#[derive(Debug, Clone)]
pub struct Aft {
    asked: Arc<Asked>,
    arms: Arc<[AftArm]>,
    measures: Arc<[Measure]>,
    scenario: Arc<Scenario>,
}

impl Aft {
    /// The scenario of `seed` and what is asked: an error where it cannot have one of the arms.
    pub fn new(seed: u64, asked: Asked, arms: Vec<AftArm>, measures: Vec<Measure>) -> Result<Self, StudyError> {
        Self::read(Setting::new(seed, asked, arms, measures))
    }

    /// The same of a file's setting.
    pub fn read(setting: Setting<Asked, AftArm, Measure>) -> Result<Self, StudyError> {
        let (asked, arms, measures) = (&setting.world, &setting.arms, &setting.measures);
        for (index, arm) in arms.iter().enumerate() {
            arm.check(&asked.world)
                .map_err(|(_, why)| StudyError::of_arm(index, why))?;
        }
        let declared = Declared {
            world: asked.world.canonical(),
            unit: "one training run, with the queries that its models learn from and those that they answer",
            versions: &["aft 1"],
            sizes: Sizes { batch: 1, block: 1 },
            settings: vec![format!("scored on {} queries", asked.queries)],
            estimands: estimands::estimands(&asked.world, arms, measures),
            words: words(asked, arms),
            ..setting.declared(NAME, AftArm::canonical, measures.len())
        };
        let memory = memory(asked, arms);
        Ok(Self {
            scenario: Scenario::holding(declared, Vec::new(), memory),
            asked: Arc::new(setting.world),
            arms: setting.arms.into(),
            measures: setting.measures.into(),
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[AftArm] {
        &self.arms
    }
}

/// The largest of a number of arms.
fn most(arms: &[AftArm], of: impl Fn(&AftArm) -> u32) -> u64 {
    u64::from(arms.iter().map(of).max().unwrap_or(0))
}

/// Random words of a query's slot.
fn words_of_slot(world: &SlotWorld) -> u64 {
    world.modes as u64 * (world.features as u64 + 3 + world.others.len() as u64) + world.valid as u64
}

/// Random words of a replicate.
fn words(asked: &Asked, arms: &[AftArm]) -> u64 {
    let world = &asked.world;
    let slots = world.slots as u64;
    let of_slot = words_of_slot(world);
    let learnt = most(arms, |arm| arm.model.queries) * slots * (of_slot + most(arms, |arm| arm.model.drafts) + 1);
    let drafts = most(arms, |arm| arm.answer.width()) * most(arms, |arm| arm.answer.depth().max(1));
    let scored = u64::from(asked.queries) * slots * (of_slot + drafts);
    let steps = |arm: &AftArm| arm.model.descent.steps * arm.model.descent.minibatch.unwrap_or(0);
    learnt + scored + most(arms, steps) * (1 + slots)
}

/// Rows of lanes: of queries to learn from and of those to answer, with what models see and draw of them.
fn memory(asked: &Asked, arms: &[AftArm]) -> Memory {
    let world = &asked.world;
    let of_query = (world.groups() * world.modes) as u64;
    let learnt = teaching::rows(world, arms.iter().map(|arm| &arm.model));
    let layers = most(arms, |arm| arm.answer.depth().max(1));
    let uniforms = most(arms, |arm| arm.answer.width()) * layers * world.groups() as u64;
    let scored = u64::from(asked.queries) * (of_query * (world.features as u64 + 24) + uniforms);
    Memory {
        held: list::<AftArm>(arms.len()),
        prepared: 0,
        worker: teaching::bytes(learnt + scored),
    }
}

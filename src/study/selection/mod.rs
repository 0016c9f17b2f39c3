//! Owns the study `selection`: how close estimators made of selected responses come to the truth.
//!
//! Each arm averages a statistic over N_p prompts and the K responses that its selector keeps of each. All arms see
//! the same prompts and pools; fewer prompts or responses are a prefix (law 3). The statistics are the mode-mass
//! vector, the gradient of a shared softmax policy, and its loss; beside them what fits tend to with many prompts, and how many of
//! the kept responses are wrong.

mod arm;
mod estimands;
mod file;
mod functionals;
mod measures;
mod pool;
mod statistic;
mod theory;
mod truth;
mod worker;

pub use arm::{Method, Theta};
pub use estimands::exact;
pub use file::KIND;
pub use measures::{MEASURES, Measure};

use crate::engine::{Declared, Estimand, ExactBudget, StudyError};
use crate::study::laws::Laws;
use crate::study::scenario::Draws;
use crate::study::{PoolSetting, Scenario};
use crate::world::World;
use estimands::{Beside, Row};
use statistic::Slots;
use std::sync::Arc;
use truth::Truth;

/// Its name in files.
const NAME: &str = "selection";

/// One scenario of the study: a world, a seed and the arms compared on its draws.
#[derive(Debug, Clone)]
pub struct Selection {
    arms: Arc<[Method]>,
    measures: Arc<[Measure]>,
    draws: Arc<Draws>,
    laws: Arc<Laws>,
    rows: Arc<[Row]>,
    scenario: Arc<Scenario>,
}

impl Selection {
    /// The scenario of `seed` and `world`: an error where it cannot have one of the arms. Each keeps at least one response of
    /// at least one prompt, and no more than its pool has; a replicate of it counts fewer than 2^32 responses; selectors beside
    /// `random` need a world with attributes, and stated logits are as many as modes.
    ///
    /// Exact values that rest on laws are pending: see [`Question::theory`](crate::study::Question::theory).
    pub fn new(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<Method>,
        measures: Vec<Measure>,
    ) -> Result<Self, StudyError> {
        Self::read(
            PoolSetting::new(seed, world, arms, measures),
            &mut ExactBudget::default(),
        )
    }

    /// The same as part of a file, whose exact values share a budget.
    pub fn read(setting: PoolSetting<Method, Measure>, exact_budget: &mut ExactBudget) -> Result<Self, StudyError> {
        let world = setting.world.as_ref();
        for (index, arm) in setting.arms.iter().enumerate() {
            arm.theta.check(world).map_err(|why| StudyError::of_arm(index, why))?;
        }
        let draws = setting.draws(|arm| arm.pool, 2 * setting.measures.len())?;
        let asked = || setting.arms.iter().map(|arm| arm.pool.asked());
        let mut laws = Laws::new(world, asked(), exact_budget);
        if setting.measures.contains(&Measure::Limit) && world.target() != world.mean() {
            laws.ask_crossings(world, asked(), exact_budget);
        }
        let (slots, placed) = slots(&setting);
        let (rows, estimands) = rows(&setting, &placed, &laws);
        let by_mode = setting.measures.iter().any(|measure| measure.own().by_mode);
        let declared = Declared {
            unit: "one data set: prompts, and the responses kept of each",
            // Slots of counts are read by the measure that has them alone; journals of the others stay good.
            versions: if by_mode { &["counts by mode"] } else { &[] },
            slots,
            estimands,
            exact: laws.jobs().cloned().collect(),
            ..setting.declared(NAME, Method::canonical, 0)
        };
        Ok(Self {
            scenario: Scenario::of(&draws, declared, Vec::new()),
            arms: setting.arms.into(),
            measures: setting.measures.into(),
            draws,
            laws: laws.into(),
            rows: rows.into(),
        })
    }

    /// What it estimates, in row order.
    pub fn estimands(&self) -> &[Estimand] {
        &self.scenario.spec.estimands
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[Method] {
        &self.arms
    }
}

/// Which arm each slot belongs to, and where those of each arm and measure lie.
fn slots(setting: &PoolSetting<Method, Measure>) -> (Vec<usize>, Vec<Vec<Slots>>) {
    let mut arm_of_slot = Vec::new();
    let mut placed = Vec::new();
    for (index, arm) in setting.arms.iter().enumerate() {
        let mut place = |measure: &Measure| {
            let slots = measure.own().slots(setting.world.as_ref(), arm, arm_of_slot.len());
            arm_of_slot.resize(slots.deviation.start + slots.count(), index);
            slots
        };
        placed.push(setting.measures.iter().map(&mut place).collect());
    }
    (arm_of_slot, placed)
}

/// What is estimated of arms whose slots are placed.
fn rows(setting: &PoolSetting<Method, Measure>, placed: &[Vec<Slots>], laws: &Laws) -> (Vec<Row>, Vec<Estimand>) {
    let (world, pending) = (setting.world.as_ref(), &laws.pending());
    let beside = Beside::new(world, &setting.arms);
    let mut found = Vec::new();
    for (arm, method) in setting.arms.iter().enumerate() {
        for (place, &measure) in setting.measures.iter().enumerate() {
            let truth = Truth::of(world, pending, method, measure.own());
            for entry in measure.entries() {
                let Some(of) = beside.of(&entry.asked.how, arm) else {
                    continue;
                };
                let parts = entry.kind.at.map_or(1, |_| world.mean().len());
                found.extend(Row::at(arm, measure, entry, parts).filter_map(|row| {
                    let slots = |arm: usize| &placed[arm][place];
                    let own = estimands::estimand(&row, of.clone(), &beside, pending, &truth, slots)?;
                    Some((row, own))
                }));
            }
        }
    }
    found.into_iter().unzip()
}

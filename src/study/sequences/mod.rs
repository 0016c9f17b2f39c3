//! Owns the study `sequences`: what autoregressive policies lose that are fitted to responses of several tokens.
//!
//! A replicate draws prompts of a [`PlanWorld`] and responses to them; each arm keeps so many increments of so many responses of so many
//! prompts, fits a policy that sees its own prefix, and measures it by forward recursion over what it sees. All arms see the same draws
//! (law 3). The best policy of a family and the three-stage law near it are worked out once, by an exact job.

mod arm;
mod counts;
mod ends;
#[cfg(test)]
mod ends_tests;
mod estimands;
mod file;
mod fitter;
mod known;
mod law;
mod laws;
mod measures;
mod nets;
#[cfg(test)]
mod nets_tests;
mod notices;
mod reading;
#[cfg(test)]
mod tests;
mod theory;
mod worker;
mod worlds;

pub use arm::{ResponseLoss, SequenceArm, SequencePolicy, Taught};
pub use file::KIND;
pub use measures::{MEASURES, Measure};

use crate::engine::{Declared, ExactBudget, ExactJob, Memory, Sizes, StudyError, list};
use crate::numerics::lanes::LANES;
use crate::study::{Scenario, Setting};
use crate::world::PlanWorld;
use counts::CountPlan;
use estimands::{Row, Told};
use laws::Laws;
use std::sync::Arc;

/// Its name in files.
const NAME: &str = "sequences";

/// Sets of eight lanes in a block; one where nets are fitted, which takes a hundred times as long.
const SETS: u64 = 4;

/// One scenario of the study: a world of plans, a seed and the fits compared on its draws.
#[derive(Debug, Clone)]
pub struct Sequences {
    world: Arc<PlanWorld>,
    arms: Arc<[SequenceArm]>,
    measures: Arc<[Measure]>,
    counts: Arc<CountPlan>,
    laws: Arc<Laws>,
    rows: Arc<[Row]>,
    scenario: Arc<Scenario>,
}

impl Sequences {
    /// The scenario of `seed` and `world`: an error where it cannot have one of the arms. Each has at least one response of at least one
    /// prompt, and sees no more states than can be counted.
    pub fn new(
        seed: u64,
        world: Arc<PlanWorld>,
        arms: Vec<SequenceArm>,
        measures: Vec<Measure>,
    ) -> Result<Self, StudyError> {
        Self::read(Setting::new(seed, world, arms, measures), &mut ExactBudget::default())
    }

    /// The same as part of a file, whose exact values share a budget.
    pub fn read(
        mut setting: Setting<Arc<PlanWorld>, SequenceArm, Measure>,
        exact_budget: &mut ExactBudget,
    ) -> Result<Self, StudyError> {
        if !setting.measures.contains(&Measure::Unconverged) {
            setting.measures.push(Measure::Unconverged);
        }
        for (index, arm) in setting.arms.iter().enumerate() {
            arm.check(&setting.world)
                .map_err(|(_, why)| StudyError::of_arm(index, why))?;
        }
        let (world, arms, measures) = (&setting.world, &setting.arms, &setting.measures);
        let counts = Arc::new(CountPlan::new(world, arms));
        let laws = Arc::new(Laws::new(world, arms, exact_budget));
        let told = Told {
            world,
            arms,
            measures,
            laws: &laws,
            known: None,
        };
        let (rows, estimands) = told.rows();
        let notices = notices::of(measures, &rows, &estimands);
        let declared = Declared {
            world: world.canonical(),
            unit: "one data set, and the policies fitted to it",
            versions: &["sequences 1"],
            sizes: Sizes {
                batch: LANES as u64,
                block: if arms.iter().any(|arm| arm.policy.is_net()) {
                    1
                } else {
                    SETS
                },
            },
            estimands,
            exact: laws.jobs().cloned().collect::<Vec<ExactJob>>(),
            words: counts.words(world),
            ..setting.declared(NAME, SequenceArm::canonical, measures.len())
        };
        let beyond = Memory {
            held: laws.memory(),
            prepared: list::<usize>(arms.len()),
            worker: counts.memory() + laws.worker_memory(arms),
        };
        Ok(Self {
            scenario: Scenario::holding(declared, notices, beyond),
            world: setting.world,
            arms: setting.arms.into(),
            measures: setting.measures.into(),
            counts,
            laws,
            rows: rows.into(),
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[SequenceArm] {
        &self.arms
    }

    /// The world.
    pub fn world(&self) -> &PlanWorld {
        &self.world
    }
}

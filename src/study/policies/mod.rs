//! Owns the study `policies`: what policies that see features of the prompt lose, fitted to selected responses of prompts from a
//! finite population.
//!
//! A replicate draws prompts of a [`Population`](crate::world::Population) and responses to them; each arm keeps some, fits a policy of a
//! [`Family`](crate::policy::Family) and measures it by enumeration of the whole population. All arms see the same draws (law 3).
//! What many data tend to, the best policy of a family and what theory says near it, is worked out once by an exact job.

mod allocated;
mod allocation;
mod arm;
mod data;
mod estimands;
mod file;
mod measures;
mod minibatch;
mod notices;
mod optimum;
mod policy_name;
mod targets;
#[cfg(test)]
mod tests;
mod theory;
mod vendi;
mod view;
mod worker;
mod worlds;

pub use allocation::{Allocate, Weighting};
pub use arm::{Labels, PolicyArm, Start, Teacher};
pub use file::KIND;
pub use measures::{MEASURES, Measure};
pub use optimum::Optimum;
pub use worlds::Prompts;

use crate::engine::{Declared, ExactBudget, ExactJob, Memory, Sizes, StudyError, list};
use crate::numerics::lanes::LANES;
use crate::policy::Fitter;
use crate::study::{Scenario, Setting};
use data::DataPlan;
use estimands::{Row, Told};
use optimum::Optima;
use std::sync::Arc;

/// An expected reward is one of responses that have rewards.
const NO_REWARDS: &str = "\"policy-reward\" needs rewards, which only world.kind = \"features\" has";

/// Its name in files.
const NAME: &str = "policies";

/// One scenario of the study: prompts, a seed and the fits compared on its draws.
#[derive(Debug, Clone)]
pub struct Policies {
    prompts: Prompts,
    arms: Arc<[PolicyArm]>,
    measures: Arc<[Measure]>,
    data: Arc<DataPlan>,
    optima: Arc<Optima>,
    rows: Arc<[Row]>,
    scenario: Arc<Scenario>,
}

impl Policies {
    /// The scenario of `seed` and `prompts`: an error where it cannot have one of the arms. Each keeps at least one response of at least
    /// one prompt, and no more than its pool has; its policy sees no more features than there are.
    pub fn new(seed: u64, prompts: Prompts, arms: Vec<PolicyArm>, measures: Vec<Measure>) -> Result<Self, StudyError> {
        Self::read(Setting::new(seed, prompts, arms, measures), &mut ExactBudget::default())
    }

    /// The same as part of a file, whose exact values share a budget.
    pub fn read(
        mut setting: Setting<Prompts, PolicyArm, Measure>,
        exact_budget: &mut ExactBudget,
    ) -> Result<Self, StudyError> {
        if setting.measures.contains(&Measure::PolicyReward) && setting.world.population.attributes().is_none() {
            return Err(StudyError(NO_REWARDS.to_owned()));
        }
        if !setting.measures.contains(&Measure::UnconvergedFits) {
            setting.measures.push(Measure::UnconvergedFits);
        }
        for (index, arm) in setting.arms.iter().enumerate() {
            arm.check(&setting.world)
                .map_err(|(_, why)| StudyError::of_arm(index, why))?;
        }
        let (prompts, arms, measures) = (&setting.world, &setting.arms, &setting.measures);
        let data = Arc::new(DataPlan::new(prompts, arms));
        let measured = measures.iter().any(|own| own.needs_optimum());
        let optima = Arc::new(Optima::new(prompts, arms, measured, exact_budget));
        let told = Told {
            prompts,
            arms,
            measures,
            optima: &optima,
            known: None,
        };
        let (rows, estimands) = told.rows();
        let notices = notices::of(measures, &rows, &estimands);
        let declared = Declared {
            world: prompts.canonical(),
            unit: "one data set, and the policies fitted to what is kept of it",
            versions: &["policies 1"],
            sizes: Sizes {
                batch: 1,
                block: LANES as u64,
            },
            estimands,
            exact: optima.jobs().cloned().collect::<Vec<ExactJob>>(),
            words: data.words(),
            settings: optima.settings(),
            ..setting.declared(NAME, PolicyArm::canonical, measures.len())
        };
        let (held, worker) = data.memory();
        let fits = arm::distinct_fits(arms);
        let fits = fits
            .iter()
            .map(|&(family, training)| Fitter::memory(family, prompts.population.modes(), training));
        let beyond = Memory {
            held: held + prompts.memory() + optima.memory(),
            prepared: list::<usize>(arms.len()),
            worker: worker + 2 * fits.sum::<u64>(),
        };
        Ok(Self {
            scenario: Scenario::holding(declared, notices, beyond),
            prompts: setting.world,
            arms: setting.arms.into(),
            measures: setting.measures.into(),
            data,
            optima,
            rows: rows.into(),
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[PolicyArm] {
        &self.arms
    }

    /// The prompts.
    pub fn prompts(&self) -> &Prompts {
        &self.prompts
    }
}

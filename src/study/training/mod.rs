//! Owns the study `training`: what a policy fitted to selected responses loses against the best one.
//!
//! Each arm fits the shared softmax by full-batch gradient descent to the responses kept of N_p prompts, and measures
//! the fit against the world's target, the best shared policy: its mean response distribution, unless responses may be wrong. All arms see the same draws
//! (law 3). Where arms divide one budget between prompts and responses, the best K is estimated too.

mod arm;
mod complete;
mod curve;
mod descent_trace;
mod estimands;
mod file;
mod measures;
mod notices;
mod optimum;
mod seen;
mod selected;
mod theory;
mod view;
mod worker;

pub use crate::theory::budget::Budget;
pub use arm::FitArm;
pub use file::KIND;
pub use measures::{MEASURES, Measure};
pub use optimum::{BEST, BestK, FEWEST_RESPONSES, RARE, WINDOW};

use crate::engine::{Declared, Estimand, ExactBudget, ExactJob, StudyError};
use crate::study::scenario::Draws;
use crate::study::{PoolSetting, Scenario};
use crate::world::World;
use complete::ExactMeans;
use estimands::{Asked, Known, Row};
use measures::Slots;
use selected::Selected;
use std::collections::HashSet;
use std::sync::Arc;

/// An expected reward is one of responses that have rewards.
const NO_REWARDS: &str = "\"expected-reward\" needs rewards, which only world.kind = \"embedded\" has";

/// Fits give wrong responses a probability, and the target does not.
const NO_REVERSE: &str = "\"reverse-kl\" is infinite where wrong responses have modes of their own: leave it out";

/// Its name in files.
const NAME: &str = "training";

/// One scenario of the study: a world, a seed and the fits compared on its draws.
#[derive(Debug, Clone)]
pub struct Training {
    arms: Arc<[FitArm]>,
    /// Those asked for, and whether the fit converged: that is counted whatever is asked for.
    measures: Arc<[Measure]>,
    draws: Arc<Draws>,
    asked: Arc<Asked>,
    rows: Arc<[Row]>,
    scenario: Arc<Scenario>,
}

impl Training {
    /// The scenario of `seed` and `world`: an error where it cannot have one of the arms. Each keeps at least one response of
    /// at least one prompt, and no more than its pool has; a replicate of it counts fewer than 2^32 responses; selectors beside
    /// `random` need a world with attributes, and so does [`Measure::ExpectedReward`].
    ///
    /// Exact values that take long are pending: see [`Question::theory`](crate::study::Question::theory).
    pub fn new(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<FitArm>,
        measures: Vec<Measure>,
    ) -> Result<Self, StudyError> {
        Self::read(
            PoolSetting::new(seed, world, arms, measures),
            &mut ExactBudget::default(),
        )
    }

    /// The same as part of a file, whose exact values share a budget.
    pub fn read(mut setting: PoolSetting<FitArm, Measure>, exact_budget: &mut ExactBudget) -> Result<Self, StudyError> {
        if setting.measures.contains(&Measure::ExpectedReward) && setting.world.attributes().is_none() {
            return Err(StudyError(NO_REWARDS.to_owned()));
        }
        if setting.measures.contains(&Measure::ReverseKl) && setting.world.target().contains(&0.0) {
            return Err(StudyError(NO_REVERSE.to_owned()));
        }
        if !setting.measures.contains(&Measure::Unconverged) {
            setting.measures.push(Measure::Unconverged);
        }
        let draws = setting.draws(|arm| arm.pool, 1)?;
        let (world, arms, measures) = (setting.world.as_ref(), &setting.arms, &setting.measures);
        let asked = Asked {
            selected: Selected::new(world, arms, exact_budget),
            means: ExactMeans::new(world, arms, exact_budget),
            best: match measures.contains(&Measure::ExcessNll) {
                true => optimum::fits(world, arms),
                false => Vec::new(),
            },
        };
        let rows = Known::new(world, arms, &asked, None).rows(measures);
        let (rows, estimands): (Vec<Row>, Vec<Estimand>) = rows.into_iter().unzip();
        let slots = Slots::of_measures(measures);
        let notices = notices::of(arms, measures, &estimands);
        let declared = Declared {
            unit: "one data set, and the policies fitted to what is kept of it",
            versions: &["descent 2", "complete 1"],
            estimands,
            exact: exact_jobs(&asked),
            ..setting.declared(NAME, FitArm::canonical, slots.per_arm())
        };
        Ok(Self {
            scenario: Scenario::of(&draws, declared, notices),
            arms: setting.arms.into(),
            measures: setting.measures.into(),
            draws,
            asked: asked.into(),
            rows: rows.into(),
        })
    }

    /// What it estimates, in row order.
    pub fn estimands(&self) -> &[Estimand] {
        &self.scenario.spec.estimands
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[FitArm] {
        &self.arms
    }

    /// What the arms bring to the estimated best K; none without a budget that all share.
    pub fn best_k(&self) -> Option<BestK> {
        optimum::best_k(self.draws.world.as_ref(), &self.arms)
    }
}

/// What exact values rest on, each once.
fn exact_jobs(asked: &Asked) -> Vec<ExactJob> {
    let mut seen = HashSet::new();
    let all = asked.means.jobs().chain(asked.selected.jobs());
    all.filter(|job| seen.insert(job.key.text())).cloned().collect()
}

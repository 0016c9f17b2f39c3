//! Owns the study `alignment`: whether the gradient of selected responses points where the true one does, along a path of
//! gradient descent.
//!
//! Each arm averages the share f of kept responses by mode over N_p prompts. Its expectation q is the distribution that a
//! shared softmax trained on selected responses is drawn to; at the policy p its gradient is p - q, the true one p - pi. The
//! Monte Carlo path is that of the mean share over all replicates, the exact path that of the exact law of f, where there
//! is one. All arms see the same prompts and pools (law 3). Nothing is fitted to single replicates: that is the study
//! `training`.

mod arm;
mod estimands;
mod file;
mod measures;
mod place;
mod theory;
mod worker;

pub use arm::PathArm;
pub use file::KIND;
pub use measures::{MEASURES, Measure};

use crate::engine::{Declared, Estimand, ExactBudget, StudyError};
use crate::study::laws::Laws;
use crate::study::scenario::Draws;
use crate::study::{PoolSetting, Scenario};
use crate::world::World;
use estimands::Row;
use std::sync::Arc;

/// Its name in files.
const NAME: &str = "alignment";

/// One scenario of the study: a world, a seed, the steps that are recorded, and the arms compared on its draws.
#[derive(Debug, Clone)]
pub struct Alignment {
    arms: Arc<[PathArm]>,
    steps: Arc<[u32]>,
    draws: Arc<Draws>,
    laws: Arc<Laws>,
    rows: Arc<[Row]>,
    scenario: Arc<Scenario>,
}

impl Alignment {
    /// The scenario of `seed` and `world`, recorded at `steps`, which ascend: an error where it cannot have one of the arms. Each
    /// keeps at least one response of at least one prompt, and no more than its pool has; a replicate of it counts fewer than
    /// 2^32 responses; selectors beside `random` need a world with attributes.
    ///
    /// Exact values that rest on laws are pending: see [`Question::theory`](crate::study::Question::theory).
    pub fn new(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<PathArm>,
        measures: Vec<Measure>,
        steps: Vec<u32>,
    ) -> Result<Self, StudyError> {
        Self::read(
            PoolSetting::new(seed, world, arms, measures),
            steps,
            &mut ExactBudget::default(),
        )
    }

    /// The same as part of a file, whose exact values share a budget.
    pub fn read(
        setting: PoolSetting<PathArm, Measure>,
        steps: Vec<u32>,
        exact_budget: &mut ExactBudget,
    ) -> Result<Self, StudyError> {
        let world = setting.world.as_ref();
        let draws = setting.draws(|arm| arm.pool, 1)?;
        let laws = Laws::new(world, setting.arms.iter().map(|arm| arm.pool.asked()), exact_budget);
        let mut rows = Vec::new();
        for (index, arm) in setting.arms.iter().enumerate() {
            let own = estimands::of_arm(&setting.world, &laws.pending(), (index, arm), &setting.measures, &steps);
            rows.extend(own);
        }
        let (rows, estimands): (Vec<Row>, Vec<Estimand>) = rows.into_iter().unzip();
        let recorded: Vec<String> = steps.iter().map(u32::to_string).collect();
        let declared = Declared {
            unit: "one data set: paths are those of the mean of what is kept over all replicates",
            settings: vec![format!("steps {}", recorded.join(" "))],
            estimands,
            exact: laws.jobs().cloned().collect(),
            ..setting.declared(NAME, PathArm::canonical, world.mean().len())
        };
        Ok(Self {
            scenario: Scenario::of(&draws, declared, Vec::new()),
            arms: setting.arms.into(),
            steps: steps.into(),
            draws,
            laws: laws.into(),
            rows: rows.into(),
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[PathArm] {
        &self.arms
    }
}

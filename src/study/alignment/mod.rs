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
mod seam;
mod theory;
mod worker;

pub use arm::PathArm;
pub use file::KIND;
pub use measures::{MEASURES, Measure};

use crate::engine::{Estimand, ExactBudget, Spec, StudyError};
use crate::study::draws::DrawPlan;
use crate::study::laws::Laws;
use crate::study::spec_builder::SpecBuilder;
use crate::world::World;
use std::sync::Arc;

/// Its name in files.
const NAME: &str = "alignment";

/// One scenario of the study: a world, a seed, the steps that are recorded, and the arms compared on its draws.
#[derive(Debug, Clone)]
pub struct Alignment {
    world: Arc<dyn World>,
    arms: Arc<[PathArm]>,
    pass: Arc<DrawPlan>,
    laws: Arc<Laws>,
    spec: Arc<Spec>,
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
        Self::read(seed, world, arms, measures, steps, &mut ExactBudget::default())
    }

    /// The same as part of a file, whose exact values share a budget.
    pub fn read(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<PathArm>,
        measures: Vec<Measure>,
        steps: Vec<u32>,
        exact_budget: &mut ExactBudget,
    ) -> Result<Self, StudyError> {
        let pools = || arms.iter().map(|arm| arm.pool);
        let pass = DrawPlan::new(world.as_ref(), pools())?;
        let laws = Laws::new(
            world.as_ref(),
            pools().map(|arm| (arm.choice, arm.depth(), arm.responses)),
            exact_budget,
        );
        let spec = spec(seed, world.as_ref(), &arms, (&measures, &steps), &pass, &laws);
        Ok(Self {
            world,
            arms: arms.into(),
            pass: pass.into(),
            laws: laws.into(),
            spec: spec.into(),
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[PathArm] {
        &self.arms
    }
}

fn spec(
    seed: u64,
    world: &dyn World,
    arms: &[PathArm],
    (measures, steps): (&[Measure], &[u32]),
    pass: &DrawPlan,
    laws: &Laws,
) -> Spec {
    let modes = world.mean().len();
    let arm_of_slot = (0..arms.len()).flat_map(|arm| std::iter::repeat_n(arm, modes));
    let pending = &laws.pending();
    let mut estimands: Vec<Estimand> = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        estimands.extend(estimands::of_arm(world, pending, (index, arm), measures, steps));
    }
    let recorded: Vec<String> = steps.iter().map(u32::to_string).collect();
    let declared = SpecBuilder {
        seed,
        world,
        pass,
        study: NAME,
        unit: "one data set: paths are those of the mean of what is kept over all replicates",
        versions: &[],
        measures: measures.iter().map(|m| m.name()).collect(),
        settings: vec![format!("steps {}", recorded.join(" "))],
        arms: arms.iter().map(PathArm::canonical).collect(),
        slots: arm_of_slot.collect(),
        estimands,
        exact: laws.jobs().cloned().collect(),
    };
    declared.spec()
}

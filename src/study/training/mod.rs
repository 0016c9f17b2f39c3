//! Owns the study `training`: what a policy fitted to selected responses loses against the best one.
//!
//! Each arm fits the shared softmax by full-batch gradient descent to the responses kept of N_p prompts, and measures
//! the fit against the world's mean response distribution, the best shared policy. All arms see the same draws
//! (law 3). Where arms divide one budget between prompts and responses, the best K is estimated too.

mod arm;
mod complete;
mod descent_trace;
mod estimands;
mod file;
mod measures;
mod notices;
mod optimum;
mod seam;
mod selected;
mod theory;
mod worker;

pub use crate::theory::budget::Budget;
pub use arm::FitArm;
pub use file::KIND;
pub use measures::{MEASURES, Measure};
pub use optimum::{BEST, BestK, FEWEST_RESPONSES, RARE, WINDOW};

use crate::engine::{Estimand, ExactBudget, ExactJob, Notice, Spec, StudyError};
use crate::study::draws::DrawPlan;
use crate::study::spec_builder::SpecBuilder;
use crate::world::World;
use complete::ExactMeans;
use estimands::Slots;
use optimum::BestFit;
use selected::Selected;
use std::collections::HashSet;
use std::sync::Arc;

/// Its name in files.
const NAME: &str = "training";

/// An expected reward is one of responses that have rewards.
const NO_REWARDS: &str = "\"expected-reward\" needs rewards, which only world.kind = \"embedded\" has";

/// One scenario of the study: a world, a seed and the fits compared on its draws.
#[derive(Debug, Clone)]
pub struct Training {
    world: Arc<dyn World>,
    arms: Arc<[FitArm]>,
    /// Those asked for, and whether the fit converged: that is counted whatever is asked for.
    measures: Arc<[Measure]>,
    pass: Arc<DrawPlan>,
    asked: Arc<Asked>,
    spec: Arc<Spec>,
    notices: Arc<[Notice]>,
}

/// What is asked of theory about a scenario.
#[derive(Debug)]
struct Asked {
    selected: Selected,
    means: ExactMeans,
    best: Vec<Arc<BestFit>>,
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
        Self::read(seed, world, arms, measures, &mut ExactBudget::default())
    }

    /// The same as part of a file, whose exact values share a budget.
    pub fn read(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<FitArm>,
        mut measures: Vec<Measure>,
        exact_budget: &mut ExactBudget,
    ) -> Result<Self, StudyError> {
        if measures.contains(&Measure::ExpectedReward) && world.attributes().is_none() {
            return Err(StudyError(NO_REWARDS.to_owned()));
        }
        if !measures.contains(&Measure::Unconverged) {
            measures.push(Measure::Unconverged);
        }
        let pass = DrawPlan::new(world.as_ref(), arms.iter().map(|arm| arm.pool))?;
        let asked = Asked {
            selected: Selected::new(world.as_ref(), &arms, exact_budget),
            means: ExactMeans::new(world.as_ref(), &arms, exact_budget),
            best: match measures.contains(&Measure::ExcessNll) {
                true => optimum::fits(world.as_ref(), &arms),
                false => Vec::new(),
            },
        };
        let (spec, notices) = spec(seed, world.as_ref(), (&arms, &measures), &pass, &asked);
        Ok(Self {
            world,
            arms: arms.into(),
            measures: measures.into(),
            pass: pass.into(),
            asked: asked.into(),
            spec: spec.into(),
            notices: notices.into(),
        })
    }

    /// What it estimates, in row order.
    pub fn estimands(&self) -> &[Estimand] {
        &self.spec.estimands
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[FitArm] {
        &self.arms
    }

    /// What the arms bring to the estimated best K; none without a budget that all share.
    pub fn best_k(&self) -> Option<BestK> {
        optimum::best_k(self.world.as_ref(), &self.arms)
    }

    fn slots(&self) -> Slots {
        Slots {
            measures: self.measures.len(),
        }
    }
}

fn spec(
    seed: u64,
    world: &dyn World,
    (arms, measures): (&[FitArm], &[Measure]),
    pass: &DrawPlan,
    asked: &Asked,
) -> (Spec, Vec<Notice>) {
    let slots = Slots {
        measures: measures.len(),
    };
    let (means, selected) = (asked.means.known(None), asked.selected.known(world, arms, None));
    let mut estimands: Vec<Estimand> = Vec::new();
    let mut notices = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        let first = estimands.len();
        for (place, &measure) in measures.iter().enumerate() {
            for kind in measure.kind().estimands {
                let (arm, slot) = ((index, arm), slots.of(index, place));
                match kind.quantity.name {
                    "mean" => estimands.push(estimands::mean(kind, world, arm, measure, slot, &selected)),
                    "complete" => {
                        let exact = means[index];
                        estimands.push(estimands::complete(kind, world, arm, measure, slots, exact));
                    }
                    // Of several arms: see below.
                    _ => {}
                }
            }
        }
        notices.extend(notices::of_arm(
            (index, arm),
            measures,
            slots,
            first,
            &estimands[first..],
        ));
    }
    for fitted in asked.best.iter().map(|best| best.estimand(&means, slots)) {
        notices::rest_on(&mut notices, &fitted, estimands.len());
        estimands.push(fitted);
    }
    let declared = SpecBuilder {
        seed,
        world,
        pass,
        study: NAME,
        unit: "one data set, and the policies fitted to what is kept of it",
        versions: &["descent 2", "complete 1"],
        measures: measures.iter().map(|m| m.name()).collect(),
        settings: Vec::new(),
        arms: arms.iter().map(FitArm::canonical).collect(),
        slots: (0..arms.len())
            .flat_map(|arm| std::iter::repeat_n(arm, slots.per_arm()))
            .collect(),
        estimands,
        exact: exact_jobs(asked),
    };
    (declared.spec(), notices)
}

/// What exact values rest on, each once.
fn exact_jobs(asked: &Asked) -> Vec<ExactJob> {
    let mut seen = HashSet::new();
    let all = asked.means.jobs().chain(asked.selected.jobs());
    all.filter(|job| seen.insert(job.key.text())).cloned().collect()
}

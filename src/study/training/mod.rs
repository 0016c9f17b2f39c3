//! Owns the study `training`: what a policy fitted to selected responses loses against the best one.
//!
//! Each arm fits the shared softmax by full-batch gradient descent to the responses kept of N_p prompts, and measures
//! the fit against the world's mean response distribution, the best shared policy. All arms see the same draws
//! (law 3). Where arms divide one budget between prompts and responses, the best K is estimated too.

mod arm;
mod complete;
mod estimands;
mod measures;
mod notices;
mod optimum;
mod selected;
mod trace;
mod worker;

pub use crate::theory::budget::Budget;
pub use arm::FitArm;
pub use measures::{MEASURES, Measure};
pub use optimum::{BEST, BestK, FEWEST_RESPONSES, WINDOW};

use crate::engine::{Estimand, EstimandKind, Known, Notice, Reading, Ready, Reference, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::declared::Declared;
use crate::study::draws::{Design, Pass};
use crate::study::told::{self, Told};
use crate::study::{Lack, LeftOut, Question, StudyKind};
use crate::world::World;
use complete::ExactMeans;
use estimands::Slots;
use selected::Selected;
use std::sync::Arc;

/// What the study is.
pub static KIND: StudyKind = StudyKind {
    name: "training",
    about: "policies fitted to selected responses, against the best one",
    symbols: "pi the world's mean response distribution, p the fitted policy, H the entropy, M modes, alpha the concentration, \
              N_p prompts, K responses kept, C_p and C_r costs, B budget",
    measures: MEASURES,
};

/// The share of fits that miss a mode up to which an arm belongs to the estimated best K: beyond it, leaving such fits out shows
/// in what is compared.
pub const RARE: f64 = 0.01;

/// One scenario of the study: a world, a seed and the fits compared on its draws.
#[derive(Debug)]
pub struct Training {
    world: Arc<dyn World>,
    arms: Vec<FitArm>,
    /// Those asked for, and whether the fit converged: that is counted whatever is asked for.
    measures: Vec<Measure>,
    pass: Pass,
    selected: Selected,
    spec: Spec,
    notices: Vec<Notice>,
}

impl Training {
    /// The scenario of `seed` and `world`. Every arm must keep at least one response of at least one prompt.
    ///
    /// Every exact value is worked out, however long it takes; see [`Training::read`].
    pub fn new(seed: u64, world: Arc<dyn World>, arms: Vec<FitArm>, measures: Vec<Measure>) -> Self {
        let reading = &mut Reading::new(Known::on_demand());
        Self::read(seed, world, arms, measures, reading)
    }

    /// The same as part of a file: exact values that take long are pending unless they are known by now.
    pub fn read(
        seed: u64,
        world: Arc<dyn World>,
        arms: Vec<FitArm>,
        mut measures: Vec<Measure>,
        reading: &mut Reading,
    ) -> Self {
        for arm in &arms {
            assert!(arm.prompts >= 1 && arm.responses >= 1 && arm.responses <= arm.candidates);
            assert!(arm.choice.is_random() || world.attributes().is_some());
        }
        assert!(!measures.contains(&Measure::ExpectedReward) || world.attributes().is_some());
        if !measures.contains(&Measure::Unconverged) {
            measures.push(Measure::Unconverged);
        }
        let designs: Vec<Design> = arms.iter().map(FitArm::design).collect();
        let pass = Pass::new(world.mean().len(), &designs);
        let selected = Selected::new(world.as_ref(), &arms, reading);
        let (spec, notices) = spec(seed, world.as_ref(), (&arms, &measures), &pass, &selected, reading);
        Self {
            world,
            arms,
            measures,
            pass,
            selected,
            spec,
            notices,
        }
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

/// The probability that a fit sees every mode, where theory knows it.
fn complete_share(world: &dyn World, arm: &FitArm) -> Option<f64> {
    let (np, k) = (u64::from(arm.prompts), u64::from(arm.responses));
    let missing = world.missing_mode_share(np, k).filter(|_| arm.choice.is_random())?;
    Some(1.0 - missing)
}

impl Study for Training {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Cochran's integer of the budget that all arms share.
    fn best_at(&self, along: &str) -> Option<f64> {
        let budget = optimum::shared_budget(&self.arms).filter(|_| along == "responses")?;
        let best = budget.costs.best_integer(&self.world.trace_components())?;
        Some(best as f64)
    }

    fn prepare(&self) -> Result<Box<dyn Ready + '_>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Box::new(worker::Prepared::new(self, streams)))
    }
}

impl Question for Training {
    fn world(&self) -> Option<&dyn World> {
        Some(self.world.as_ref())
    }

    fn told(&self, replicate: u64, prompts: u32) -> Vec<Told> {
        let designs = self.arms.iter().map(FitArm::design);
        let mut told = told::draws(&self.pass, self.world.as_ref(), &self.spec, replicate, prompts, designs);
        told.push(trace::trace(self, replicate));
        told
    }

    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let own = &self.spec.estimands[estimand];
        let arm = self.arm_at(own.of.shown()?, key, value)?;
        let (world, measure) = (self.world.as_ref(), Measure::of(own.kind)?);
        match own.kind.quantity.name {
            "complete" => Some(estimands::offset(world, measure) + complete::at_once(world, &arm)?),
            _ if matches!(measure, Measure::MissingMode | Measure::ModesSeen) => {
                self.selected.exact_at(world, &arm, measure).value()
            }
            _ => None,
        }
    }

    fn reference_at(&self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let own = &self.spec.estimands[estimand];
        let arm = self.arm_at(own.of.shown()?, key, value as u32)?;
        let (world, measure) = (self.world.as_ref(), Measure::of(own.kind)?);
        own.reference?;
        let of_many =
            || (own.kind.quantity.name == "mean").then(|| self.selected.many_prompts(world, &arm, measure))?;
        estimands::first_order(world, &arm, measure).or_else(of_many)
    }

    fn condition_share(&self, estimand: usize) -> Option<f64> {
        let own = &self.spec.estimands[estimand];
        own.given?;
        complete_share(self.world.as_ref(), &self.arms[own.of.shown()?])
    }

    /// Arms of one budget that are too few for a best K.
    fn lack(&self, kind: &EstimandKind) -> Option<Lack> {
        self.best_k()?.lack(kind)
    }

    fn left_out(&self, estimand: usize) -> Option<LeftOut> {
        self.spec.estimands[estimand].given.map(|_| LeftOut {
            who: "fits that miss a mode",
            remark: "leaving them out flatters small K",
        })
    }
}

impl Training {
    /// An arm with another number of prompts or responses; none where there can be no such arm. A budget buys as many prompts as it
    /// then does.
    fn arm_at(&self, index: usize, key: &str, value: u32) -> Option<FitArm> {
        let mut arm = self.arms[index].clone();
        match (key, arm.budget) {
            ("prompts", None) => arm.prompts = value,
            ("responses", budget) => {
                arm.responses = value;
                if let Some(budget) = budget {
                    arm.prompts = budget.prompts(value)?;
                }
                // What is kept at random does not depend on how many there were; other selectors choose of as many as before.
                if arm.choice.is_random() {
                    arm.candidates = value;
                }
            }
            _ => return None,
        }
        let possible = arm.prompts > 0 && arm.responses > 0 && arm.responses <= arm.candidates;
        possible.then_some(arm)
    }
}

fn spec(
    seed: u64,
    world: &dyn World,
    (arms, measures): (&[FitArm], &[Measure]),
    pass: &Pass,
    selected: &Selected,
    reading: &mut Reading,
) -> (Spec, Vec<Notice>) {
    let slots = Slots {
        measures: measures.len(),
    };
    let means = ExactMeans::new(world, arms, reading);
    let mut estimands: Vec<Estimand> = Vec::new();
    let mut notices = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        let first = estimands.len();
        for (place, &measure) in measures.iter().enumerate() {
            for kind in measure.kind().estimands {
                let (arm, slot) = ((index, arm), slots.of(index, place));
                match kind.quantity.name {
                    "mean" => estimands.push(estimands::mean(kind, world, arm, measure, slot, selected)),
                    "complete" => {
                        let exact = means.of(index);
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
    if measures.contains(&Measure::ExcessNll) {
        for fitted in optimum::estimands(world, arms, &means, slots) {
            notices::rest_on(&mut notices, &fitted, estimands.len());
            estimands.push(fitted);
        }
    }
    let declared = Declared {
        seed,
        world,
        pass,
        study: KIND.name,
        versions: &["descent 2", "complete 1"],
        measures: measures.iter().map(|m| m.name()).collect(),
        settings: Vec::new(),
        arms: arms.iter().map(FitArm::canonical).collect(),
        slots: (0..arms.len())
            .flat_map(|arm| std::iter::repeat_n(arm, slots.per_arm()))
            .collect(),
        estimands,
        exact: [means.into_jobs(), selected.jobs().to_vec()].concat(),
    };
    (declared.spec(), notices)
}

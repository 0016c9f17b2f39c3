//! Owns the study `training`: what a policy fitted to selected responses loses against the best one.
//!
//! Each arm fits the shared softmax by full-batch gradient descent to the responses kept of N_p prompts, and measures
//! the fit against the world's mean response distribution, the best shared policy. All arms see the same draws
//! (law 3). Where arms divide one budget between prompts and responses, the best K is estimated too.

mod arm;
mod estimands;
mod optimum;
mod trace;
mod worker;

pub use crate::theory::budget::Budget;
pub use arm::FitArm;
pub use estimands::{MEASURES, Measure, MeasureDoc, QUANTITIES, names};
pub use optimum::{BestK, FEWEST_RESPONSES, WINDOW};

use crate::engine::{Estimand, Ready, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::declared::Declared;
use crate::study::draws::{Design, Pass};
use crate::study::told::{self, Told};
use crate::study::{Question, StudyDoc};
use crate::world::World;
use std::sync::Arc;

/// What the study is.
pub const DOC: StudyDoc = StudyDoc {
    name: "training",
    about: "policies fitted to selected responses, against the best one",
    symbols: "pi the world's mean response distribution, p the fitted policy, v and k3 the variance and third central moment \
              of a mode's mass, M modes, alpha the concentration, N_p prompts, K responses kept, C_p and C_r costs, B budget",
    measures: || {
        MEASURES
            .iter()
            .map(|doc| (doc.name, doc.about, names(doc.measure, true)))
            .collect()
    },
    quantities: &QUANTITIES,
};

/// The share of fits with a missing mode up to which the third-order curve is taken as exact (science, correction 3).
pub const RARE: f64 = 0.01;

/// One scenario of the study: a world, a seed and the fits compared on its draws.
#[derive(Debug)]
pub struct Training {
    world: Arc<dyn World>,
    arms: Vec<FitArm>,
    measures: Vec<Measure>,
    pass: Pass,
    spec: Spec,
}

impl Training {
    /// The scenario of `seed` and `world`. Every arm must keep at least one response of at least one prompt.
    pub fn new(seed: u64, world: Arc<dyn World>, arms: Vec<FitArm>, measures: Vec<Measure>) -> Self {
        for arm in &arms {
            assert!(arm.prompts >= 1 && arm.responses >= 1 && arm.responses <= arm.candidates);
            assert!(arm.choice.is_random() || world.attributes().is_some());
        }
        let designs: Vec<Design> = arms.iter().map(FitArm::design).collect();
        let pass = Pass::new(world.mean().len(), &designs);
        let spec = spec(seed, world.as_ref(), &arms, &measures, &pass);
        Self {
            world,
            arms,
            measures,
            pass,
            spec,
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
}

impl Study for Training {
    fn spec(&self) -> &Spec {
        &self.spec
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

    /// A budget buys as many prompts as it then does.
    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let own = &self.spec.estimands[estimand];
        let mut arm = self.arms[own.arm?].clone();
        match (key, arm.budget) {
            ("prompts", None) => arm.prompts = value,
            ("responses", None) => (arm.responses, arm.candidates) = (value, value),
            ("responses", Some(budget)) => {
                (arm.responses, arm.candidates) = (value, value);
                arm.prompts = u32::try_from(budget.costs.prompts(budget.total, u64::from(value))).ok()?;
            }
            _ => return None,
        }
        if arm.prompts == 0 || arm.responses == 0 {
            return None;
        }
        let (measure, _) = own.name.split_once('.')?;
        estimands::exact(self.world.as_ref(), &arm, Measure::parse(measure)?)
    }
}

fn spec(seed: u64, world: &dyn World, arms: &[FitArm], measures: &[Measure], pass: &Pass) -> Spec {
    let mut arm_of_slot = Vec::new();
    let mut estimands: Vec<Estimand> = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        for &measure in measures {
            estimands.push(estimands::mean(world, index, arm, measure, arm_of_slot.len()));
            arm_of_slot.push(index);
        }
    }
    estimands.extend(optimum::estimands(world, arms, measures));
    let declared = Declared {
        seed,
        world,
        pass,
        study: DOC.name,
        versions: &["descent 2"],
        measures: measures.iter().map(|m| m.name()).collect(),
        settings: Vec::new(),
        arms: arms.iter().map(FitArm::canonical).collect(),
        slots: arm_of_slot,
        estimands,
        exact: Vec::new(),
    };
    declared.spec()
}

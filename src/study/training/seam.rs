//! Owns what the engine, experiments and figures ask of a scenario.

use super::complete::{self, complete_share};
use super::{FitArm, Measure, Training, descent_trace, estimands, optimum, worker};
use crate::engine::{EstimandKind, Memory, Notice, Ready, Reference, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::trace::{self, TraceTable};
use crate::study::{Lack, LeftOut, Question, memory};
use crate::world::World;

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

    fn memory(&self) -> Memory {
        memory::of_pools(self.world.as_ref(), &self.pass, &self.spec, (size_of::<FitArm>(), 1))
    }

    fn prepare(&self) -> Result<Box<dyn Ready + '_>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Box::new(worker::Prepared::new(self, streams)))
    }
}

impl Question for Training {
    fn estimates_best(&self) -> bool {
        optimum::shared_budget(&self.arms).is_some()
    }

    fn world(&self) -> Option<&dyn World> {
        Some(self.world.as_ref())
    }

    fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let designs = self.arms.iter().map(FitArm::design);
        let mut tables = trace::draws(&self.pass, self.world.as_ref(), &self.spec, replicate, prompts, designs);
        tables.push(descent_trace::trace(self, replicate));
        tables
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

//! Owns what the engine, experiments and figures ask of a scenario.

use super::complete::complete_share;
use super::theory::OfFits;
use super::{FitArm, Training, descent_trace, optimum, worker};
use crate::engine::{EstimandKind, ExactCache, Memory, Notice, Prepared, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::trace::{self, TraceTable};
use crate::study::{Lack, LeftOut, Question, Theory, memory};
use crate::world::World;
use std::sync::Arc;

impl Study for Training {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn notices(&self) -> &[Notice] {
        &self.notices
    }

    fn memory(&self) -> Memory {
        memory::of_pools(self.world.as_ref(), &self.pass, &self.spec, (size_of::<FitArm>(), 1))
    }

    fn prepare(&self) -> Result<Arc<dyn Prepared>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Arc::new(worker::Plan::new(self, streams)))
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
        let arms = self.arms.iter().map(|arm| arm.pool);
        let mut tables = trace::draws(&self.pass, self.world.as_ref(), &self.spec, replicate, prompts, arms);
        tables.push(descent_trace::trace(self, replicate));
        tables
    }

    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfFits::new(self, known))
    }

    /// Cochran's integer of the budget that all arms share.
    fn optimum(&self, along: &str) -> Option<f64> {
        let budget = optimum::shared_budget(&self.arms).filter(|_| along == "responses")?;
        let best = budget.costs.best_integer(&self.world.trace_components())?;
        Some(best as f64)
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

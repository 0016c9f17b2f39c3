//! Owns what the engine, experiments and figures ask of a scenario.

use super::theory::OfArms;
use super::{Method, Selection, worker};
use crate::engine::{ExactCache, Memory, Prepared, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::pools::Pools;
use crate::study::trace::{self, TraceTable};
use crate::study::{Question, Theory, memory};
use crate::theory::budget::Budget;
use crate::world::World;
use std::sync::Arc;

impl Study for Selection {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn memory(&self) -> Memory {
        memory::of_pools(
            self.world.as_ref(),
            &self.pass,
            &self.spec,
            (size_of::<Method>(), 2 * self.measures.len()),
        )
    }

    fn prepare(&self) -> Result<Arc<dyn Prepared>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Arc::new(worker::Plan::new(self, streams)))
    }
}

impl Question for Selection {
    fn pools(&self) -> Option<&dyn Pools> {
        Some(self)
    }

    fn world(&self) -> Option<&dyn World> {
        Some(self.world.as_ref())
    }

    fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let arms = self.arms.iter().map(|arm| arm.pool);
        trace::draws(&self.pass, self.world.as_ref(), &self.spec, replicate, prompts, arms)
    }

    /// Cochran's integer of the budget that all arms share.
    fn optimum(&self, along: &str) -> Option<f64> {
        let budget = Budget::shared(self.arms.iter().map(|arm| arm.pool.budget)).filter(|_| along == "responses")?;
        let best = budget.costs.best_integer(&self.world.trace_components())?;
        Some(best as f64)
    }

    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfArms::new(self, known))
    }
}

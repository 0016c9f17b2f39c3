//! Owns what the engine, experiments and figures ask of a scenario.

use super::theory::OfPaths;
use super::{Alignment, PathArm, worker};
use crate::engine::{ExactCache, Memory, Prepared, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::trace::{self, TraceTable};
use crate::study::{Question, Theory, memory};
use crate::world::World;
use std::sync::Arc;

impl Study for Alignment {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn memory(&self) -> Memory {
        memory::of_pools(self.world.as_ref(), &self.pass, &self.spec, (size_of::<PathArm>(), 1))
    }

    fn prepare(&self) -> Result<Arc<dyn Prepared>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Arc::new(worker::Plan::new(self, streams)))
    }
}

impl Question for Alignment {
    fn world(&self) -> Option<&dyn World> {
        Some(self.world.as_ref())
    }

    fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let arms = self.arms.iter().map(|arm| arm.pool);
        trace::draws(&self.pass, self.world.as_ref(), &self.spec, replicate, prompts, arms)
    }

    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfPaths::new(self, known))
    }
}

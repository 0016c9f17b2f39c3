//! Owns what experiments ask of a scenario.

use super::{Allocations, worker};
use crate::engine::{ExactCache, Prepared, StudyError};
use crate::study::{Question, Scenario};
use crate::world::World;
use std::sync::Arc;

impl Question for Allocations {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        Ok(Arc::new(worker::Plan::new(self)))
    }

    fn world(&self) -> Option<&dyn World> {
        Some(self.world.as_ref())
    }
}

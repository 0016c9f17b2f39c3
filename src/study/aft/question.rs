//! Owns what the engine, experiments and people ask of a scenario.

use super::Aft;
use super::worker::Plan;
use crate::engine::{ExactCache, Prepared, StudyError};
use crate::study::{Question, Scenario, TraceTable};
use std::sync::Arc;

impl Question for Aft {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        Ok(Arc::new(Plan::new(self)))
    }

    fn trace(&self, replicate: u64, queries: u32) -> Vec<TraceTable> {
        Plan::new(self).trace(replicate, queries)
    }
}

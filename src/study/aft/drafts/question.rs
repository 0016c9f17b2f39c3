//! Owns what the engine, experiments and people ask of a scenario.

use super::AftDrafts;
use super::worker::Plan;
use crate::engine::{ExactCache, Prepared, StudyError};
use crate::inference::groups::Group;
use crate::study::{LeftOut, Question, Scenario, TraceTable};
use std::sync::Arc;

impl Question for AftDrafts {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        let plan = Plan::new(self);
        Ok(Arc::new(move |replicate, sums: &mut Group| {
            plan.measure(replicate, sums)
        }))
    }

    fn left_out(&self, estimand: usize) -> Option<LeftOut> {
        self.estimands()[estimand].given.map(|_| LeftOut {
            who: "queries whose groups are all alike in quality, diversity or result",
            remark: "they have no correlation",
        })
    }

    fn trace(&self, replicate: u64, _: u32) -> Vec<TraceTable> {
        Plan::new(self).trace(replicate)
    }
}

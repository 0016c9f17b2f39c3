//! Owns what experiments and figures ask of a scenario: what theory guarantees of its picks, and of the arms between its own.

use super::{Greedy, worker};
use crate::engine::{ExactCache, Prepared, Reference, Spec, StudyError};
use crate::numerics::stream::Streams;
use crate::study::{Question, Scenario, Theory};
use std::sync::Arc;

/// The theory of a scenario.
pub(super) struct Bounds<'a>(pub &'a Greedy);

impl Theory for Bounds<'_> {
    fn spec(&self) -> &Spec {
        &self.0.scenario.spec
    }

    /// The bound is known between the K of arms; nothing else is.
    fn exact_at(&mut self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let how = &self.0.rows[estimand].entry.asked.how;
        (how.exact_at)(value).filter(|_| key == "responses" && value >= 1)
    }

    /// Also of other weights of rewards.
    fn reference_at(&mut self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let row = &self.0.rows[estimand];
        let mut arm = self.0.arms[row.arm];
        match key {
            "responses" if value >= 1.0 && value <= f64::from(arm.candidates) => arm.responses = value as u32,
            "objective.reward-share" => arm.choice.rule.objective.reward_share = value,
            _ => return None,
        }
        row.entry.asked.how.reference(&arm, &self.0.family)
    }
}

impl Question for Greedy {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        let streams = Streams::new(self.scenario.spec.draws.text());
        Ok(Arc::new(worker::Plan::new(self, streams)))
    }

    fn theory(&self, _: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(Bounds(self))
    }
}

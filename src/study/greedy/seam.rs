//! Owns what the engine, experiments and figures ask of a scenario.

use super::{Greedy, bound, estimands, worker};
use crate::engine::{ExactCache, Prepared, Reference, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::Question;
use crate::study::theory::{Theory, TheoryRow};
use std::sync::Arc;

impl Study for Greedy {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn prepare(&self) -> Result<Arc<dyn Prepared>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Arc::new(worker::Plan::new(self, streams)))
    }
}

impl Question for Greedy {
    fn theory(&self, _: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(Bounds(self))
    }
}

/// What theory guarantees of a scenario's picks.
struct Bounds<'a>(&'a Greedy);

impl Theory for Bounds<'_> {
    fn row(&mut self, estimand: usize) -> TheoryRow {
        TheoryRow::stated(&self.0.spec.estimands[estimand])
    }

    /// The bound is known between the K of arms; nothing else is.
    fn exact_along(&mut self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        let own = &self.0.spec.estimands[estimand];
        let known = key == "responses" && own.kind.quantity.name == "bound";
        let at = |&value: &u32| (known && value >= 1).then(|| bound(value));
        values.iter().map(at).collect()
    }

    /// Also of other weights of rewards.
    fn reference_at(&mut self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let own = &self.0.spec.estimands[estimand];
        let mut arm = self.0.arms[own.of.shown()?];
        match key {
            "responses" if value >= 1.0 && value <= f64::from(arm.candidates) => arm.responses = value as u32,
            "objective.reward-share" => arm.choice.rule.objective.reward_share = value,
            _ => return None,
        }
        estimands::reference(&arm, &self.0.family, own.kind.quantity.name)
    }
}

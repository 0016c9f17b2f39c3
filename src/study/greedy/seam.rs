//! Owns what the engine, experiments and figures ask of a scenario.

use super::{Greedy, bound, estimands, worker};
use crate::engine::{Ready, Reference, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::Question;

impl Study for Greedy {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn prepare(&self) -> Result<Box<dyn Ready + '_>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Box::new(worker::Prepared::new(self, streams)))
    }
}

impl Question for Greedy {
    /// The bound is known between the K of arms; nothing else is.
    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let own = &self.spec.estimands[estimand];
        (key == "responses" && own.kind.quantity.name == "bound" && value >= 1).then(|| bound(value))
    }

    /// Also of other weights of rewards.
    fn reference_at(&self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let own = &self.spec.estimands[estimand];
        let mut arm = self.arms[own.of.shown()?];
        match key {
            "responses" if value >= 1.0 && value <= f64::from(arm.candidates) => arm.responses = value as u32,
            "objective.reward-share" => arm.choice.rule.objective.reward_share = value,
            _ => return None,
        }
        estimands::reference(&arm, &self.family, own.kind.quantity.name)
    }
}

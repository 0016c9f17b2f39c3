//! Owns what experiments and figures ask of a scenario: what theory says of its rules, and of other targets.

use super::{Stopping, StoppingArm, estimands, worker};
use crate::engine::{ExactCache, Goal, Prepared, Reference, Spec, StudyError};
use crate::numerics::stream::Streams;
use crate::study::{Question, Scenario, Theory};
use std::sync::Arc;

/// The theory of a scenario.
pub(super) struct OfRules<'a>(pub &'a Stopping);

impl Theory for OfRules<'_> {
    fn spec(&self) -> &Spec {
        &self.0.scenario.spec
    }

    /// Of other targets: nothing else changes a reference.
    fn reference_at(&mut self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let own = &self.spec().estimands[estimand];
        let goal = match key {
            "absolute" => Goal::Absolute(value),
            "relative" => Goal::Relative(value),
            _ => return None,
        };
        let index = own.of.shown().filter(|_| value > 0.0)?;
        let arm = StoppingArm {
            goal,
            ..self.0.arms[index]
        };
        let all = self.0.measures.iter();
        let mut all = all.flat_map(|&measure| estimands::estimands(measure, (index, 0), &arm, &self.0.law));
        all.find(|other| other.name() == own.name())?.reference
    }
}

impl Question for Stopping {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        let streams = Streams::new(self.scenario.spec.draws.text());
        Ok(Arc::new(worker::Plan::new(self, &streams)))
    }

    fn theory(&self, _: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfRules(self))
    }
}

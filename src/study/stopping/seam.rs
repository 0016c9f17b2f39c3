//! Owns what the engine, experiments and figures ask of a scenario.

use super::measures::Measure;
use super::{Stopping, StoppingArm, estimands, worker};
use crate::engine::{ExactCache, Goal, Prepared, Reference, Spec, Study, StudyError};
use crate::numerics::stream::Streams;
use crate::study::Question;
use crate::study::theory::{Theory, TheoryRow};
use std::sync::Arc;

impl Study for Stopping {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn prepare(&self) -> Result<Arc<dyn Prepared>, StudyError> {
        let streams = Streams::new(self.spec.draws.text());
        Ok(Arc::new(worker::Plan::new(self, &streams)))
    }
}

impl Question for Stopping {
    fn theory(&self, _: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfRules(self))
    }
}

/// What theory says of a scenario's rules.
struct OfRules<'a>(&'a Stopping);

impl Theory for OfRules<'_> {
    fn row(&mut self, estimand: usize) -> TheoryRow {
        TheoryRow::stated(&self.0.spec.estimands[estimand])
    }

    /// Of other targets: nothing else changes a reference.
    fn reference_at(&mut self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let own = &self.0.spec.estimands[estimand];
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
        let all = estimands::estimands(Measure::of(own.kind)?, (index, 0), &arm, &self.0.law);
        all.into_iter().find(|other| other.name() == own.name())?.reference
    }
}

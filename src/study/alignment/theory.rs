//! Owns what experiments and figures ask of a scenario: the theory of its rows, of the arms between its own and of the
//! steps between those recorded, once laws are known.

use super::measures::Entry;
use super::{Alignment, PathArm, estimands, worker};
use crate::engine::{Exact, ExactCache, Prepared, Reference, Spec, StudyError};
use crate::study::laws::KnownLaws;
use crate::study::{Question, Scenario, Theory, batches};
use std::collections::VecDeque;
use std::sync::Arc;

/// The theory of a scenario.
pub(super) struct OfPaths<'a> {
    study: &'a Alignment,
    laws: KnownLaws<'a>,
    /// Rows that were met in the descent of the row before, from the next one on.
    ahead: (usize, VecDeque<Exact>),
}

impl<'a> OfPaths<'a> {
    /// As far as laws are known.
    pub fn new(study: &'a Alignment, known: &ExactCache) -> Self {
        Self {
            study,
            laws: study.laws.known(known),
            ahead: (0, VecDeque::new()),
        }
    }

    fn exact_of(&self, arm: &PathArm, entry: &Entry, steps: &[u32]) -> Vec<Exact> {
        estimands::exact(&self.study.draws.world, &self.laws, arm, entry, steps)
    }
}

impl Theory for OfPaths<'_> {
    fn spec(&self) -> &Spec {
        &self.study.scenario.spec
    }

    /// All steps of a path are met in one descent, so that the rows after it are kept.
    fn exact(&mut self, estimand: usize) -> Option<Exact> {
        if self.ahead.0 != estimand || self.ahead.1.is_empty() {
            let row = &self.study.rows[estimand];
            // What a path has once is of its last step.
            let steps = &self.study.steps[row.place..];
            self.ahead.1 = self.exact_of(&self.study.arms[row.arm], row.entry, steps).into();
        }
        self.ahead.0 = estimand + 1;
        self.ahead.1.pop_front()
    }

    fn reference(&mut self, estimand: usize) -> Option<Reference> {
        let row = &self.study.rows[estimand];
        let (world, arm) = (&self.study.draws.world, &self.study.arms[row.arm]);
        estimands::reference(world, &self.laws, arm, row.entry, self.study.steps[row.place])
    }

    /// Also at other steps, as `at`. The number of prompts changes no exact value here.
    fn exact_along(&mut self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        let row = &self.study.rows[estimand];
        let once = row.entry.kind.at.is_none();
        let place = if once { self.study.steps.len() - 1 } else { row.place };
        let (arm, step) = (&self.study.arms[row.arm], self.study.steps[place]);
        if key == "at" && once {
            return vec![None; values.len()];
        }
        if key == "at" {
            let found = self.exact_of(arm, row.entry, values);
            return found.into_iter().map(Exact::value).collect();
        }
        let of_other = |&value: &u32| {
            let mut other = arm.clone();
            if key != "prompts" {
                other.pool = arm.pool.with(key, value)?;
            }
            self.exact_of(&other, row.entry, &[step]).pop()?.value()
        };
        values.iter().map(of_other).collect()
    }
}

impl Question for Alignment {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        batches::prepared(&self.draws, &self.scenario.spec, worker::Plan::new(self))
    }

    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfPaths::new(self, known))
    }
}

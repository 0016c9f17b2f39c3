//! Owns what experiments and figures ask of a scenario: the theory of its rows and of the arms between its own, once laws are known.

use super::truth::Truth;
use super::{Measure, Selection, worker};
use crate::engine::{Exact, ExactCache, Prepared, Spec, StudyError};
use crate::study::laws::KnownLaws;
use crate::study::pools::Pools;
use crate::study::{Question, Scenario, Theory, batches};
use crate::theory::plan::Plan;
use std::sync::Arc;

/// The theory of a scenario.
pub(super) struct OfArms<'a> {
    study: &'a Selection,
    laws: KnownLaws<'a>,
    /// That of the row before, which is often of the same arm and measure.
    last: Option<(usize, Measure, Truth)>,
}

impl<'a> OfArms<'a> {
    /// As far as laws are known.
    pub fn new(study: &'a Selection, known: &ExactCache) -> Self {
        Self {
            study,
            laws: study.laws.known(known),
            last: None,
        }
    }
}

impl Theory for OfArms<'_> {
    fn spec(&self) -> &Spec {
        &self.study.scenario.spec
    }

    fn exact(&mut self, estimand: usize) -> Option<Exact> {
        let (world, row) = (self.study.draws.world.as_ref(), &self.study.rows[estimand]);
        let arm = &self.study.arms[row.arm];
        let same = |(arm, of, _): &(usize, Measure, Truth)| (*arm, *of) == (row.arm, row.measure);
        let truth = match self.last.take().filter(same) {
            Some((.., truth)) => truth,
            None => Truth::of(world, &self.laws, arm, row.measure.own()),
        };
        let exact = row.entry.exact(world, &self.laws, arm, &truth, row.place);
        self.last = Some((row.arm, row.measure, truth));
        exact
    }

    /// None where the key is neither, or the arm would keep more than its pool. A budget buys as many prompts as it then does.
    fn exact_at(&mut self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let (world, row) = (self.study.draws.world.as_ref(), &self.study.rows[estimand]);
        let arm = self.study.arms[row.arm].with(key, value)?;
        let truth = Truth::of(world, &self.laws, &arm, row.measure.own());
        row.entry.exact(world, &self.laws, &arm, &truth, row.place)?.value()
    }
}

impl Question for Selection {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, _: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        batches::prepared(&self.draws, &self.scenario.spec, worker::Plan::new(self))
    }

    fn pools(&self) -> Option<&dyn Pools> {
        Some(self)
    }

    fn optimum(&self, along: &str) -> Option<f64> {
        self.draws.optimum(along)
    }

    fn allocation(&self) -> Option<Plan> {
        self.draws.allocation()
    }

    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfArms::new(self, known))
    }
}

//! Owns what experiments and figures ask of a scenario: what theory says of its rows and of the arms between its own, once the best
//! policies are known.

use super::estimands::Told;
use super::{Policies, PolicyArm, worker};
use crate::engine::{Exact, ExactCache, Prepared, Reference, Spec, StudyError};
use crate::study::{Question, Scenario, Theory, TraceTable};
use crate::theory::budget::Budget;
use std::sync::Arc;

/// The theory of a scenario.
pub(super) struct OfPolicies<'a> {
    study: &'a Policies,
    known: ExactCache,
}

impl Policies {
    pub(super) fn told<'a>(&'a self, known: Option<&'a ExactCache>) -> Told<'a> {
        Told {
            prompts: &self.prompts,
            arms: &self.arms,
            measures: &self.measures,
            optima: &self.optima,
            known,
        }
    }

    /// The budget and the copies of each prompt, where all arms have one policy.
    fn bought(&self) -> Option<(Budget, u32)> {
        self.told(None).bought().filter(|_| self.optima.is_shared_by_all())
    }
}

impl Theory for OfPolicies<'_> {
    fn spec(&self) -> &Spec {
        &self.study.scenario.spec
    }

    fn exact(&mut self, estimand: usize) -> Option<Exact> {
        Some(self.study.told(Some(&self.known)).exact(&self.study.rows[estimand]))
    }

    fn reference(&mut self, estimand: usize) -> Option<Reference> {
        self.study.told(Some(&self.known)).reference(&self.study.rows[estimand])
    }

    fn reference_at(&mut self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        self.spec().estimands[estimand].reference?;
        let row = &self.study.rows[estimand];
        let mut arms = self.study.arms.to_vec();
        let own: &mut PolicyArm = &mut arms[row.arm];
        own.pool = own.pool.with(key, value as u32)?;
        let told = Told {
            arms: &arms,
            ..self.study.told(Some(&self.known))
        };
        told.reference(row)
    }
}

impl Question for Policies {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, known: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        (0..self.arms.len()).for_each(|arm| {
            self.optima.at_hand(arm, Some(known));
        });
        Ok(Arc::new(worker::Plan::new(self)))
    }

    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfPolicies {
            study: self,
            known: known.clone(),
        })
    }

    fn estimates_best(&self) -> bool {
        self.bought().is_some()
    }

    /// Cochran's integer for the sandwich components, where all arms have one policy.
    fn optimum(&self, along: &str) -> Option<f64> {
        let (budget, copies) = self.bought().filter(|_| along == "responses")?;
        let components = self.optima.of(0)?.components?.copied(copies).sandwich;
        Some(budget.costs.best_integer(&components)? as f64)
    }

    fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        worker::Plan::new(self).trace(replicate, prompts)
    }
}

//! Owns what experiments and figures ask of a scenario: what theory says of its rows and of the arms between its own, once the laws are
//! known.

use super::estimands::{Row, Told};
use super::law::PolicyLaw;
use super::measures::Statistic;
use super::{SequenceArm, Sequences, worker};
use crate::engine::{Exact, ExactCache, Prepared, Reference, Spec, StudyError};
use crate::study::{Question, Scenario, Theory, TraceTable};
use crate::theory::budget::Budget;
use std::sync::Arc;

/// The theory of a scenario.
pub(super) struct OfSequences<'a> {
    study: &'a Sequences,
    known: ExactCache,
}

impl Sequences {
    pub(super) fn told<'a>(&'a self, known: Option<&'a ExactCache>) -> Told<'a> {
        Told {
            world: &self.world,
            arms: &self.arms,
            measures: &self.measures,
            laws: &self.laws,
            known,
        }
    }

    /// The budget, where all arms have one policy.
    fn bought(&self) -> Option<Budget> {
        self.told(None).bought(0).filter(|_| self.laws.count() == 1)
    }
}

impl OfSequences<'_> {
    /// What is said of a row whose arm has another number of prompts or responses.
    fn at<T>(&self, estimand: usize, key: &str, value: u32, say: impl Fn(&Told<'_>) -> Option<T>) -> Option<T> {
        let row = &self.study.rows[estimand];
        let mut arms = self.study.arms.to_vec();
        arms[row.arm].pool = arms[row.arm].pool.with(key, value)?;
        say(&Told {
            arms: &arms,
            ..self.study.told(Some(&self.known))
        })
    }
}

impl OfSequences<'_> {
    /// The exact value of a row whose arm has responses of another length, where its law takes no time.
    fn at_length(&self, row: &Row, length: u32) -> Option<f64> {
        let arm = SequenceArm {
            length,
            ..self.study.arms[row.arm]
        };
        arm.check(&self.study.world).ok()?;
        let measured = matches!(row.measure.own(), Statistic::Score);
        let known = measured.then(|| PolicyLaw::brief(&self.study.world, &arm))??;
        arm.of_score(&row.entry.asked.how, &known)
    }
}

impl Theory for OfSequences<'_> {
    fn spec(&self) -> &Spec {
        &self.study.scenario.spec
    }

    fn exact(&mut self, estimand: usize) -> Option<Exact> {
        Some(self.study.told(Some(&self.known)).exact(&self.study.rows[estimand]))
    }

    fn reference(&mut self, estimand: usize) -> Option<Reference> {
        self.study.told(Some(&self.known)).reference(&self.study.rows[estimand])
    }

    fn exact_at(&mut self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let row = &self.study.rows[estimand];
        match key {
            "length" => self.at_length(row, value),
            _ => self.at(estimand, key, value, |told| told.exact(row).value()),
        }
    }

    fn reference_at(&mut self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        self.spec().estimands[estimand].reference?;
        let row = &self.study.rows[estimand];
        self.at(estimand, key, value as u32, |told| told.reference(row))
    }
}

impl Question for Sequences {
    fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    fn plan(&self, known: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        (0..self.arms.len()).for_each(|arm| {
            self.laws.at_hand(arm, Some(known));
        });
        Ok(Arc::new(worker::Plan::new(self)?))
    }

    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        Box::new(OfSequences {
            study: self,
            known: known.clone(),
        })
    }

    fn estimates_best(&self) -> bool {
        self.bought().is_some()
    }

    /// Cochran's integer, where all arms have one policy.
    fn optimum(&self, along: &str) -> Option<f64> {
        let budget = self.bought().filter(|_| along == "responses")?;
        let components = self.laws.of(0).known().components?;
        Some(budget.costs.best_integer(&components)? as f64)
    }

    fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        worker::Plan::new(self).map_or(Vec::new(), |own| own.trace(replicate, prompts))
    }
}

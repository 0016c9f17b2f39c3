//! Owns what theory says of the estimands of a scenario, beside its specification: values at the arms, and between them.

use crate::engine::{Estimand, Exact, Reference, Spec};

/// What theory says of one estimand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TheoryRow {
    /// Its exact value.
    pub exact: Exact,
    /// A value to compare with that is not exact.
    pub reference: Option<Reference>,
}

impl TheoryRow {
    /// What a specification states by itself.
    pub fn stated(estimand: &Estimand) -> Self {
        Self {
            exact: estimand.exact,
            reference: estimand.reference,
        }
    }
}

/// The theory of a scenario, as far as its exact jobs are known.
pub trait Theory {
    /// What it says of an estimand.
    fn row(&mut self, estimand: usize) -> TheoryRow;

    /// Points of an estimand's exact curve: its exact values if its arm had each of these numbers of prompts or responses (`key`)
    /// instead, or if it stood at each (`key` is `at`). They ascend, so that one pass may serve all.
    fn exact_along(&mut self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        let _ = (estimand, key);
        vec![None; values.len()]
    }

    /// A point of an estimand's reference curve: its reference if its arm had `value` for `key` instead.
    fn reference_at(&mut self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let _ = (estimand, key, value);
        None
    }
}

/// What a specification itself states, of a study whose values rest on no jobs.
pub(super) struct Stated<'a>(pub &'a Spec);

impl Theory for Stated<'_> {
    fn row(&mut self, estimand: usize) -> TheoryRow {
        TheoryRow::stated(&self.0.estimands[estimand])
    }
}

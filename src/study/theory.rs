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
    /// The scenario's specification.
    fn spec(&self) -> &Spec;

    /// The exact value of an estimand that rests on jobs.
    fn exact(&mut self, estimand: usize) -> Option<Exact> {
        let _ = estimand;
        None
    }

    /// The reference of an estimand that rests on jobs.
    fn reference(&mut self, estimand: usize) -> Option<Reference> {
        let _ = estimand;
        None
    }

    /// What it says of an estimand: what the specification states, or what rests on jobs.
    fn row(&mut self, estimand: usize) -> TheoryRow {
        let TheoryRow { exact, reference } = TheoryRow::stated(&self.spec().estimands[estimand]);
        TheoryRow {
            exact: match exact {
                Exact::Pending => self.exact(estimand).unwrap_or(exact),
                known => known,
            },
            reference: match reference {
                Some(pending) if pending.value.is_nan() => self.reference(estimand),
                known => known,
            },
        }
    }

    /// A point of an estimand's exact curve: its exact value if its arm had `value` prompts or responses (`key`) instead, or if it
    /// stood there (`key` is `at`).
    fn exact_at(&mut self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let _ = (estimand, key, value);
        None
    }

    /// Points of that curve. They ascend, so that one pass may serve all.
    fn exact_along(&mut self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        values
            .iter()
            .map(|&value| self.exact_at(estimand, key, value))
            .collect()
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
    fn spec(&self) -> &Spec {
        self.0
    }
}

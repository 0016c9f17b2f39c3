//! The studies: each binds world, selection and policy into something that the engine runs.
//!
//! A study declares its slots and estimands with their exact values and computes slots from draws. It reads no files.
//!
//! - [`alignment`]: the gradient of selected data beside the true one.
//! - [`selection`]: estimators of selected data.
//! - [`training`]: policies fitted to selected data.
//! - [`greedy`]: greedy picks against the best set.
//! - [`stopping`]: runs that stop when they are precise enough.

pub mod alignment;
mod batches;
mod chosen;
mod declared;
mod draws;
pub mod greedy;
mod laws;
mod measures;
pub mod selection;
pub mod stopping;
mod told;
pub mod training;

pub use batches::BATCH;
pub use chosen::Choice;
pub use told::Told;

use crate::engine::{Estimand, EstimandKind, MeasureKind, Quantity, Reference, Spec, Study};
use crate::world::World;

/// One scenario of any study, with what experiments and figures ask of it beyond what the engine runs.
pub trait Question: Study {
    /// The world, where the study has one of prompts and responses.
    fn world(&self) -> Option<&dyn World>;

    /// A point of an estimand's exact curve: its exact value if its arm had `value` prompts or responses (`key`) instead, or
    /// if it stood at `value` (`key` is `at`).
    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64>;

    /// [`exact_at`](Self::exact_at) at each of these values, which ascend: for curves, where one pass may serve all.
    fn exact_along(&self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        values
            .iter()
            .map(|&value| self.exact_at(estimand, key, value))
            .collect()
    }

    /// A point of an estimand's reference curve: its reference if its arm had `value` for `key` instead.
    fn reference_at(&self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        let _ = (estimand, key, value);
        None
    }

    /// The exact probability that a replicate meets the condition of a conditional estimand; none of others, or where theory does
    /// not know it.
    fn condition_share(&self, estimand: usize) -> Option<f64> {
        let _ = estimand;
        None
    }

    /// Which replicates a conditional estimand leaves out, in words.
    fn left_out(&self, estimand: usize) -> Option<LeftOut> {
        let _ = estimand;
        None
    }

    /// What this scenario lacks of what an estimand needs, where it has some of it; see [`EstimandKind::needs`] for where it has none.
    fn lack(&self, kind: &EstimandKind) -> Option<Lack> {
        let _ = kind;
        None
    }

    /// What there is to see of one replicate: of its first `prompts` prompts, and of its fits.
    fn told(&self, replicate: u64, prompts: u32) -> Vec<Told> {
        let _ = (replicate, prompts);
        Vec::new()
    }
}

/// What people are told of the replicates that a conditional estimand leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Who they are: `fits that miss a mode`.
    pub who: &'static str,
    /// What leaving them out does to what is left.
    pub remark: &'static str,
}

/// What an estimand that a scenario does not have needs, and how much of it there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// How much: the scenario with most is told of.
    pub has: usize,
    /// What is needed and what was found, in words that can follow `needs`.
    pub words: String,
}

/// One scenario of any study, as experiments hold it.
#[derive(Debug)]
pub enum Setting {
    /// Estimators of selected data.
    Selection(selection::Selection),
    /// Policies fitted to selected data.
    Training(training::Training),
    /// The gradient of selected data beside the true one.
    Alignment(alignment::Alignment),
    /// Greedy picks against the best set.
    Greedy(greedy::Greedy),
    /// Runs that stop when they are precise enough.
    Stopping(stopping::Stopping),
}

impl Setting {
    fn question(&self) -> &dyn Question {
        match self {
            Setting::Selection(study) => study,
            Setting::Training(study) => study,
            Setting::Alignment(study) => study,
            Setting::Greedy(study) => study,
            Setting::Stopping(study) => study,
        }
    }

    /// What it will do.
    pub fn spec(&self) -> &Spec {
        self.question().spec()
    }

    /// What it estimates, in row order.
    pub fn estimands(&self) -> &[Estimand] {
        &self.spec().estimands
    }

    /// What the engine runs.
    pub fn as_study(&self) -> &dyn Study {
        self.question()
    }

    /// The scenario, if it is one of the study `selection`.
    pub fn selection(&self) -> Option<&selection::Selection> {
        match self {
            Setting::Selection(study) => Some(study),
            _ => None,
        }
    }

    /// The world, where the study has one of prompts and responses.
    pub fn world(&self) -> Option<&dyn World> {
        self.question().world()
    }

    /// How many arms are compared.
    pub fn arms(&self) -> usize {
        self.spec().layout.arms()
    }

    /// A point of an estimand's exact curve: its exact value if its arm had `value` prompts or responses (`key`) instead.
    pub fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        self.question().exact_at(estimand, key, value)
    }

    /// Points of an estimand's exact curve, as [`exact_at`](Self::exact_at) gives them, at values that ascend.
    pub fn exact_along(&self, estimand: usize, key: &str, values: &[u32]) -> Vec<Option<f64>> {
        self.question().exact_along(estimand, key, values)
    }

    /// A point of an estimand's reference curve: its reference if its arm had `value` for `key` instead.
    pub fn reference_at(&self, estimand: usize, key: &str, value: f64) -> Option<Reference> {
        self.question().reference_at(estimand, key, value)
    }

    /// The exact probability that a replicate meets the condition of a conditional estimand; none of others, or where theory does
    /// not know it.
    pub fn condition_share(&self, estimand: usize) -> Option<f64> {
        self.question().condition_share(estimand)
    }

    /// Which replicates a conditional estimand leaves out, in words.
    pub fn left_out(&self, estimand: usize) -> Option<LeftOut> {
        self.question().left_out(estimand)
    }

    /// What this scenario lacks of what an estimand needs, where it has some of it.
    pub fn lack(&self, kind: &EstimandKind) -> Option<Lack> {
        self.question().lack(kind)
    }

    /// What there is to see of one replicate: of its first `prompts` prompts, and of its fits.
    pub fn told(&self, replicate: u64, prompts: u32) -> Vec<Told> {
        self.question().told(replicate, prompts)
    }

    /// The best value of `key` by theory, where there is one: Cochran's integer of a budget for `responses`.
    pub fn best_at(&self, key: &str) -> Option<f64> {
        self.question().best_at(key)
    }
}

/// What a study is and measures, for help texts and messages.
#[derive(Debug)]
pub struct StudyKind {
    /// Its name in files.
    pub name: &'static str,
    /// The question that it asks.
    pub about: &'static str,
    /// What the symbols in its formulas mean.
    pub symbols: &'static str,
    /// Its measures.
    pub measures: &'static [MeasureKind],
}

/// The studies.
pub static STUDIES: [&StudyKind; 5] = [
    &selection::KIND,
    &training::KIND,
    &alignment::KIND,
    &greedy::KIND,
    &stopping::KIND,
];

impl StudyKind {
    /// The quantities that its measures have, each once. Those of one measure stand in its row order.
    pub fn quantities(&self) -> Vec<&'static Quantity> {
        let mut found: Vec<&Quantity> = Vec::new();
        for measure in self.measures {
            let mut before = found.len();
            for kind in measure.estimands.iter().rev() {
                let known = found.iter().position(|own| own.name == kind.quantity.name);
                before = known.unwrap_or_else(|| {
                    found.insert(before, kind.quantity);
                    before
                });
            }
        }
        found
    }
}

/// Every measure of every study, beside the study that has it.
pub fn measures() -> impl Iterator<Item = (&'static StudyKind, &'static MeasureKind)> {
    let of = |&study: &&'static StudyKind| study.measures.iter().map(move |measure| (study, measure));
    STUDIES.iter().flat_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn what_is_stated_of_measures_and_estimands_fits_together() {
        let mut names = HashSet::new();
        for (study, measure) in measures() {
            assert!(names.insert(measure.name), "{} is a measure twice", measure.name);
            for kind in measure.estimands {
                assert_eq!(kind.name, format!("{}.{}", measure.name, kind.quantity.name));
                assert_eq!(kind.measure(), measure.name);
                assert!(names.insert(kind.name), "{} is stated twice", kind.name);
                let beside = [kind.floor, kind.bound].into_iter().flatten();
                for name in beside {
                    assert!(measure.estimands.iter().any(|own| own.name == name), "{name}");
                }
            }
            let quantities: Vec<&str> = study.quantities().iter().map(|own| own.name).collect();
            let own = measure.estimands.iter().map(|kind| kind.quantity.name);
            let places: Vec<usize> = own
                .filter_map(|name| quantities.iter().position(|other| *other == name))
                .collect();
            assert!(
                places.len() == measure.estimands.len() && places.is_sorted(),
                "{quantities:?}"
            );
        }
        for measure in training::Measure::ALL {
            assert!(
                measure
                    .kind()
                    .estimands
                    .iter()
                    .all(|kind| training::Measure::of(kind) == Some(*measure))
            );
        }
    }
}

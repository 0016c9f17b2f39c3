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
mod goal;
pub mod greedy;
mod laws;
pub mod pools;
pub mod registry;
pub mod selection;
pub mod stopping;
mod told;
pub mod training;

pub use batches::BATCH;
pub use chosen::Choice;
pub(crate) use goal::GoalKeys;
pub use told::Told;

use crate::engine::{Estimand, Reference, Spec, Study};
use crate::world::World;

/// What one word of an experiment file or a result means: printed by `explain`, checked by tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EstimandDoc {
    /// The quantity, the part of an estimand's name after the measure: `variance` in `mode-mass.variance`.
    pub quantity: &'static str,
    /// What it is, in a sentence.
    pub meaning: &'static str,
    /// How it is computed from replicates, and its exact value.
    pub formula: &'static str,
    /// Its unit and range.
    pub unit: &'static str,
    /// Where the formula comes from.
    pub source: &'static str,
}

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

    /// What there is to see of one replicate: of its first `prompts` prompts, and of its fits.
    pub fn told(&self, replicate: u64, prompts: u32) -> Vec<Told> {
        self.question().told(replicate, prompts)
    }

    /// The best value of `key` by theory, where there is one: Cochran's integer of a budget for `responses`.
    pub fn best_at(&self, key: &str) -> Option<f64> {
        self.question().best_at(key)
    }
}

/// A measure of a study: its name in files, its meaning with unit and range, and all the estimands that it can have.
pub type MeasureEntry = (&'static str, &'static str, Vec<String>);

/// What a study is, for help texts and messages.
#[derive(Debug, Clone, Copy)]
pub struct StudyDoc {
    /// Its name in files.
    pub name: &'static str,
    /// The question that it asks.
    pub about: &'static str,
    /// What the symbols in its formulas mean.
    pub symbols: &'static str,
    /// Its measures.
    pub measures: fn() -> Vec<MeasureEntry>,
    /// Its quantities, in row order.
    pub quantities: &'static [EstimandDoc],
}

/// The studies.
pub const STUDIES: [StudyDoc; 5] = [
    selection::DOC,
    training::DOC,
    alignment::DOC,
    greedy::DOC,
    stopping::DOC,
];

/// A measure of any study, for help texts and messages.
#[derive(Debug, Clone)]
pub struct MeasureInfo {
    /// The study that has it.
    pub study: &'static str,
    /// Its name in files.
    pub name: &'static str,
    /// Its meaning with unit and range.
    pub about: &'static str,
    /// Its estimands, all that it can have.
    pub estimands: Vec<String>,
}

/// Every measure of every study.
pub fn measures() -> Vec<MeasureInfo> {
    let of = |doc: &StudyDoc| {
        let study = doc.name;
        let info = move |(name, about, estimands)| MeasureInfo {
            study,
            name,
            about,
            estimands,
        };
        (doc.measures)().into_iter().map(info)
    };
    STUDIES.iter().flat_map(of).collect()
}

/// Every quantity of every study, beside the study's name.
pub fn quantities() -> Vec<(&'static str, EstimandDoc)> {
    let of = |doc: &StudyDoc| {
        let study = doc.name;
        doc.quantities.iter().map(move |quantity| (study, *quantity))
    };
    STUDIES.iter().flat_map(of).collect()
}

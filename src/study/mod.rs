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
mod kind;
mod laws;
mod memory;
pub mod pools;
pub mod registry;
pub mod selection;
mod setting;
pub mod stopping;
mod told;
pub mod training;

pub use batches::BATCH;
pub use chosen::Choice;
pub use draws::countable;
pub(crate) use goal::GoalKeys;
pub use registry::{MeasureInfo, measures, quantities};
pub use setting::Setting;
pub use told::Told;

use crate::engine::{Reference, Study};
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

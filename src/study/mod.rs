//! The studies: each binds world, selection and policy into something that the engine runs.
//!
//! A study declares its slots and estimands with their exact values and computes slots from draws. It reads no files.
//!
//! - [`selection`]: estimators of selected data.

mod draws;
pub mod selection;

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

//! The studies: each binds world, selection and policy into something that the engine runs.
//!
//! A study declares its slots and estimands with their exact values and computes slots from draws. It reads no files.
//!
//! - [`selection`]: estimators of selected data.
//! - [`training`]: policies fitted to selected data.

mod chosen;
mod draws;
mod laws;
pub mod selection;
pub mod training;

pub use chosen::Choice;

use crate::engine::{Estimand, Spec, Study};
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

/// One scenario of any study, as experiments hold it.
#[derive(Debug)]
pub enum Setting {
    /// Estimators of selected data.
    Selection(selection::Selection),
    /// Policies fitted to selected data.
    Training(training::Training),
}

impl Setting {
    /// What it will do.
    pub fn spec(&self) -> &Spec {
        self.as_study().spec()
    }

    /// What it estimates, in row order.
    pub fn estimands(&self) -> &[Estimand] {
        &self.spec().estimands
    }

    /// What the engine runs.
    pub fn as_study(&self) -> &dyn Study {
        match self {
            Setting::Selection(study) => study,
            Setting::Training(study) => study,
        }
    }

    /// The scenario, if it is one of the study `selection`.
    pub fn selection(&self) -> Option<&selection::Selection> {
        match self {
            Setting::Selection(study) => Some(study),
            Setting::Training(_) => None,
        }
    }

    /// The world.
    pub fn world(&self) -> &dyn World {
        match self {
            Setting::Selection(study) => study.world(),
            Setting::Training(study) => study.world(),
        }
    }

    /// How many arms are compared.
    pub fn arms(&self) -> usize {
        self.spec().layout.arms()
    }

    /// A point of an estimand's exact curve: its exact value if its arm had `value` prompts or responses (`key`) instead.
    pub fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        match self {
            Setting::Selection(study) => study.exact_at(estimand, key, value),
            Setting::Training(study) => study.exact_at(estimand, key, value),
        }
    }

    /// The best value of `key` by theory, where there is one: Cochran's integer of a budget for `responses`.
    pub fn best_at(&self, key: &str) -> Option<f64> {
        self.as_study().best_at(key)
    }
}

/// The names of the studies.
pub const STUDIES: [(&str, &str); 2] = [
    (
        "selection",
        "estimators made of selected responses, against exact truth",
    ),
    (
        "training",
        "policies fitted to selected responses, against the best one",
    ),
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
    let of_selection = selection::MEASURES.iter().map(|doc| MeasureInfo {
        study: "selection",
        name: doc.name,
        about: doc.about,
        estimands: selection::names(doc.measure),
    });
    let of_training = training::MEASURES.iter().map(|doc| MeasureInfo {
        study: "training",
        name: doc.name,
        about: doc.about,
        estimands: training::names(doc.measure, true),
    });
    of_selection.chain(of_training).collect()
}

/// Every quantity of every study, beside the study's name.
pub fn quantities() -> Vec<(&'static str, EstimandDoc)> {
    let of_selection = selection::QUANTITIES.iter().map(|doc| ("selection", *doc));
    of_selection
        .chain(training::QUANTITIES.iter().map(|doc| ("training", *doc)))
        .collect()
}

//! One scenario of any study, and what any of them is asked.

use super::{Lack, LeftOut, Question, Told, alignment, greedy, selection, stopping, training};
use crate::engine::{Estimand, EstimandKind, Reference, Spec, Study};
use crate::world::World;

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

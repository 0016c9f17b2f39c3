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
mod draws;
mod goal;
pub mod greedy;
mod kind;
mod laws;
mod measures;
mod memory;
pub mod pools;
pub mod registry;
pub mod selection;
mod spec_builder;
pub mod stopping;
mod trace;
pub mod training;

pub use batches::BATCH;
pub use chosen::Choice;
pub use draws::countable;
pub(crate) use goal::GoalKeys;
use pools::Pools;
pub use registry::measures;
pub use trace::TraceTable;

use crate::engine::{Estimand, EstimandKind, Reference, Study};
use crate::world::World;
use std::any::Any;
use std::fmt::Debug;

/// One scenario of any study, with what experiments and figures ask of it beyond what the engine runs.
///
/// Whatever a study does not say is not drawn or not told.
pub trait Question: Study + Any + Debug + Send {
    /// What it estimates, in row order.
    fn estimands(&self) -> &[Estimand] {
        &self.spec().estimands
    }

    /// The world, where the study has one of prompts and responses.
    fn world(&self) -> Option<&dyn World> {
        None
    }

    /// Its pools, where figures may show them.
    fn pools(&self) -> Option<&dyn Pools> {
        None
    }

    /// Whether the best value along a column is estimated, so that figures may mark that of theory.
    fn estimates_best(&self) -> bool {
        false
    }

    /// Whether exact laws decide which of its rows have estimates: a gradient may have no direction.
    fn rows_rest_on_laws(&self) -> bool {
        false
    }

    /// A point of an estimand's exact curve: its exact value if its arm had `value` prompts or responses (`key`) instead, or
    /// if it stood at `value` (`key` is `at`).
    fn exact_at(&self, estimand: usize, key: &str, value: u32) -> Option<f64> {
        let _ = (estimand, key, value);
        None
    }

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
    fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let _ = (replicate, prompts);
        Vec::new()
    }
}

impl dyn Question {
    /// The scenario, if it is one of this study.
    pub fn downcast_ref<T: Question>(&self) -> Option<&T> {
        (self as &dyn Any).downcast_ref()
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

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
mod theory;
mod trace;
pub mod training;

pub use batches::BATCH;
pub use chosen::Choice;
pub(crate) use goal::GoalKeys;
use pools::Pools;
pub use registry::measures;
pub use theory::{Theory, TheoryRow};
pub use trace::TraceTable;

use crate::engine::{Estimand, EstimandKind, ExactCache, Study};
use crate::world::World;
use std::any::Any;
use std::fmt::Debug;
use theory::Stated;

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

    /// What theory says of its estimands, as far as exact jobs are known.
    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        let _ = known;
        Box::new(Stated(self.spec()))
    }

    /// The value of the column `along` at which theory puts the best arm of this scenario, whatever is estimated; none
    /// where the study's theory has no optimum.
    fn optimum(&self, along: &str) -> Option<f64> {
        let _ = along;
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

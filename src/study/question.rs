//! Owns what experiments and figures ask of a scenario of any study.

use super::pools::Pools;
use super::scenario::Scenario;
use super::theory::{Stated, Theory};
use super::trace::TraceTable;
use crate::engine::{Estimand, EstimandKind, ExactCache, Memory, Notice, Prepared, Spec, Study, StudyError};
use crate::theory::plan::Plan;
use crate::world::World;
use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

/// One scenario of any study, with what experiments and figures ask of it beyond what the engine runs.
///
/// A study answers the first two. Whatever else it does not say is not drawn or not told.
pub trait Question: Study + Any + Debug {
    /// What it will do.
    fn scenario(&self) -> &Scenario;

    /// Does the deterministic work that all blocks share; see [`Study::prepare`].
    fn plan(&self, known: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError>;

    /// What it estimates, in row order.
    fn estimands(&self) -> &[Estimand] {
        &self.scenario().spec.estimands
    }

    /// The world, where the study has one of prompts and responses.
    fn world(&self) -> Option<&dyn World> {
        self.scenario().draws.as_ref().map(|own| own.world.as_ref())
    }

    /// Its pools, where figures may show them.
    fn pools(&self) -> Option<&dyn Pools> {
        None
    }

    /// Whether the best K of a budget is estimated and theory names one, so that figures may mark it.
    fn estimates_best(&self) -> bool {
        false
    }

    /// What theory says of its estimands, as far as exact jobs are known.
    fn theory(&self, known: &ExactCache) -> Box<dyn Theory + '_> {
        let _ = known;
        Box::new(Stated(&self.scenario().spec))
    }

    /// The value of the column `along` at which theory puts the best arm of this scenario, whatever is estimated; none
    /// where the study's theory has no optimum.
    fn optimum(&self, along: &str) -> Option<f64> {
        let _ = along;
        None
    }

    /// How the variance law divides the budget that all arms share; none without one, or where a study has other theory of it.
    fn allocation(&self) -> Option<Plan> {
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
        self.scenario().trace(replicate, prompts)
    }
}

/// What the engine runs of it.
impl<T: Question> Study for T {
    fn spec(&self) -> &Spec {
        &self.scenario().spec
    }

    fn prepare(&self, known: &ExactCache) -> Result<Arc<dyn Prepared>, StudyError> {
        self.plan(known)
    }

    fn memory(&self) -> Memory {
        self.scenario().memory()
    }

    fn notices(&self) -> &[Notice] {
        &self.scenario().notices
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

//! Owns what a scenario of any study holds, and what scenarios of prompts and responses draw.

use super::draws::DrawPlan;
use super::pools::PoolArm;
use super::trace::{self, TraceTable};
use crate::engine::{Declared, ExactJob, Memory, Notice, Spec, StudyError, list, piece};
use crate::format::keys::Named;
use crate::numerics::lanes::Lanes;
use crate::theory::design;
use crate::theory::plan::{Goal, Plan};
use crate::world::World;
use std::iter::repeat_n;
use std::sync::Arc;

/// One scenario.
#[derive(Debug)]
pub struct Scenario {
    /// What it will do.
    pub spec: Spec,
    /// What people are told of its arms beside estimates.
    pub notices: Vec<Notice>,
    pub(super) draws: Option<Arc<Draws>>,
    /// What it holds beyond all that.
    beyond: Memory,
}

/// What arms of prompts and responses have before a scenario is made of them.
#[derive(Debug)]
pub struct Setting<W, A, M> {
    /// The seed of its draws.
    pub seed: u64,
    /// The world, or whatever law is drawn from.
    pub world: W,
    /// The arms compared on its draws.
    pub arms: Vec<A>,
    /// What is measured of each.
    pub measures: Vec<M>,
}

/// A setting of prompts and responses.
pub type PoolSetting<A, M> = Setting<Arc<dyn World>, A, M>;

/// The draws of prompts and responses that all arms share.
#[derive(Debug)]
pub(super) struct Draws {
    pub world: Arc<dyn World>,
    pub pass: DrawPlan,
    /// What an arm takes, in bytes, and its own vectors over modes while it is drawn.
    arm: (usize, usize),
}

impl<W, A, M: Named> Setting<W, A, M> {
    /// Of its four parts.
    pub fn new(seed: u64, world: W, arms: Vec<A>, measures: Vec<M>) -> Self {
        Self {
            seed,
            world,
            arms,
            measures,
        }
    }

    /// What a study declares of it as any other: each arm has a canonical text and as many slots.
    pub(super) fn declared(&self, study: &str, canonical: impl Fn(&A) -> String, slots: usize) -> Declared {
        Declared {
            seed: self.seed,
            study: study.to_owned(),
            measures: self.measures.iter().map(|own| own.name()).collect(),
            arms: self.arms.iter().map(canonical).collect(),
            slots: (0..self.arms.len()).flat_map(|arm| repeat_n(arm, slots)).collect(),
            ..Declared::default()
        }
    }
}

impl<A, M> PoolSetting<A, M> {
    /// The draws that serve every arm: an error where one cannot be. Each has `policies` vectors over modes of its own.
    pub(super) fn draws(&self, pool: impl Fn(&A) -> PoolArm, policies: usize) -> Result<Arc<Draws>, StudyError> {
        let arms = self.arms.iter().map(pool).collect();
        Ok(Arc::new(Draws {
            world: self.world.clone(),
            pass: DrawPlan::new(self.world.as_ref(), arms)?,
            arm: (size_of::<A>(), policies),
        }))
    }
}

impl Scenario {
    /// Of a study whose draws are its own.
    pub fn new(declared: Declared) -> Arc<Self> {
        Arc::new(Self {
            spec: declared.spec(),
            notices: Vec::new(),
            draws: None,
            beyond: Memory::default(),
        })
    }

    /// The same of one that holds this much beyond its specification.
    pub(super) fn holding(declared: Declared, notices: Vec<Notice>, beyond: Memory) -> Arc<Self> {
        Arc::new(Self {
            spec: declared.spec(),
            notices,
            draws: None,
            beyond,
        })
    }

    /// Of prompts and responses: what is declared need not state world and words.
    pub(super) fn of(draws: &Arc<Draws>, declared: Declared, notices: Vec<Notice>) -> Arc<Self> {
        let declared = Declared {
            world: draws.world.canonical(),
            words: draws.pass.words(draws.world.as_ref()),
            ..declared
        };
        Arc::new(Self {
            spec: declared.spec(),
            notices,
            draws: Some(draws.clone()),
            beyond: Memory::default(),
        })
    }

    /// What it holds beyond its specification.
    pub(super) fn memory(&self) -> Memory {
        let memory = |own: &Arc<Draws>| own.memory(&self.spec);
        self.draws.as_ref().map_or(self.beyond, memory)
    }

    /// The first prompts of a replicate, if it has any.
    pub(super) fn trace(&self, replicate: u64, prompts: u32) -> Vec<TraceTable> {
        let trace = |own: &Arc<Draws>| trace::draws(&own.pass, own.world.as_ref(), &self.spec, replicate, prompts);
        self.draws.as_ref().map_or(Vec::new(), trace)
    }
}

/// What a world holds of each mode: weights, cumulated, and as the search among them needs them.
const OF_MODE: usize = 3 * size_of::<f64>();

/// The table that an urn looks modes up in, at its usual size.
const URN: u64 = 1024;

impl Draws {
    /// The optimum over K of the budget that all arms share: Cochran's integer.
    pub fn optimum(&self, along: &str) -> Option<f64> {
        let budget = self.pass.budget().filter(|_| along == "responses")?;
        let best = budget.costs.best_integer(&self.world.budget_components())?;
        Some(best as f64)
    }

    /// How the variance law divides the budget that all arms share.
    pub fn allocation(&self) -> Option<Plan> {
        let budget = self.pass.budget()?;
        let question = design::Question {
            components: self.world.budget_components(),
            costs: budget.costs,
            most_responses: u64::from(u32::MAX),
            most_prompts: u64::from(u32::MAX),
        };
        Plan::new(question, Goal::Budget(budget.total))
    }

    fn memory(&self, spec: &Spec) -> Memory {
        let (modes, arms, slots) = (self.world.mean().len(), spec.layout.arms(), spec.layout.slots());
        // Of the numbers of a deferred job: whoever answers it keeps another.
        let laws: u64 = spec.exact.iter().map(|job: &ExactJob| list::<f64>(job.numbers)).sum();
        let attributes = self.world.attributes();
        let attributes = attributes.map_or(0, |own| list::<f64>(modes * (2 + own.embedding.dimension)));
        let (arm, policies) = self.arm;
        Memory {
            held: 3 * piece(modes * OF_MODE / 3) + attributes + laws + arms as u64 * piece(arm) + self.pass.memory(),
            prepared: arms as u64 * (policies as u64 * list::<f64>(modes) + piece(3 * size_of::<usize>())),
            worker: list::<Lanes<f64>>(slots + arms + 2 * modes)
                + self.pass.worker_memory()
                + URN
                + self.world.sampler_memory(),
        }
    }
}

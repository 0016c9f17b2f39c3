//! Owns the arms of the study: which responses each keeps, and where it measures.

use crate::policy::SharedSoftmax;
use crate::study::chosen::Choice;
use crate::study::draws::Design;
use crate::theory::budget::Budget;
use crate::world::World;

/// How many candidates a prompt's pool has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// Unlimited: as many as are kept. Random-K-of-N has the same marginal law for every N.
    AsKept,
    /// N candidates, of which K are kept.
    Of(u32),
}

/// The policy at which gradient and loss are measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Theta {
    /// All logits zero: the uniform policy.
    Uniform,
    /// The best shared policy: the world's mean response distribution.
    Optimum,
    /// Stated logits, one per mode.
    Logits(Vec<f64>),
}

impl Theta {
    /// The policy in a given world.
    pub fn policy(&self, world: &dyn World) -> SharedSoftmax {
        match self {
            Theta::Uniform => SharedSoftmax::from_logits(&vec![0.0; world.mean().len()]),
            Theta::Optimum => SharedSoftmax::from_probabilities(world.mean()),
            Theta::Logits(logits) => SharedSoftmax::from_logits(logits),
        }
    }

    pub(super) fn canonical(&self) -> String {
        match self {
            Theta::Uniform => "uniform".to_owned(),
            Theta::Optimum => "optimum".to_owned(),
            Theta::Logits(logits) => crate::numerics::text::floats(logits),
        }
    }
}

/// One arm: the settings of the method compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// Which K of the pool are kept. Other selectors than `random` need a world whose responses have attributes.
    pub choice: Choice,
    /// N_p.
    pub prompts: u32,
    /// K.
    pub responses: u32,
    /// N.
    pub candidates: Pool,
    /// The budget that bought the prompts.
    pub budget: Option<Budget>,
    /// Where gradient and loss are taken.
    pub theta: Theta,
}

impl Method {
    /// How deep a prompt's pool must be drawn for this arm.
    pub fn depth(&self) -> u32 {
        match self.candidates {
            Pool::AsKept => self.responses,
            Pool::Of(n) => n,
        }
    }

    /// The same arm with `responses` kept of each prompt, of as many prompts as its budget then buys. None where it buys none,
    /// or the pool has fewer.
    pub(super) fn keeping(&self, responses: u32) -> Option<Self> {
        let prompts = match self.budget {
            Some(budget) => budget.prompts(responses)?,
            None => self.prompts,
        };
        let arm = Self {
            prompts,
            responses,
            ..self.clone()
        };
        (responses >= 1 && responses <= arm.depth()).then_some(arm)
    }

    pub(super) fn design(&self) -> Design {
        Design {
            prompts: self.prompts,
            responses: self.responses,
            depth: self.depth(),
            choice: self.choice,
        }
    }

    pub(super) fn canonical(&self) -> String {
        let pool = match self.candidates {
            Pool::AsKept => "as kept".to_owned(),
            Pool::Of(n) => n.to_string(),
        };
        format!(
            "{} prompts {} responses {} candidates {} theta {}",
            self.choice.canonical(),
            self.prompts,
            self.responses,
            pool,
            self.theta.canonical()
        )
    }
}

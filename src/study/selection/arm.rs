//! Owns the arms of the study: which responses each keeps, and where it measures.

use crate::policy::SharedSoftmax;
use crate::study::pools::PoolArm;
use crate::world::World;

/// The policy at which gradient and loss are measured.
#[derive(Debug, Clone, PartialEq)]
pub enum Theta {
    /// All logits zero: the uniform policy.
    Uniform,
    /// The world's mean response distribution: the best shared policy, unless responses may be wrong.
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

    /// An error unless stated logits are those of the world's modes.
    pub(super) fn check(&self, world: &dyn World) -> Result<(), String> {
        let modes = world.mean().len();
        match self {
            Theta::Logits(logits) if logits.len() != modes => {
                Err(format!("{} logits, but the world has {modes} modes", logits.len()))
            }
            _ => Ok(()),
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
    /// What is kept of how many prompts.
    pub pool: PoolArm,
    /// Where gradient and loss are taken.
    pub theta: Theta,
}

impl Method {
    /// See [`PoolArm::with`].
    pub(super) fn with(&self, key: &str, value: u32) -> Option<Self> {
        Some(Self {
            pool: self.pool.with(key, value)?,
            theta: self.theta.clone(),
        })
    }

    pub(super) fn canonical(&self) -> String {
        format!("{} theta {}", self.pool.canonical_with_pool(), self.theta.canonical())
    }
}

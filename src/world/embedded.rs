//! Owns World E: Dirichlet prompts, or prompts that are all alike, whose responses have rewards and embeddings.

use super::{AttributeError, Attributes, BaseWeights, Dirichlet, ModeTruth, Sampler, World};
use crate::numerics::stream::Streams;
use crate::theory::variance_law::Components;

/// The embedded world: the modes of [`Dirichlet`], with [`Attributes`] for selectors to look at.
#[derive(Debug, Clone)]
pub struct Embedded {
    prompts: Dirichlet,
    attributes: Attributes,
}

impl Embedded {
    /// The world with pi(x) ~ Dirichlet(`concentration` * `base`); an infinite concentration makes every prompt's
    /// distribution `base` itself. An error unless `attributes` have a reward per mode and enough dimensions.
    pub fn new(base: BaseWeights, concentration: f64, attributes: Attributes) -> Result<Self, AttributeError> {
        attributes.check(base.probabilities().len())?;
        Ok(Self {
            prompts: Dirichlet::new(base, concentration),
            attributes,
        })
    }
}

impl ModeTruth for Embedded {
    fn mean(&self) -> &[f64] {
        self.prompts.mean()
    }

    fn components(&self, values: &[f64]) -> Components {
        self.prompts.components(values)
    }

    fn mode_components(&self) -> Vec<Components> {
        self.prompts.mode_components()
    }

    fn response_correlation(&self) -> f64 {
        self.prompts.response_correlation()
    }

    fn conditional_entropy(&self) -> Option<f64> {
        self.prompts.conditional_entropy()
    }

    fn missing_mode_share(&self, prompts: u64, responses: u64) -> Option<f64> {
        self.prompts.missing_mode_share(prompts, responses)
    }

    fn modes_seen(&self, prompts: u64, responses: u64) -> Option<f64> {
        self.prompts.modes_seen(prompts, responses)
    }

    fn excess_nll_first_order(&self, prompts: u64, responses: u64) -> Option<f64> {
        self.prompts.excess_nll_first_order(prompts, responses)
    }

    fn concentration(&self) -> Option<f64> {
        ModeTruth::concentration(&self.prompts)
    }
}

impl World for Embedded {
    fn attributes(&self) -> Option<&Attributes> {
        Some(&self.attributes)
    }

    fn canonical(&self) -> String {
        format!(
            "embedded {} of {}",
            self.attributes.canonical(),
            self.prompts.canonical()
        )
    }

    fn sampler(&self, streams: &Streams, depth: usize) -> Box<dyn Sampler + '_> {
        self.prompts.sampler(streams, depth)
    }
}

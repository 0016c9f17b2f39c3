//! Owns World E: Dirichlet prompts, or prompts that are all alike, whose responses have rewards and embeddings; some may be wrong.

use super::{AttributeError, Attributes, BaseWeights, Dirichlet, ModeTruth, Sampler, World};
use crate::numerics::stream::Streams;
use crate::theory::selected::{LawError, PoolLaw};
use crate::theory::variance_law::Components;
use std::sync::Arc;

/// The embedded world: the modes of [`Dirichlet`] or of [`Errors`](super::Errors), with [`Attributes`] for selectors to look at.
#[derive(Debug, Clone)]
pub struct Embedded {
    prompts: Arc<dyn World>,
    attributes: Attributes,
}

impl Embedded {
    /// The world with pi(x) ~ Dirichlet(`concentration` * `base`); an infinite concentration makes every prompt's
    /// distribution `base` itself. An error unless `attributes` have a reward per mode and enough dimensions.
    pub fn new(base: BaseWeights, concentration: f64, attributes: Attributes) -> Result<Self, AttributeError> {
        Self::of(Arc::new(Dirichlet::new(base, concentration)), attributes)
    }

    /// The same of prompts that are given. An error unless `attributes` have a reward per mode and enough dimensions.
    pub fn of(prompts: Arc<dyn World>, attributes: Attributes) -> Result<Self, AttributeError> {
        attributes.check(prompts.mean().len())?;
        Ok(Self { prompts, attributes })
    }
}

impl ModeTruth for Embedded {
    fn mean(&self) -> &[f64] {
        self.prompts.mean()
    }

    fn target(&self) -> &[f64] {
        self.prompts.target()
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
        self.prompts.concentration()
    }

    fn pool_law(&self, candidates: u32) -> Option<Result<PoolLaw, LawError>> {
        self.prompts.pool_law(candidates)
    }

    fn budget_components(&self) -> Components {
        self.prompts.budget_components()
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

    fn words(&self, depth: u64) -> u64 {
        self.prompts.words(depth)
    }

    fn sampler(&self, streams: &Streams, depth: usize) -> Box<dyn Sampler + '_> {
        self.prompts.sampler(streams, depth)
    }
}

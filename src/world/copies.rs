//! Owns the copies world, the negative control of the variance law: responses to a prompt that are not independent.
//!
//! Each response equals, with probability c and independently of the others, one common draw of its prompt; else it is
//! a draw of its own. Two responses are then both the common draw with probability c^2, and conditionally independent
//! otherwise, so their correlation given the prompt is r = c^2, and the response part of the variance is
//! V_{y|x} [1 + (K-1) r]/K: more responses buy less than the law says.

use super::{Dirichlet, ModeTruth, Responses, Sampler, Urn, World, first_order};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::{Purpose, Streams};
use crate::numerics::text::float;
use crate::theory::missing;
use crate::theory::variance_law::Components;

/// A Dirichlet world whose responses copy a common draw with a given probability.
#[derive(Debug, Clone)]
pub struct Copies {
    prompts: Dirichlet,
    copy_probability: f64,
}

impl Copies {
    /// The world in which a response to a prompt of `prompts` is the common draw with `copy_probability` in [0, 1].
    pub fn new(prompts: Dirichlet, copy_probability: f64) -> Self {
        Self {
            prompts,
            copy_probability,
        }
    }
}

impl ModeTruth for Copies {
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
        self.copy_probability * self.copy_probability
    }

    fn conditional_entropy(&self) -> Option<f64> {
        self.prompts.conditional_entropy()
    }

    fn missing_mode_share(&self, prompts: u64, responses: u64) -> Option<f64> {
        let concentration = self.prompts.concentration();
        missing::missing_share_of_copies(self.mean(), concentration, self.copy_probability, prompts, responses)
    }

    fn modes_seen(&self, prompts: u64, responses: u64) -> Option<f64> {
        let concentration = self.prompts.concentration();
        missing::modes_seen_of_copies(self.mean(), concentration, self.copy_probability, prompts, responses)
    }

    /// Copies leave means alone and correlate responses.
    fn excess_nll_first_order(&self, prompts: u64, responses: u64) -> Option<f64> {
        Some(first_order(self, prompts, responses))
    }
}

impl World for Copies {
    fn canonical(&self) -> String {
        format!(
            "copies {} of {}",
            float(self.copy_probability),
            self.prompts.canonical()
        )
    }

    /// The common response, one of its own for each, and whether each copies.
    fn words(&self, depth: u64) -> u64 {
        2 * depth + 1
    }

    fn sampler(&self, streams: &Streams, depth: usize) -> Box<dyn Sampler + '_> {
        let urn = self.prompts.urn();
        Box::new(CopiesSampler {
            world: self,
            responses: streams.purpose("responses"),
            copies: streams.purpose("copies"),
            uniforms: vec![[0.0; LANES]; depth + 1],
            drawn: urn.responses(depth + 1),
            urn,
        })
    }
}

struct CopiesSampler<'a> {
    world: &'a Copies,
    responses: Purpose,
    copies: Purpose,
    uniforms: Vec<Lanes<f64>>,
    urn: Urn,
    drawn: Responses,
}

impl Sampler for CopiesSampler<'_> {
    /// The urn draws the common response first and then one of its own for each; copies overwrite these.
    fn draw(&mut self, first: u64, prompt: u32, depth: usize) -> &[Lanes<u16>] {
        let uniforms = &mut self.uniforms[..depth + 1];
        self.responses.fill_uniforms(first, prompt, uniforms);
        self.urn.draw(uniforms, &mut self.drawn);
        let flags = &mut self.uniforms[..depth];
        self.copies.fill_uniforms(first, prompt, flags);
        let (common, own) = self.drawn.rows_mut().split_at_mut(1);
        for (row, flag) in own.iter_mut().zip(flags.iter()) {
            for l in 0..LANES {
                if flag[l] < self.world.copy_probability {
                    row[l] = common[0][l];
                }
            }
        }
        &self.drawn.rows()[1..=depth]
    }
}

//! Owns World A: pi(x) ~ Dirichlet(alpha * base), responses independent given pi(x).
//!
//! For a statistic with variance V under the mean response distribution, V_x = V/(alpha + 1) and V_{y|x} = alpha V_x,
//! so alpha is V_{y|x}/V_x and the intraclass correlation is 1/(alpha + 1).

use super::{BaseWeights, ModeTruth, PositionTally, Responses, Sampler, Urn, World};
use crate::numerics::elementary::ln;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::special::digamma;
use crate::numerics::stream::{Purpose, Streams};
use crate::numerics::text::{float, floats};
use crate::theory::variance_law::Components;
use crate::theory::{missing, shared_fit};
use std::ops::Range;

/// The Dirichlet world of given base weights and concentration.
#[derive(Debug, Clone)]
pub struct Dirichlet {
    base: BaseWeights,
    concentration: f64,
}

impl Dirichlet {
    /// The world with pi(x) ~ Dirichlet(`concentration` * `base`). `concentration` must be positive; infinite, it makes
    /// every prompt's distribution `base` itself.
    pub fn new(base: BaseWeights, concentration: f64) -> Self {
        Self { base, concentration }
    }

    /// The world of the same base with another concentration, which must be positive.
    pub(super) fn with_concentration(&self, concentration: f64) -> Self {
        Self::new(self.base.clone(), concentration)
    }

    pub(super) fn concentration(&self) -> f64 {
        self.concentration
    }

    /// The urn of its prompts: for a sampler to keep, since a sweep has many worlds and draws one at a time.
    pub(super) fn urn(&self) -> Urn {
        Urn::new(self.base.probabilities(), self.concentration)
    }

    /// Splits the variance of a statistic of one response to a random prompt.
    fn split(&self, total: f64) -> Components {
        let prompt = total / (self.concentration + 1.0);
        let response = if self.concentration == f64::INFINITY {
            total
        } else {
            self.concentration * prompt
        };
        Components { prompt, response }
    }
}

impl ModeTruth for Dirichlet {
    fn mean(&self) -> &[f64] {
        self.base.probabilities()
    }

    fn components(&self, values: &[f64]) -> Components {
        let mean: f64 = self.mean().iter().zip(values).map(|(p, v)| p * v).sum();
        let total: f64 = self
            .mean()
            .iter()
            .zip(values)
            .map(|(p, v)| p * (v - mean) * (v - mean))
            .sum();
        self.split(total)
    }

    fn mode_components(&self) -> Vec<Components> {
        self.mean().iter().map(|p| self.split(p * (1.0 - p))).collect()
    }

    fn response_correlation(&self) -> f64 {
        0.0
    }

    /// E H(pi) = psi(alpha + 1) - sum_m base_m psi(alpha base_m + 1), psi the digamma function.
    fn conditional_entropy(&self) -> Option<f64> {
        if self.concentration == f64::INFINITY {
            return Some(-self.mean().iter().map(|&p| p * ln(p)).sum::<f64>());
        }
        let of_mode = |p: &f64| p * digamma(self.concentration * p + 1.0);
        Some(digamma(self.concentration + 1.0) - self.mean().iter().map(of_mode).sum::<f64>())
    }

    fn missing_mode_share(&self, prompts: u64, responses: u64) -> Option<f64> {
        missing::missing_share(self.mean(), self.concentration.min(1e100), prompts, responses)
    }

    fn modes_seen(&self, prompts: u64, responses: u64) -> Option<f64> {
        let concentration = self.concentration.min(1e100);
        Some(missing::modes_seen(self.mean(), concentration, prompts, responses))
    }

    fn excess_nll_first_order(&self, prompts: u64, responses: u64) -> Option<f64> {
        let modes = self.mean().len();
        Some(shared_fit::excess_nll_first_order(
            modes,
            self.concentration,
            prompts,
            responses,
        ))
    }

    fn concentration(&self) -> Option<f64> {
        Some(self.concentration)
    }
}

impl World for Dirichlet {
    fn canonical(&self) -> String {
        format!(
            "world dirichlet concentration {} base {}",
            float(self.concentration),
            floats(self.mean())
        )
    }

    fn sampler(&self, streams: &Streams, depth: usize) -> Box<dyn Sampler + '_> {
        let urn = self.urn();
        Box::new(DirichletSampler {
            purpose: streams.purpose("responses"),
            uniforms: vec![[0.0; LANES]; depth],
            responses: urn.responses(depth),
            urn,
        })
    }
}

struct DirichletSampler {
    urn: Urn,
    purpose: Purpose,
    uniforms: Vec<Lanes<f64>>,
    responses: Responses,
}

impl Sampler for DirichletSampler {
    fn draw(&mut self, first: u64, prompt: u32, depth: usize) -> &[Lanes<u16>] {
        let uniforms = &mut self.uniforms[..depth];
        self.purpose.fill_uniforms(first, prompt, uniforms);
        self.urn.draw(uniforms, &mut self.responses);
        &self.responses.rows()[..depth]
    }

    fn tally(&mut self, first: u64, prompts: Range<u32>, depth: usize, tally: &mut PositionTally) -> bool {
        if !self.urn.tallies(depth) {
            return false;
        }
        self.urn.tally(self.purpose, first, prompts, depth, tally);
        true
    }
}

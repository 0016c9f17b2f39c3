//! Owns how many responses each prompt of the population has, where prompts have different numbers: so many on average, divided by what is
//! known of prompts at the best policy, and what that is worth to first order.

use super::optimum::Optimum;
use crate::format::keys::named;
use crate::numerics::elementary::ln;
use crate::theory::neyman::spread;
use crate::theory::optimum::{cross_entropy, log_linear_policy, weighted_log_linear_optimum};
use crate::theory::prompt_scores::PromptScores;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The most that a prompt has, as a multiple of the mean.
pub(super) const MOST_TIMES: u32 = 8;

/// What the number of responses of a prompt goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocate {
    /// Nothing: all have as many.
    Constant,
    /// sqrt(v), v how much responses vary in the metric of the inverse Hessian: Neyman allocation.
    Neyman,
    /// The same in the gradient's own units.
    RawVariance,
    /// The root second moment of the gradient, which counts what is expected of the prompt too: the rule GVM without its acceptance.
    SecondMoment,
    /// The entropy of the prompt's responses.
    Entropy,
}

named!(Allocate {
    Allocate::Constant => "constant": "all prompts have as many",
    Allocate::Neyman => "neyman": "proportional to the root of how much a prompt's responses vary, as the best policy sees it: Neyman allocation",
    Allocate::RawVariance => "raw-variance": "the same in the units of the gradient",
    Allocate::SecondMoment => "second-moment": "proportional to the root second moment of a response's gradient, as in the rule GVM",
    Allocate::Entropy => "entropy": "proportional to the entropy of a prompt's responses",
});

impl Allocate {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [
        Self::Constant,
        Self::Neyman,
        Self::RawVariance,
        Self::SecondMoment,
        Self::Entropy,
    ];
}

/// What a prompt counts beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// All prompts count the same, so that a response of a prompt with K counts 1/K.
    Prompts,
    /// All responses count the same, as in a flat list of them: a prompt counts as many as it has.
    Responses,
}

named!(Weighting {
    Weighting::Prompts => "prompts": "every prompt the same: a response counts 1/K(x)",
    Weighting::Responses => "responses": "every response the same, as in a flat list: prompts with more responses count more",
});

/// Numbers of responses of a population's prompts.
#[derive(Debug)]
pub struct Allocated {
    /// K(x), at least 1.
    pub responses: Vec<u32>,
    /// V_{y|x}/E[v/K]: the constant number that is worth as much to first order; NaN where the Hessian has no inverse.
    pub effective: f64,
    /// L of the policy that prompts weighted by K(x) tend to, less L(theta*): what a flat list of responses loses whatever is bought.
    pub pooled_excess: f64,
}

/// What was worked out of one policy: it is asked for again and again.
#[derive(Debug, Default)]
pub(super) struct Worked {
    scores: OnceLock<PromptScores>,
    allocated: Mutex<Vec<((Allocate, u32), Arc<Allocated>)>>,
}

impl Optimum {
    /// The numbers of responses that a rule gives, `mean` on average over the population, for a convex family; all have as many if the rule
    /// is constant.
    pub(super) fn allocated(&self, rule: Allocate, mean: u32) -> Arc<Allocated> {
        let mut all = self.worked().allocated.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = all.iter().find(|(key, _)| *key == (rule, mean)) {
            return known.clone();
        }
        let found = Arc::new(self.allocate(rule, mean));
        all.push(((rule, mean), found.clone()));
        found
    }

    fn allocate(&self, rule: Allocate, mean: u32) -> Allocated {
        let population = self.population();
        let prompts = population.prompts();
        let scores = self.worked().scores.get_or_init(|| self.scores());
        let squares: Vec<f64> = match rule {
            Allocate::Constant => vec![1.0; prompts],
            Allocate::Neyman => scores.sandwich.clone(),
            Allocate::RawVariance => scores.raw.clone(),
            Allocate::SecondMoment => scores.second_moment.clone(),
            Allocate::Entropy => {
                let entropy = population.conditionals().chunks_exact(population.modes()).map(entropy);
                entropy.map(|own| own * own).collect()
            }
        };
        let total = prompts as u64 * u64::from(mean);
        let most = vec![u64::from(mean * MOST_TIMES); prompts];
        // Cannot be none: there are scores of each prompt, and room for the mean.
        let found = match squares.len() == prompts {
            true => spread(&squares, &most, total),
            false => None,
        };
        let responses: Vec<u32> = found
            .unwrap_or(vec![u64::from(mean); prompts])
            .iter()
            .map(|&k| k as u32)
            .collect();
        let variance: f64 = scores.sandwich.iter().sum();
        let left = scores.sandwich.iter().zip(&responses).map(|(v, &k)| v / f64::from(k));
        Allocated {
            effective: variance / left.sum::<f64>(),
            pooled_excess: self.pooled_excess(&responses),
            responses,
        }
    }

    fn pooled_excess(&self, responses: &[u32]) -> f64 {
        let population = self.population();
        let (features, coordinates, modes) = (population.features(), population.coordinates(), population.modes());
        let (pi, used) = (population.conditionals(), self.known().parameters.len() / (modes - 1));
        let all: f64 = responses.iter().map(|&k| f64::from(k)).sum();
        let weights: Vec<f64> = responses.iter().map(|&k| f64::from(k) / all).collect();
        let theta = weighted_log_linear_optimum(features, coordinates, used, pi, &weights, modes, 0.0);
        let p = log_linear_policy(features, coordinates, used, &theta);
        cross_entropy(modes, &p, pi) - self.known().loss
    }
}

/// Of a response distribution, in nats.
fn entropy(pi: &[f64]) -> f64 {
    pi.iter().filter(|pi| **pi > 0.0).map(|&pi| -pi * ln(pi)).sum()
}

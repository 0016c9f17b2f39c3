//! Owns how many responses each prompt of the population has, where prompts have different numbers: so many on average, divided by what is
//! known of prompts at the best policy, and what that is worth to first order.

use super::allocation::{Allocate, Allocated, MOST_TIMES};
use super::optimum::Optimum;
use crate::numerics::elementary::ln;
use crate::theory::neyman::spread;
use crate::theory::optimum::{cross_entropy, log_linear_policy, weighted_log_linear_optimum};
use std::sync::Arc;

impl Optimum {
    /// The numbers of responses that a rule gives, `mean` on average over the population, for a convex family; all have as many if the rule
    /// is constant.
    pub(super) fn allocated(&self, rule: Allocate, mean: u32) -> Arc<Allocated> {
        self.worked().allocated(rule, mean, || self.allocate(rule, mean))
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

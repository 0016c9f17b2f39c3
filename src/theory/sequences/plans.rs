//! Owns mixtures of plans: the responses that each makes, and which plan a response came from.

use crate::numerics::elementary::{exp, ln};
use crate::numerics::special::ln_gamma;

/// Plans with their mean weights, and the increments that each makes: of Z plans over V tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanMixture {
    base: Vec<f64>,
    tokens: usize,
    /// b_z: Z rows of V.
    emissions: Vec<f64>,
}

impl PlanMixture {
    /// As many plans as tokens, with weights `base` (positive, summing to one): plan z makes increment z, but with probability `vagueness`
    /// (in (0, 1]) any, each as likely. b_z = (1 - eta) e_z + eta/V.
    pub fn vague(base: &[f64], vagueness: f64) -> Self {
        let tokens = base.len();
        let any = vagueness / tokens as f64;
        let own = |z: usize, d: usize| if z == d { 1.0 - vagueness + any } else { any };
        Self {
            base: base.to_vec(),
            tokens,
            emissions: (0..tokens * tokens).map(|at| own(at / tokens, at % tokens)).collect(),
        }
    }

    /// V.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Z.
    pub fn plans(&self) -> usize {
        self.base.len()
    }

    /// Their mean weights, one per plan.
    pub fn base(&self) -> &[f64] {
        &self.base
    }

    /// b_z: the distribution of the increments of a plan.
    pub fn emission(&self, plan: usize) -> &[f64] {
        &self.emissions[plan * self.tokens..][..self.tokens]
    }

    /// The distribution of one increment of a response to a random prompt.
    pub fn mean_emission(&self) -> Vec<f64> {
        let of = |d: usize| (0..self.plans()).map(|z| self.base[z] * self.emission(z)[d]).sum();
        (0..self.tokens).map(of).collect()
    }

    /// X^2 = sum_z base_z chi^2(b_z || mean): how far one increment tells plans apart; from 0 to Z - 1.
    pub fn chi_square(&self) -> f64 {
        let mean = self.mean_emission();
        let of_plan = |z: usize| -> f64 {
            let terms = self.emission(z).iter().zip(&mean);
            terms.map(|(b, mean)| (b - mean) * (b - mean) / mean).sum()
        };
        (0..self.plans()).map(|z| self.base[z] * of_plan(z)).sum()
    }

    /// P_z(y): the probability of these increments under a plan.
    pub fn likelihood(&self, plan: usize, increments: &[usize]) -> f64 {
        let own = self.emission(plan);
        increments.iter().map(|&d| own[d]).product()
    }

    /// p*(y given x) = sum_z pi_z P_z(y) for a prompt of weights pi, one per plan.
    pub fn probability(&self, weights: &[f64], increments: &[usize]) -> f64 {
        let of = |(z, weight): (usize, &f64)| weight * self.likelihood(z, increments);
        weights.iter().enumerate().map(of).sum()
    }

    /// P(z given y) for a random prompt, of a response with so many increments of each kind: it depends on nothing else.
    pub fn posterior(&self, counts: &[u32]) -> Vec<f64> {
        let logs: Vec<f64> = (0..self.plans())
            .map(|z| ln(self.base[z]) + self.log_likelihood(z, counts))
            .collect();
        let top = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let powers: Vec<f64> = logs.iter().map(|own| exp(own - top)).collect();
        let total: f64 = powers.iter().sum();
        powers.iter().map(|own| own / total).collect()
    }

    /// ln P_z(y) of any one response with so many increments of each kind.
    fn log_likelihood(&self, plan: usize, counts: &[u32]) -> f64 {
        let terms = self.emission(plan).iter().zip(counts).filter(|(_, count)| **count > 0);
        terms.map(|(b, &count)| f64::from(count) * ln(*b)).sum()
    }

    /// The entropy of a response of so many increments to a random prompt, in nats, by all vectors of counts.
    pub fn entropy(&self, length: usize) -> f64 {
        let mut sum = 0.0;
        for_each_composition(self.tokens, length as u32, &mut |counts| {
            let coefficient = counts.iter().fold(ln_gamma(length as f64 + 1.0), |sum, &count| {
                sum - ln_gamma(f64::from(count) + 1.0)
            });
            let logs = (0..self.plans()).map(|z| ln(self.base[z]) + self.log_likelihood(z, counts));
            let one: f64 = logs.map(exp).sum();
            sum -= exp(coefficient) * one * ln(one);
        });
        sum
    }
}

/// Calls `what` with all vectors of `parts` counts that sum to `total`.
pub(super) fn for_each_composition(parts: usize, total: u32, what: &mut dyn FnMut(&[u32])) {
    fn from(place: usize, left: u32, counts: &mut [u32], what: &mut dyn FnMut(&[u32])) {
        if place + 1 == counts.len() {
            counts[place] = left;
            return what(counts);
        }
        for count in 0..=left {
            counts[place] = count;
            from(place + 1, left - count, counts, what);
        }
    }
    from(0, total, &mut vec![0; parts], what);
}

//! Tests of the selected distributions: against rational arithmetic, brute force over all pools, plain Monte Carlo and the reference
//! numbers. Every comparison has a broken twin that it must refuse.

mod against_pools;
mod best_routes;
mod brute_force;
mod by_all_counts;
mod inclusion;
mod inputs;
mod plain;
mod reference;
mod weight;
mod wrong;

use super::rule::Weights::{Equal, FirstCoverage, SplitCoverage};
use super::*;
use crate::numerics::elementary::ln;
use crate::numerics::stream::{Stream, Streams};

const PI8: [f64; 8] = [0.3, 0.22, 0.16, 0.12, 0.08, 0.06, 0.04, 0.02];
const R8: [f64; 8] = [0.4, 0.9, 0.1, 0.6, 0.7, 0.2, 1.0, 0.5];

fn law(weights: &[f64], concentration: f64, candidates: u32) -> PoolLaw {
    PoolLaw::new(weights.to_vec(), concentration, candidates).unwrap()
}

fn pi8(concentration: f64, candidates: u32) -> PoolLaw {
    law(&PI8, concentration, candidates)
}

/// Weights in proportion to r^m, r = exp(-0.45).
pub(super) fn geo8() -> Vec<f64> {
    let weights: Vec<f64> = std::iter::successors(Some(1.0), |w| Some(w * 0.637_628_151_621_773_3))
        .take(8)
        .collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

fn stream(name: &str) -> Stream {
    Streams::new("selected").purpose(name).stream(0, 0)
}

fn ask(rule: Rule, keep: u32, weights: Weights) -> Ask {
    Ask { rule, keep, weights }
}

const COVERAGE: [Weights; 2] = [SplitCoverage, FirstCoverage];
const EVERY_WEIGHT: [Weights; 3] = [Equal, SplitCoverage, FirstCoverage];

fn diverse_best(lambda: f64, scaling: Scaling) -> Rule {
    Rule::DiverseBest {
        rewards: R8.to_vec(),
        lambda,
        scaling,
    }
}

fn best_of(rewards: &[f64]) -> Rule {
    Rule::Best {
        rewards: rewards.to_vec(),
    }
}

/// The largest difference of two lists.
fn apart(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// The largest difference of two answers, over both moments.
fn moments_apart(a: &Selected, b: &Selected) -> f64 {
    apart(&a.mean, &b.mean).max(apart(&a.second, &b.second))
}

/// The share kept by Random-K-of-N, whatever N is: E f = pibar, and two kept responses are two draws from the urn:
/// E f_a f_b = (1 - 1/K) pibar_a (alpha pibar_b + [a=b])/(alpha + 1) + [a=b] pibar_a/K.
fn random(law: &PoolLaw, keep: u32) -> Selected {
    let (weights, spread) = (law.weights(), law.spread());
    let one = 1.0 / f64::from(keep);
    let mut second = Vec::with_capacity(weights.len() * weights.len());
    for (a, p) in weights.iter().enumerate() {
        for (b, q) in weights.iter().enumerate() {
            let same = if a == b { 1.0 } else { 0.0 };
            let pair = p * (q + same * spread) / (1.0 + spread);
            second.push((1.0 - one) * pair + same * p * one);
        }
    }
    Selected {
        mean: weights.to_vec(),
        second,
    }
}

/// KL(from || to) in nats, of two distributions over the same modes.
fn divergence(from: &[f64], to: &[f64]) -> f64 {
    from.iter().zip(to).map(|(f, t)| f * ln(f / t)).sum()
}

/// bias^2 + tr Var f/N_p: the expected squared error of the mean share over `prompts` prompts.
fn emse(selected: &Selected, weights: &[f64], prompts: u64) -> f64 {
    selected.bias2(weights) + selected.variance_trace() / prompts as f64
}

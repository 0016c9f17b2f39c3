//! Owns allocations where only some of the responses that are made are kept: each of N responses of a prompt with probability p.
//!
//! A kept response then costs 1/p, so that Neyman allocation makes N proportional to sqrt(v/p). GVM, a rule for rejection sampling
//! (arXiv 2505.02391), makes N proportional to G/sqrt(p + a/p^(beta - 1)): the same with the root second moment of the
//! gradient G in place of sqrt(v), and a cut-off below p_0 = [a (beta - 1)]^(1/beta), under which prompts are given up.

use crate::numerics::elementary::{exp, ln, power};

/// sqrt(v/p), to which Neyman allocation makes the number of responses proportional that are made of a prompt.
pub fn made(variance: f64, acceptance: f64) -> f64 {
    (variance / acceptance).sqrt()
}

/// G/sqrt(p + a/p^(beta - 1)), to which the rule GVM does.
pub fn gvm(second_moment_root: f64, acceptance: f64, a: f64, beta: f64) -> f64 {
    let penalty = a * exp((1.0 - beta) * ln(acceptance));
    second_moment_root / (acceptance + penalty).sqrt()
}

/// p_0 = [a (beta - 1)]^(1/beta): the probability at which GVM's weight is largest; none where beta is at most 1.
pub fn gvm_cut(a: f64, beta: f64) -> Option<f64> {
    (a > 0.0 && beta > 1.0).then(|| exp(ln(a * (beta - 1.0)) / beta))
}

/// 1 - (1 - p)^N: how often a prompt has any response that is kept.
pub fn survives(acceptance: f64, made: u64) -> f64 {
    1.0 - power(1.0 - acceptance, made)
}

/// Which share of the prompts that have a kept response is of each kind, of shares, probabilities and numbers made. Prompts without one
/// drop out, so it is not the share of prompts: each needs the weight 1/[1 - (1 - p)^N], and p known.
pub fn surviving_shares(kinds: &[(f64, f64, u64)]) -> Vec<f64> {
    let own = kinds
        .iter()
        .map(|&(share, acceptance, made)| share * survives(acceptance, made));
    let all: Vec<f64> = own.collect();
    let sum: f64 = all.iter().sum();
    all.iter().map(|own| own / sum).collect()
}

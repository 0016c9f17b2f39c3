//! Owns Best-K-of-N with one reward per mode: ties within a block of equal rewards are broken at random.
//!
//! Let u be the probability that an independent rival beats a candidate. The candidate is kept when at most K - 1 of its N - 1
//! rivals beat it, so its density among the kept, relative to that among candidates, is
//! w(u) = (N/K) P(Bin(N - 1, u) <= K - 1), which integrates to 1 over [0, 1] (K = 1: N (1 - u)^(N-1), Beirami et al. 2025).
//!
//! Modes of exactly equal reward form a block; blocks run from best to worst, P_j is the mass of blocks 1 to j, and C_j the number of
//! candidates in them, which is beta-binomial. Two routes to the mean, each with positive terms only:
//!
//! - prompts all alike: q(j) = int of w(u) over [P_{j-1}, P_j], w a polynomial of degree N - 1,
//!   so ceil(N/2) Gauss-Legendre nodes leave no error; w from the mass that is no better, summed from the worst block.
//! - Dirichlet prompts: q(j) = (N/K) P_j' E min(1, (K - B)+/(1 + T)), where P_j' is the mass of block j and a candidate in it meets
//!   B better rivals and T of its own block in the urn that it has been added to.
//!
//! The textbook difference [E min(K, C_j) - E min(K, C_{j-1})]/K, and for rare high rewards its complement in (K - C)+ too, cancel:
//! the complement is used for second moments, where an absolute error at rounding is enough.

use super::legendre::Legendre;
use super::urn::{at_most, pmf};
use super::{LawError, PoolLaw, Selected};

/// Modes of equal reward.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Its modes, in increasing order.
    pub(super) modes: Vec<usize>,
    /// Its mass.
    pub(super) mass: f64,
    /// The mass of better blocks, summed from the best.
    pub(super) better: f64,
    /// The mass of worse blocks, summed from the worst.
    pub(super) worse: f64,
}

/// The blocks of a law's modes, best first.
pub(super) fn blocks(weights: &[f64], rewards: &[f64]) -> Vec<Block> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|&a, &b| rewards[b].total_cmp(&rewards[a]));
    // Equality and not total_cmp decides a tie: 0 and -0 are one reward.
    let mut blocks: Vec<Block> = order
        .chunk_by(|&a, &b| rewards[a] == rewards[b])
        .map(|modes| {
            let mut modes = modes.to_vec();
            modes.sort_unstable();
            let mass = modes.iter().map(|&m| weights[m]).sum();
            Block {
                modes,
                mass,
                better: 0.0,
                worse: 0.0,
            }
        })
        .collect();
    for j in 1..blocks.len() {
        blocks[j].better = blocks[j - 1].better + blocks[j - 1].mass;
    }
    for j in (1..blocks.len()).rev() {
        blocks[j - 1].worse = blocks[j].worse + blocks[j].mass;
    }
    blocks
}

/// The mean and second moment of the share that Best-K-of-N keeps, for any concentration.
///
/// `rewards` holds one number per mode. The mean is that of [`best_mean`]; the second moment has an absolute error at rounding.
///
/// # Errors
///
/// When K is not 1 to N, the rewards are not M finite numbers, there are more than 1024 modes, or responses may be wrong.
pub fn best(law: &PoolLaw, rewards: &[f64], keep: u32) -> Result<Selected, LawError> {
    law.check_modes()?;
    let mean = best_mean(law, rewards, keep)?;
    let blocks = blocks(law.weights(), rewards);
    let pairs = kept_pairs(law, &blocks, keep);
    Ok(Selected {
        second: spread_over_modes(law, &blocks, &pairs, &mean, keep),
        mean,
    })
}

/// The mean share that Best-K-of-N keeps, for any concentration: M probabilities with a relative error near 1e-14 (N <= 256) however
/// small they are.
///
/// # Errors
///
/// When K is not 1 to N, the rewards are not M finite numbers, or responses may be wrong.
pub fn best_mean(law: &PoolLaw, rewards: &[f64], keep: u32) -> Result<Vec<f64>, LawError> {
    law.check_right("best")?;
    law.check_keep(keep)?;
    law.check_rewards(rewards)?;
    let blocks = blocks(law.weights(), rewards);
    let masses = if law.spread() == 0.0 {
        by_quadrature(law.candidates(), keep, &blocks)
    } else {
        by_rivals(law, keep, &blocks)
    };
    let mut mean = vec![0.0; law.modes()];
    for (block, mass) in blocks.iter().zip(masses).filter(|(b, _)| b.mass > 0.0) {
        for &m in &block.modes {
            mean[m] = mass * (law.weights()[m] / block.mass);
        }
    }
    Ok(mean)
}

/// The mean share of each block where prompts are all alike.
pub(super) fn by_quadrature(candidates: u32, keep: u32, blocks: &[Block]) -> Vec<f64> {
    let ratio = f64::from(candidates) / f64::from(keep);
    let rule = Legendre::new(candidates.div_ceil(2) as usize);
    let density = |v: f64| ratio * at_most(candidates - 1, keep - 1, (1.0 - v).max(0.0), v);
    blocks
        .iter()
        .map(|block| rule.integrate(block.mass, |x| density(block.worse + x)))
        .collect()
}

/// The mean share of each block by the rivals of one candidate, for any concentration.
pub(super) fn by_rivals(law: &PoolLaw, keep: u32, blocks: &[Block]) -> Vec<f64> {
    let (n, spread) = (law.candidates(), law.spread());
    let ratio = f64::from(n) / f64::from(keep);
    let share = |block: &Block| {
        // The candidate itself has been drawn: its block has gained in weight.
        let own = block.mass + spread;
        let better = pmf(n - 1, block.better, own + block.worse, spread);
        let kept: f64 = (0..keep)
            .map(|b| {
                let places = f64::from(keep - b);
                let tied = pmf(n - 1 - b, own, block.worse, spread);
                let chance = |(t, p): (usize, &f64)| p * (places / (1.0 + t as f64)).min(1.0);
                better[b as usize] * tied.iter().enumerate().map(chance).sum::<f64>()
            })
            .sum();
        ratio * block.mass * kept
    };
    let share_or_none = |block: &Block| if block.mass > 0.0 { share(block) } else { 0.0 };
    blocks.iter().map(share_or_none).collect()
}

/// E D_j and E D_j C_j for j = 0 (no blocks) to the number of blocks, where D_j = (K - C_j)+ is the places that blocks 1 to j leave.
pub(super) fn places_left(law: &PoolLaw, keep: u32, blocks: &[Block]) -> Vec<(f64, f64)> {
    let of_block = |block: &Block| {
        let counts = pmf(law.candidates(), block.better + block.mass, block.worse, law.spread());
        let below = || counts.iter().take(keep as usize).enumerate();
        let left = |c: usize| f64::from(keep) - c as f64;
        let first: f64 = below().map(|(c, p)| p * left(c)).sum();
        let second: f64 = below().map(|(c, p)| p * left(c) * c as f64).sum();
        (first, second)
    };
    std::iter::once((f64::from(keep), 0.0))
        .chain(blocks.iter().map(of_block))
        .collect()
}

/// E X_i X_j by rows, X_j = D_{j-1} - D_j the number kept of block j.
///
/// Where D_j > 0 so is D_i for i < j, and given C_j the mean of C_i is C_j P_i/P_j: E D_i D_j = K E D_j - (P_i/P_j) E D_j C_j.
fn kept_pairs(law: &PoolLaw, blocks: &[Block], keep: u32) -> Vec<f64> {
    let left = places_left(law, keep, blocks);
    let up_to = |j: usize| {
        if j == 0 {
            0.0
        } else {
            blocks[j - 1].better + blocks[j - 1].mass
        }
    };
    let product = |i: usize, j: usize| {
        let (i, j) = (i.min(j), i.max(j));
        let share = if up_to(j) > 0.0 { up_to(i) / up_to(j) } else { 0.0 };
        f64::from(keep) * left[j].0 - share * left[j].1
    };
    let size = blocks.len();
    let mut pairs = vec![0.0; size * size];
    for i in 0..size {
        for j in 0..size {
            pairs[i * size + j] = product(i, j) - product(i, j + 1) - product(i + 1, j) + product(i + 1, j + 1);
        }
    }
    pairs
}

/// E f f^T from the kept numbers of blocks. Which of a block's modes its kept candidates are does not depend on the number kept: they
/// are draws from the urn of the block alone.
fn spread_over_modes(law: &PoolLaw, blocks: &[Block], pairs: &[f64], mean: &[f64], keep: u32) -> Vec<f64> {
    let (weights, spread, modes) = (law.weights(), law.spread(), law.modes());
    let places = f64::from(keep);
    let mut second = vec![0.0; modes * modes];
    for (i, first) in blocks.iter().enumerate().filter(|(_, b)| b.mass > 0.0) {
        let kept: f64 = first.modes.iter().map(|&m| mean[m] * places).sum();
        for (j, other) in blocks.iter().enumerate().filter(|(_, b)| b.mass > 0.0) {
            let pair = pairs[i * blocks.len() + j];
            for &a in &first.modes {
                for &b in &other.modes {
                    let share = weights[a] / first.mass;
                    let value = if i != j {
                        pair * share * (weights[b] / other.mass)
                    } else {
                        let same = if a == b { 1.0 } else { 0.0 };
                        let next = (weights[b] + same * spread) / (first.mass + spread);
                        (pair - kept) * share * next + same * mean[a] * places
                    };
                    second[a * modes + b] = value / (places * places);
                }
            }
        }
    }
    second
}

//! Owns the objective of any set, its best set by enumeration, and where it breaks the conditions of the greedy guarantee.

use super::{Objective, Pool, SelectError};

/// The most candidates of [`best_subset`]: 2^20 subsets are a second's work.
pub const MOST_ENUMERATED: usize = 20;

/// F of a set of candidates, by its definition: see [`Objective`]. F of the empty set is 0; K of the means is the size
/// of the set. An error where the set names no candidate, or one twice, or the pool is not fit to be picked from.
pub fn value(objective: &Objective, pool: &Pool<'_>, set: &[usize]) -> Result<f64, SelectError> {
    check(objective, pool)?;
    check_set(pool, set)?;
    let mut rewards = vec![0.0; pool.candidates];
    pool.scaled_rewards(objective.rewards, 1.0, &mut rewards)?;
    Ok(of_set(objective, pool, &rewards, set))
}

fn check(objective: &Objective, pool: &Pool<'_>) -> Result<(), SelectError> {
    objective.check()?;
    pool.check_rewards()?;
    pool.check_shape()?;
    pool.bad_similarity().map_or(Ok(()), Err)
}

fn check_set(pool: &Pool<'_>, set: &[usize]) -> Result<(), SelectError> {
    let candidates = pool.candidates;
    for (at, &index) in set.iter().enumerate() {
        if index >= candidates {
            return Err(SelectError::NoCandidate { index, candidates });
        }
        if set[..at].contains(&index) {
            return Err(SelectError::Twice(index));
        }
    }
    Ok(())
}

/// The definition, on rewards already scaled.
fn of_set(objective: &Objective, pool: &Pool<'_>, rewards: &[f64], set: &[usize]) -> f64 {
    if set.is_empty() {
        return 0.0;
    }
    let (per_reward, per_cover) = objective.factors(set.len(), pool.candidates);
    let nearest = |i: usize| {
        let row = &pool.similarity[i * pool.stride..];
        set.iter().map(|&s| row[s]).fold(f64::NEG_INFINITY, f64::max)
    };
    let cover: f64 = (0..pool.candidates).map(nearest).sum();
    per_reward * set.iter().map(|&s| rewards[s]).sum::<f64>() + per_cover * cover
}

/// The best set of `keep` candidates by trying all C(N, K) of them, and its F. Of equal sets the first in the order of
/// indices. Costs C(N, K) * N * K: for N = 20 and K = 10, 37 million similarities. An error where
/// N > [`MOST_ENUMERATED`] or K > N.
pub fn best_subset(objective: &Objective, pool: &Pool<'_>, keep: usize) -> Result<(Vec<usize>, f64), SelectError> {
    let candidates = pool.candidates;
    if candidates > MOST_ENUMERATED {
        return Err(SelectError::Enumeration {
            candidates,
            most: MOST_ENUMERATED,
        });
    }
    if keep > candidates {
        return Err(SelectError::MoreThanPool { keep, candidates });
    }
    check(objective, pool)?;
    let mut rewards = vec![0.0; candidates];
    pool.scaled_rewards(objective.rewards, 1.0, &mut rewards)?;
    let mut set: Vec<usize> = (0..keep).collect();
    let mut best = (set.clone(), of_set(objective, pool, &rewards, &set));
    while next_subset(&mut set, candidates) {
        let value = of_set(objective, pool, &rewards, &set);
        if value > best.1 {
            best = (set.clone(), value);
        }
    }
    Ok(best)
}

/// The next subset of `0..n` of the same size, in the order of indices; false after the last.
fn next_subset(set: &mut [usize], n: usize) -> bool {
    let keep = set.len();
    let Some(at) = (0..keep).rev().find(|&at| set[at] < n - keep + at) else {
        return false;
    };
    set[at] += 1;
    for later in at + 1..keep {
        set[later] = set[later - 1] + 1;
    }
    true
}

/// By how much an objective breaks each condition of the greedy guarantee on one triple; 0 where it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Violations {
    /// The larger loss of F by adding x, to A or to B: 0 for a monotone F.
    pub monotone: f64,
    /// How much more x adds to the larger set than to the smaller: 0 for a submodular F.
    pub submodular: f64,
}

/// The conditions of the guarantee on one triple: A inside B, and x outside B.
///
/// Amounts below 1e-9 of the larger of 1 and F are rounding, and reported as 0. Errors as of [`value`], and where A is
/// not inside B or x is in it.
pub fn violations(
    objective: &Objective,
    pool: &Pool<'_>,
    a: &[usize],
    b: &[usize],
    x: usize,
) -> Result<Violations, SelectError> {
    if let Some(&outside) = a.iter().find(|index| !b.contains(index)) {
        return Err(SelectError::NotInside(outside));
    }
    let of = |set: &[usize]| value(objective, pool, set);
    let (small, large) = (of(a)?, of(b)?);
    let small = of(&[a, &[x]].concat())? - small;
    let with = of(&[b, &[x]].concat())?;
    let rounding = super::TOLERANCE * with.abs().max(1.0);
    let amount = |excess: f64| if excess > rounding { excess } else { 0.0 };
    let large = with - large;
    Ok(Violations {
        monotone: amount(-small.min(large)),
        submodular: amount(large - small),
    })
}

//! The second route to the objective: F of any set by its definition, the best set by trying all, and the conditions of the greedy
//! guarantee. It shares no code with the picks and with [`Small`](super::super::Small), which are tested against it.

use super::super::{Objective, Pool, TOLERANCE, Violations};

/// F of a set of candidates, by its definition: see [`Objective`]. F of the empty set is 0; K of the means is the size of the set.
pub(crate) fn value(objective: &Objective, pool: &Pool<'_>, set: &[usize]) -> f64 {
    of_set(objective, pool, &scaled(objective, pool), set)
}

fn scaled(objective: &Objective, pool: &Pool<'_>) -> Vec<f64> {
    let mut rewards = vec![0.0; pool.candidates];
    let scaled = pool.scaled_rewards(objective.rewards, 1.0, &mut rewards);
    scaled.expect("rewards that can be scaled");
    rewards
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

/// The best set of `keep` candidates by trying all C(N, K) of them, and its F. Of equal sets the first in the order of indices.
pub(crate) fn best_subset(objective: &Objective, pool: &Pool<'_>, keep: usize) -> (Vec<usize>, f64) {
    let rewards = scaled(objective, pool);
    let mut set: Vec<usize> = (0..keep).collect();
    let mut best = (set.clone(), of_set(objective, pool, &rewards, &set));
    while next_subset(&mut set, pool.candidates) {
        let value = of_set(objective, pool, &rewards, &set);
        if value > best.1 {
            best = (set.clone(), value);
        }
    }
    best
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

/// The conditions of the guarantee on one triple: A inside B, and x outside B.
///
/// Amounts below 1e-9 of the larger of 1 and F are rounding, and reported as 0.
pub(crate) fn violations(objective: &Objective, pool: &Pool<'_>, a: &[usize], b: &[usize], x: usize) -> Violations {
    assert!(
        a.iter().all(|index| b.contains(index)) && !b.contains(&x),
        "A inside B, x outside"
    );
    let of = |set: &[usize]| value(objective, pool, set);
    let small = of(&[a, &[x]].concat()) - of(a);
    let with = of(&[b, &[x]].concat());
    let large = with - of(b);
    let rounding = TOLERANCE * with.abs().max(1.0);
    let amount = |excess: f64| if excess > rounding { excess } else { 0.0 };
    Violations {
        monotone: amount(-small.min(large)),
        submodular: amount(large - small),
    }
}

//! Owns the objective of a pool small enough to try every set: F of any set, the best F of every size, and where F
//! breaks the conditions of the greedy guarantee. Nothing is allocated, so that studies may ask it in every replicate.
//!
//! [`best_subset`](super::best_subset) and [`violations`](super::violations) answer the same from the definition, for
//! pools of users; tests compare the two.

use super::{Pool, Rule, SelectError, TOLERANCE, Violations};
use crate::numerics::lanes::{LANES, Lanes, dispatch};

/// The most candidates of a [`Small`]: 2^16 sets are a millisecond's work.
pub const MOST_SEARCHED: usize = 16;

const BLOCKS: usize = MOST_SEARCHED / LANES;

/// One number per candidate, in blocks of lanes; those beyond the pool are unused.
type Row = [Lanes<f64>; BLOCKS];

const EMPTY: Row = [[0.0; LANES]; BLOCKS];

/// Below every number: the cover of a candidate before anything is kept.
const NONE: Row = [[f64::NEG_INFINITY; LANES]; BLOCKS];

/// The objective of one pool. Sets are bits of a word: bit j is candidate j.
#[derive(Debug, Clone)]
pub struct Small {
    candidates: usize,
    /// lambda r~ of each candidate.
    own: [f64; MOST_SEARCHED],
    /// Coverage of candidate i by j, times its factor: row i, place j.
    rows: [Row; MOST_SEARCHED],
    /// The same, row j, place i.
    columns: [Row; MOST_SEARCHED],
}

impl Default for Small {
    fn default() -> Self {
        Self {
            candidates: 0,
            own: [0.0; MOST_SEARCHED],
            rows: [EMPTY; MOST_SEARCHED],
            columns: [EMPTY; MOST_SEARCHED],
        }
    }
}

impl Small {
    /// Takes in a pool and the objective that the rule's selector maximises (coverage alone for `diverse`). K of means is
    /// `keep` for sets of every size, so that F is one function.
    ///
    /// An error where N > [`MOST_SEARCHED`], K > N, or the pool is not fit to be picked from.
    pub fn fill(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<(), SelectError> {
        let candidates = pool.candidates;
        if candidates > MOST_SEARCHED {
            return Err(SelectError::Enumeration {
                candidates,
                most: MOST_SEARCHED,
            });
        }
        if keep > candidates {
            return Err(SelectError::MoreThanPool { keep, candidates });
        }
        let objective = rule.effective();
        objective.check()?;
        pool.check_shape()?;
        pool.bad_similarity().map_or(Ok(()), Err)?;
        let (rewards, coverage) = objective.factors(keep, candidates);
        self.candidates = candidates;
        self.own.fill(0.0);
        if objective.reward_share > 0.0 {
            pool.check_rewards()?;
            pool.scaled_rewards(objective.rewards, rewards, &mut self.own)?;
        }
        for i in 0..candidates {
            for j in 0..candidates {
                let value = coverage * pool.similarity[i * pool.stride + j];
                self.rows[i][j / LANES][j % LANES] = value;
                self.columns[j][i / LANES][i % LANES] = value;
            }
        }
        Ok(())
    }

    /// F of a set; 0 of none. Bits beyond the pool are ignored.
    pub fn value(&self, set: u32) -> f64 {
        let (mut cover, mut total, mut any) = (NONE, 0.0, false);
        for j in (0..self.candidates).filter(|j| set >> j & 1 == 1) {
            raise(&mut cover, &self.columns[j]);
            total += self.own[j];
            any = true;
        }
        if !any {
            return 0.0;
        }
        let covered = cover.as_flattened()[..self.candidates].iter();
        total + covered.sum::<f64>()
    }

    /// The best F of the sets of each size 1, 2, ..., `best.len()`, by trying them all. `best.len()` is at most N: sizes
    /// beyond have no set, and minus infinity.
    pub fn best(&self, best: &mut [f64]) {
        best.fill(f64::NEG_INFINITY);
        search::run(self, best);
    }

    /// The conditions of the guarantee on one triple: A inside B, and x outside B. Amounts below 1e-9 of the larger of 1
    /// and F are rounding, and reported as 0.
    pub fn violations(&self, a: u32, b: u32, x: usize) -> Violations {
        debug_assert!(a & !b == 0 && b >> x & 1 == 0, "A inside B, x outside");
        let new = 1 << x;
        let with = self.value(b | new);
        let (small, large) = (self.value(a | new) - self.value(a), with - self.value(b));
        let rounding = TOLERANCE * with.abs().max(1.0);
        let amount = |excess: f64| if excess > rounding { excess } else { 0.0 };
        Violations {
            monotone: amount(-small.min(large)),
            submodular: amount(large - small),
        }
    }
}

/// Raises a cover to one more candidate's column.
#[inline(always)]
fn raise(cover: &mut Row, column: &Row) {
    for (cover, column) in cover.iter_mut().zip(column) {
        for l in 0..LANES {
            cover[l] = if column[l] > cover[l] { column[l] } else { cover[l] };
        }
    }
}

dispatch!(
    /// Raises `best[k - 1]` to F of every set of size k.
    pub(super) mod search = search_kernel(small: &Small, best: &mut [f64])
);

/// Sets in the order of indices, depth first: one step takes in all sets of one prefix and one more candidate.
#[inline(always)]
fn search_kernel(small: &Small, best: &mut [f64]) {
    let (n, keep) = (small.candidates, best.len().min(small.candidates));
    let mut cover = [NONE; MOST_SEARCHED];
    let mut own = [0.0; MOST_SEARCHED];
    let mut next = [0; MOST_SEARCHED];
    if keep == 0 {
        return;
    }
    extend(small, &cover[0], 0.0, 0, &mut best[0]);
    let mut depth = 0;
    loop {
        let j = next[depth];
        // The last candidate can be no prefix: nothing follows it.
        if depth + 1 < keep && j + 1 < n {
            next[depth] += 1;
            let mut raised = cover[depth];
            raise(&mut raised, &small.columns[j]);
            let total = own[depth] + small.own[j];
            depth += 1;
            (cover[depth], own[depth], next[depth]) = (raised, total, j + 1);
            extend(small, &raised, total, j + 1, &mut best[depth]);
        } else if depth == 0 {
            return;
        } else {
            depth -= 1;
        }
    }
}

/// Raises `best` to F of a prefix with each candidate from `first` on.
#[inline(always)]
fn extend(small: &Small, cover: &Row, own: f64, first: usize, best: &mut f64) {
    let cover = cover.as_flattened();
    for block in first / LANES..BLOCKS {
        let mut sums = [0.0; LANES];
        for (row, &covered) in small.rows.iter().zip(&cover[..small.candidates]) {
            for l in 0..LANES {
                sums[l] += if row[block][l] > covered {
                    row[block][l]
                } else {
                    covered
                };
            }
        }
        for l in 0..LANES {
            let j = block * LANES + l;
            if j >= first && j < small.candidates {
                let value = own + small.own[j] + sums[l];
                *best = if value > *best { value } else { *best };
            }
        }
    }
}

//! Owns the objective of a pool small enough to try every set: F of any set, the best F of every size, and where F
//! breaks the conditions of the greedy guarantee. Nothing is allocated, so that studies may ask it in every replicate.
//!
//! Tests compare it with the definition.

use super::pool::LARGEST;
use super::{Pool, Rule, SelectError, TOLERANCE};
use crate::numerics::lanes::{LANES, dispatch};

/// The most candidates of a [`Small`]: 2^16 sets are a millisecond's work.
pub const MOST_SEARCHED: usize = 16;

/// One number per candidate: whole registers, whatever the pool.
type Row = [f64; MOST_SEARCHED];

const EMPTY: Row = [0.0; MOST_SEARCHED];

/// By how much an objective breaks each condition of the greedy guarantee on one triple; 0 where it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Violations {
    /// The larger loss of F by adding x, to A or to B: 0 for a monotone F.
    pub monotone: f64,
    /// How much more x adds to the larger set than to the smaller: 0 for a submodular F.
    pub submodular: f64,
}

/// Below every number: the cover of a candidate before anything is kept, and the worth of what is no candidate.
const NONE: Row = [f64::NEG_INFINITY; MOST_SEARCHED];

/// The objective of one pool. Sets are bits of a word: bit j is candidate j.
///
/// Its rows lie in whole cache lines: loads across two of them cost the search half its speed.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub struct Small {
    /// lambda r~ of the candidates from the f-th on, at \[f\]; minus infinity of those before and beyond the pool.
    own: [Row; MOST_SEARCHED],
    /// Coverage of candidate i by j, times its factor: row i, place j.
    rows: [Row; MOST_SEARCHED],
    /// The same, row j, place i.
    columns: [Row; MOST_SEARCHED],
    candidates: usize,
}

impl Default for Small {
    fn default() -> Self {
        Self {
            own: [NONE; MOST_SEARCHED],
            rows: [EMPTY; MOST_SEARCHED],
            columns: [EMPTY; MOST_SEARCHED],
            candidates: 0,
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
        let (rewards, coverage) = objective.factors(keep, candidates);
        self.candidates = candidates;
        let mut own = EMPTY;
        if objective.reward_share > 0.0 {
            pool.check_rewards()?;
            pool.scaled_rewards(objective.rewards, rewards, &mut own)?;
        }
        for (first, from) in self.own[..candidates].iter_mut().enumerate() {
            *from = NONE;
            from[first..candidates].copy_from_slice(&own[first..candidates]);
        }
        match self.take(pool, coverage) {
            true => Ok(()),
            // Never `Ok`: a similarity was out of range.
            false => pool.bad_similarity().map_or(Ok(()), Err),
        }
    }

    /// Copies similarities, times the factor of coverage; whether all can be added up.
    fn take(&mut self, pool: &Pool<'_>, coverage: f64) -> bool {
        let n = self.candidates;
        let mut fit = true;
        for (i, row) in self.rows[..n].iter_mut().enumerate() {
            let from = &pool.similarity[i * pool.stride..][..n];
            for (j, (to, &similarity)) in row.iter_mut().zip(from).enumerate() {
                fit &= similarity.abs() <= LARGEST / (2.0 * n as f64);
                *to = coverage * similarity;
                self.columns[j][i] = *to;
            }
        }
        fit
    }

    /// F of a set; 0 of none. Bits beyond the pool are ignored.
    pub fn value(&self, set: u32) -> f64 {
        let (mut cover, mut total, mut any) = (NONE, 0.0, false);
        for j in (0..self.candidates).filter(|j| set >> j & 1 == 1) {
            raise(&mut cover, &self.columns[j]);
            total += self.own[0][j];
            any = true;
        }
        if !any {
            return 0.0;
        }
        total + cover[..self.candidates].iter().sum::<f64>()
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
    for l in 0..MOST_SEARCHED {
        cover[l] = if column[l] > cover[l] { column[l] } else { cover[l] };
    }
}

dispatch!(
    /// Raises `best[k - 1]` to F of every set of size k.
    pub(super) mod search = search_kernel(small: &Small, best: &mut [f64])
);

/// A set on its way: what its members cover and are worth, and the candidate to add next.
#[derive(Clone, Copy)]
struct Prefix {
    cover: Row,
    own: f64,
    next: usize,
}

/// Sets in the order of indices, depth first: one step takes in all sets of one prefix and one more candidate.
#[inline(always)]
fn search_kernel(small: &Small, best: &mut [f64]) {
    let (n, keep) = (small.candidates, best.len().min(small.candidates));
    let start = Prefix {
        cover: NONE,
        own: 0.0,
        next: 0,
    };
    let mut prefixes = [start; MOST_SEARCHED];
    // By size and last candidate.
    let mut found = [NONE; MOST_SEARCHED];
    if keep == 0 {
        return;
    }
    extend(small, &start, &mut found[0]);
    let mut depth = 0;
    loop {
        let prefix = &mut prefixes[depth];
        let j = prefix.next;
        // The last candidate can be no prefix: nothing follows it.
        if depth + 1 < keep && j + 1 < n {
            prefix.next += 1;
            let mut longer = Prefix {
                cover: prefix.cover,
                own: prefix.own + small.own[0][j],
                next: j + 1,
            };
            raise(&mut longer.cover, &small.columns[j]);
            depth += 1;
            extend(small, &longer, &mut found[depth]);
            prefixes[depth] = longer;
        } else if depth == 0 {
            break;
        } else {
            depth -= 1;
        }
    }
    for (best, found) in best.iter_mut().zip(&found) {
        for &value in found {
            *best = if value > *best { value } else { *best };
        }
    }
}

/// Raises `found` to F of a prefix with each candidate from the next on.
#[inline(always)]
fn extend(small: &Small, prefix: &Prefix, found: &mut Row) {
    if prefix.next < LANES {
        extend_from::<0>(small, prefix, found);
    } else {
        extend_from::<LANES>(small, prefix, found);
    }
}

/// The same for the candidates from `FIRST` on; those before the next have minus infinity as their own.
#[inline(always)]
fn extend_from<const FIRST: usize>(small: &Small, prefix: &Prefix, found: &mut Row) {
    let mut sums = EMPTY;
    let n = small.candidates;
    for (row, &covered) in small.rows[..n].iter().zip(&prefix.cover[..n]) {
        for l in FIRST..MOST_SEARCHED {
            sums[l] += if row[l] > covered { row[l] } else { covered };
        }
    }
    let own = &small.own[prefix.next];
    for l in FIRST..MOST_SEARCHED {
        let value = (prefix.own + own[l]) + sums[l];
        found[l] = if value > found[l] { value } else { found[l] };
    }
}

//! Owns the inner loops of facility location: what each candidate would add to the coverage of a pool.
//!
//! `cover[i]` is the similarity of candidate i to the nearest kept one. Keeping j adds the sum over i of
//! max(0, sim(i, j) - cover[i]); the first candidate kept adds the sum of sim(i, j), because F of nothing is 0. Every sum
//! here has one order, whatever the vector unit and whichever loop runs: eight partial sums, of i = 0, 8, 16, ...
//! to i = 7, 15, 23, ..., added as a tree. So plain and lazy greedy see the same bits.
//!
//! Rounding is monotone and the order is fixed, so a gain can only fall as `cover` rises, in rounded arithmetic too:
//! lazy greedy needs no slack.

use crate::numerics::lanes::{LANES, Lanes, across};

/// What one candidate adds to the cover of one other.
#[inline(always)]
fn term<const FIRST: bool>(similarity: f64, cover: f64) -> f64 {
    if FIRST {
        return similarity;
    }
    let gain = similarity - cover;
    if gain > 0.0 { gain } else { 0.0 }
}

/// Gains of the columns `0..n` of a row-major matrix with n rows, into `gains[..n]`. `FIRST`: nothing is kept yet.
#[inline(always)]
pub(super) fn columns<const FIRST: bool>(similarity: &[f64], stride: usize, cover: &[f64], gains: &mut [f64]) {
    let n = gains.len();
    let mut at = 0;
    while at + LANES <= n {
        let block = eight_columns::<FIRST>(similarity, stride, cover, at);
        gains[at..at + LANES].copy_from_slice(&block);
        at += LANES;
    }
    for j in at..n {
        gains[j] = one_column::<FIRST>(similarity, stride, cover, j);
    }
}

#[inline(always)]
fn eight_columns<const FIRST: bool>(similarity: &[f64], stride: usize, cover: &[f64], at: usize) -> Lanes<f64> {
    let mut partial = [[0.0; LANES]; LANES];
    let mut rows = cover.chunks_exact(LANES);
    let mut i = 0;
    for covers in rows.by_ref() {
        for r in 0..LANES {
            add::<FIRST>(&mut partial[r], &similarity[(i + r) * stride + at..], covers[r]);
        }
        i += LANES;
    }
    for (r, &covered) in rows.remainder().iter().enumerate() {
        add::<FIRST>(&mut partial[r], &similarity[(i + r) * stride + at..], covered);
    }
    let mut sums = [0.0; LANES];
    for l in 0..LANES {
        let p = |r: usize| partial[r][l];
        sums[l] = ((p(0) + p(1)) + (p(2) + p(3))) + ((p(4) + p(5)) + (p(6) + p(7)));
    }
    sums
}

#[inline(always)]
fn add<const FIRST: bool>(sum: &mut Lanes<f64>, row: &[f64], covered: f64) {
    if let Some(row) = row.first_chunk::<LANES>() {
        for l in 0..LANES {
            sum[l] += term::<FIRST>(row[l], covered);
        }
    }
}

#[inline(always)]
fn one_column<const FIRST: bool>(similarity: &[f64], stride: usize, cover: &[f64], j: usize) -> f64 {
    let mut partial = [0.0; LANES];
    for (i, &covered) in cover.iter().enumerate() {
        partial[i % LANES] += term::<FIRST>(similarity[i * stride + j], covered);
    }
    across(&partial)
}

/// Raises `cover` to column `kept`; the first kept sets it.
#[inline(always)]
pub(super) fn raise(similarity: &[f64], stride: usize, kept: usize, first: bool, cover: &mut [f64]) {
    for (i, covered) in cover.iter_mut().enumerate() {
        let near = similarity[i * stride + kept];
        if first || near > *covered {
            *covered = near;
        }
    }
}

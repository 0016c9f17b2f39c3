//! Owns the inner loops of facility location: what each candidate would add to the coverage of a pool.
//!
//! `cover[i]` is the similarity of candidate i to the nearest kept one. Keeping j adds the sum over i of
//! max(0, sim(i, j) - cover[i]); the first candidate kept adds the sum of sim(i, j), because F of nothing is 0. Eight
//! neighbouring candidates are asked together: their columns are first copied into a block of rows of eight, which the
//! loop then reads from end to end.
//!
//! Every sum has one order, whatever the vector unit: eight partial sums, of i = 0, 8, 16, ... to i = 7, 15, 23, ...,
//! added as a tree. Rounding is monotone and the order is fixed, so a gain can only fall as `cover` rises, in rounded
//! arithmetic too: lazy greedy needs no slack.

use crate::numerics::lanes::{LANES, Lanes, dispatch};

/// Similarities to eight neighbouring candidates. Aligned, so that no load straddles two lines of cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Eight(pub Lanes<f64>);

/// The candidates of a matrix in blocks of eight: block b holds one row per candidate i, padded with 0 to whole lanes
/// in both directions.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    rows: Vec<Eight>,
    depth: usize,
}

/// A pool's similarities as given: `numbers[i * stride + j]` is how well j represents i, for i and j below n.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub numbers: &'a [f64],
    pub stride: usize,
    pub n: usize,
}

impl<'a> Matrix<'a> {
    #[inline(always)]
    pub fn row(&self, i: usize) -> &'a [f64] {
        &self.numbers[i * self.stride..][..self.n]
    }
}

impl Blocks {
    /// Makes place for n candidates.
    pub fn start(&mut self, n: usize) {
        self.depth = n.next_multiple_of(LANES);
        if self.depth > n {
            // The padding; where there is none, every number is about to be overwritten.
            self.rows.clear();
        }
        self.rows.resize(self.depth * self.depth / LANES, Eight([0.0; LANES]));
    }

    #[inline(always)]
    fn block(&self, b: usize) -> &[Eight] {
        &self.rows[b * self.depth..][..self.depth]
    }

    /// Copies a matrix.
    #[inline(always)]
    pub fn copy(&mut self, matrix: Matrix<'_>) {
        for i in 0..matrix.n {
            let (eights, end) = matrix.row(i).as_chunks::<LANES>();
            let mut at = i;
            for eight in eights {
                self.rows[at].0 = *eight;
                at += self.depth;
            }
            if !end.is_empty() {
                self.rows[at].0[..end.len()].copy_from_slice(end);
            }
        }
    }

    /// What the candidates of block b add as the first kept, and whether a similarity to them is negative.
    #[inline(always)]
    pub fn first_gains(&self, b: usize) -> (Lanes<f64>, bool) {
        let mut partial = [[0.0; LANES]; LANES];
        let mut bits = [0; LANES];
        for rows in self.block(b).as_chunks::<LANES>().0 {
            for r in 0..LANES {
                for l in 0..LANES {
                    partial[r][l] += rows[r].0[l];
                    bits[l] |= rows[r].0[l].to_bits();
                }
            }
        }
        let mut any = 0;
        for l in 0..LANES {
            any |= bits[l];
        }
        (added(&partial), any >> 63 == 1)
    }

    /// What the candidates of block b add when others are kept. `cover` is padded with 0.
    #[inline(always)]
    pub fn gains(&self, b: usize, cover: &[f64]) -> Lanes<f64> {
        let mut partial = [[0.0; LANES]; LANES];
        let blocks = self.block(b).as_chunks::<LANES>().0;
        for (rows, covers) in blocks.iter().zip(cover.as_chunks::<LANES>().0) {
            for r in 0..LANES {
                for l in 0..LANES {
                    let rise = rows[r].0[l] - covers[r];
                    partial[r][l] += if rise > 0.0 { rise } else { 0.0 };
                }
            }
        }
        added(&partial)
    }

    /// Raises `cover` to candidate j; the first kept sets it.
    #[inline(always)]
    pub fn raise(&self, j: usize, first: bool, cover: &mut [f64]) {
        let lane = j % LANES;
        for (covered, row) in cover.iter_mut().zip(self.block(j / LANES)) {
            let near = row.0[lane];
            *covered = if first || near > *covered { near } else { *covered };
        }
    }
}

/// Partial sums added as a tree.
#[inline(always)]
fn added(partial: &[Lanes<f64>; LANES]) -> Lanes<f64> {
    let mut sums = [0.0; LANES];
    for l in 0..LANES {
        let p = |r: usize| partial[r][l];
        sums[l] = ((p(0) + p(1)) + (p(2) + p(3))) + ((p(4) + p(5)) + (p(6) + p(7)));
    }
    sums
}

dispatch!(
    /// Whether all numbers are finite and no row's sum of magnitudes exceeds `largest`.
    pub(super) mod sound = sound_kernel(matrix: Matrix<'_>, largest: f64) -> bool
);

#[inline(always)]
fn sound_kernel(matrix: Matrix<'_>, largest: f64) -> bool {
    (0..matrix.n).all(|i| {
        let mut partial = [0.0; LANES];
        let (eights, end) = matrix.row(i).as_chunks::<LANES>();
        for eight in eights {
            for l in 0..LANES {
                partial[l] += eight[l].abs();
            }
        }
        let end: f64 = end.iter().map(|x| x.abs()).sum();
        let sum: f64 = partial.iter().sum();
        sum + end <= largest
    })
}

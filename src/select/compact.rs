//! Owns greedy maximisation in pools of at most [`MOST`] candidates: what a picker uses there.
//!
//! The arithmetic is that of [`greedy`](super::greedy), number by number, so picks and gains have the same bits.
//! Here a pool is a fixed count of registers, and almost nothing depends on a branch: a pick is one chain of dependent
//! steps (the greatest gain, who has it, whose cover rises, the new sums).

use super::greedy::Kept;
use super::pool::{LARGEST, Matrix};
use super::ties;
use crate::numerics::lanes::{LANES, Lanes, add, dispatch};

/// The most candidates: eight registers of eight.
pub(super) const MOST: usize = 8 * LANES;

/// Rows that one pass over the sums takes together: most picks raise the cover of one or two.
const TOGETHER: usize = 2;

/// One number per candidate, and zeros beyond: the place past the last block is that of the row of zeros.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Places([Lanes<f64>; MOST / LANES + 1]);

const ZEROS: Places = Places([[0.0; LANES]; MOST / LANES + 1]);

impl Places {
    #[inline(always)]
    fn at(&self, i: usize) -> f64 {
        self.0.as_flattened()[i]
    }
}

/// Room for the similarities of a pool.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Table {
    /// Rows of whole lanes, and one row of zeros more.
    rows: [Lanes<f64>; (MOST + 1) * MOST / LANES],
    /// The same by columns: a pick reads a column, and of single numbers it would have to wait for each.
    columns: [Lanes<f64>; MOST * MOST / LANES],
    /// Bit i in place i. In memory: of constants, the compiler would take the lanes apart.
    bits: [Lanes<u64>; MOST / LANES],
}

impl Table {
    pub fn new() -> Self {
        Self {
            rows: [[0.0; LANES]; (MOST + 1) * MOST / LANES],
            columns: [[0.0; LANES]; MOST * MOST / LANES],
            bits: std::array::from_fn(|b| std::array::from_fn(|l| 1 << (b * LANES + l))),
        }
    }
}

/// One pool, and how many are kept of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common<'a> {
    pub matrix: Matrix<'a>,
    /// Whether a row of the matrix is a column.
    pub symmetric: bool,
    pub words: &'a [u64],
    /// K.
    pub keep: usize,
}

/// One objective on its way, and what it kept.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    /// What each candidate adds by its own reward; minus infinity once kept, and beyond the pool.
    own: Places,
    /// What each adds to the coverage.
    sums: Places,
    /// Similarity of each to the nearest kept.
    cover: Places,
    /// The factor of the coverage.
    coverage: f64,
    /// How far below the greatest gain another ties with it.
    width: f64,
    /// Kept so far, in this order.
    order: [usize; MOST],
    /// What each kept one added.
    added: [f64; MOST],
}

impl Chain {
    pub fn new() -> Self {
        Self {
            own: ZEROS,
            sums: ZEROS,
            cover: ZEROS,
            coverage: 0.0,
            width: 0.0,
            order: [0; MOST],
            added: [0.0; MOST],
        }
    }

    /// Begins a pool of n candidates without rewards: their places, to be filled with what each adds by its own.
    pub fn start(&mut self, coverage: f64, n: usize) -> &mut [f64] {
        self.coverage = coverage;
        self.cover = ZEROS;
        let (own, beyond) = self.own.0.as_flattened_mut().split_at_mut(n);
        own.fill(0.0);
        beyond.fill(f64::NEG_INFINITY);
        own
    }

    /// Hands over what was kept.
    pub fn give(&self, keep: usize, kept: &mut Kept) {
        kept.clear();
        kept.order.extend_from_slice(&self.order[..keep]);
        kept.added.extend_from_slice(&self.added[..keep]);
    }
}

dispatch!(
    /// Keeps by one objective, or nothing where a first gain is no number in range: then false.
    pub(super) mod one = one_kernel(common: &Common<'_>, table: &mut Table, chain: &mut Chain) -> bool
);

#[inline(always)]
fn one_kernel(common: &Common<'_>, table: &mut Table, chain: &mut Chain) -> bool {
    match common.matrix.n.div_ceil(LANES) {
        0 | 1 => run::<1>(common, table, chain),
        2 => run::<2>(common, table, chain),
        3 | 4 => run::<4>(common, table, chain),
        _ => run::<8>(common, table, chain),
    }
}

#[inline(always)]
fn run<const B: usize>(common: &Common<'_>, table: &mut Table, chain: &mut Chain) -> bool {
    let Some(sums) = take::<B>(common.matrix, table) else {
        return false;
    };
    // Of many picks, all columns at once take less time than each on its own.
    let all = !common.symmetric && common.keep > B * LANES / 2;
    if all {
        transpose::<B>(table);
    }
    let rows = &table.rows.as_chunks::<B>().0[..=B * LANES];
    let columns = &mut table.columns.as_chunks_mut::<B>().0[..B * LANES];
    let Some(bits) = table.bits.first_chunk::<B>() else {
        return false;
    };
    chain.sums.0[..B].copy_from_slice(&sums);
    let coverage = (chain.coverage * ties::largest(sums.as_flattened())).abs();
    chain.width = ties::width(coverage, ties::largest(chain.own.0.as_flattened()));
    for t in 0..common.keep {
        let j = keep(common, bits, t, chain);
        if t + 1 == common.keep {
            // Nobody asks what others would add.
            break;
        }
        if !all && !common.symmetric {
            read_column(rows, j, columns);
        }
        let near = if common.symmetric { &rows[j] } else { &columns[j] };
        if t == 0 {
            cover_first(&rows[..common.matrix.n], near, chain);
        } else {
            cover_more(rows, bits, near, chain);
        }
    }
    true
}

#[inline(always)]
fn read_column<const B: usize>(rows: &[[Lanes<f64>; B]], j: usize, columns: &mut [[Lanes<f64>; B]]) {
    for (near, row) in columns[j].as_flattened_mut().iter_mut().zip(rows) {
        *near = row.as_flattened()[j];
    }
}

/// Raises the cover to the candidate last kept, and lowers the sums by what others can no longer add.
#[inline(always)]
fn cover_more<const B: usize>(
    rows: &[[Lanes<f64>; B]],
    bits: &[Lanes<u64>; B],
    near: &[Lanes<f64>; B],
    chain: &mut Chain,
) {
    let mut risen = above(bits, near, &chain.cover);
    loop {
        // A first pass without asking: after most picks it is the only one.
        lower(rows, near, &mut risen, chain);
        if risen == 0 {
            break;
        }
    }
    raise(near, &mut chain.cover);
}

/// Copies a matrix, padded with zeros to whole lanes and one row more: the coverage of each candidate alone, or none where
/// it is no number in range.
#[inline(always)]
fn take<const B: usize>(matrix: Matrix<'_>, table: &mut Table) -> Option<[Lanes<f64>; B]> {
    let rows = table.rows.as_chunks_mut::<B>().0;
    let mut sums = [[0.0; LANES]; B];
    for i in 0..matrix.n {
        let (whole, rest) = matrix.row(i).as_chunks::<LANES>();
        let row = &mut rows[i];
        if whole.len() < B {
            row[whole.len()..].fill([0.0; LANES]);
            row[whole.len()][..rest.len()].copy_from_slice(rest);
        }
        for (to, from) in row.iter_mut().zip(whole) {
            *to = *from;
        }
        for b in 0..B {
            add(&mut sums[b], &row[b]);
        }
    }
    rows[matrix.n..=B * LANES].fill([[0.0; LANES]; B]);
    let mut in_range = true;
    for sum in sums.as_flattened() {
        in_range &= sum.abs() <= LARGEST;
    }
    in_range.then_some(sums)
}

/// Writes the columns: two rows at a time, so that numbers go in pairs.
#[inline(always)]
fn transpose<const B: usize>(table: &mut Table) {
    let columns = table.columns.as_chunks_mut::<B>().0;
    let pairs = table.rows.as_chunks::<B>().0.as_chunks::<2>().0;
    for (p, [first, second]) in pairs[..B * LANES / 2].iter().enumerate() {
        let (first, second) = (first.as_flattened(), second.as_flattened());
        for j in 0..B * LANES {
            let pair = &mut columns[j].as_flattened_mut().as_chunks_mut::<2>().0[p];
            *pair = [first[j], second[j]];
        }
    }
}

/// Keeps the candidate of greatest gain.
#[inline(always)]
fn keep<const B: usize>(common: &Common<'_>, bits: &[Lanes<u64>; B], t: usize, chain: &mut Chain) -> usize {
    let coverage = chain.coverage;
    let mut gains = [[0.0; LANES]; B];
    for b in 0..B {
        for l in 0..LANES {
            gains[b][l] = chain.own.0[b][l] + coverage * chain.sums.0[b][l];
        }
    }
    let top = ties::greatest_everywhere(&gains);
    let tied = reaching(bits, &gains, &top.map(|top| top - chain.width));
    let j = ties::lowest_key_of(tied, common.words, t) % (B * LANES);
    chain.order[t] = j;
    chain.added[t] = chain.own.at(j) + coverage * chain.sums.at(j);
    chain.own.0[j / LANES][j % LANES] = f64::NEG_INFINITY;
    j
}

/// Bit i is set where place i holds what its lane of `least` asks for, or more.
#[inline(always)]
fn reaching<const B: usize>(bits: &[Lanes<u64>; B], values: &[Lanes<f64>; B], least: &Lanes<f64>) -> u64 {
    let mut all = 0;
    for b in 0..B {
        let mut hit = [0; LANES];
        for l in 0..LANES {
            hit[l] = if values[b][l] >= least[l] { bits[b][l] } else { 0 };
        }
        all |= either(&hit);
    }
    all
}

/// The bits of all lanes.
#[inline(always)]
fn either(x: &Lanes<u64>) -> u64 {
    x.iter().fold(0, |all, x| all | x)
}

/// The first kept candidate sets the cover; before, F of nothing was 0 and not a sum over the pool.
#[inline(always)]
fn cover_first<const B: usize>(rows: &[[Lanes<f64>; B]], near: &[Lanes<f64>; B], chain: &mut Chain) {
    let mut sums = [[0.0; LANES]; B];
    for (row, &covered) in rows.iter().zip(near.as_flattened()) {
        // In one loop: of two, the compiler gathers and scatters numbers one by one.
        for (sum, similarity) in sums.as_flattened_mut().iter_mut().zip(row.as_flattened()) {
            *sum += positive(similarity - covered);
        }
    }
    chain.sums.0[..B].copy_from_slice(&sums);
    chain.cover.0[..B].copy_from_slice(near);
}

/// Bit i is set where `near` is above the cover in place i.
#[inline(always)]
fn above<const B: usize>(bits: &[Lanes<u64>; B], near: &[Lanes<f64>; B], cover: &Places) -> u64 {
    let mut all = 0;
    for b in 0..B {
        let mut hit = [0; LANES];
        for l in 0..LANES {
            hit[l] = if near[b][l] > cover.0[b][l] { bits[b][l] } else { 0 };
        }
        all |= either(&hit);
    }
    all
}

#[inline(always)]
fn raise<const B: usize>(near: &[Lanes<f64>; B], cover: &mut Places) {
    for b in 0..B {
        for l in 0..LANES {
            let cover = &mut cover.0[b][l];
            *cover = if near[b][l] > *cover { near[b][l] } else { *cover };
        }
    }
}

/// Lowers the sums by the part of each similarity that lies within the rise of its row's cover, for the first two of the
/// risen rows, and takes them off. Where fewer are left, the row past the last: its zeros take nothing away. Sums only fall,
/// so it is all the same after how many rows those below 0 become 0.
#[inline(always)]
fn lower<const B: usize>(rows: &[[Lanes<f64>; B]], near: &[Lanes<f64>; B], risen: &mut u64, chain: &mut Chain) {
    let mut taken = [&rows[0]; TOGETHER];
    let (mut covered, mut rise) = ([0.0; TOGETHER], [0.0; TOGETHER]);
    for r in 0..TOGETHER {
        let i = (risen.trailing_zeros() as usize).min(B * LANES);
        *risen &= risen.wrapping_sub(1);
        covered[r] = chain.cover.at(i);
        rise[r] = positive(near.as_flattened()[i % (B * LANES)] - covered[r]);
        taken[r] = &rows[i];
    }
    let sums = chain.sums.0.as_flattened_mut();
    for i in 0..B * LANES {
        let mut sum = sums[i];
        for r in 0..TOGETHER {
            let over = positive(taken[r].as_flattened()[i] - covered[r]);
            sum -= if over < rise[r] { over } else { rise[r] };
        }
        sums[i] = positive(sum);
    }
}

#[inline(always)]
fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

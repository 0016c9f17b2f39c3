//! Owns greedy maximisation in pools of at most [`MOST`] candidates: what a picker uses there, for one objective or two.
//!
//! The arithmetic is that of [`incremental`](super::incremental), number by number, so picks and gains have the same bits.
//! Here a pool is a fixed count of registers, and almost nothing depends on a branch: a pick is one chain of dependent
//! steps (the greatest gain, who has it, whose cover rises, the new sums) that a processor cannot shorten, but two
//! objectives on one pool are two chains, and walking both at once takes less than walking one after the other.

use super::cover::Matrix;
use super::greedy::Kept;
use super::pool::LARGEST;
use super::ties::{self, threshold};
use crate::numerics::lanes::{LANES, Lanes, add, dispatch};

/// The most candidates: eight registers of eight.
pub(super) const MOST: usize = 8 * LANES;

/// Rows that one pass over the sums takes together.
const TOGETHER: usize = 4;

/// One number per candidate, and zeros beyond: the place past the last block stands for a row that never rises.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Places([Lanes<f64>; MOST / LANES + 1]);

const ZEROS: Places = Places([[0.0; LANES]; MOST / LANES + 1]);

impl Places {
    #[inline(always)]
    fn at(&self, i: usize) -> f64 {
        self.0[i / LANES][i % LANES]
    }
}

/// Room for the similarities of a pool, in rows of whole lanes, and for one row of zeros more.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Table {
    rows: [Lanes<f64>; (MOST + 1) * MOST / LANES],
    /// The bits of the first eight candidates. In memory: of constants, the compiler would take the lanes apart.
    bits: Lanes<u64>,
}

impl Table {
    pub fn new() -> Self {
        Self {
            rows: [[0.0; LANES]; (MOST + 1) * MOST / LANES],
            bits: [1, 2, 4, 8, 16, 32, 64, 128],
        }
    }
}

/// What the objectives of one pool share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Common<'a> {
    pub matrix: Matrix<'a>,
    pub words: &'a [u64],
    /// K.
    pub keep: usize,
}

/// One objective on its way, and what it kept.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    /// What each candidate adds by its own reward; minus infinity once kept, and beyond the pool.
    own: Places,
    gains: Places,
    /// Similarity of each to the nearest kept.
    cover: Places,
    /// Similarity of each to the last kept.
    near: Places,
    /// The factor of the coverage.
    coverage: f64,
    /// Kept so far, in this order.
    order: [usize; MOST],
    /// What each kept one added.
    added: [f64; MOST],
}

impl Chain {
    pub fn new() -> Self {
        Self {
            own: ZEROS,
            gains: ZEROS,
            cover: ZEROS,
            near: ZEROS,
            coverage: 0.0,
            order: [0; MOST],
            added: [0.0; MOST],
        }
    }

    /// Begins a pool of n candidates without rewards: their places, to be filled with what each adds by its own.
    pub fn start(&mut self, coverage: f64, n: usize) -> &mut [f64] {
        self.coverage = coverage;
        self.near = ZEROS;
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

/// The part of a chain that lives in registers, of B times eight candidates.
#[derive(Clone, Copy)]
struct State<const B: usize> {
    sums: [Lanes<f64>; B],
    cover: [Lanes<f64>; B],
}

dispatch!(
    /// Keeps by one objective, or nothing where a first gain is no number in range: then false.
    pub(super) mod one = one_kernel(common: &Common<'_>, table: &mut Table, chain: &mut [Chain; 1]) -> bool
);

dispatch!(
    /// The same by two objectives at a time.
    pub(super) mod two = two_kernel(common: &Common<'_>, table: &mut Table, chains: &mut [Chain; 2]) -> bool
);

#[inline(always)]
fn one_kernel(common: &Common<'_>, table: &mut Table, chain: &mut [Chain; 1]) -> bool {
    by_size(common, table, chain)
}

#[inline(always)]
fn two_kernel(common: &Common<'_>, table: &mut Table, chains: &mut [Chain; 2]) -> bool {
    by_size(common, table, chains)
}

#[inline(always)]
fn by_size<const C: usize>(common: &Common<'_>, table: &mut Table, chains: &mut [Chain; C]) -> bool {
    match common.matrix.n.div_ceil(LANES) {
        0 | 1 => run::<1, C>(common, table, chains),
        2 => run::<2, C>(common, table, chains),
        3 | 4 => run::<4, C>(common, table, chains),
        _ => run::<8, C>(common, table, chains),
    }
}

#[inline(always)]
fn run<const B: usize, const C: usize>(common: &Common<'_>, table: &mut Table, chains: &mut [Chain; C]) -> bool {
    let Some(sums) = take::<B>(common.matrix, table) else {
        return false;
    };
    let rows = table.rows.as_chunks::<B>().0;
    let bits = &table.bits;
    let mut states = [State {
        sums,
        cover: [[0.0; LANES]; B],
    }; C];
    for t in 0..common.keep {
        for c in 0..C {
            keep(common, rows, bits, t, &states[c], &mut chains[c]);
        }
        if t == 0 {
            for c in 0..C {
                cover_first(&rows[..common.matrix.n], &mut states[c], &mut chains[c]);
            }
        } else {
            cover_more(rows, bits, &mut states, chains);
        }
    }
    true
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

/// Keeps the candidate of greatest gain, and reads the similarities to it.
#[inline(always)]
fn keep<const B: usize>(
    common: &Common<'_>,
    rows: &[[Lanes<f64>; B]],
    bits: &Lanes<u64>,
    t: usize,
    state: &State<B>,
    chain: &mut Chain,
) {
    let coverage = chain.coverage;
    let mut gains = [[0.0; LANES]; B];
    for b in 0..B {
        for l in 0..LANES {
            gains[b][l] = chain.own.0[b][l] + coverage * state.sums[b][l];
        }
        chain.gains.0[b] = gains[b];
    }
    let least = threshold(ties::greatest(gains.as_flattened()));
    let mut tied = [0; LANES];
    let mut places = *bits;
    for b in 0..B {
        for l in 0..LANES {
            tied[l] |= if gains[b][l] >= least { places[l] } else { 0 };
            places[l] <<= LANES;
        }
    }
    let j = ties::lowest_key_of(either(&tied), common.words, t) & (B * LANES - 1);
    chain.order[t] = j;
    chain.added[t] = chain.gains.at(j);
    chain.own.0[j / LANES][j % LANES] = f64::NEG_INFINITY;
    let near = chain.near.0.as_flattened_mut()[..common.matrix.n].iter_mut();
    for (near, row) in near.zip(rows) {
        *near = row.as_flattened()[j];
    }
}

/// The bits of all lanes.
#[inline(always)]
fn either(x: &Lanes<u64>) -> u64 {
    ((x[0] | x[4]) | (x[2] | x[6])) | ((x[1] | x[5]) | (x[3] | x[7]))
}

/// The first kept candidate sets the cover; before, F of nothing was 0 and not a sum over the pool.
#[inline(always)]
fn cover_first<const B: usize>(rows: &[[Lanes<f64>; B]], state: &mut State<B>, chain: &mut Chain) {
    let mut sums = [[0.0; LANES]; B];
    for (row, &covered) in rows.iter().zip(chain.near.0.as_flattened()) {
        for b in 0..B {
            for l in 0..LANES {
                sums[b][l] += positive(row[b][l] - covered);
            }
        }
    }
    state.sums = sums;
    for b in 0..B {
        state.cover[b] = chain.near.0[b];
        chain.cover.0[b] = chain.near.0[b];
    }
}

/// Raises the covers to the candidates last kept, and lowers the sums by what others can no longer add.
#[inline(always)]
fn cover_more<const B: usize, const C: usize>(
    rows: &[[Lanes<f64>; B]],
    bits: &Lanes<u64>,
    states: &mut [State<B>; C],
    chains: &mut [Chain; C],
) {
    let mut risen = [0; C];
    for c in 0..C {
        risen[c] = above(bits, &chains[c].near, &states[c].cover);
    }
    loop {
        // A first pass without asking: after most picks it is the only one.
        for c in 0..C {
            lower(rows, &mut risen[c], &mut states[c], &chains[c]);
        }
        let mut left = 0;
        for c in 0..C {
            left |= risen[c];
        }
        if left == 0 {
            break;
        }
    }
    for c in 0..C {
        for b in 0..B {
            let near = chains[c].near.0[b];
            let cover = &mut states[c].cover[b];
            for l in 0..LANES {
                cover[l] = if near[l] > cover[l] { near[l] } else { cover[l] };
            }
            chains[c].cover.0[b] = *cover;
        }
    }
}

/// Bit i is set where `near` is above `cover` in place i.
#[inline(always)]
fn above<const B: usize>(first: &Lanes<u64>, near: &Places, cover: &[Lanes<f64>; B]) -> u64 {
    let mut bits = [0; LANES];
    let mut places = *first;
    for b in 0..B {
        let near = near.0[b];
        for l in 0..LANES {
            bits[l] |= if near[l] > cover[b][l] { places[l] } else { 0 };
            places[l] <<= LANES;
        }
    }
    either(&bits)
}

/// Lowers the sums by the part of each similarity that lies within the rise of its row's cover, for the first four of the
/// risen rows, and takes them off. Where fewer are left, the row past the last, which never rises.
#[inline(always)]
fn lower<const B: usize>(rows: &[[Lanes<f64>; B]], risen: &mut u64, state: &mut State<B>, chain: &Chain) {
    let mut four = [&rows[0]; TOGETHER];
    let (mut covered, mut rise) = ([0.0; TOGETHER], [0.0; TOGETHER]);
    for r in 0..TOGETHER {
        let i = (risen.trailing_zeros() as usize).min(B * LANES);
        *risen &= risen.wrapping_sub(1);
        covered[r] = chain.cover.at(i);
        rise[r] = chain.near.at(i) - covered[r];
        four[r] = &rows[i];
    }
    for b in 0..B {
        for l in 0..LANES {
            let mut sum = state.sums[b][l];
            for r in 0..TOGETHER {
                let over = positive(four[r][b][l] - covered[r]);
                sum -= if over < rise[r] { over } else { rise[r] };
            }
            state.sums[b][l] = positive(sum);
        }
    }
}

#[inline(always)]
fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

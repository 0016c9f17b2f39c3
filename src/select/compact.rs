//! Owns greedy maximisation in pools of at most [`MOST`] candidates: what a picker uses there.
//!
//! The arithmetic is that of [`greedy`](super::greedy), number by number, so picks and gains have the same bits.
//! Here a pool is a fixed count of registers, and almost nothing depends on a branch: a pick is one chain of dependent
//! steps (the greatest gain, who has it, whose cover rises, the new sums). Rows that fill their registers are read where they
//! were given; others are copied.
//!
//! Of a loop over registers around one over lanes, the compiler may take the same lane of several registers together and gather
//! numbers one by one, at several times the cost. So arithmetic is spelled out for each register (`registers!`), and comparisons that give
//! bits are one loop over all numbers.

use super::greedy::Kept;
use super::pool::{LARGEST, Matrix};
use super::ties;
use crate::numerics::lanes::{LANES, Lanes, add, dispatch};

/// The most candidates: eight registers of eight.
pub(super) const MOST: usize = 8 * LANES;

/// Rows that one pass over the sums takes together: most picks raise the cover of one or two.
const TOGETHER: usize = 2;

/// Does the same for each of at most eight registers, spelled out.
macro_rules! registers {
    ($b:ident of $count:ident => $body:block) => {
        registers!($b of $count => $body, 0 1 2 3 4 5 6 7)
    };
    ($b:ident of $count:ident => $body:block, $($at:literal)*) => {
        $(if $at < $count {
            let $b = $at;
            $body
        })*
    };
}

/// One number per candidate, and one register more: its first place stands for no candidate.
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
    /// Rows of whole lanes.
    rows: [Lanes<f64>; MOST * MOST / LANES],
    /// The same by columns: a pick reads a column, and of single numbers it would have to wait for each.
    columns: [Lanes<f64>; MOST * MOST / LANES],
    /// Bit i in place i. In memory: of constants, the compiler would take the lanes apart.
    bits: [Lanes<u64>; MOST / LANES],
}

impl Table {
    pub fn new() -> Self {
        Self {
            rows: [[0.0; LANES]; MOST * MOST / LANES],
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
            coverage: 0.0,
            width: 0.0,
            order: [0; MOST],
            added: [0.0; MOST],
        }
    }

    /// Begins a pool of n candidates without rewards: their places, to be filled with what each adds by its own.
    pub fn start(&mut self, coverage: f64, n: usize) -> &mut [f64] {
        self.coverage = coverage;
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
    let n = common.matrix.n;
    let rows = match whole::<B>(common.matrix) {
        Some(rows) => rows,
        None => copied::<B>(common.matrix, &mut table.rows),
    };
    let mut sums = first_sums(&rows[..n]);
    let largest = largest_size(&sums);
    let Some(bits) = table.bits.first_chunk::<B>().filter(|_| largest <= LARGEST) else {
        return false;
    };
    // Of many picks, all columns at once take less time than each on its own.
    let all = !common.symmetric && common.keep > B * LANES / 2;
    let columns = &mut table.columns.as_chunks_mut::<B>().0[..B * LANES];
    if all {
        transpose(rows, columns);
    }
    let coverage = (chain.coverage * largest).abs();
    chain.width = ties::width(coverage, largest_own::<B>(&chain.own));
    let mut cover = ZEROS;
    for t in 0..common.keep {
        let j = keep(common, bits, t, &sums, chain);
        if t + 1 == common.keep {
            // Nobody asks what others would add.
            break;
        }
        if !all && !common.symmetric {
            read_column(rows, j, columns);
        }
        let near = if common.symmetric { &rows[j] } else { &columns[j] };
        if t == 0 {
            sums = cover_first(&rows[..n], near);
            cover.0[..B].copy_from_slice(near);
            // Above it no similarity adds anything.
            cover.0[B] = [f64::MAX; LANES];
        } else {
            let risen = above(bits, near, &cover);
            if risen == 1 << j {
                // Of late picks most raise none but their own: guessed by the processor, this waits for no comparison.
                lower(rows, near, [j], &mut sums, &cover);
            } else {
                lower_all(rows, near, risen, &mut sums, &cover);
            }
            raise(near, &mut cover);
        }
    }
    true
}

/// The rows of a matrix that are whole registers, one after the other, as many as places.
#[inline(always)]
fn whole<'a, const B: usize>(matrix: Matrix<'a>) -> Option<&'a [[Lanes<f64>; B]]> {
    let rows = matrix.numbers.as_chunks().0.as_chunks().0;
    (matrix.n == B * LANES && matrix.stride == B * LANES).then(|| &rows[..B * LANES])
}

/// Copies a matrix, padded with zeros to whole registers and as many rows as places.
#[inline(always)]
fn copied<'a, const B: usize>(matrix: Matrix<'_>, to: &'a mut [Lanes<f64>]) -> &'a [[Lanes<f64>; B]] {
    let rows = &mut to.as_chunks_mut().0[..B * LANES];
    for (i, row) in rows[..matrix.n].iter_mut().enumerate() {
        let (whole, rest) = matrix.row(i).as_chunks::<LANES>();
        if whole.len() < B {
            row[whole.len()..].fill([0.0; LANES]);
            row[whole.len()][..rest.len()].copy_from_slice(rest);
        }
        for (to, from) in row.iter_mut().zip(whole) {
            *to = *from;
        }
    }
    rows[matrix.n..].fill([[0.0; LANES]; B]);
    rows
}

/// What each candidate alone covers.
#[inline(always)]
fn first_sums<const B: usize>(rows: &[[Lanes<f64>; B]]) -> [Lanes<f64>; B] {
    let mut sums = [[0.0; LANES]; B];
    for row in rows {
        registers!(b of B => { add(&mut sums[b], &row[b]) });
    }
    sums
}

/// The greatest magnitude; infinity where one is no number in range.
#[inline(always)]
fn largest_size<const B: usize>(sums: &[Lanes<f64>; B]) -> f64 {
    let mut sizes = *sums;
    registers!(b of B => {
        for size in &mut sizes[b] {
            *size = if size.abs() <= LARGEST { size.abs() } else { f64::INFINITY };
        }
    });
    ties::greatest_everywhere(&sizes)[0]
}

/// The greatest magnitude of what candidates add by their own.
#[inline(always)]
fn largest_own<const B: usize>(own: &Places) -> f64 {
    let mut sizes = [[0.0; LANES]; B];
    registers!(b of B => {
        sizes[b] = own.0[b].map(|value| if value > f64::NEG_INFINITY { value.abs() } else { 0.0 });
    });
    ties::greatest_everywhere(&sizes)[0]
}

#[inline(always)]
fn read_column<const B: usize>(rows: &[[Lanes<f64>; B]], j: usize, columns: &mut [[Lanes<f64>; B]]) {
    for (near, row) in columns[j].as_flattened_mut().iter_mut().zip(rows) {
        *near = row.as_flattened()[j];
    }
}

/// Lowers the sums by what others can no longer add where the cover rises: some rows.
#[inline(always)]
fn lower_all<const B: usize>(
    rows: &[[Lanes<f64>; B]],
    near: &[Lanes<f64>; B],
    mut risen: u64,
    sums: &mut [Lanes<f64>; B],
    cover: &Places,
) {
    while risen != 0 {
        let mut taken = [0; TOGETHER];
        for place in &mut taken {
            *place = (risen.trailing_zeros() as usize).min(B * LANES);
            risen &= risen.wrapping_sub(1);
        }
        lower(rows, near, taken, sums, cover);
    }
}

#[inline(always)]
fn raise<const B: usize>(near: &[Lanes<f64>; B], cover: &mut Places) {
    registers!(b of B => {
        let (near, mut higher) = (near[b], cover.0[b]);
        for l in 0..LANES {
            higher[l] = if near[l] > higher[l] { near[l] } else { higher[l] };
        }
        cover.0[b] = higher;
    });
}

/// Writes the columns: two rows at a time, so that numbers go in pairs.
#[inline(always)]
fn transpose<const B: usize>(rows: &[[Lanes<f64>; B]], columns: &mut [[Lanes<f64>; B]]) {
    for (p, [first, second]) in rows.as_chunks::<2>().0.iter().enumerate() {
        let (first, second) = (first.as_flattened(), second.as_flattened());
        for (j, column) in columns.iter_mut().enumerate() {
            column.as_flattened_mut().as_chunks_mut::<2>().0[p] = [first[j], second[j]];
        }
    }
}

/// Keeps the candidate of greatest gain.
#[inline(always)]
fn keep<const B: usize>(
    common: &Common<'_>,
    bits: &[Lanes<u64>; B],
    t: usize,
    sums: &[Lanes<f64>; B],
    chain: &mut Chain,
) -> usize {
    let mut gains = [[0.0; LANES]; B];
    registers!(b of B => {
        gains[b] = chain.own.0[b];
        for l in 0..LANES {
            gains[b][l] += chain.coverage * sums[b][l];
        }
    });
    let least = ties::greatest_everywhere(&gains)[0] - chain.width;
    let j = ties::lowest_key_of(reaching(bits, &gains, least), common.words, t) % (B * LANES);
    chain.order[t] = j;
    chain.added[t] = gains.as_flattened()[j];
    chain.own.0[j / LANES][j % LANES] = f64::NEG_INFINITY;
    j
}

/// Bit i is set where place i holds `least` or more.
#[inline(always)]
fn reaching<const B: usize>(bits: &[Lanes<u64>; B], values: &[Lanes<f64>; B], least: f64) -> u64 {
    let mut all = 0;
    let (values, bits) = (values.as_flattened(), bits.as_flattened());
    for i in 0..B * LANES {
        all |= if values[i] >= least { bits[i] } else { 0 };
    }
    all
}

/// What others add once the first is kept; before, F of nothing was 0 and not a sum over the pool.
#[inline(always)]
fn cover_first<const B: usize>(rows: &[[Lanes<f64>; B]], near: &[Lanes<f64>; B]) -> [Lanes<f64>; B] {
    let mut sums = [[0.0; LANES]; B];
    for (row, &covered) in rows.iter().zip(near.as_flattened()) {
        registers!(b of B => {
            let similarities = row[b];
            for l in 0..LANES {
                sums[b][l] += positive(similarities[l] - covered);
            }
        });
    }
    sums
}

/// Bit i is set where `near` is above the cover in place i.
#[inline(always)]
fn above<const B: usize>(bits: &[Lanes<u64>; B], near: &[Lanes<f64>; B], cover: &Places) -> u64 {
    let mut all = 0;
    let (near, bits) = (near.as_flattened(), bits.as_flattened());
    for i in 0..B * LANES {
        all |= if near[i] > cover.at(i) { bits[i] } else { 0 };
    }
    all
}

/// Lowers the sums by the part of each similarity that lies within the rise of its row's cover, for some rows. The place past the last is
/// any row, whose cover is the largest number and rises by 0. Sums only fall, so it is all the same after how many rows those
/// below 0 become 0.
#[inline(always)]
fn lower<const B: usize, const R: usize>(
    rows: &[[Lanes<f64>; B]],
    near: &[Lanes<f64>; B],
    taken: [usize; R],
    sums: &mut [Lanes<f64>; B],
    cover: &Places,
) {
    let from = taken.map(|i| cover.at(i));
    let to = taken.map(|i| near.as_flattened()[i % (B * LANES)]);
    let taken = taken.map(|i| &rows[i % (B * LANES)]);
    registers!(b of B => {
        let mut left = sums[b];
        for r in 0..R {
            let similarities = taken[r][b];
            for l in 0..LANES {
                left[l] -= within(similarities[l], from[r], to[r]);
            }
        }
        sums[b] = left.map(positive);
    });
}

/// The part of a similarity between two covers.
#[inline(always)]
fn within(similarity: f64, from: f64, to: f64) -> f64 {
    // Compared with the higher first: of a choice of 0 the compiler would make a choice of the difference that follows.
    let below = if similarity < to { similarity } else { to };
    (if below > from { below } else { from }) - from
}

#[inline(always)]
fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

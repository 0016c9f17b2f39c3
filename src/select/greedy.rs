//! Owns greedy maximisation of a reward per candidate plus coverage with gains that are kept up to date: what a picker uses for pools
//! too large for [`compact`](super::compact).
//!
//! Coverage is facility location. `cover[i]` is the similarity of candidate i to the nearest kept one; keeping j adds the sum over i of
//! max(0, sim(i, j) - cover\[i\]), and the first candidate kept adds the sum of sim(i, j), because F of nothing is 0.
//!
//! Keeping a candidate raises the cover of the pool's members that it is nearest to, and of no other; only their terms of
//! the gains change. After a few picks they are few: with 64 candidates in 8 clusters, 8 picks touch some 150 rows of
//! similarities, where asking every candidate anew reads 512. The matrix is read by rows as it is given, without a copy.
//!
//! A gain is a running sum, so it differs from a fresh one by rounding: below 2^-52 of N per pick, far inside the tolerance of ties.
//! Its order is fixed: row after row, each number on its own, so every vector unit gives the same bits. Nothing is checked here: the
//! pool was checked by its caller.

use super::pool::{LARGEST, Matrix};
use super::ties;
use crate::numerics::lanes::{LANES, dispatch};

/// A row whose cover rises: which, from what, and by how much.
type Risen = (usize, f64, f64);

/// Rows that one pass over the gains takes together.
const TOGETHER: usize = 4;

/// One greedy selection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    pub matrix: Matrix<'a>,
    /// Whether a row of the matrix is a column.
    pub symmetric: bool,
    pub words: &'a [u64],
    /// The factor of the coverage.
    pub coverage: f64,
    /// K.
    pub keep: usize,
}

/// The arrays of one selection, padded to whole lanes.
#[derive(Debug, Clone)]
pub(super) struct Scratch {
    /// What each candidate adds by its own reward; minus infinity once kept, and in the padding.
    pub own: Vec<f64>,
    /// Similarity to the nearest kept; 0 in the padding.
    pub cover: Vec<f64>,
    /// The gain of each; minus infinity once kept, and in the padding.
    pub gains: Vec<f64>,
    /// What each adds to the coverage, kept up to date; 0 in the padding.
    sums: Vec<f64>,
    /// Similarity of each to the last kept; minus infinity in the padding.
    near: Vec<f64>,
    /// Rows whose cover the last kept candidate raised, and room for a padding.
    risen: Vec<Risen>,
    pub kept: Kept,
}

/// What was kept of a pool: which, in this order, and what each added.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    pub order: Vec<usize>,
    pub added: Vec<f64>,
}

impl Kept {
    fn new(room: usize) -> Self {
        Self {
            order: Vec::with_capacity(room),
            added: Vec::with_capacity(room),
        }
    }

    pub fn clear(&mut self) {
        self.order.clear();
        self.added.clear();
    }

    #[inline(always)]
    pub fn push(&mut self, j: usize, gain: f64) {
        self.order.push(j);
        self.added.push(gain);
    }
}

impl Scratch {
    pub fn new(room: usize) -> Self {
        let numbers = || Vec::with_capacity(room.next_multiple_of(LANES));
        Self {
            own: numbers(),
            cover: numbers(),
            gains: numbers(),
            sums: numbers(),
            near: numbers(),
            risen: Vec::with_capacity(room + LANES),
            kept: Kept::new(room),
        }
    }

    /// Begins a pool of n candidates.
    pub fn start(&mut self, n: usize) {
        let whole = n.next_multiple_of(LANES);
        refill(&mut self.own, whole, f64::NEG_INFINITY);
        self.own[..n].fill(0.0);
        refill(&mut self.cover, whole, 0.0);
        refill(&mut self.sums, whole, 0.0);
        refill(&mut self.near, whole, f64::NEG_INFINITY);
        self.risen.clear();
        self.risen.resize(n + LANES, (0, 0.0, 0.0));
        refill(&mut self.gains, whole, f64::NEG_INFINITY);
    }

    #[inline(always)]
    pub fn keep(&mut self, j: usize, gain: f64) {
        self.kept.push(j, gain);
        self.gains[j] = f64::NEG_INFINITY;
        self.own[j] = f64::NEG_INFINITY;
    }
}

fn refill(numbers: &mut Vec<f64>, n: usize, value: f64) {
    numbers.clear();
    numbers.resize(n, value);
}

dispatch!(
    /// Keeps `task.keep` candidates, or none where a first gain is no number in range: then false.
    pub(super) mod incremental = incremental_kernel(task: &Task<'_>, scratch: &mut Scratch) -> bool
);

#[inline(always)]
fn incremental_kernel(task: &Task<'_>, scratch: &mut Scratch) -> bool {
    if !first_sums(task, scratch) {
        return false;
    }
    let coverage = (task.coverage * ties::largest(&scratch.sums)).abs();
    let width = ties::width(coverage, ties::largest(&scratch.own));
    for t in 0..task.keep {
        let least = totals(task, scratch) - width;
        let j = ties::lowest_key(&scratch.gains, least, task.words, t);
        scratch.keep(j, scratch.gains[j]);
        if t + 1 == task.keep {
            break;
        }
        if t == 0 {
            cover_first(task, j, scratch);
        } else {
            cover_more(task, j, scratch);
        }
    }
    true
}

/// The coverage of each candidate alone; whether all are numbers in range.
#[inline(always)]
fn first_sums(task: &Task<'_>, scratch: &mut Scratch) -> bool {
    let sums = &mut scratch.sums[..task.matrix.n];
    for i in 0..task.matrix.n {
        for (sum, near) in sums.iter_mut().zip(task.matrix.row(i)) {
            *sum += near;
        }
    }
    let mut in_range = true;
    for sum in sums {
        in_range &= sum.abs() <= LARGEST;
    }
    in_range
}

/// Sets all gains, and gives the greatest.
#[inline(always)]
fn totals(task: &Task<'_>, scratch: &mut Scratch) -> f64 {
    for ((gain, sum), own) in scratch.gains.iter_mut().zip(&scratch.sums).zip(&scratch.own) {
        *gain = own + task.coverage * sum;
    }
    ties::greatest(&scratch.gains)
}

/// The first kept candidate sets the cover; before, F of nothing was 0 and not a sum over the pool.
#[inline(always)]
fn cover_first(task: &Task<'_>, j: usize, scratch: &mut Scratch) {
    let sums = &mut scratch.sums[..task.matrix.n];
    sums.fill(0.0);
    for i in 0..task.matrix.n {
        let row = task.matrix.row(i);
        let covered = row[j];
        scratch.cover[i] = covered;
        for (sum, near) in sums.iter_mut().zip(row) {
            *sum += positive(near - covered);
        }
    }
}

/// Raises the cover to candidate j, and lowers the sums by what others can no longer add.
#[inline(always)]
fn cover_more(task: &Task<'_>, j: usize, scratch: &mut Scratch) {
    // Only n rows: a pool may be a prefix of the candidates that the matrix holds.
    let near = &mut scratch.near[..task.matrix.n];
    if task.symmetric {
        near.copy_from_slice(task.matrix.row(j));
    } else {
        let column = task.matrix.numbers[j..].iter().step_by(task.matrix.stride);
        near.iter_mut()
            .zip(column)
            .for_each(|(near, similarity)| *near = *similarity);
    }
    let mut count = 0;
    let nears = scratch.near.as_chunks::<LANES>().0.iter();
    for (b, (near, cover)) in nears.zip(scratch.cover.as_chunks_mut::<LANES>().0).enumerate() {
        let mut above = false;
        for l in 0..LANES {
            above |= near[l] > cover[l];
        }
        if !above {
            continue;
        }
        for l in 0..LANES {
            // Written always and counted where it holds: no branch to predict.
            scratch.risen[count] = (b * LANES + l, cover[l], near[l] - cover[l]);
            count += usize::from(near[l] > cover[l]);
        }
        for l in 0..LANES {
            cover[l] = if near[l] > cover[l] { near[l] } else { cover[l] };
        }
    }
    // Whole fours: a rise of 0 lowers nothing.
    scratch.risen[count..count + TOGETHER].fill((0, 0.0, 0.0));
    let sums = &mut scratch.sums[..task.matrix.n];
    for four in scratch.risen[..count.next_multiple_of(TOGETHER)].as_chunks().0 {
        lower(task, four, sums);
    }
}

/// Lowers the sums by the part of each similarity that lies within the rise of its row's cover.
#[inline(always)]
fn lower(task: &Task<'_>, risen: &[Risen; TOGETHER], sums: &mut [f64]) {
    let mut rows = [&[][..]; TOGETHER];
    for r in 0..TOGETHER {
        rows[r] = &task.matrix.row(risen[r].0)[..sums.len()];
    }
    for j in 0..sums.len() {
        let mut sum = sums[j];
        for r in 0..TOGETHER {
            let (_, covered, rise) = risen[r];
            let over = positive(rows[r][j] - covered);
            sum -= if over < rise { over } else { rise };
        }
        sums[j] = positive(sum);
    }
}

#[inline(always)]
fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

//! Owns greedy maximisation of a reward per candidate plus coverage: plain, and lazy (Minoux 1978).
//!
//! Plain greedy asks every candidate for its gain before every pick. Coverage is submodular, so a gain of an earlier pick
//! bounds today's: lazy greedy asks a block of eight only while its best bound may reach the best gain. Both keep the
//! same candidates with the same bits of gain, ties included. It checks nothing: the pool was checked by its caller.

use super::cover::{Blocks, Matrix};
use super::pool::LARGEST;
use super::ties;
use crate::numerics::lanes::{LANES, Lanes, dispatch};

/// How greedy picks are found. All find the same, but for the rounding of running sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Greedy {
    /// Asks every candidate for its gain before every pick.
    Plain,
    /// Asks those whose gain before an earlier pick may still be the best (Minoux 1978).
    Lazy,
    /// Keeps all gains up to date as the cover of the pool rises: the fastest (`benches/select.rs`).
    Incremental,
}

/// One greedy selection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    pub matrix: Matrix<'a>,
    pub words: &'a [u64],
    /// The factor of the coverage.
    pub coverage: f64,
    /// K.
    pub keep: usize,
    pub greedy: Greedy,
}

/// A row whose cover rises: which, from what, and by how much.
pub(super) type Risen = (usize, f64, f64);

/// The arrays of one selection, padded to whole lanes.
#[derive(Debug, Clone)]
pub(super) struct Scratch {
    /// What each candidate adds by its own reward; minus infinity once kept, and in the padding.
    pub own: Vec<f64>,
    /// Similarity to the nearest kept; 0 in the padding.
    pub cover: Vec<f64>,
    /// The gain of each, or a bound on it; minus infinity once kept, and in the padding.
    pub gains: Vec<f64>,
    /// The greatest of `gains` in each block of eight.
    tops: Vec<f64>,
    /// The pick before which each block was asked; [`ALWAYS`] once its gains can change no more.
    fresh: Vec<usize>,
    /// How far below the greatest gain another ties with it.
    width: f64,
    blocks: Blocks,
    /// What each adds to the coverage, kept up to date; 0 in the padding.
    pub sums: Vec<f64>,
    /// Similarity of each to the last kept; minus infinity in the padding.
    pub near: Vec<f64>,
    /// Rows whose cover the last kept candidate raised, and room for a padding.
    pub risen: Vec<Risen>,
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

/// A candidate that adds no coverage will add none to any larger set.
const ALWAYS: usize = usize::MAX;

impl Scratch {
    pub fn new(room: usize) -> Self {
        let numbers = || Vec::with_capacity(room.next_multiple_of(LANES));
        Self {
            own: numbers(),
            cover: numbers(),
            gains: numbers(),
            tops: numbers(),
            fresh: Vec::with_capacity(room),
            width: 0.0,
            blocks: Blocks::default(),
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
        refill(
            &mut self.tops,
            (whole / LANES).next_multiple_of(LANES),
            f64::NEG_INFINITY,
        );
        self.fresh.clear();
        self.fresh.resize(whole / LANES, 0);
    }

    #[inline(always)]
    pub fn keep(&mut self, j: usize, gain: f64) {
        self.kept.push(j, gain);
        self.gains[j] = f64::NEG_INFINITY;
        self.own[j] = f64::NEG_INFINITY;
    }

    /// Sets the gains of block b.
    #[inline(always)]
    fn set(&mut self, b: usize, coverage: f64, added: &Lanes<f64>) {
        let own = &self.own.as_chunks::<LANES>().0[b];
        let gains = &mut self.gains.as_chunks_mut::<LANES>().0[b];
        for l in 0..LANES {
            gains[l] = own[l] + coverage * added[l];
        }
        self.tops[b] = ties::highest(gains);
    }
}

fn refill(numbers: &mut Vec<f64>, n: usize, value: f64) {
    numbers.clear();
    numbers.resize(n, value);
}

dispatch!(
    /// Keeps `task.keep` candidates, or none where a first gain is no number in range: then false.
    pub(super) mod by_bounds = by_bounds_kernel(task: &Task<'_>, scratch: &mut Scratch) -> bool
);

#[inline(always)]
fn by_bounds_kernel(task: &Task<'_>, scratch: &mut Scratch) -> bool {
    scratch.blocks.start(task.matrix.n);
    scratch.blocks.copy(task.matrix);
    let Some(negative) = ask_all_first(task, scratch) else {
        return false;
    };
    for t in 0..task.keep {
        // The first gain lacks the comparison with a cover, so it bounds later ones only where no similarity is negative.
        if t > 0 && (task.greedy == Greedy::Plain || (t == 1 && negative)) {
            for b in 0..scratch.fresh.len() {
                ask(task, t, b, scratch);
            }
        }
        let j = best(task, t, scratch);
        scratch.keep(j, scratch.gains[j]);
        refresh_top(j / LANES, scratch);
        scratch.blocks.raise(j, t == 0, &mut scratch.cover);
    }
    true
}

/// The gains before the first pick; whether a similarity is negative, or none where a gain is no number in range.
#[inline(always)]
fn ask_all_first(task: &Task<'_>, scratch: &mut Scratch) -> Option<bool> {
    let (mut negative, mut largest) = (false, 0.0_f64);
    for b in 0..scratch.fresh.len() {
        let (added, below) = scratch.blocks.first_gains(b);
        negative |= below;
        scratch.set(b, task.coverage, &added);
        let mut in_range = true;
        for l in 0..LANES {
            in_range &= added[l].abs() <= LARGEST;
        }
        if !in_range {
            return None;
        }
        largest = largest.max(ties::largest(&added));
    }
    scratch.width = ties::width((task.coverage * largest).abs(), ties::largest(&scratch.own));
    Some(negative)
}

/// The gains of block b before pick t.
#[inline(always)]
fn ask(task: &Task<'_>, t: usize, b: usize, scratch: &mut Scratch) {
    let added = scratch.blocks.gains(b, &scratch.cover);
    scratch.set(b, task.coverage, &added);
    let mut nothing = true;
    for l in 0..LANES {
        nothing &= added[l] == 0.0;
    }
    scratch.fresh[b] = if nothing { ALWAYS } else { t };
}

#[inline(always)]
fn refresh_top(b: usize, scratch: &mut Scratch) {
    scratch.tops[b] = ties::highest(&scratch.gains.as_chunks::<LANES>().0[b]);
}

/// The candidate to keep at pick t: asks the blocks that may hold a tie with the greatest bound, until all are fresh.
#[inline(always)]
fn best(task: &Task<'_>, t: usize, scratch: &mut Scratch) -> usize {
    loop {
        let least = ties::greatest(&scratch.tops) - scratch.width;
        let mut asked = false;
        for b in 0..scratch.fresh.len() {
            if scratch.tops[b] >= least && scratch.fresh[b] < t {
                ask(task, t, b, scratch);
                asked = true;
            }
        }
        if !asked {
            return ties::lowest_key(&scratch.gains, least, task.words, t);
        }
    }
}

//! Owns the Polya urn: exact draws from a Dirichlet prompt without ever drawing the Dirichlet.
//!
//! Responses to one prompt with pi(x) ~ Dirichlet(alpha * base) are exchangeable, and response j given the earlier
//! ones is a fresh draw from `base` with probability alpha/(alpha + j), else a copy of a uniformly chosen earlier
//! response (Blackwell and MacQueen 1973). One uniform decides all of it, so a response costs one word whatever the
//! concentration or the number of modes, and no Gamma draw with its platform-dependent `exp` is needed.
//!
//! A uniform u becomes a *position* u (alpha + j). Positions below alpha are fresh: [0, alpha) is cut into equal cells, and
//! a table knows the mode of each cell that lies inside one mode's interval; the few others are searched. Positions
//! from alpha on are the earlier responses, one unit each. Both are rows of one array, so that a response is a load.

use super::tally::{MOST_POSITIONS, MOST_TALLIED, PositionTally};
use crate::numerics::bytes::{self, CELLS, Cuts, Items};
use crate::numerics::lanes::{LANES, Lanes, dispatch};
use crate::numerics::stream::{LaneStreams, Purpose};
use std::ops::Range;
use std::sync::Arc;

/// The most modes of an urn: one 16-bit value marks cells that hold a threshold.
pub const MOST_MODES: usize = u16::MAX as usize;

/// Marks a cell in which two modes meet.
const SHARED: u16 = u16::MAX;

/// Cells per mode, and the bounds of their number: few are shared, and the table stays in a core's first cache.
const CELLS_PER_MODE: usize = 32;
const FEWEST_CELLS: usize = 256;
const MOST_CELLS: usize = 2048;

/// Adding it to a number below 2^51 leaves the nearest integer in the low bits. A saturating cast would need
/// instructions that vector units lack.
const TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// The urn of one world.
#[derive(Debug, Clone)]
pub struct Urn {
    concentration: f64,
    /// Upper ends of the modes' intervals in [0, alpha), but for the last mode.
    thresholds: Vec<f64>,
    /// The mode of each cell of [0, alpha), or [`SHARED`].
    cells: Vec<u16>,
    /// Cells per unit of position, rounded down so that no position below alpha falls past the last cell.
    scale: f64,
    /// What [`Urn::tally`] needs beside, where it can be asked.
    tallied: Option<Arc<Tallied>>,
}

/// Cells of their own number, and what of the plan depends on the place of a response alone.
#[derive(Debug)]
struct Tallied {
    cuts: Cuts,
    /// Cells per unit of position.
    scale: f64,
    /// By place, the length of the line of positions, over 2^52.
    totals: [f64; MOST_POSITIONS],
}

impl Urn {
    /// An urn for `base` weights (positive, summing to one, at most [`MOST_MODES`]) and a positive concentration.
    pub fn new(base: &[f64], concentration: f64) -> Self {
        assert!(
            !base.is_empty() && base.len() <= MOST_MODES,
            "an urn has 1 to {MOST_MODES} modes"
        );
        // Beyond these bounds products lose digits or overflow. The laws at a bound and beyond it differ by less than
        // 1e-290: there a prompt has one answer, or all prompts are alike.
        let concentration = concentration.clamp(1e-290, 1e290);
        let mut cumulative = 0.0;
        let thresholds: Vec<f64> = base[..base.len() - 1]
            .iter()
            .map(|weight| {
                cumulative += weight;
                cumulative * concentration
            })
            .collect();
        let count = (CELLS_PER_MODE * base.len())
            .next_power_of_two()
            .clamp(FEWEST_CELLS, MOST_CELLS);
        let scale = count as f64 / concentration * (1.0 - f64::EPSILON);
        let ends = (0..count).map(|cell| [cell as f64 / scale, (cell + 1) as f64 / scale]);
        let cells = modes_between(&thresholds, ends);
        Self {
            cells: cells.map(|mode| mode.map_or(SHARED, |mode| mode as u16)).collect(),
            tallied: (bytes::is_available() && base.len() <= MOST_TALLIED)
                .then(|| Arc::new(Tallied::new(&thresholds, concentration))),
            concentration,
            thresholds,
            scale,
        }
    }

    /// Room for `depth` responses of this urn.
    pub fn responses(&self, depth: usize) -> Responses {
        let mut rows: Vec<Lanes<u16>> = self.cells.iter().map(|&mode| [mode; LANES]).collect();
        rows.resize(self.cells.len() + depth, [0; LANES]);
        Responses {
            cells: self.cells.len(),
            rows,
            planned: vec![[0; LANES]; depth],
        }
    }

    /// Turns uniforms in [0, 1) into the responses of one prompt, in eight lanes: one response per uniform.
    ///
    /// `responses` must be from [`Urn::responses`] of this urn, with room for as many.
    #[inline]
    pub fn draw(&self, uniforms: &[Lanes<f64>], responses: &mut Responses) {
        let planned = &mut responses.planned[..uniforms.len()];
        plan::run(
            self.concentration,
            self.scale,
            self.cells.len() as u32,
            uniforms,
            planned,
        );
        for (j, row) in planned.iter().enumerate() {
            for l in 0..LANES {
                let mut mode = responses.rows[row[l] as usize][l];
                if mode == SHARED {
                    mode = self.fresh(uniforms[j][l] * (self.concentration + j as f64));
                }
                responses.rows[self.cells.len() + j][l] = mode;
            }
        }
    }

    /// Whether [`tally`](Self::tally) can be asked for so many responses of a prompt: on this machine, and of this urn.
    pub fn tallies(&self, depth: usize) -> bool {
        self.tallied.is_some() && (1..=MOST_POSITIONS).contains(&depth)
    }

    /// Adds the first `depth` responses of prompts of replicates `first..first + 8` to a tally: those of [`draw`](Self::draw) from the
    /// uniforms of these streams, bit for bit.
    ///
    /// # Panics
    ///
    /// Where [`tallies`](Self::tallies) denies it, and of a tally of less room or of fewer modes.
    pub fn tally(
        &self,
        purpose: Purpose,
        first: u64,
        mut prompts: Range<u32>,
        depth: usize,
        tally: &mut PositionTally,
    ) {
        let Some(tallied) = self.tallied.as_ref().filter(|_| self.tallies(depth)) else {
            panic!("not to be tallied");
        };
        let (modes, cuts) = (self.thresholds.len() + 1, &tallied.cuts);
        let streamed = Streamed {
            purpose,
            first,
            plan: tallied.plan(self.concentration),
        };
        while prompts.len() >= 2 {
            let two = (prompts.start, depth);
            tally.add::<2>(modes, |rooms| bytes::write_values(&streamed, two, cuts, rooms));
            prompts.start += 2;
        }
        if !prompts.is_empty() {
            let one = (prompts.start, depth);
            tally.add::<1>(modes, |rooms| bytes::write_values(&streamed, one, cuts, rooms));
        }
    }

    /// The mode whose interval holds a position below alpha, by search.
    #[cold]
    fn fresh(&self, position: f64) -> u16 {
        // Fits because there are at most `MOST_MODES` modes.
        self.thresholds.partition_point(|&t| t <= position) as u16
    }
}

/// By cell, the mode of all its positions, if no threshold lies in it or within rounding of it. Cells ascend.
fn modes_between(thresholds: &[f64], cells: impl Iterator<Item = [f64; 2]>) -> impl Iterator<Item = Option<usize>> {
    const ROUNDING: f64 = 1e-12;
    let below = |from: usize, position: f64| {
        let more = thresholds[from..].iter().take_while(|&&t| t <= position);
        from + more.count()
    };
    cells.scan(0, move |first, [start, end]| {
        *first = below(*first, start * (1.0 - ROUNDING));
        Some((*first == below(*first, end * (1.0 + ROUNDING))).then_some(*first))
    })
}

impl Tallied {
    fn new(thresholds: &[f64], concentration: f64) -> Self {
        // A position is in the cell nearest to it, the first and the last being half as long.
        let scale = (CELLS - 1) as f64 / concentration * (1.0 - f64::EPSILON);
        let ends = (0..CELLS).map(|cell| [-0.5, 0.5].map(|by| (cell as f64 + by) / scale));
        Self {
            cuts: Cuts::new(thresholds, modes_between(thresholds, ends)),
            scale,
            totals: std::array::from_fn(|place| (concentration + place as f64) * f64::EPSILON),
        }
    }

    fn plan(&self, concentration: f64) -> BytePlan<'_> {
        BytePlan {
            concentration,
            scale: self.scale,
            totals: &self.totals,
        }
    }
}

/// Words to bytes: what [`plan_kernel`] is, for [`Urn::tally`].
#[derive(Clone, Copy)]
struct BytePlan<'a> {
    concentration: f64,
    scale: f64,
    totals: &'a [f64; MOST_POSITIONS],
}

/// Added to what a position is beyond the concentration, so that the nearest integer is the earlier response and [`CELLS`], but for 256.
///
/// [`plan_kernel`] adds 256 cells and takes off one half. The sums lie between the same powers of two, so that each rounds here as there.
const COPIES: f64 = 256.0 + CELLS as f64 - 0.5;

impl BytePlan<'_> {
    /// The positions of responses at a place, and in the low byte of each word their cell, or what they copy: see [`Items::next`].
    #[inline(always)]
    fn of(&self, words: &Lanes<u64>, place: usize) -> (Lanes<f64>, Lanes<u64>) {
        let total = self.totals[place];
        let mut position = [0.0; LANES];
        let mut bytes = [0; LANES];
        for l in 0..LANES {
            // As the uniform times the length: all is exact but for one product.
            position[l] = (words[l] >> 12) as f64 * total;
        }
        for l in 0..LANES {
            let at = if position[l] < self.concentration {
                position[l] * self.scale
            } else {
                (position[l] - self.concentration) + COPIES
            };
            bytes[l] = (at + TO_INTEGER).to_bits();
        }
        (position, bytes)
    }
}

/// The responses to prompts, from streams.
struct Streamed<'a> {
    purpose: Purpose,
    first: u64,
    plan: BytePlan<'a>,
}

impl Items for Streamed<'_> {
    type State = LaneStreams;

    #[inline(always)]
    fn open(&self, prompt: u32) -> LaneStreams {
        LaneStreams::open(self.purpose, self.first, prompt)
    }

    #[inline(always)]
    fn next(&self, streams: &mut LaneStreams, place: usize) -> (Lanes<f64>, Lanes<u64>) {
        self.plan.of(&streams.words(), place)
    }
}

/// Scratch and result of [`Urn::draw`]: rows of eight modes, those of the urn's cells standing first.
///
/// With the cells in front, a fresh response and a copy are both a load from an earlier row: no branch to mispredict.
#[derive(Debug, Clone)]
pub struct Responses {
    cells: usize,
    rows: Vec<Lanes<u16>>,
    planned: Vec<Lanes<u32>>,
}

impl Responses {
    /// The responses in order; row `j` holds response `j` of the eight lanes. Rows past the last draw are stale.
    pub fn rows(&self) -> &[Lanes<u16>] {
        &self.rows[self.cells..]
    }

    /// The same rows, for a world that edits what the urn drew.
    pub fn rows_mut(&mut self) -> &mut [Lanes<u16>] {
        &mut self.rows[self.cells..]
    }
}

dispatch!(
    /// For each uniform the row of [`Responses`] that it stands for: a cell of fresh modes, or an earlier response.
    mod plan = plan_kernel(concentration: f64, scale: f64, cells: u32, uniforms: &[Lanes<f64>], out: &mut [Lanes<u32>])
);

/// Each step is a loop over lanes of its own, without branches: that is the form in which it becomes vector code.
/// A row is floor(min(position, alpha) scale + max(position - alpha, 0)): the first part counts cells and is all of them
/// from alpha on, the second counts earlier responses. Floor is taken as the nearest integer of x - 1/2, which
/// differs on a set of measure 2^-52 only.
#[inline(always)]
fn plan_kernel(concentration: f64, scale: f64, cells: u32, uniforms: &[Lanes<f64>], out: &mut [Lanes<u32>]) {
    let whole = cells as f64;
    let mut earlier = 0.0;
    for ((u, planned), last) in uniforms.iter().zip(out).zip(cells - 1..) {
        let total = concentration + earlier;
        let mut position = [0.0; LANES];
        let mut fresh = [0.0; LANES];
        for l in 0..LANES {
            position[l] = u[l] * total;
        }
        for l in 0..LANES {
            fresh[l] = if position[l] < concentration {
                position[l] * scale
            } else {
                whole
            };
        }
        for l in 0..LANES {
            position[l] -= concentration;
        }
        for l in 0..LANES {
            position[l] = if position[l] > 0.0 { position[l] } else { 0.0 };
        }
        for l in 0..LANES {
            position[l] = (fresh[l] + position[l] - 0.5) + TO_INTEGER;
        }
        for l in 0..LANES {
            planned[l] = (position[l].to_bits() as u32).min(last);
        }
        earlier += 1.0;
    }
}

#[cfg(test)]
#[path = "urn_tests.rs"]
mod tests;

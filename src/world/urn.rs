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
use crate::numerics::bytes::{self, SEARCHED, TABLE};
use crate::numerics::lanes::{LANES, Lanes, dispatch};
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
    /// The cells in bytes, where [`Urn::tally`] has them in registers.
    bytes: Option<Arc<[u8; TABLE]>>,
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
        let cells = (0..count).map(|cell| mode_of_cell(&thresholds, cell as f64, scale));
        let mut urn = Self {
            cells: cells.collect(),
            concentration,
            thresholds,
            scale,
            bytes: None,
        };
        if bytes::is_available() && base.len() <= MOST_TALLIED {
            // Fits because there are fewer modes than the mark.
            let byte = |&mode: &u16| if mode == SHARED { SEARCHED } else { mode as u8 };
            let table: Vec<u8> = urn.cells.iter().map(byte).collect();
            urn.bytes = table.try_into().ok().map(Arc::new);
        }
        urn
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
        self.bytes.is_some() && (1..=MOST_POSITIONS).contains(&depth)
    }

    /// Adds the responses of one prompt in eight lanes to a tally, one response per uniform: those of [`draw`](Self::draw), bit for bit.
    /// `responses` is scratch from [`Urn::responses`].
    ///
    /// # Panics
    ///
    /// Where [`tallies`](Self::tallies) denies it, and of a tally that is full or of fewer modes.
    pub fn tally(&self, uniforms: &[Lanes<f64>], responses: &mut Responses, tally: &mut PositionTally) {
        assert!(self.tallies(uniforms.len()), "not to be tallied");
        let (planned, rows) = (
            &mut responses.planned[..uniforms.len()],
            tally.next(self.thresholds.len() + 1),
        );
        plan::run(
            self.concentration,
            self.scale,
            self.cells.len() as u32,
            uniforms,
            planned,
        );
        let search = |j: usize, l: usize| self.fresh(uniforms[j][l] * (self.concentration + j as f64)) as u8;
        if let Some(table) = &self.bytes {
            bytes::count_copies(planned, table, &search, rows);
        }
    }

    /// The mode whose interval holds a position below alpha, by search.
    #[cold]
    fn fresh(&self, position: f64) -> u16 {
        // Fits because there are at most `MOST_MODES` modes.
        self.thresholds.partition_point(|&t| t <= position) as u16
    }
}

/// The mode of all positions in a cell, or [`SHARED`] if a threshold lies in it or within rounding of its ends.
fn mode_of_cell(thresholds: &[f64], cell: f64, scale: f64) -> u16 {
    const ROUNDING: f64 = 1e-12;
    let below = |position: f64| thresholds.partition_point(|&t| t <= position);
    let start = below(cell / scale * (1.0 - ROUNDING));
    let end = below((cell + 1.0) / scale * (1.0 + ROUNDING));
    if start == end { start as u16 } else { SHARED }
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

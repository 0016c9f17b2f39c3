//! Owns the Polya urn: exact draws from a Dirichlet prompt without ever drawing the Dirichlet.
//!
//! Responses to one prompt with pi(x) ~ Dirichlet(alpha * base) are exchangeable, and response j given the earlier
//! ones is a fresh draw from `base` with probability alpha/(alpha + j), else a copy of a uniformly chosen earlier
//! response (Blackwell and MacQueen 1973). One uniform decides all of it, so a response costs one word whatever the
//! concentration or the number of modes, and no Gamma draw with its platform-dependent `exp` is needed.

use crate::numerics::lanes::{LANES, Lanes, dispatch};

/// Up to this many thresholds, counting those that a uniform passes beats a table: it has no branch.
const SCAN_LIMIT: usize = 24;

/// The urn of one world: where in [0, alpha) a uniform means which fresh mode.
#[derive(Debug, Clone)]
pub struct Urn {
    concentration: f64,
    /// Upper ends of the modes' intervals in [0, alpha), but for the last mode.
    thresholds: Vec<f64>,
    /// For many modes: the first mode whose interval reaches into each of equally wide cells of [0, alpha).
    guide: Vec<u16>,
}

impl Urn {
    /// An urn for `base` weights (positive, summing to one, at most 65,536 of them) and a positive concentration.
    pub fn new(base: &[f64], concentration: f64) -> Self {
        assert!(
            !base.is_empty() && base.len() <= 1 << 16,
            "an urn has 1 to 65,536 modes"
        );
        // Products of a subnormal concentration lose their digits: a position could round up to it, and a first response be
        // taken for a copy. The laws of a subnormal and of the smallest normal concentration differ by less than 1e-300.
        let concentration = concentration.max(f64::MIN_POSITIVE);
        let mut cumulative = 0.0;
        let thresholds: Vec<f64> = base[..base.len() - 1]
            .iter()
            .map(|weight| {
                cumulative += weight;
                cumulative * concentration
            })
            .collect();
        let guide = guide_table(&thresholds, concentration);
        Self {
            concentration,
            thresholds,
            guide,
        }
    }

    /// Turns uniforms in [0, 1) into the responses of one prompt, in eight lanes: one response per uniform.
    #[inline]
    pub fn draw(&self, uniforms: &[Lanes<f64>], responses: &mut Responses) {
        let planned = &mut responses.planned[..uniforms.len()];
        plan::run(self, uniforms, planned);
        for (j, row) in planned.iter().enumerate() {
            for l in 0..LANES {
                responses.rows[self.modes() + j][l] = responses.rows[row[l] as usize][l];
            }
        }
    }

    fn modes(&self) -> usize {
        self.thresholds.len() + 1
    }

    #[inline(always)]
    fn fresh(&self, position: f64) -> u32 {
        let cells = self.guide.len() as f64;
        let cell = ((position / self.concentration * cells) as usize).min(self.guide.len() - 1);
        let mut mode = usize::from(self.guide[cell]);
        // The cell of a position just below a cell's edge may be rounded up: then the guess starts too far right.
        while mode > 0 && position < self.thresholds[mode - 1] {
            mode -= 1;
        }
        while mode < self.thresholds.len() && position >= self.thresholds[mode] {
            mode += 1;
        }
        mode as u32
    }
}

/// Scratch and result of [`Urn::draw`]: rows of eight modes, the world's modes themselves standing first.
///
/// With the modes in front, a fresh response and a copy are both a load from an earlier row: no branch to mispredict.
#[derive(Debug, Clone)]
pub struct Responses {
    modes: usize,
    rows: Vec<Lanes<u16>>,
    planned: Vec<Lanes<u32>>,
}

impl Responses {
    /// Room for `depth` responses from `modes` modes.
    pub fn new(modes: usize, depth: usize) -> Self {
        let mut rows = vec![[0; LANES]; modes + depth];
        for (mode, row) in rows[..modes].iter_mut().enumerate() {
            *row = [mode as u16; LANES];
        }
        Self {
            modes,
            rows,
            planned: vec![[0; LANES]; depth],
        }
    }

    /// The responses in order; row `j` holds response `j` of the eight lanes. Rows past the last draw are stale.
    pub fn rows(&self) -> &[Lanes<u16>] {
        &self.rows[self.modes..]
    }

    /// The same rows, for a world that edits what the urn drew.
    pub fn rows_mut(&mut self) -> &mut [Lanes<u16>] {
        &mut self.rows[self.modes..]
    }
}

dispatch!(
    /// For each uniform the row of [`Responses`] that it stands for: a fresh mode, or an earlier response.
    mod plan = plan_kernel(urn: &Urn, uniforms: &[Lanes<f64>], out: &mut [Lanes<u32>])
);

#[inline(always)]
fn plan_kernel(urn: &Urn, uniforms: &[Lanes<f64>], out: &mut [Lanes<u32>]) {
    if urn.thresholds.len() <= SCAN_LIMIT {
        for (j, (u, planned)) in uniforms.iter().zip(out).enumerate() {
            plan_by_scan(urn, j, u, planned);
        }
    } else {
        for (j, (u, planned)) in uniforms.iter().zip(out).enumerate() {
            plan_by_table(urn, j, u, planned);
        }
    }
}

#[inline(always)]
fn plan_by_table(urn: &Urn, j: usize, u: &Lanes<f64>, planned: &mut Lanes<u32>) {
    for l in 0..LANES {
        let position = u[l] * (urn.concentration + j as f64);
        planned[l] = if position < urn.concentration {
            urn.fresh(position)
        } else {
            urn.modes() as u32 + earlier(position - urn.concentration, j)
        };
    }
}

#[inline(always)]
fn plan_by_scan(urn: &Urn, j: usize, u: &Lanes<f64>, planned: &mut Lanes<u32>) {
    let total = urn.concentration + j as f64;
    let mut position = [0.0; LANES];
    let mut mode = [0_u64; LANES];
    for l in 0..LANES {
        position[l] = u[l] * total;
    }
    for &threshold in &urn.thresholds {
        for l in 0..LANES {
            mode[l] += u64::from(position[l] >= threshold);
        }
    }
    for l in 0..LANES {
        let copy = urn.modes() as u32 + earlier(position[l] - urn.concentration, j);
        let fresh = mode[l] as u32;
        planned[l] = if position[l] < urn.concentration { fresh } else { copy };
    }
}

/// The earlier response at distance `beyond` past the fresh part: floor, and never past `j - 1` by rounding.
#[inline(always)]
fn earlier(beyond: f64, j: usize) -> u32 {
    // Adding 2^52 leaves the nearest integer in the low bits: floor(x) is the nearest integer of x - 1/2 except on
    // a set of measure 2^-52, and needs no float-to-integer instruction, which saturating casts make slow.
    let nearest = ((beyond - 0.5).max(0.0) + 4_503_599_627_370_496.0).to_bits() as u32;
    nearest.min((j as u32).saturating_sub(1))
}

fn guide_table(thresholds: &[f64], concentration: f64) -> Vec<u16> {
    let cells = (4 * (thresholds.len() + 1)).next_power_of_two();
    (0..cells)
        .map(|cell| {
            // The share first: it is exact, and its product with the largest concentration does not overflow.
            let start = cell as f64 / cells as f64 * concentration;
            thresholds.partition_point(|&t| t <= start) as u16
        })
        .collect()
}

#[cfg(test)]
#[path = "urn_tests.rs"]
mod tests;

//! Owns counts of modes by position: from them follow counts of the first K responses for every K at once.

use crate::numerics::bytes::{Bytes, PLACES};
use crate::numerics::lanes::{LANES, Lanes};

/// Positions of a tally.
pub const MOST_POSITIONS: usize = PLACES;

/// Modes of a tally.
pub const MOST_TALLIED: usize = 8;

/// Most prompts that a byte counts.
const MOST_PROMPTS: u32 = u8::MAX as u32;

/// How often each mode stood at each position, in eight lanes.
#[derive(Debug, Clone)]
pub struct PositionTally {
    modes: usize,
    /// A row of positions for each lane and mode, lane by lane.
    rows: Vec<Bytes>,
    prompts: u32,
}

impl PositionTally {
    /// An empty one of so many modes; of more than eight it has no room for any prompt.
    pub fn new(modes: usize) -> Self {
        Self {
            modes,
            rows: vec![Bytes::ZERO; Self::rows(modes)],
            prompts: 0,
        }
    }

    /// Bytes of one of so many modes.
    pub fn memory(modes: usize) -> u64 {
        (Self::rows(modes) * size_of::<Bytes>()) as u64
    }

    fn rows(modes: usize) -> usize {
        if modes > MOST_TALLIED { 0 } else { LANES * modes }
    }

    /// Whether it must be emptied before another prompt is added.
    pub fn is_full(&self) -> bool {
        self.prompts == MOST_PROMPTS
    }

    /// The rows to which a prompt is added, of at most `modes` modes.
    ///
    /// # Panics
    ///
    /// Of a tally that is full or of fewer modes.
    pub(super) fn next(&mut self, modes: usize) -> &mut [Bytes] {
        assert!(
            !self.is_full() && modes <= self.modes && !self.rows.is_empty(),
            "a tally with room"
        );
        self.prompts += 1;
        &mut self.rows
    }

    /// Adds it to counts by segment between `depths`, which ascend to at most 64, and by mode; and empties it.
    pub fn empty_into(&mut self, depths: &[u32], counts: &mut [Lanes<u32>]) {
        if self.prompts == 0 {
            return;
        }
        for (lane, rows) in self.rows.chunks_exact_mut(self.modes).enumerate() {
            for (mode, row) in rows.iter_mut().enumerate() {
                let mut start = 0;
                for (segment, &depth) in depths.iter().enumerate() {
                    let sum: u32 = row.0[start..depth as usize].iter().map(|&count| u32::from(count)).sum();
                    counts[segment * self.modes + mode][lane] += sum;
                    start = depth as usize;
                }
                *row = Bytes::ZERO;
            }
        }
        self.prompts = 0;
    }
}

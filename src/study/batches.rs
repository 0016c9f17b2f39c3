//! Owns the loop over batches that the studies of prompts and responses share: sets of eight replicates, summed and tallied.
//!
//! It knows neither measures nor arms' meaning: a study adds to the slots what it sees of an arm's counts.

use super::draws::{Counts, ModeCounter};
use crate::engine::Tally;
use crate::inference::groups::Group;
use crate::numerics::lanes::{LANES, Lanes, across};
use crate::policy::PAIR;
use std::ops::Range;

/// Replicates per batch: four sets of eight lanes. One batch makes a block, so that counts such as 20,000 need little
/// rounding.
pub const BATCH: u64 = 32;

/// Sums over the sets of lanes of one batch: one worker's scratch.
pub(super) struct Sums {
    /// By slot.
    pub slots: Vec<Lanes<f64>>,
    /// By arm: 1 for each replicate that did not fail.
    pub valid: Vec<Lanes<f64>>,
}

/// What no replicate's failure takes off [`Sums::valid`].
pub(super) const ALL_VALID: Lanes<f64> = [1.0; LANES];

impl Sums {
    /// Zeroes.
    pub fn new(slots: usize, arms: usize) -> Self {
        Self {
            slots: vec![[0.0; LANES]; slots],
            valid: vec![[0.0; LANES]; arms],
        }
    }

    fn clear(&mut self) {
        self.slots.fill([0.0; LANES]);
        self.valid.fill([0.0; LANES]);
    }
}

impl ModeCounter<'_> {
    /// Runs `replicates`, whole batches, into `tally`: `each` adds what an arm's counts give of eight replicates to the sums.
    pub fn batches(
        &mut self,
        replicates: Range<u64>,
        tally: &mut Tally<'_>,
        sums: &mut Sums,
        mut each: impl FnMut(usize, &Counts<'_>, &mut Sums),
    ) {
        for batch in replicates.step_by(BATCH as usize) {
            sums.clear();
            for first in (batch..batch + BATCH).step_by(LANES) {
                if tally.is_stopped() {
                    return;
                }
                self.run(first, |arm, counts| each(arm, counts, sums));
            }
            let group = tally.batch(batch);
            group.replicates += BATCH;
            for (valid, lanes) in group.valid.iter_mut().zip(&sums.valid) {
                // Exact: a lane counts to four.
                *valid += across(lanes) as u64;
            }
            for (sum, lanes) in group.sums.iter_mut().zip(&sums.slots) {
                *sum += across(lanes);
            }
        }
    }

    /// Runs one replicate into `alone`. Its set of lanes is run twice, because fits wait for a second set; what comes out is
    /// exactly double.
    pub fn replay(
        &mut self,
        replicate: u64,
        alone: &mut Group,
        sums: &mut Sums,
        mut each: impl FnMut(usize, &Counts<'_>, &mut Sums),
    ) {
        let lane = (replicate % LANES as u64) as usize;
        sums.clear();
        for _ in 0..PAIR / LANES {
            self.run(replicate - lane as u64, |arm, counts| each(arm, counts, sums));
        }
        let half = (LANES as f64) / (PAIR as f64);
        alone.replicates += 1;
        for (valid, lanes) in alone.valid.iter_mut().zip(&sums.valid) {
            *valid += (half * lanes[lane]) as u64;
        }
        for (sum, lanes) in alone.sums.iter_mut().zip(&sums.slots) {
            *sum += half * lanes[lane];
        }
    }
}

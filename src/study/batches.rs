//! Owns the workers of studies of prompts and responses: batches of sets of eight replicates, summed and tallied.
//!
//! It knows neither measures nor arms' meaning: a study adds to the slots what it sees of an arm's counts.

use super::draws::{Counts, ModeCounter};
use super::scenario::Draws;
use crate::engine::{BATCH, Prepared, Spec, StudyError, Tally, Worker};
use crate::inference::groups::Group;
use crate::numerics::lanes::{LANES, Lanes, across};
use crate::numerics::stream::Streams;
use std::ops::Range;
use std::sync::Arc;

/// What a study makes of counts.
pub(super) trait LanePlan: Send + Sync + 'static {
    /// What a worker needs beside.
    type Scratch;

    /// Of one worker.
    fn scratch(&self) -> Self::Scratch;

    /// Adds what an arm's counts give of eight replicates to the sums.
    fn add(&self, scratch: &mut Self::Scratch, arm: usize, counts: &Counts<'_>, sums: &mut Sums);

    /// Adds what a plan has put by to do more at a time.
    fn finish(&self, _scratch: &mut Self::Scratch, _sums: &mut Sums) {}
}

/// A plan and its draws: what all workers share.
struct Lanewise<P> {
    plan: P,
    draws: Arc<Draws>,
    streams: Streams,
    slots: usize,
    arms: usize,
}

/// A scenario whose workers follow a plan.
pub(super) fn prepared<P: LanePlan>(draws: &Arc<Draws>, spec: &Spec, plan: P) -> Result<Arc<dyn Prepared>, StudyError> {
    Ok(Arc::new(Lanewise {
        plan,
        draws: draws.clone(),
        streams: Streams::new(spec.draws.text()),
        slots: spec.layout.slots(),
        arms: spec.layout.arms(),
    }))
}

impl<P: LanePlan> Prepared for Lanewise<P> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(LaneWorker {
            plan: &self.plan,
            counter: self.draws.pass.counter(self.draws.world.as_ref(), &self.streams),
            scratch: self.plan.scratch(),
            sums: Sums::new(self.slots, self.arms),
        })
    }
}

/// A worker: the plan, the draws and scratch.
struct LaneWorker<'a, P: LanePlan> {
    plan: &'a P,
    counter: ModeCounter<'a>,
    scratch: P::Scratch,
    sums: Sums,
}

impl<P: LanePlan> LaneWorker<'_, P> {
    /// Adds what the set of lanes gives that begins with replicate `first`.
    fn add(&mut self, first: u64) {
        let (plan, scratch, sums) = (self.plan, &mut self.scratch, &mut self.sums);
        self.counter
            .run(first, |arm, counts| plan.add(scratch, arm, counts, sums));
    }
}

impl<P: LanePlan> Worker for LaneWorker<'_, P> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        for batch in replicates.step_by(BATCH as usize) {
            self.sums.clear();
            for first in (batch..batch + BATCH).step_by(LANES) {
                if tally.is_stopped() {
                    return;
                }
                self.add(first);
            }
            self.plan.finish(&mut self.scratch, &mut self.sums);
            let group = tally.batch(batch);
            group.replicates += BATCH;
            // Exact: a lane counts replicates of a batch.
            self.sums.give(group, across);
        }
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        let lane = (replicate % LANES as u64) as usize;
        self.alone(replicate - lane as u64);
        self.give(lane, alone);
    }

    fn each(&mut self, replicates: Range<u64>, alone: &mut Group, told: &mut dyn FnMut(&Group)) {
        in_sets(replicates, |first, lanes| {
            self.alone(first);
            for lane in lanes {
                alone.clear();
                self.give(lane, alone);
                told(alone);
            }
        });
    }
}

impl<P: LanePlan> LaneWorker<'_, P> {
    /// Sums the set of lanes that begins with replicate `first`, and no other.
    fn alone(&mut self, first: u64) {
        self.sums.clear();
        self.add(first);
        self.plan.finish(&mut self.scratch, &mut self.sums);
    }

    /// Adds what one lane gave.
    fn give(&self, lane: usize, alone: &mut Group) {
        alone.replicates += 1;
        self.sums.give(alone, |lanes| lanes[lane]);
    }
}

/// Replicates by the sets of lanes that hold them: the first replicate of a set, and the lanes that are asked for.
pub(super) fn in_sets(replicates: Range<u64>, mut set: impl FnMut(u64, Range<usize>)) {
    let lanes = LANES as u64;
    let mut next = replicates.start;
    while next < replicates.end {
        let first = next - next % lanes;
        let end = replicates.end.min(first + lanes);
        set(first, (next - first) as usize..(end - first) as usize);
        next = end;
    }
}

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
    fn new(slots: usize, arms: usize) -> Self {
        Self {
            slots: vec![[0.0; LANES]; slots],
            valid: vec![[0.0; LANES]; arms],
        }
    }

    fn clear(&mut self) {
        self.slots.fill([0.0; LANES]);
        self.valid.fill([0.0; LANES]);
    }

    /// Adds to a group what `of` takes of each sum.
    fn give(&self, group: &mut Group, of: impl Fn(&Lanes<f64>) -> f64) {
        for (valid, lanes) in group.valid.iter_mut().zip(&self.valid) {
            *valid += of(lanes) as u64;
        }
        for (sum, lanes) in group.sums.iter_mut().zip(&self.slots) {
            *sum += of(lanes);
        }
    }
}

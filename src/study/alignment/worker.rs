//! Owns the slots of the study: eight replicates in lanes, each arm's share of kept responses by mode from its counts.

use super::{Alignment, BATCH};
use crate::engine::{Ready, Tally, Worker};
use crate::numerics::lanes::{LANES, Lanes, across};
use crate::numerics::stream::Streams;
use crate::study::draws::{Counter, Place};
use std::ops::Range;

/// What all workers share.
pub(super) struct Prepared<'a> {
    study: &'a Alignment,
    streams: Streams,
    arms: Vec<ArmPlan>,
}

/// Where an arm reads its counts, and what one kept response is a share of.
struct ArmPlan {
    place: Place,
    share: f64,
}

impl<'a> Prepared<'a> {
    pub fn new(study: &'a Alignment, streams: Streams) -> Self {
        let plan = |arm: &super::PathArm| ArmPlan {
            place: study.pass.kept(&arm.design()),
            share: 1.0 / (f64::from(arm.prompts) * f64::from(arm.responses)),
        };
        Self {
            arms: study.arms.iter().map(plan).collect(),
            study,
            streams,
        }
    }
}

impl Ready for Prepared<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        let world = self.study.world.as_ref();
        Box::new(Lanework {
            plan: self,
            counter: self.study.pass.counter(world, &self.streams),
            sums: vec![[0.0; LANES]; self.study.spec.layout.slots()],
        })
    }
}

struct Lanework<'a> {
    plan: &'a Prepared<'a>,
    counter: Counter<'a>,
    /// Slots summed over the sets of lanes of one batch: the share of each mode less its truth, so that the small
    /// differences which decide directions keep their digits.
    sums: Vec<Lanes<f64>>,
}

impl Worker for Lanework<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally) {
        let truth = self.plan.study.world.mean();
        for batch in replicates.step_by(BATCH as usize) {
            self.sums.fill([0.0; LANES]);
            for first in (batch..batch + BATCH).step_by(LANES) {
                let (plan, sums) = (self.plan, &mut self.sums);
                self.counter.run(first, |index, counts| {
                    let arm = &plan.arms[index];
                    let sums = &mut sums[index * truth.len()..(index + 1) * truth.len()];
                    for ((sum, count), truth) in sums.iter_mut().zip(counts.of(arm.place)).zip(truth) {
                        for l in 0..LANES {
                            sum[l] += count[l] * arm.share - truth;
                        }
                    }
                });
            }
            let group = tally.batch(batch);
            group.replicates += BATCH;
            group.valid.iter_mut().for_each(|valid| *valid += BATCH);
            for (sum, lanes) in group.sums.iter_mut().zip(&self.sums) {
                *sum += across(lanes);
            }
        }
    }
}

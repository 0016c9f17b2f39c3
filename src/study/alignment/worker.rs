//! Owns the slots of the study: eight replicates in lanes, each arm's share of kept responses by mode from its counts.

use super::Alignment;
use crate::engine::{Prepared, Tally, Worker};
use crate::inference::groups::Group;
use crate::numerics::lanes::{LANES, add};
use crate::numerics::stream::Streams;
use crate::study::batches::{ALL_VALID, Sums};
use crate::study::draws::{CountRef, Counts, ModeCounter};
use std::ops::Range;

/// What all workers share.
pub(super) struct Plan {
    study: Alignment,
    streams: Streams,
    arms: Vec<ArmPlan>,
}

/// Where an arm reads its counts, and what one kept response is a share of.
struct ArmPlan {
    place: CountRef,
    share: f64,
}

impl Plan {
    pub fn new(study: &Alignment, streams: Streams) -> Self {
        let plan = |arm: &super::PathArm| ArmPlan {
            place: study.pass.kept(&arm.pool),
            share: 1.0 / (f64::from(arm.pool.prompts) * f64::from(arm.pool.responses)),
        };
        Self {
            arms: study.arms.iter().map(plan).collect(),
            study: study.clone(),
            streams,
        }
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        let world = self.study.world.as_ref();
        Box::new(LaneWorker {
            plan: self,
            counter: self.study.pass.counter(world, &self.streams),
            sums: Sums::new(self.study.spec.layout.slots(), self.arms.len()),
        })
    }
}

struct LaneWorker<'a> {
    plan: &'a Plan,
    counter: ModeCounter<'a>,
    /// The share of each mode less its truth, so that the small differences which decide directions keep their digits.
    sums: Sums,
}

impl Worker for LaneWorker<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        let plan = self.plan;
        self.counter
            .batches(replicates, tally, &mut self.sums, |arm, counts, sums| {
                plan.add_arm(arm, counts, sums);
            });
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        let plan = self.plan;
        self.counter
            .replay(replicate, alone, &mut self.sums, |arm, counts, sums| {
                plan.add_arm(arm, counts, sums);
            });
    }
}

impl Plan {
    fn add_arm(&self, index: usize, counts: &Counts<'_>, sums: &mut Sums) {
        let (arm, truth) = (&self.arms[index], self.study.world.mean());
        let slots = &mut sums.slots[index * truth.len()..(index + 1) * truth.len()];
        for ((sum, count), truth) in slots.iter_mut().zip(counts.of(arm.place)).zip(truth) {
            for l in 0..LANES {
                sum[l] += count[l] * arm.share - truth;
            }
        }
        add(&mut sums.valid[index], &ALL_VALID);
    }
}

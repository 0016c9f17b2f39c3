//! Owns the slots of the study: each arm's share of kept responses by mode, of eight replicates in lanes, from its counts.

use super::{Alignment, PathArm};
use crate::numerics::lanes::{LANES, add};
use crate::study::batches::{ALL_VALID, LanePlan, Sums};
use crate::study::draws::{CountRef, Counts};

/// What all workers share.
pub(super) struct Plan {
    arms: Vec<ArmPlan>,
    truth: Vec<f64>,
}

/// Where an arm reads its counts, and what one kept response is a share of.
struct ArmPlan {
    place: CountRef,
    share: f64,
}

impl Plan {
    pub fn new(study: &Alignment) -> Self {
        let plan = |arm: &PathArm| ArmPlan {
            place: study.draws.pass.kept(&arm.pool),
            share: 1.0 / (f64::from(arm.pool.prompts) * f64::from(arm.pool.responses)),
        };
        Self {
            arms: study.arms.iter().map(plan).collect(),
            truth: study.draws.world.target().to_vec(),
        }
    }
}

impl LanePlan for Plan {
    type Scratch = ();

    fn scratch(&self) {}

    /// The share of each mode less its truth, so that the small differences which decide directions keep their digits.
    fn add(&self, (): &mut (), index: usize, counts: &Counts<'_>, sums: &mut Sums) {
        let (arm, modes) = (&self.arms[index], self.truth.len());
        let slots = &mut sums.slots[index * modes..(index + 1) * modes];
        for ((sum, count), truth) in slots.iter_mut().zip(counts.of(arm.place)).zip(&self.truth) {
            for l in 0..LANES {
                sum[l] += count[l] * arm.share - truth;
            }
        }
        add(&mut sums.valid[index], &ALL_VALID);
    }
}

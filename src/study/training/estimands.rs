//! Owns the means that the study estimates of fits: where their slots lie, and the exact value of each where theory has one.

use super::selected::KnownSelected;
use super::{FitArm, Measure};
use crate::engine::{Estimand, EstimandKind, Exact, Functional, Of, Reference};
use crate::policy::SharedSoftmax;
use crate::world::World;

/// Where the sums of arms stand: for each arm one slot per measure, then 1 for a fit that saw every mode, then its excess NLL.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    /// How many measures there are.
    pub measures: usize,
}

impl Slots {
    /// The most that an arm can have.
    pub const fn most_per_arm() -> usize {
        Measure::ALL.len() + 2
    }

    /// How many each arm has.
    pub fn per_arm(self) -> usize {
        self.measures + 2
    }

    /// That of a measure.
    pub fn of(self, arm: usize, measure: usize) -> usize {
        arm * self.per_arm() + measure
    }

    /// 1 in fits that saw every mode.
    pub fn complete(self, arm: usize) -> usize {
        self.of(arm, self.measures)
    }

    /// Their excess NLL, 0 in others.
    pub fn complete_excess(self, arm: usize) -> usize {
        self.of(arm, self.measures + 1)
    }
}

/// The mean of one measure in one arm.
pub(super) fn mean(
    kind: &'static EstimandKind,
    world: &dyn World,
    (index, arm): (usize, &FitArm),
    measure: Measure,
    slot: usize,
    selected: &KnownSelected<'_>,
) -> Estimand {
    let offset = offset(world, measure);
    Estimand {
        kind,
        of: Of::Arm(index),
        at: String::new(),
        functional: match measure {
            Measure::MissingMode | Measure::Unconverged => Functional::Proportion(slot),
            _ => Functional::Smooth(Box::new(move |means| offset + means.mean(slot))),
        },
        exact: match measure {
            Measure::MissingMode | Measure::ModesSeen => selected.exact(index, measure),
            _ => Exact::None(why_no_mean(arm, measure)),
        },
        given: None,
        reference: first_order(world, arm, measure).or_else(|| selected.many_prompts(world, arm, measure)),
    }
}

/// The mean of a NLL over the fits of one arm in which every mode was seen, of which `exact` is the excess.
pub(super) fn complete(
    kind: &'static EstimandKind,
    world: &dyn World,
    (index, arm): (usize, &FitArm),
    measure: Measure,
    slots: Slots,
    exact: Exact,
) -> Estimand {
    let offset = offset(world, measure);
    let (count, sum) = (slots.complete(index), slots.complete_excess(index));
    Estimand {
        kind,
        of: Of::Arm(index),
        at: String::new(),
        functional: Functional::Smooth(Box::new(move |means| offset + means.mean(sum) / means.mean(count))),
        exact: with_offset(offset, exact),
        given: Some(count),
        reference: first_order(world, arm, measure),
    }
}

/// The exact mean of a NLL, of which `excess` is what it lies above the best policy's.
pub(super) fn with_offset(offset: f64, excess: Exact) -> Exact {
    match excess {
        Exact::Is(excess) => Exact::Is(offset + excess),
        other => other,
    }
}

/// What is left out of a slot so that small differences keep their digits.
pub(super) fn offset(world: &dyn World, measure: Measure) -> f64 {
    match measure {
        Measure::TestNll => SharedSoftmax::from_probabilities(world.mean()).nll(world.mean()),
        _ => 0.0,
    }
}

/// The first order of a NLL under random selection.
pub(super) fn first_order(world: &dyn World, arm: &FitArm, measure: Measure) -> Option<Reference> {
    let (np, k) = (u64::from(arm.pool.prompts), u64::from(arm.pool.responses));
    let excess = world.excess_nll_first_order(np, k);
    let excess = excess.filter(|_| measure.is_nll() && arm.pool.choice.is_random())?;
    Some(Reference {
        value: offset(world, measure) + excess,
        name: "first order",
    })
}

/// Why the mean over all fits of a measure of the fitted policy has no exact value.
fn why_no_mean(arm: &FitArm, measure: Measure) -> &'static str {
    match measure {
        Measure::ExcessNll | Measure::TestNll if arm.descent.ridge > 0.0 => {
            "of fits with a ridge theory has the first order at most"
        }
        Measure::ExcessNll | Measure::TestNll => {
            "without a ridge a fit that misses a mode has infinite excess but for its steps; `complete` leaves such fits out"
        }
        Measure::Unconverged | Measure::Steps => "how long a descent takes is not known by theory",
        _ => "theory has none for this measure",
    }
}

//! Owns what people are told of fits that have not converged, and of which estimands that bars a verdict.

use super::estimands::Slots;
use super::{FitArm, Measure};
use crate::engine::{Estimand, Notice};

const WORDS: &str = "fits that have an optimum had not converged after the last step";

const BARRED: &str = "more of the fits that have an optimum than claims[].unconverged-at-most allows (1% by default) had not converged: \
                      raise training.steps, or lower a training.rate above 2";

const ADVICE: &str = "raise training.steps (rate x steps of 9 N_p K converges every fit that saw all modes to a tolerance of 1e-6), or lower a \
                      training.rate above 2";

/// That of an arm: its estimands stand from index `first`. None where nothing measured depends on how long a fit descends.
pub(super) fn of_arm(
    (index, arm): (usize, &FitArm),
    measures: &[Measure],
    slots: Slots,
    first: usize,
    estimands: &[Estimand],
) -> Option<Notice> {
    if !measures.iter().any(|own| own.is_of_descent()) {
        return None;
    }
    let place = measures.iter().position(|&own| own == Measure::Unconverged)?;
    let slot = slots.of(index, place);
    let share = estimands.iter().position(|own| own.is_share_of(slot))?;
    let conditional = estimands.iter().enumerate().filter(|(_, own)| own.given.is_some());
    Some(Notice {
        estimand: first + share,
        slot,
        // With a ridge every fit has an optimum.
        of: (arm.descent.ridge == 0.0).then(|| slots.complete(index)),
        words: WORDS,
        advice: ADVICE,
        barred: BARRED,
        bars: conditional.map(|(place, _)| first + place).collect(),
    })
}

/// Adds that an estimand of several arms, at this index, rests on them.
pub(super) fn rest_on(notices: &mut [Notice], own: &Estimand, estimand: usize) {
    for arm in own.of.arms() {
        notices[arm].bars.push(estimand);
    }
}

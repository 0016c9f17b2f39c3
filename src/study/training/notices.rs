//! Owns what people are told of fits that have not converged, and of which estimands that bars a verdict.

use super::FitArm;
use super::measures::{Measure, Slots};
use crate::engine::{Estimand, Notice};

const WORDS: &str = "fits that have an optimum had not converged after the last step";

const BARRED: &str = "more of the fits that have an optimum than claims[].unconverged-at-most allows (1% by default) had not converged: \
                      raise training.steps, or lower a training.rate above 2";

const ADVICE: &str = "raise training.steps (rate x steps of 9 N_p K converges every fit that saw all modes to a tolerance of 1e-6), or lower a \
                      training.rate above 2";

/// That of each arm; none where nothing measured depends on how long a fit descends.
pub(super) fn of(arms: &[FitArm], measures: &[Measure], estimands: &[Estimand]) -> Vec<Notice> {
    if !measures.iter().any(|own| own.is_of_descent()) {
        return Vec::new();
    }
    let slots = Slots::of_measures(measures);
    let unconverged = measures.iter().position(|&own| own == Measure::Unconverged);
    let of_share = |(estimand, own): (usize, &Estimand)| {
        let (arm, place) = (own.of.shown()?, unconverged?);
        let slot = slots.of(arm, place);
        own.is_share_of(slot).then(|| Notice {
            estimand,
            slot,
            // With a ridge or smoothing every fit has an optimum.
            of: (!arms[arm].always_has_optimum()).then(|| slots.complete(arm)),
            words: WORDS,
            advice: ADVICE,
            barred: BARRED,
            bars: Vec::new(),
        })
    };
    let mut notices: Vec<Notice> = estimands.iter().enumerate().filter_map(of_share).collect();
    for (index, own) in estimands.iter().enumerate() {
        // What leaves fits out, and a best K, which rests on such estimands of all its arms.
        if own.given.is_some() || own.of.shown().is_none() {
            own.of.arms().into_iter().for_each(|arm| notices[arm].bars.push(index));
        }
    }
    notices
}

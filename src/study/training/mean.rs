//! Owns the mean of each measure of a fit, beside its exact value or reference where theory has one.

use super::FitArm;
use super::estimands::{Measure, first_order, offset};
use super::selected::Selected;
use crate::engine::{Estimand, Exact, Functional};
use crate::world::World;

/// The mean of one measure in one arm.
pub(super) fn mean(
    world: &dyn World,
    (index, arm): (usize, &FitArm),
    measure: Measure,
    slot: usize,
    selected: &Selected,
) -> Estimand {
    let offset = offset(world, measure);
    Estimand {
        name: format!("{}.mean", measure.name()),
        at: String::new(),
        arm: Some(index),
        functional: match measure {
            Measure::MissingMode | Measure::Unconverged => Functional::Share(slot),
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

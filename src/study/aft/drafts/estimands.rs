//! Owns what the study estimates: functions of the sums that arms keep.

use super::arm::DraftsArm;
use super::measures::{Entry, Measure, SLOTS, VARIES};
use crate::engine::{Estimand, Exact, Functional, Of};

/// Why nothing has an exact value.
const TRAINED: &str = "of models trained on finitely many queries theory knows no groups";

/// Every row, in order.
pub(super) fn estimands(arms: &[DraftsArm], measures: &[Measure]) -> Vec<Estimand> {
    let mut found = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        for &measure in measures.iter().filter(|own| own.applies(arm)) {
            found.extend(measure.entries().iter().map(|entry| estimand(index, measure, entry)));
        }
    }
    found
}

fn estimand(arm: usize, measure: Measure, entry: &'static Entry) -> Estimand {
    let (own, how, first) = (measure.own(), entry.asked.how, arm * SLOTS);
    let functional = Functional::smooth(move |means| {
        let sums = std::array::from_fn(|slot| means.mean(first + slot));
        how((own.numbers)(&sums))
    });
    Estimand {
        given: (!own.of_cells).then_some(first + VARIES),
        ..Estimand::new(&entry.kind, Of::Arm(arm), functional, Exact::None(TRAINED))
    }
}

//! Owns what the study estimates, and what theory says of it.

use super::arm::AftArm;
use super::measures::{How, Measure};
use crate::engine::{Estimand, Exact, Functional, MeanOf, Of};
use crate::inference::groups::Means;
use crate::numerics::elementary::exp;
use crate::study::entry::RowOf;
use crate::world::SlotWorld;

/// A row of a scenario.
pub(super) type Row = RowOf<Measure, How>;

/// Why a mean has no exact value.
const TRAINED: &str = "of models trained on finitely many queries theory has ceilings at most";

/// Every row, in order.
pub(super) fn estimands(world: &SlotWorld, arms: &[AftArm], measures: &[Measure]) -> Vec<Estimand> {
    let mut found = Vec::new();
    for (index, arm) in arms.iter().enumerate() {
        for (place, &measure) in measures.iter().enumerate().filter(|(_, own)| own.applies(arm)) {
            for entry in measure.entries() {
                let slot = index * measures.len() + place;
                found.extend(Row::at(index, measure, entry, 1).filter_map(|row| estimand(world, arms, slot, &row)));
            }
        }
    }
    found
}

/// What is estimated at a row; none where an earlier row says the same.
fn estimand(world: &SlotWorld, arms: &[AftArm], slot: usize, row: &Row) -> Option<Estimand> {
    let arm = Of::Arm(row.arm);
    let (of, functional, exact) = match row.entry.asked.how {
        How::Mean => (arm, Functional::Mean(MeanOf::slot(slot)), Exact::None(TRAINED)),
        How::Exponential => {
            let of = move |means: &Means<'_>| exp(means.mean(slot));
            (arm, Functional::smooth(of), Exact::None(TRAINED))
        }
        How::OfArm(of) => (arm, Functional::TheoryOnly, Exact::Is(of(&arms[row.arm]))),
        How::OfWorld(_) if row.arm > 0 => return None,
        How::OfWorld(of) => {
            let all = Of::Arms((0..arms.len()).collect());
            (all, Functional::TheoryOnly, Exact::Is(of(world)))
        }
    };
    Some(Estimand::new(&row.entry.kind, of, functional, exact))
}

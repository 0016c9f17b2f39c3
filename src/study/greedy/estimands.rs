//! Owns what the study estimates of greedy picks, with the exact values that theory has.

use super::arm::bound;
use super::measures::{Entry, How, Measure, RATIOS};
use super::{Family, GreedyArm};
use crate::engine::{Estimand, Exact, Of, Reference};
use crate::numerics::text::float;
use crate::study::entry::RowOf;

/// A row of a scenario; its place is among [`RATIOS`].
pub(super) type Row = RowOf<Measure, How>;

/// The estimands of one measure in one arm, whose slots begin at `first`.
pub(super) fn of_measure(
    measure: Measure,
    (index, arm): (usize, &GreedyArm),
    family: &Family,
    first: usize,
) -> Vec<(Row, Estimand)> {
    let has = |entry: &&'static Entry| !entry.asked.how.of_duel || family.steps().is_some();
    let mut found = Vec::new();
    for entry in measure.entries().iter().filter(has) {
        let how = &entry.asked.how;
        let estimand = |place: usize| Estimand {
            kind: &entry.kind,
            of: Of::Arm(index),
            at: entry.kind.at.map(|_| float(RATIOS[place]).into()).unwrap_or_default(),
            functional: (how.functional)(first + how.slot + place, first),
            exact: Exact::or_none(
                (how.exact)(arm, family, place),
                "it depends on the instances: theory has bounds only",
            ),
            given: None,
            reference: how.reference(arm, family),
        };
        let places = entry.kind.at.map_or(1, |_| RATIOS.len());
        let rows = Row::at(index, measure, entry, places);
        found.extend(rows.map(|row| {
            let own = estimand(row.place);
            (row, own)
        }));
    }
    found
}

impl How {
    /// The bound, where the guarantee holds.
    pub fn reference(&self, arm: &GreedyArm, family: &Family) -> Option<Reference> {
        (self.bounded && arm.monotone(family)).then(|| Reference {
            value: bound(arm.responses),
            name: "bound of the guarantee",
        })
    }
}

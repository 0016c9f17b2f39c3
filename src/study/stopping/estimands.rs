//! Owns what the study estimates of runs, with the exact values that theory has.

use super::measures::Entry;
use super::{Law, Measure, StoppingArm};
use crate::engine::{Estimand, Exact, Functional, MeanOf, Of};

/// The estimands of one measure in one arm, which stand at `(arm, slot)`.
pub(super) fn estimands(
    measure: Measure,
    (index, slot): (usize, usize),
    arm: &StoppingArm,
    law: &Law,
) -> Vec<Estimand> {
    let own = measure.own();
    let of = |entry: &'static Entry| {
        let unit = (entry.asked.how)(arm, law);
        Estimand {
            kind: &entry.kind,
            of: Of::Arm(index),
            at: Default::default(),
            functional: match own.event {
                true => Functional::Proportion(slot),
                false => Functional::Mean(MeanOf {
                    unit,
                    ..MeanOf::slot(slot)
                }),
            },
            exact: Exact::or_none(
                (own.exact)(arm, law).map(|exact| exact / unit),
                "when a run stops depends on what it saw",
            ),
            given: None,
            reference: (own.reference)(arm, law, unit),
        }
    };
    measure.entries().iter().map(of).collect()
}

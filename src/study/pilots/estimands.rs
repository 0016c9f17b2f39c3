//! Owns what the study estimates of pilots, with the exact values that theory has.

use super::Measure;
use super::measures::{Entry, Over};
use super::truth::Truth;
use crate::engine::{Estimand, Exact, Functional, MeanOf, Of, Reference};

/// The estimands of one measure in one arm, which stand at `(arm, slot)`.
pub(super) fn estimands(measure: Measure, (index, slot): (usize, usize), truth: &Truth) -> Vec<Estimand> {
    let own = measure.own();
    let of = |entry: &'static Entry| {
        let unit = match entry.asked.how {
            Over::Nothing => 1.0,
            Over::Truth => (own.truth)(truth),
        };
        let exact = Exact::or_none((own.exact)(truth), "it depends on more than the variances of the world");
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
            exact: match exact {
                _ if unit == 0.0 => Exact::Undefined("it is 0 that is estimated"),
                Exact::Is(value) => Exact::Is(value / unit),
                none => none,
            },
            reference: (own.reference)(truth).map(|own| Reference {
                value: own.value / unit,
                ..own
            }),
            given: None,
        }
    };
    measure.entries().iter().map(of).collect()
}

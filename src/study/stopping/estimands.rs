//! Owns what the study estimates of runs, and the exact values that theory has.

use super::{Law, Measure, StoppingArm};
use crate::engine::{Estimand, EstimandKind, Exact, Functional, Of, Reference};

/// The coverage that intervals state.
pub const NOMINAL: f64 = 0.95;

/// The estimands of one measure in one arm, which stand at `(arm, slot)`.
pub(super) fn estimands(measure: Measure, at: (usize, usize), arm: &StoppingArm, law: &Law) -> Vec<Estimand> {
    let ideal = arm.ideal(law);
    let of = |kind: &'static EstimandKind| {
        let unit = if kind.quantity.name == "ratio" { ideal } else { 1.0 };
        let slot = at.1;
        Estimand {
            kind,
            of: Of::Arm(at.0),
            at: String::new(),
            functional: match measure {
                Measure::Coverage | Measure::Missed => Functional::Proportion(slot),
                Measure::Bias | Measure::Replicates => {
                    Functional::Smooth(Box::new(move |means| means.mean(slot) / unit))
                }
            },
            exact: Exact::or_none(
                exact(measure, arm, law).map(|exact| exact / unit),
                "when a run stops depends on what it saw",
            ),
            given: None,
            reference: match measure {
                Measure::Coverage => Some(Reference {
                    value: NOMINAL,
                    name: "as stated",
                }),
                Measure::Replicates => Some(Reference {
                    value: ideal / unit,
                    name: "ideal",
                }),
                _ => None,
            },
        }
    };
    measure.kind().estimands.iter().map(of).collect()
}

fn exact(measure: Measure, arm: &StoppingArm, law: &Law) -> Option<f64> {
    match measure {
        Measure::Coverage => arm.exact_interval(law).then_some(NOMINAL),
        Measure::Bias => arm.unbiased(law).then_some(0.0),
        Measure::Replicates => arm.fixed().map(|samples| samples as f64),
        Measure::Missed => None,
    }
}

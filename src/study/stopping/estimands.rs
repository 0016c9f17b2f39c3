//! Owns what the study measures of runs, and the exact values that theory has.

use super::{Law, StoppingArm};
use crate::engine::{Estimand, Exact, Functional, Reference};
use crate::study::EstimandDoc;

/// What is measured of each run: one number each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Whether its interval holds the truth.
    Coverage,
    /// Its error as a share of the target.
    Bias,
    /// Its samples.
    Replicates,
    /// Whether it was cut short.
    Missed,
}

/// Every measure of the study, with its name and meaning.
pub const MEASURES: [(Measure, &str, &str); 4] = [
    (
        Measure::Coverage,
        "coverage",
        "whether the 95% interval of a run, Student's t on its groups - 1 degrees of freedom, holds the mean of its samples' law; 0 or 1",
    ),
    (
        Measure::Bias,
        "bias",
        "the average of a run less the mean of its samples' law, as a share of the target; dimensionless",
    ),
    (
        Measure::Replicates,
        "replicates",
        "how many samples a run takes, the replicates that it simulates; a count",
    ),
    (
        Measure::Missed,
        "missed",
        "whether a run ends at `at-most` with a standard error that is still above its target; 0 or 1",
    ),
];

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 4] = [Self::Coverage, Self::Bias, Self::Replicates, Self::Missed];

    /// The name in experiment files and estimands.
    pub fn name(self) -> &'static str {
        let entry = MEASURES.iter().find(|(measure, ..)| *measure == self);
        entry.map_or("", |(_, name, _)| name)
    }
}

/// The coverage that intervals state.
pub const NOMINAL: f64 = 0.95;

/// Every quantity of the study, in row order.
pub const QUANTITIES: [EstimandDoc; 2] = [
    EstimandDoc {
        quantity: "mean",
        meaning: "mean over runs: of `coverage` and `missed` the share of runs, of `bias` the bias as a share of the target",
        formula: "mean over runs; exact: coverage .95 of a fixed number of normal samples; bias 0 where what stops a run is independent \
                  of its average (normal samples with an absolute target, exponential ones with a relative target, a fixed number); \
                  `reference` holds .95 for coverage, and (sigma/T)^2 for replicates",
        unit: "coverage, missed: a share, from 0 to 1; bias: dimensionless; replicates: a count",
        source: "Glynn and Whitt 1992; exact bias: symmetry, and Basu 1955",
    },
    EstimandDoc {
        quantity: "ratio",
        meaning: "mean number of samples over the number whose average has the target as its standard error",
        formula: "mean over runs of samples / (sigma/T)^2, T = absolute or relative * |mu|; `reference` holds 1",
        unit: "dimensionless, positive",
        source: "Glynn and Whitt 1992",
    },
];

/// The estimands of a measure in row order.
pub fn names(measure: Measure) -> Vec<String> {
    let named = |quantity: &&str| format!("{}.{quantity}", measure.name());
    quantities(measure).iter().map(named).collect()
}

fn quantities(measure: Measure) -> &'static [&'static str] {
    match measure {
        Measure::Replicates => &["mean", "ratio"],
        _ => &["mean"],
    }
}

/// The estimands of one measure in one arm, which stand at `(arm, slot)`.
pub(super) fn estimands(measure: Measure, at: (usize, usize), arm: &StoppingArm, law: &Law) -> Vec<Estimand> {
    let ideal = arm.ideal(law);
    let of = |&quantity: &&str| {
        let unit = if quantity == "ratio" { ideal } else { 1.0 };
        let slot = at.1;
        Estimand {
            name: format!("{}.{quantity}", measure.name()),
            at: String::new(),
            arm: Some(at.0),
            functional: match measure {
                Measure::Coverage | Measure::Missed => Functional::Share(slot),
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
    quantities(measure).iter().map(of).collect()
}

fn exact(measure: Measure, arm: &StoppingArm, law: &Law) -> Option<f64> {
    match measure {
        Measure::Coverage => arm.exact_interval(law).then_some(NOMINAL),
        Measure::Bias => arm.unbiased(law).then_some(0.0),
        Measure::Replicates => arm.fixed().map(|samples| samples as f64),
        Measure::Missed => None,
    }
}

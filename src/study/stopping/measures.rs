//! Owns what the study measures of each run, one number each: what it is called and means, and what is estimated of it.

use super::cover::{Covers, NOMINAL};
use super::{Law, StoppingArm};
use crate::engine::Reference;
use crate::inference::cell::Measured;
use crate::inference::estimate::Estimate;
use crate::study::entry::{self, measures, quantities};

/// A run that has ended.
pub(super) struct Ended<'a> {
    pub found: Estimate,
    pub arm: &'a StoppingArm,
    pub law: &'a Law,
    pub covers: Covers,
}

/// What is known of a measure.
pub(super) struct Statistic {
    /// Of a run.
    pub of_run: fn(&Ended<'_>) -> f64,
    /// Whether it is 0 or 1.
    pub event: bool,
    /// Its exact mean.
    pub exact: fn(&StoppingArm, &Law) -> Option<f64>,
    /// What its mean is compared with, in a unit.
    pub reference: fn(&StoppingArm, &Law, f64) -> Option<Reference>,
}

/// The unit of a quantity.
type Unit = fn(&StoppingArm, &Law) -> f64;

/// An estimand of the study.
pub(super) type Entry = entry::Entry<Unit>;

fn event(seen: bool) -> f64 {
    f64::from(u8::from(seen))
}

quantities! {
    asks Unit;

    MEAN = "mean",
    meaning "mean over runs: of `coverage` and `missed` the share of runs, of `bias` the bias as a share of the target",
    formula "mean over runs; exact: coverage .95 of a fixed number of normal samples; bias 0 where what stops a run is independent \
     of its average (normal samples with an absolute target, exponential ones with a relative target, a fixed number); \
     `reference` holds .95 for coverage, and (sigma/T)^2 for replicates",
    unit "coverage, missed: a share, from 0 to 1; bias: dimensionless; replicates: a count",
    source "Glynn and Whitt 1992; exact bias: symmetry, and Basu 1955",
    |_, _| 1.0;

    RATIO = "ratio",
    meaning "mean number of samples over the number whose average has the target as its standard error",
    formula "mean over runs of samples / (sigma/T)^2, T = absolute or relative * |mu|; `reference` holds 1",
    unit "dimensionless, positive",
    source "Glynn and Whitt 1992",
    StoppingArm::ideal;
}

measures! {
    enum Measure is Statistic, asks Unit, static MEASURES;

    Coverage = "coverage",
    "whether the 95% interval of a run, Student's t on its groups - 1 degrees of freedom, holds the mean of its samples' law; 0 or 1",
    Statistic {
        of_run: |run| event((run.covers)(&run.found, run.law.mean())),
        event: true,
        exact: |arm, law| arm.exact_interval(law).then_some(NOMINAL),
        reference: |_, _, _| Some(Reference { value: NOMINAL, name: "as stated" }),
    },
    &[Entry::new("coverage.mean", "coverage of the 95% interval", &MEAN)];

    Bias = "bias",
    "the average of a run less the mean of its samples' law, as a share of the target; dimensionless",
    Statistic {
        of_run: |run| (run.found.value - run.law.mean()) / run.arm.target(run.law),
        event: false,
        exact: |arm, law| arm.unbiased(law).then_some(0.0),
        reference: |_, _, _| None,
    },
    &[Entry::new("bias.mean", "bias / target", &MEAN)];

    Replicates = "replicates",
    "how many samples a run takes, the replicates that it simulates; a count",
    Statistic {
        of_run: |run| run.found.replicates as f64,
        event: false,
        exact: |arm, _| arm.fixed().map(|samples| samples as f64),
        reference: |arm, law, unit| Some(Reference { value: arm.ideal(law) / unit, name: "ideal" }),
    },
    &[
        Entry::new("replicates.mean", "samples of a run", &MEAN),
        Entry::new("replicates.ratio", "samples of a run / ideal", &RATIO),
    ];

    Missed = "missed",
    "whether a run ends at `at-most` with a standard error that is still above its target; 0 or 1",
    Statistic {
        of_run: |run| {
            let ratio = run.arm.goal.ratio(&Measured::Smooth(run.found));
            event(run.found.replicates >= run.arm.at_most && ratio > 1.0)
        },
        event: true,
        exact: |_, _| None,
        reference: |_, _, _| None,
    },
    &[Entry::new("missed.mean", "share of runs cut short", &MEAN)];
}

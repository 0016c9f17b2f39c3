//! Owns what the study measures of each run, one number each: what it is called and means, and what is estimated of it.

use crate::engine::{EstimandKind, Quantity};
use crate::study::measures::measures;

static MEAN: Quantity = Quantity {
    name: "mean",
    meaning: "mean over runs: of `coverage` and `missed` the share of runs, of `bias` the bias as a share of the target",
    formula: "mean over runs; exact: coverage .95 of a fixed number of normal samples; bias 0 where what stops a run is independent \
              of its average (normal samples with an absolute target, exponential ones with a relative target, a fixed number); \
              `reference` holds .95 for coverage, and (sigma/T)^2 for replicates",
    unit: "coverage, missed: a share, from 0 to 1; bias: dimensionless; replicates: a count",
    source: "Glynn and Whitt 1992; exact bias: symmetry, and Basu 1955",
};

static RATIO: Quantity = Quantity {
    name: "ratio",
    meaning: "mean number of samples over the number whose average has the target as its standard error",
    formula: "mean over runs of samples / (sigma/T)^2, T = absolute or relative * |mu|; `reference` holds 1",
    unit: "dimensionless, positive",
    source: "Glynn and Whitt 1992",
};

measures! {
    enum Measure, static MEASURES;

    Coverage = "coverage",
    "whether the 95% interval of a run, Student's t on its groups - 1 degrees of freedom, holds the mean of its samples' law; 0 or 1",
    &[EstimandKind::new("coverage.mean", "coverage of the 95% interval", &MEAN)];

    Bias = "bias",
    "the average of a run less the mean of its samples' law, as a share of the target; dimensionless",
    &[EstimandKind::new("bias.mean", "bias / target", &MEAN)];

    Replicates = "replicates",
    "how many samples a run takes, the replicates that it simulates; a count",
    &[
        EstimandKind::new("replicates.mean", "samples of a run", &MEAN),
        EstimandKind::new("replicates.ratio", "samples of a run / ideal", &RATIO),
    ];

    Missed = "missed",
    "whether a run ends at `at-most` with a standard error that is still above its target; 0 or 1",
    &[EstimandKind::new("missed.mean", "share of runs cut short", &MEAN)];
}

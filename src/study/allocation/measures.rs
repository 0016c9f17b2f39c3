//! Owns what the study measures of a data set: what it is called and means, and what is estimated of it.

use crate::engine::Places;
use crate::study::entry::{self, measures, quantities};

/// How a quantity is worked out.
pub(super) enum How {
    Bias,
    Bias2,
    Variance,
    Emse,
    /// The variance of one open prompt times what a prompt costs.
    Product,
    /// That of the best constant number over the arm's.
    Gain,
    Price,
}

/// An estimand of the study.
pub(super) type Entry = entry::Entry<How>;

static MODES: Places = Places {
    label: "mode",
    ticks: &[],
    distribution: false,
};

const NEYMAN: &str = "Neyman 1934; Cochran 1977, sections 5.5 and 10.10";
const DERIVED: &str = "moments of the Dirichlet-multinomial distribution";

quantities! {
    asks How;

    BIAS = "bias",
    meaning "expected share of each mode less its mean among open prompts; `at` holds the mode, from 0",
    formula "mean over data sets of the estimate less pi_m; exact: 0 where no draw decides how many responses a prompt has or weights are \
     fixed; of a reused pilot by moments, (1 - 2/K)(E pi_m^2 - E[pi_m sum pi^2]) where it has two responses and none are added to agreeing ones",
    unit "a share, from -1 to 1",
    source DERIVED,
    How::Bias;

    BIAS2 = "bias2",
    meaning "squared bias: what no number of prompts takes away (debiased, so it may come out below 0)",
    formula "sum over modes of bias^2/pi_m, less what noise adds; MCSE by the score; exact: of exact biases",
    unit "dimensionless: squared shares over shares",
    source DERIVED,
    How::Bias2;

    SPREAD = "variance",
    meaning "variance of the estimated shares over data sets",
    formula "sum over modes of the variance over pi_m; exact: sum over modes of (V_x + V_{y|x}/K)/(N_o pi_m), of a pilot by moments",
    unit "dimensionless: squared shares over shares, 0 or more",
    source NEYMAN,
    How::Variance;

    EMSE = "emse",
    meaning "expected squared error of the estimated shares: squared bias and variance",
    formula "mean over data sets of the sum over modes of (estimate - pi_m)^2/pi_m; exact: bias2 + variance",
    unit "dimensionless: squared shares over shares, 0 or more",
    source NEYMAN,
    How::Emse;

    PRODUCT = "variance-times-price",
    meaning "variance of one open prompt's shares times what a prompt costs: what a budget divides, whatever it is",
    formula "N_o variance x mean price of a prompt; exact: of exact values",
    unit "responses",
    source NEYMAN,
    How::Product;

    GAIN = "gain",
    meaning "variance times price of the best arm in which all prompts have as many responses, over the arm's own: how much less the same precision costs",
    formula "ratio of two arms on the same draws, of as many prompts with the same open share and cost ratio; exact: of exact values",
    unit "dimensionless, above 1 where the arm is cheaper",
    source NEYMAN,
    How::Gain;

    MEAN = "mean",
    meaning "mean over data sets",
    formula "mean over data sets; exact: C_p/C_r + (N_o E K + (N_p - N_o) K_closed)/N_p",
    unit "responses",
    source "what is bought",
    How::Price;
}

measures! {
    enum Measure is (), asks How, static MEASURES;

    OpenShares = "open-shares",
    "shares of modes among open prompts as the data set tells them, every prompt counting the same; errors in units of the mean, (estimate - pi_m)^2/pi_m",
    (),
    &[
        Entry::new("open-shares.bias", "bias", &BIAS).at(&MODES),
        Entry::new("open-shares.bias2", "squared bias", &BIAS2),
        Entry::new("open-shares.variance", "variance", &SPREAD),
        Entry::new("open-shares.emse", "expected squared error", &EMSE),
        Entry::new("open-shares.variance-times-price", "variance $\\times$ price", &PRODUCT),
        Entry::new("open-shares.gain", "gain over the best constant $K$", &GAIN)
            .needs("an arm with rule = \"constant\" beside another of as many prompts, the same open share and cost ratio"),
    ];

    PromptPrice = "prompt-price",
    "what a prompt costs with its responses, mean over the prompts of a data set, in responses",
    (),
    &[Entry::new("prompt-price.mean", "price of a prompt in responses", &MEAN)];
}

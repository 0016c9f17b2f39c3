//! Owns what the study measures: the statistics that it takes of selected responses, what they are called and mean, and their place
//! among the slots.

use super::Method;
use crate::engine::{EstimandKind, Places, Quantity};
use crate::study::measures::measures;
use crate::theory::variance_law::Components;
use crate::world::World;
use std::ops::Range;

const LAW: &str = "arXiv 2606.00544, the variance law; Cochran 1977, chapter 10";

static MEAN: Quantity = Quantity {
    name: "mean",
    meaning: "expected value of the statistic (of `mode-mass-by-mode` only)",
    formula: "mean over replicates; exact: the truth for random-K-of-N, which is unbiased; else the exact selected distribution",
    unit: "the statistic's own",
    source: "Cochran 1977, theorem 2.1",
};

static VARIANCE: Quantity = Quantity {
    name: "variance",
    meaning: "variance over replicates of the statistic; for a vector the trace of its covariance matrix",
    formula: "R/(R-1) (mean|X-t|^2 - |mean(X-t)|^2); exact: V_x/N_p + V_{y|x} [1 + (K-1) r]/(N_p K), r the correlation of two responses given the prompt (0 but in `copies`); of other selectors tr Var f/N_p",
    unit: "squared units of the statistic, positive",
    source: LAW,
};

static BIAS2: Quantity = Quantity {
    name: "bias2",
    meaning: "squared distance of the expected statistic from the truth, debiased (so it may come out below 0)",
    formula: "|mean(X-t)|^2 - tr S, S the covariance of the mean; MCSE by the score; exact: 0 for random-K-of-N, else |E f - pi|^2 of the exact law",
    unit: "squared units of the statistic",
    source: "score interval of a squared norm",
};

static EMSE: Quantity = Quantity {
    name: "emse",
    meaning: "expected squared error of the statistic: bias^2 + variance",
    formula: "mean|X-t|^2; exact: bias^2 + variance",
    unit: "squared units of the statistic, positive",
    source: LAW,
};

static BIAS_SHARE: Quantity = Quantity {
    name: "bias-share",
    meaning: "share of the EMSE that is bias, which more prompts do not remove: 0 for an unbiased selector",
    formula: "bias^2/EMSE; judged as `bias^2 - c EMSE` by the score, with the covariance of the two",
    unit: "dimensionless, at most 1; an estimate may come out below 0",
    source: "score interval of a squared norm; Fieller 1954",
};

static CROSSOVER: Quantity = Quantity {
    name: "crossover",
    meaning: "prompts beyond which `random` has the smaller EMSE than this selector at the same K (needs an arm with `random` beside it)",
    formula: "N_p (variance of `random` - variance)/bias^2, by Fieller's method, since bias^2 may be 0; exact: the same of exact values; \
              none where bias^2 is 0, as it is then infinite",
    unit: "prompts; negative where `random` is better from the first",
    source: "bias^2 + tr Var f/N_p of both, set equal",
};

static RATIO: Quantity = Quantity {
    name: "ratio",
    meaning: "variance as a multiple of the law for independent responses: 1 where the law holds",
    formula: "variance / (V_x/N_p + V_{y|x}/(N_p K)); exact: the same ratio of exact variances",
    unit: "dimensionless, positive",
    source: LAW,
};

static CONDITIONAL_VARIANCE: Quantity = Quantity {
    name: "conditional-variance",
    meaning: "mean variance over selections, given prompts and pools (needs `candidates`)",
    formula: "mean|X - X_pool|^2, X_pool the statistic of whole pools; exact: V_{y|x} (1 - r) (1/K - 1/N)/N_p",
    unit: "squared units of the statistic, not negative",
    source: "finite-population correction, Cochran 1977, theorem 2.2",
};

static PROMPT_FLOOR: Quantity = Quantity {
    name: "prompt-floor",
    meaning: "the part of the law that no number of independent responses removes; theory only, no estimate",
    formula: "V_x/N_p",
    unit: "squared units of the statistic, positive",
    source: LAW,
};

static GAIN: Quantity = Quantity {
    name: "gain",
    meaning: "what a budget gains by keeping the best number of responses instead of one (of `returns`, in arms with K = 1 and \
              a budget whose Cochran's integer is another arm's K); 1 where K = 1 is the best",
    formula: "variance at K = 1 over that at Cochran's integer, on the same draws; exact: the same of exact variances",
    unit: "dimensionless, positive",
    source: LAW,
};

static DOUBLING: Quantity = Quantity {
    name: "doubling",
    meaning: "what twice the responses per prompt leave of the variance (of `returns`, where an arm keeps 2 K of as many \
              prompts, or of the same budget)",
    formula: "variance at 2 K over that at K, on the same draws; exact: the same of exact variances, for as many prompts \
              (1 + alpha/(2 K))/(1 + alpha/K) with alpha = V_{y|x}/V_x",
    unit: "dimensionless, positive",
    source: LAW,
};

static MODES: Places = Places {
    label: "mode",
    ticks: &[],
};

/// What is estimated of a statistic that is one vector or one number: the measure's name, and what figures call it.
macro_rules! moments {
    ($measure:literal, $said:literal) => {
        &[
            EstimandKind {
                floor: Some(concat!($measure, ".prompt-floor")),
                ..EstimandKind::new(concat!($measure, ".variance"), concat!("variance of ", $said), &VARIANCE)
            },
            EstimandKind {
                short: "$\\mathrm{bias}^2$",
                ..EstimandKind::new(
                    concat!($measure, ".bias2"),
                    concat!("$\\mathrm{bias}^2$ of ", $said),
                    &BIAS2,
                )
            },
            EstimandKind {
                short: "EMSE",
                floor: Some(concat!($measure, ".prompt-floor")),
                ..EstimandKind::new(concat!($measure, ".emse"), concat!("EMSE of ", $said), &EMSE)
            },
            EstimandKind::new(
                concat!($measure, ".bias-share"),
                concat!("bias-share of ", $said),
                &BIAS_SHARE,
            ),
            EstimandKind {
                needs: Some("arms with another selector than `random` that keep part of their pool, and one with `random` that keeps as many"),
                ..EstimandKind::new(concat!($measure, ".crossover"), concat!("crossover of ", $said), &CROSSOVER)
            },
            EstimandKind::new(
                concat!($measure, ".ratio"),
                concat!("variance of ", $said, " / law"),
                &RATIO,
            ),
            EstimandKind {
                needs: Some("`candidates` to be set"),
                ..EstimandKind::new(
                    concat!($measure, ".conditional-variance"),
                    concat!("variance of ", $said, " given pools"),
                    &CONDITIONAL_VARIANCE,
                )
            },
            EstimandKind::new(
                concat!($measure, ".prompt-floor"),
                concat!("prompt-floor of ", $said),
                &PROMPT_FLOOR,
            ),
        ]
    };
}

measures! {
    enum Measure, static MEASURES;

    ModeMass = "mode-mass",
    "share of kept responses in each mode, a vector of probabilities; truth: the world's mean response distribution",
    moments!("mode-mass", "mode mass");

    ModeMassByMode = "mode-mass-by-mode",
    "the same, each mode a scalar of its own; `at` holds the mode, from 0",
    &[
        EstimandKind {
            at: Some(&MODES),
            ..EstimandKind::new("mode-mass-by-mode.mean", "mean of mode mass", &MEAN)
        },
        EstimandKind {
            at: Some(&MODES),
            ..EstimandKind::new("mode-mass-by-mode.variance", "variance of mode mass", &VARIANCE)
        },
    ];

    Gradient = "gradient",
    "gradient p_theta - f of the shared softmax's loss at `policy.theta`, f the mode mass; nats per unit of logit",
    moments!("gradient", "gradient");

    Loss = "loss",
    "mean of -ln p_theta(y) over kept responses y at `policy.theta`, in nats",
    moments!("loss", "loss");

    Returns = "returns",
    "what more responses per prompt are worth: the variance of the mode mass as a ratio of two arms on the same draws",
    &[
        EstimandKind {
            needs: Some("an arm with K = 1 and one with the best K of its [budget]"),
            ..EstimandKind::new("returns.gain", "variance at $K = 1$ / at the best $K$", &GAIN)
        },
        EstimandKind {
            needs: Some("an arm with K responses and one with 2 K"),
            ..EstimandKind::new("returns.doubling", "variance at $2K$ / at $K$", &DOUBLING)
        },
    ];
}

/// Where a measure's slots of one arm lie.
#[derive(Debug, Clone)]
pub(super) struct Slots {
    /// The statistic minus its truth, coordinate by coordinate; by mode, the kept responses of each mode as a count, since what is
    /// never kept has a share of 0 and nothing beside it.
    pub deviation: Range<usize>,
    /// The squares: one squared norm for a vector, one squared count per mode.
    pub squares: Range<usize>,
    /// The squared norm of what selection adds to the whole pool's statistic; empty without a stated
    /// pool, or where selection is not at random.
    pub selection: Range<usize>,
}

impl Slots {
    pub fn count(&self) -> usize {
        self.selection.end - self.deviation.start
    }
}

impl Measure {
    pub(super) fn slots(self, world: &dyn World, arm: &Method, first: usize) -> Slots {
        let modes = world.mean().len();
        let (coordinates, squares) = match self {
            Measure::ModeMass | Measure::Gradient | Measure::Returns => (modes, 1),
            Measure::ModeMassByMode => (modes, modes),
            Measure::Loss => (1, 1),
        };
        let stated = arm.pool.candidates.is_some() && arm.pool.choice.is_random();
        let pooled = stated && !matches!(self, Measure::ModeMassByMode | Measure::Returns);
        let deviation = first..first + coordinates;
        let squares = deviation.end..deviation.end + squares;
        Slots {
            selection: squares.end..squares.end + usize::from(pooled),
            deviation,
            squares,
        }
    }

    /// V_x and V_{y|x} of the measure: one entry per scalar, the traces for a vector.
    pub(super) fn components(self, world: &dyn World, arm: &Method) -> Vec<Components> {
        match self {
            Measure::ModeMass | Measure::Gradient | Measure::Returns => vec![world.trace_components()],
            Measure::ModeMassByMode => world.mode_components(),
            Measure::Loss => {
                let policy = arm.theta.policy(world);
                let losses: Vec<f64> = policy.log_probabilities().iter().map(|l| -l).collect();
                vec![world.components(&losses)]
            }
        }
    }

    /// The true value of the statistic, coordinate by coordinate.
    pub(super) fn truth(self, world: &dyn World, arm: &Method) -> Vec<f64> {
        match self {
            Measure::ModeMass | Measure::ModeMassByMode | Measure::Returns => world.mean().to_vec(),
            Measure::Gradient => arm.theta.policy(world).gradient(world.mean()),
            Measure::Loss => vec![arm.theta.policy(world).nll(world.mean())],
        }
    }
}

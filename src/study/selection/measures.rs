//! Owns what the study measures: the statistics that it takes of selected responses, what they are called and mean, what is estimated of
//! them, and how that follows.

use super::Method;
use super::functionals::{
    advantage, budget_crossover, crossover, exact_budget_crossover, exact_crossover, is_wrong, limit, losses, quadratic,
};
use super::statistic::{Form, Place, Statistic};
use super::truth::Exactly;
use crate::engine::{Exact, Functional, MeanOf, Moments, Places};
use crate::study::entry::{self, measures, quantities};
use crate::world::World;

/// How a quantity is worked out.
pub(super) enum How {
    /// Of one arm, or of one beside another that keeps at random.
    One {
        of: Where,
        functional: fn(&Place<'_>, Moments) -> Functional,
        exact: Exactly,
    },
    /// A ratio of the variances of an arm and the other one that follows from it, on the same draws.
    Two {
        other: fn(&dyn World, &Method) -> Option<Method>,
        ratio: fn(f64, f64) -> f64,
    },
}

/// Which arms have a quantity.
pub(super) enum Where {
    Every,
    /// Those that keep some of stated pools at random.
    Pools,
    /// Those with another selector, beside one that keeps as many at random.
    Beside,
    /// The same in a world whose random responses are unbiased: none is wrong.
    BesideUnbiased,
    /// Those of a world some of whose responses are wrong.
    Erring,
    /// Of these, those with another selector than `random`.
    Choosing,
    /// Those with another selector and a budget, beside one that keeps the best number at random for as much; none is wrong.
    Bought,
}

impl How {
    const fn every(functional: fn(&Place<'_>, Moments) -> Functional, exact: Exactly) -> Self {
        Self::One {
            of: Where::Every,
            functional,
            exact,
        }
    }
}

/// An estimand of the study.
pub(super) type Entry = entry::Entry<How>;

/// The exact variance.
pub(super) const VARIANCE: Exactly = Exactly::OfKept(|own| Exact::Is(own.variance));

const LAW: &str = "arXiv 2606.00544, the variance law; Cochran 1977, chapter 10";

static MODES: Places = Places {
    label: "mode",
    ticks: &[],
    distribution: false,
};

quantities! {
    asks How;

    MEAN = "mean",
    meaning "expected value of the statistic (of `mode-mass-by-mode` only)",
    formula "mean over replicates; exact: the world's mean for random-K-of-N; else the exact selected distribution",
    unit "the statistic's own",
    source "Cochran 1977, theorem 2.1",
    How::every(
        |place, own| Functional::Mass {
            slot: own.deviation.start,
            most: own.unit,
            parts: [place.arm.pool.prompts, place.arm.pool.responses].map(u64::from),
        },
        Exactly::OfKept(|own| Exact::Is(own.mean)),
    );

    SPREAD = "variance",
    meaning "variance over replicates of the statistic; for a vector the trace of its covariance matrix",
    formula "R/(R-1) (mean|X-t|^2 - |mean(X-t)|^2); exact: V_x d/N_p + V_{y|x} [1 + (K-1) r]/(N_p K), r the correlation of two responses given the prompt (0 but in `copies`) and d the design effect of prompts that repeat each other (1 but in `clusters`); of other selectors tr Var f/N_p",
    unit "squared units of the statistic, positive",
    source LAW,
    How::every(|_, moments| Functional::Variance { moments, factor: 1.0 }, VARIANCE);

    BIAS2 = "bias2",
    meaning "squared distance of the expected statistic from the truth, debiased (so it may come out below 0)",
    formula "|mean(X-t)|^2 - tr S, S the covariance of the mean; MCSE by the score; exact: 0 for random-K-of-N of right responses, else |E f - pi|^2 of the exact law",
    unit "squared units of the statistic",
    source "score interval of a squared norm",
    How::every(
        |place, _| Functional::SquaredNorm(place.slots.deviation.clone()),
        Exactly::OfKept(|own| Exact::Is(own.bias2)),
    );

    EMSE = "emse",
    meaning "expected squared error of the statistic: bias^2 + variance",
    formula "mean|X-t|^2; exact: bias^2 + variance",
    unit "squared units of the statistic, positive",
    source LAW,
    How::every(
        |_, own| Functional::Mean(MeanOf::slot(own.square)),
        Exactly::OfKept(|own| Exact::Is(own.bias2 + own.variance)),
    );

    BIAS_SHARE = "bias-share",
    meaning "share of the EMSE that is bias, which more prompts do not remove: 0 for an unbiased selector",
    formula "bias^2/EMSE; judged as `bias^2 - c EMSE` by the score, with the covariance of the two",
    unit "dimensionless, at most 1; an estimate may come out below 0",
    source "score interval of a squared norm; Fieller 1954",
    How::every(
        |place, own| Functional::SquaredNormShare {
            slots: place.slots.deviation.clone(),
            of: own.square,
        },
        Exactly::OfKept(|own| Exact::Is(own.bias2 / (own.bias2 + own.variance))),
    );

    CROSSOVER = "crossover",
    meaning "prompts beyond which `random` has the smaller EMSE than this selector at the same K (needs an arm with `random` beside it)",
    formula "N_p (variance of `random` - variance)/bias^2, by Fieller's method, since bias^2 may be 0; exact: the same of exact values; \
     none where bias^2 is 0, as it is then infinite",
    unit "prompts; negative where `random` is better from the first",
    source "bias^2 + tr Var f/N_p of both, set equal",
    How::One {
        of: Where::BesideUnbiased,
        functional: crossover,
        exact: Exactly::OfKept(exact_crossover),
    };

    BUDGET_CROSSOVER = "budget-crossover",
    meaning "budget beyond which `random` at its best number of responses has the smaller EMSE than this selector at its K and N (needs a budget, and \
     an arm with `random` at Cochran's integer for as much)",
    formula "(A_R - A_S)/bias^2, A the variance of one prompt times what it costs: C_p + N C_g + K C_t, of `random` C_p + K (C_g + C_t); by Fieller's \
     method; exact: the same of exact values; none where bias^2 is 0",
    unit "that of the costs; negative where `random` is better at every budget",
    source "EMSE = b^2 + A/B of both, set equal",
    How::One {
        of: Where::Bought,
        functional: budget_crossover,
        exact: Exactly::OfKept(exact_budget_crossover),
    };

    RATIO = "ratio",
    meaning "variance as a multiple of the law for independent prompts and responses: 1 where the law holds",
    formula "variance / (V_x/N_p + V_{y|x}/(N_p K)); exact: the same ratio of exact variances",
    unit "dimensionless, positive",
    source LAW,
    How::every(
        |place, moments| Functional::Variance {
            moments,
            factor: 1.0 / place.law,
        },
        Exactly::OfKept(|own| Exact::Is(own.variance / own.law)),
    );

    CONDITIONAL_VARIANCE = "conditional-variance",
    meaning "mean variance over selections, given prompts and pools (needs `candidates`)",
    formula "mean|X - X_pool|^2, X_pool the statistic of whole pools; exact: V_{y|x} (1 - r) (1/K - 1/N)/N_p",
    unit "squared units of the statistic, not negative",
    source "finite-population correction, Cochran 1977, theorem 2.2",
    How::One {
        of: Where::Pools,
        functional: |place, _| {
            Functional::Mean(MeanOf::slot(place.slots.selection.start))
        },
        exact: Exactly::OfWorld(|own, arm, correlation| {
            let [np, k, n] = [arm.pool.prompts, arm.pool.responses, arm.pool.candidates?].map(u64::from);
            Some(own.conditional_on_pool(np, k, n, correlation))
        }),
    };

    PROMPT_FLOOR = "prompt-floor",
    meaning "the part of the law that no number of independent responses removes; theory only, no estimate",
    formula "V_x d/N_p",
    unit "squared units of the statistic, positive",
    source LAW,
    How::every(
        |_, _| Functional::TheoryOnly,
        Exactly::OfWorld(|own, arm, _| Some(own.prompt_floor(u64::from(arm.pool.prompts)))),
    );

    LIMIT = "excess-nll",
    meaning "excess NLL that fits tend to with many prompts: what no number of prompts removes",
    formula "KL(target || E f), debiased (so it may come out below 0), half the squared norm of its signed roots; exact: the same of the \
     exact law, for random-K-of-N KL(target || mean), which is -ln(1 - eps) where a share eps of responses is wrong and wrong ones have \
     modes of their own",
    unit "nats",
    source "White 1982; deviance residuals, McCullagh and Nelder 1989, section 2.4",
    How::every(
        limit,
        Exactly::OfKept(|own| Exact::Is(own.divergence)),
    );

    ADVANTAGE = "advantage",
    meaning "by how much less many prompts leave of the excess NLL with this selector than with `random` at the same K (needs an arm with \
     `random` beside it): above 0 the selector is right, below 0 random is",
    formula "KL(target || E f) of `random` - the same of the selector, on the same draws; exact: the same of the exact laws",
    unit "nats",
    source "definition",
    How::One {
        of: Where::Beside,
        functional: advantage,
        exact: Exactly::OfKept(|own| Exact::Is(own.divergence_at_random - own.divergence)),
    };

    CROSSING = "crossing-share",
    meaning "share of wrong responses beyond which many prompts leave less of the excess NLL with this selector than with `random` (needs a \
     world with errors); theory only, no estimate",
    formula "eps* with KL(target || E f) = -ln(1 - eps*), by the exact law of best or filter at other shares of errors",
    unit "probability",
    source "definition",
    How::One {
        of: Where::Choosing,
        functional: |_, _| Functional::TheoryOnly,
        exact: Exactly::CrossingShare,
    };

    KEPT_WRONG = "kept",
    meaning "share of wrong responses among those kept (needs a world with errors)",
    formula "mean over replicates; exact: that of the exact law",
    unit "probability",
    source "definition",
    How::One {
        of: Where::Erring,
        functional: |_, own| Functional::Mean(MeanOf::slot(own.deviation.start)),
        exact: Exactly::OfKept(|own| Exact::Is(own.mean)),
    };

    AMPLIFICATION = "amplification",
    meaning "share of wrong responses among those kept as a multiple of their share among all: above 1 the selector amplifies errors \
     (needs a world with errors)",
    formula "share kept/eps; exact: the same of the exact law",
    unit "dimensionless, 0 or more",
    source "definition",
    How::One {
        of: Where::Erring,
        functional: |place, own| Functional::Mean(MeanOf {
            unit: place.at_random,
            ..MeanOf::slot(own.deviation.start)
        }),
        exact: Exactly::OfKept(|own| Exact::Is(own.mean / own.mean_at_random)),
    };

    GAIN = "gain",
    meaning "what a budget gains by keeping the best number of responses instead of one (of `returns`, in arms with K = 1 and \
     a budget whose Cochran's integer is another arm's K); 1 where K = 1 is the best",
    formula "variance at K = 1 over that at Cochran's integer, on the same draws; exact: the same of exact variances",
    unit "dimensionless, positive",
    source LAW,
    How::Two {
        other: |world, arm| {
            let budget = arm.pool.budget.filter(|_| arm.pool.responses == 1)?;
            let best = budget.costs.best_integer(&world.budget_components())?;
            arm.with("responses", u32::try_from(best).ok()?)
        },
        ratio: |own, other| own / other,
    };

    DOUBLING = "doubling",
    meaning "what twice the responses per prompt leave of the variance (of `returns`, where an arm keeps 2 K of as many \
     prompts, or of the same budget)",
    formula "variance at 2 K over that at K, on the same draws; exact: the same of exact variances, for as many prompts \
     (1 + alpha/(2 K))/(1 + alpha/K) with alpha = V_{y|x}/V_x",
    unit "dimensionless, positive",
    source LAW,
    How::Two {
        other: |_, arm| arm.with("responses", arm.pool.responses.checked_mul(2)?),
        ratio: |own, other| other / own,
    };

    OVER_ONE = "over-one",
    meaning "what keeping K responses gains over keeping one, of as many prompts (of `returns`, in arms with more than one response \
     and no budget, where another arm keeps one)",
    formula "variance at K = 1 over that at K, on the same draws; exact: the same of exact variances, \
     (V_x d + V_{y|x})/(V_x d + V_{y|x}/K) with the design effect d of the prompts",
    unit "dimensionless, positive",
    source LAW,
    How::Two {
        other: |_, arm| match (arm.pool.budget, arm.pool.responses) {
            (Some(_), _) | (None, 1) => None,
            (None, _) => arm.with("responses", 1),
        },
        ratio: |own, other| other / own,
    };
}

/// What is estimated of a statistic that is one vector or one number: the measure's name, and what figures call it.
macro_rules! moments {
    ($measure:literal, $said:literal) => {
        &[
            Entry::new(concat!($measure, ".variance"), concat!("variance of ", $said), &SPREAD)
                .floor(concat!($measure, ".prompt-floor")),
            Entry::new(concat!($measure, ".bias2"), concat!("$\\mathrm{bias}^2$ of ", $said), &BIAS2)
                .short("$\\mathrm{bias}^2$"),
            Entry::new(concat!($measure, ".emse"), concat!("EMSE of ", $said), &EMSE)
                .short("EMSE")
                .floor(concat!($measure, ".prompt-floor")),
            Entry::new(concat!($measure, ".bias-share"), concat!("bias-share of ", $said), &BIAS_SHARE),
            Entry::new(concat!($measure, ".crossover"), concat!("crossover of ", $said), &CROSSOVER).needs(
                "arms with another selector than `random` that keep part of their pool, and one with `random` that keeps as many",
            ),
            Entry::new(concat!($measure, ".budget-crossover"), concat!("crossover budget of ", $said), &BUDGET_CROSSOVER).needs(
                "a [budget], arms with another selector than `random`, and one with `random` at the best K of it",
            ),
            Entry::new(concat!($measure, ".ratio"), concat!("variance of ", $said, " / law"), &RATIO),
            Entry::new(
                concat!($measure, ".conditional-variance"),
                concat!("variance of ", $said, " given pools"),
                &CONDITIONAL_VARIANCE,
            )
            .needs("`candidates` to be set"),
            Entry::new(concat!($measure, ".prompt-floor"), concat!("prompt-floor of ", $said), &PROMPT_FLOOR),
        ]
    };
}

measures! {
    enum Measure is Statistic, asks How, static MEASURES;

    ModeMass = "mode-mass",
    "share of kept responses in each mode, a vector of probabilities; truth: the world's mean response distribution, or where responses \
     may be wrong that of right ones",
    Statistic::of(|_, _| Form::Mass),
    moments!("mode-mass", "mode mass");

    ModeMassByMode = "mode-mass-by-mode",
    "the same, each mode a scalar of its own; `at` holds the mode, from 0",
    Statistic { by_mode: true, pooled: false, ..Statistic::of(|_, _| Form::Mass) },
    &[
        Entry::new("mode-mass-by-mode.mean", "mean of mode mass", &MEAN).at(&MODES),
        Entry::new("mode-mass-by-mode.variance", "variance of mode mass", &SPREAD).at(&MODES),
    ];

    Gradient = "gradient",
    "gradient p_theta - f of the shared softmax's loss at `policy.theta`, f the mode mass; nats per unit of logit",
    Statistic::of(|world, arm| Form::From(arm.theta.policy(world).probabilities())),
    moments!("gradient", "gradient");

    Loss = "loss",
    "mean of -ln p_theta(y) over kept responses y at `policy.theta`, in nats",
    Statistic::of(|world, arm| Form::Weighed(losses(world, arm))),
    moments!("loss", "loss");

    ExcessQuadratic = "excess-quadratic",
    "excess NLL of the fit to what is kept, above its floor and to second order: the sum of t_m (f_m - E f_m)^2/(2 mean_m^2), t the target; \
     its expectation is the variance",
    Statistic { pooled: false, ..Statistic::of(|world, _| Form::Scaled(quadratic(world))) },
    &[
        Entry::new("excess-quadratic.variance", "quadratic excess NLL (nats)", &SPREAD)
            .floor("excess-quadratic.prompt-floor"),
        Entry::new("excess-quadratic.ratio", "quadratic excess NLL / law", &RATIO),
        Entry::new("excess-quadratic.prompt-floor", "prompt-floor of quadratic excess NLL", &PROMPT_FLOOR),
    ];

    Limit = "limit",
    "the policy that fits tend to with many prompts: E f, the expected share of kept responses by mode",
    Statistic { pooled: false, ..Statistic::of(|_, _| Form::Mass) },
    &[
        Entry::new("limit.excess-nll", "excess NLL of many prompts (nats)", &LIMIT),
        Entry::new("limit.advantage", "advantage over random (nats)", &ADVANTAGE)
            .needs("arms with another selector than `random`, and one with `random` that keeps as many"),
        Entry::new("limit.crossing-share", "crossing share $\\epsilon^*$", &CROSSING)
            .needs("a world with errors, and arms with another selector than `random`"),
    ];

    Wrong = "wrong",
    "wrong responses among those kept, where they have modes of their own",
    Statistic { pooled: false, ..Statistic::of(|world, _| Form::Weighed(is_wrong(world))) },
    &[
        Entry::new("wrong.kept", "share of wrong responses kept", &KEPT_WRONG).needs("a world with errors"),
        Entry::new("wrong.amplification", "wrong responses kept / drawn", &AMPLIFICATION).needs("a world with errors"),
    ];

    Returns = "returns",
    "what more responses per prompt are worth: the variance of the mode mass as a ratio of two arms on the same draws",
    Statistic { pooled: false, ..Statistic::of(|_, _| Form::Mass) },
    &[
        Entry::new("returns.gain", "variance at $K = 1$ / at the best $K$", &GAIN)
            .needs("an arm with K = 1 and one with the best K of its [budget]"),
        Entry::new("returns.doubling", "variance at $2K$ / at $K$", &DOUBLING)
            .needs("an arm with K responses and one with 2 K"),
        Entry::new("returns.over-one", "variance at $K = 1$ / at $K$", &OVER_ONE)
            .needs("an arm with K responses, one with 1, and no [budget]"),
    ];
}

//! Owns what the study measures: the statistics that it takes of selected responses, what they are called and mean, what is estimated of
//! them, and how that follows.

use super::Method;
use super::statistic::{Form, Place, Statistic};
use super::truth::{Exactly, KeptMoments};
use crate::engine::{Exact, Functional, MeanOf, Moments, Places};
use crate::inference::groups::Means;
use crate::study::entry::{self, measures, quantities};
use crate::theory::prices::crossover as crossover_of_budgets;
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
    /// Those with another selector and a budget, beside one that keeps the best number at random for as much.
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

/// N_p (variance of `random` - own variance)/bias^2, of which the last may be 0.
fn crossover(place: &Place<'_>, own: Moments) -> Functional {
    let np = f64::from(place.arm.pool.prompts);
    match place.versus {
        None => Functional::TheoryOnly,
        Some(slots) => {
            let (random, slots) = (slots.whole(), own.deviation.clone());
            let over = move |means: &Means<'_>| np * (random.variance(means) - own.variance(means));
            Functional::OverSquaredNorm {
                over: Box::new(over),
                slots,
            }
        }
    }
}

/// (A_R - A_S)/bias^2, A the variance of one prompt times what it costs.
fn budget_crossover(place: &Place<'_>, own: Moments) -> Functional {
    let spent = |arm: &Method| arm.pool.cost();
    let (Some(slots), Some(other)) = (place.versus, place.other) else {
        return Functional::TheoryOnly;
    };
    let (Some(own_cost), Some(other_cost)) = (spent(place.arm), spent(other)) else {
        return Functional::TheoryOnly;
    };
    let (random, slots) = (slots.whole(), own.deviation.clone());
    let over = move |means: &Means<'_>| other_cost * random.variance(means) - own_cost * own.variance(means);
    Functional::OverSquaredNorm {
        over: Box::new(over),
        slots,
    }
}

fn exact_budget_crossover(own: &KeptMoments) -> Exact {
    const NONE: &str =
        "no budget makes the two alike: the selector is unbiased, or no number of random responses is best";
    let costs = own.cost_of_prompt.zip(own.random_per_budget);
    let found = costs.map(|(cost, random)| crossover_of_budgets(random, own.of_one * cost, own.bias2));
    Exact::or_none(found.filter(|_| own.bias2 > 0.0), NONE)
}

fn exact_crossover(own: &KeptMoments) -> Exact {
    const INFINITE: &str = "it is infinite, since the selector is unbiased: the order of the two EMSEs is the same at every number of prompts";
    Exact::or_none(
        Some((own.at_random - own.of_one) / own.bias2).filter(|_| own.bias2 > 0.0),
        INFINITE,
    )
}

/// -ln p_theta of each mode.
fn losses(world: &dyn World, arm: &Method) -> Vec<f64> {
    arm.theta.policy(world).log_probabilities().iter().map(|l| -l).collect()
}

static MODES: Places = Places {
    label: "mode",
    ticks: &[],
    distribution: false,
};

quantities! {
    asks How;

    MEAN = "mean",
    meaning "expected value of the statistic (of `mode-mass-by-mode` only)",
    formula "mean over replicates; exact: the truth for random-K-of-N, which is unbiased; else the exact selected distribution",
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
    formula "|mean(X-t)|^2 - tr S, S the covariance of the mean; MCSE by the score; exact: 0 for random-K-of-N, else |E f - pi|^2 of the exact law",
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
        of: Where::Beside,
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
    "share of kept responses in each mode, a vector of probabilities; truth: the world's mean response distribution",
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

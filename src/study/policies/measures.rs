//! Owns what the study measures of a fit: what it is called and means, and what is estimated of it.

use super::optimum::Known;
use super::vendi::vendi;
use super::view::{DRAWS, FitView, PromptView};
use crate::numerics::elementary::{ln, powi};
use crate::numerics::lanes::Lanes;
use crate::study::entry::{self, measures, quantities};
use crate::study::training::BEST;
use crate::theory::budget::Budget;
use crate::theory::sandwich::PolicyComponents;
use crate::theory::variance_law::Components;

/// What is known of a measure.
pub(super) enum Statistic {
    /// The mean over the population of a number of each prompt's policy; what many data tend to is that of the best policy.
    Policy(fn(&PromptView<'_>) -> Lanes<f64>),
    /// The same less the loss of the best policy of the family.
    Excess,
    /// A number of the fit; whether it is 0 or 1.
    Fit(fn(&FitView) -> Lanes<f64>, bool),
    /// |minibatch gradient - full gradient|^2 at the best policy.
    Minibatch,
    /// Nothing is measured: numbers of theory.
    Theory,
}

/// How a quantity is worked out.
pub(super) enum How {
    /// The mean of the measure.
    Mean,
    /// The mean as a multiple of what theory says to first or second order.
    Over(Order),
    /// The mean excess of an arm in which all prompts have as many responses, over the arm's own.
    AllocationGain,
    /// The part of the excess that more responses would remove, as a share of that at K = 1.
    NoiseShare,
    /// A number of the best policy of each family.
    OfPolicy(fn(&Known) -> Option<f64>),
    /// One of its components and the budget, and what it is called.
    OfBudget(fn(&PolicyComponents, &Budget) -> Option<f64>, &'static str),
    /// What the last doubling of K gains, as a share of what the first does.
    Saturation,
}

/// How far an expansion goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    First,
    Second,
}

impl Order {
    pub const fn name(self) -> &'static str {
        match self {
            Order::First => "first order",
            Order::Second => "second order",
        }
    }
}

/// An estimand of the study.
pub(super) type Entry = entry::Entry<How>;

const PAPER: &str = "arXiv 2606.00544";
const SANDWICH: &str = "Huber 1967; White 1982; Liang and Zeger 1986";

/// What a file without doublings lacks.
const DOUBLINGS: &str = "equal arms with responses = 1, 2, K/2 and K, K at least 4";

/// What a value of theory that is not exact is called.
const FIRST_ORDER: &str = Order::First.name();

/// What a file without a budget lacks.
const BUDGET: &str = "a [budget] that all arms share";

quantities! {
    asks How;

    MEAN = "mean",
    meaning "mean over data sets; of a measure of the policy, of its mean over the prompts of the population",
    formula "mean over data sets; `reference`, of losses under random selection: to first order L(theta*) + (V_x/N_p + V_{y|x}/(N_p K))/2 with \
     the sandwich components of the best policy of the family, E[v(x)/K(x)] in place of V_{y|x}/K where prompts have numbers of their own; \
     where all responses count the same then, what many prompts tend to",
    unit "that of the measure",
    source "Huber 1967; White 1982; Liang and Zeger 1986; Cochran 1977, section 10.8",
    How::Mean;

    OVER_FIRST = "over-first-order",
    meaning "mean excess as a multiple of what theory says to first order: 1 where the data are many",
    formula "mean over data sets of L(theta) - L(theta*), over (V_x/N_p + V_{y|x}/(N_p K))/2; `reference`: 1",
    unit "dimensionless, positive",
    source SANDWICH,
    How::Over(Order::First);

    OVER_SECOND = "over-second-order",
    meaning "mean excess as a multiple of what theory says to second order: how far that reaches",
    formula "mean over data sets of L(theta) - L(theta*), over (V_x/N_p + V_{y|x}/(N_p K))/2 x (1 + c/N_p + D/(N_p K)), c the design constant, D \
     parameters; `reference`: 1",
    unit "dimensionless, positive",
    source "second-order expansion of E tr(H H_n^-1)",
    How::Over(Order::Second);

    NOISE_SHARE = "noise-share",
    meaning "what is left at K of the loss that more responses per prompt can remove, as a share of that at K = 1",
    formula "(L(K) - L(exact labels))/(L(1) - L(exact labels)), of arms that are equal in all else; `reference`: 1/K",
    unit "dimensionless, from 0 to 1 but for noise",
    source PAPER,
    How::NoiseShare;

    ALLOCATION_GAIN = "allocation-gain",
    meaning "mean excess of the arm that has as many responses of every prompt, over that of one which divides as many between prompts: above 1 \
     where that pays",
    formula "ratio of mean excesses on the same draws, of arms equal in all but `allocation` and `weighting`; `reference`, of prompts that count \
     the same: (V_x/N_p + V_{y|x}/(N_p K))/(V_x/N_p + E[v(x)/K(x)]/N_p)",
    unit "dimensionless, positive",
    source "Neyman 1934; Cochran 1977, sections 5.5 and 10.10",
    How::AllocationGain;

    SATURATION = "saturation",
    meaning "what the last doubling of K gains beyond half of what the first one gained: below 0 where it saturates",
    formula "m(K) - m(K/2) - (m(2) - m(1))/2, of arms that are equal in all else",
    unit "that of the measure",
    source PAPER,
    How::Saturation;

    TRACE = "trace",
    meaning "mean over data sets of the squared distance between the gradient of one minibatch and that of all data: the trace of its covariance",
    formula "mean over data sets; exact: grouped minibatches of g prompts (1/g)(V_x + V_{y|x}/K)(1 - 1/N_p)(N_p - g)/(N_p - 1), shuffled ones of b \
     responses (1/b)(V_x (1 - 1/N_p) + V_{y|x}(1 - 1/(N_p K)))(N_p K - b)/(N_p K - 1), with the raw traces V",
    unit "squared units of the gradient",
    source "Cochran 1977, chapter 2",
    How::Mean;

    LOSS = "loss",
    meaning "loss of the best policy of the family: what many data tend to",
    formula "min over theta of E_x sum_m -pi_m ln p_m",
    unit "nats, at least the conditional entropy",
    source "definition",
    How::OfPolicy(|known| Some(known.loss));

    MISSPECIFICATION = "misspecification",
    meaning "loss of the best policy of the family above the entropy of responses given the prompt: what no data can remove",
    formula "E_x KL(pi(x) || p_theta*(x))",
    unit "nats, 0 or more",
    source "White 1982",
    // What rounding leaves of 0 may lie below it.
    How::OfPolicy(|known| Some((known.loss - known.entropy).max(0.0)));

    PROMPT_COMPONENT = "prompt-component",
    meaning "V_x of the sandwich: what prompts contribute to twice the excess loss",
    formula "tr(H^-1 C_x), H the Hessian at theta*, C_x the covariance over prompts of the expected gradient; of policies with several minima H \
     is that of Gauss and Newton, damped: tr((H + .001)^-1 H (H + .001)^-1 C_x)",
    unit "dimensionless, 0 or more",
    source SANDWICH,
    How::OfPolicy(|known| Some(known.components?.sandwich.prompt));

    RESPONSE_COMPONENT = "response-component",
    meaning "V_{y|x} of the sandwich: what responses contribute to twice the excess loss",
    formula "tr(H^-1 C_y), C_y the mean covariance of the gradient given the prompt",
    unit "dimensionless, 0 or more",
    source SANDWICH,
    How::OfPolicy(|known| Some(known.components?.sandwich.response));

    DESIGN = "design-constant",
    meaning "c: how much few prompts cost beyond the first order",
    formula "E_x tr((H^-1 H_x)^2)/D - 1",
    unit "prompts",
    source "second-order expansion of E tr(H H_n^-1)",
    How::OfPolicy(|known| Some(known.components?.design));

    PARAMETERS = "parameters",
    meaning "D: parameters of the policy, free ones where it is log-linear",
    formula "count",
    unit "a count",
    source "definition",
    How::OfPolicy(|known| Some(known.components?.parameters as f64));

    BY_SANDWICH = "sandwich",
    meaning "K* by the sandwich components of the best policy: what a budget should buy, to first order",
    formula "sqrt(V_{y|x}/V_x C_p/C_r) with V = tr(H^-1 C)",
    unit "responses per prompt",
    source PAPER,
    How::OfBudget(|own, budget| best(&own.sandwich, budget), BEST);

    BY_GRADIENT = "raw-gradient",
    meaning "K* by the traces of the gradient's own covariances, which change with the units of features",
    formula "sqrt(tr C_y/tr C_x C_p/C_r)",
    unit "responses per prompt",
    source PAPER,
    How::OfBudget(|own, budget| best(&own.raw, budget), FIRST_ORDER);

    BY_LOSS = "loss-variance",
    meaning "K* by variances of the loss, which count how prompts differ in difficulty: no error of estimation",
    formula "sqrt(E_x Var(l|x)/Var_x E[l|x] C_p/C_r), l = -ln p(y|x) at theta*",
    unit "responses per prompt",
    source PAPER,
    How::OfBudget(|own, budget| best(&own.loss, budget), FIRST_ORDER);

    FINITE = "finite",
    meaning "K_fin: the best K where prompts do not differ (V_x = 0), which few prompts bound",
    formula "(sqrt(C_p B/c) - C_p)/C_r, c the design constant",
    unit "responses per prompt",
    source "minimum of D/(2 N_p K) N_p/(N_p - c) under the budget",
    How::OfBudget(PolicyComponents::best_finite, FIRST_ORDER);

    GRADIENT_REGRET = "regret-of-raw-gradient",
    meaning "excess loss of the K that the raw gradient names above that of K*, as a share of it",
    formula "(V_x + V_{y|x}/K)(C_p + K C_r)/((sqrt(V_x C_p) + sqrt(V_{y|x} C_r))^2) - 1",
    unit "dimensionless, 0 or more",
    source "Cochran 1977, section 10.6",
    How::OfBudget(|own, budget| regret(own, &own.raw, budget), FIRST_ORDER);

    LOSS_REGRET = "regret-of-loss-variance",
    meaning "excess loss of the K that variances of the loss name above that of K*, as a share of it",
    formula "(V_x + V_{y|x}/K)(C_p + K C_r)/((sqrt(V_x C_p) + sqrt(V_{y|x} C_r))^2) - 1",
    unit "dimensionless, 0 or more",
    source "Cochran 1977, section 10.6",
    How::OfBudget(|own, budget| regret(own, &own.loss, budget), FIRST_ORDER);
}

/// A term with a probability before it: 0 where that is.
fn weighed(p: f64, term: f64) -> f64 {
    if p > 0.0 { p * term } else { 0.0 }
}

/// K* of components; none where it is not finite.
fn best(components: &Components, budget: &Budget) -> Option<f64> {
    Some(budget.costs.best_responses(components)).filter(|best| best.is_finite())
}

/// What taking the K* of these components for that of the sandwich costs.
fn regret(own: &PolicyComponents, naive: &Components, budget: &Budget) -> Option<f64> {
    Some(own.regret(&budget.costs, best(naive, budget)?)).filter(|regret| regret.is_finite())
}

measures! {
    enum Measure is Statistic, asks How, static MEASURES;

    ExcessLoss = "excess-loss",
    "loss of the fit above that of the best policy of its family, L(theta) - L(theta*), over the whole population, in nats; of policies with several \
     minima theta* is the best of eight trained on the population, and a fit may come below it",
    Statistic::Excess,
    &[
        Entry::new("excess-loss.mean", "excess loss (nats)", &MEAN),
        Entry::new("excess-loss.over-first-order", "excess loss / first order", &OVER_FIRST),
        Entry::new("excess-loss.over-second-order", "excess loss / second order", &OVER_SECOND),
        Entry::new("excess-loss.noise-share", "share of removable loss", &NOISE_SHARE).needs("an equal arm with responses = 1, and one with labels = \"exact\""),
        Entry::new("excess-loss.allocation-gain", "gain over constant $K$", &ALLOCATION_GAIN)
            .needs("an arm with another `allocation` than \"constant\", beside an equal one with that"),
    ];

    ReferenceLoss = "reference-loss",
    "expected NLL of a fresh response under the fit, over the whole population: E_x sum_m -pi_m ln p_m, in nats",
    Statistic::Policy(|at| at.loss()),
    &[Entry::new("reference-loss.mean", "reference loss (nats)", &MEAN)];

    ConditionalKl = "conditional-kl",
    "KL(pi(x) || p) of the fit, mean over the population: what its loss lies above the entropy of responses, which no policy can beat, in nats",
    Statistic::Policy(|at| at.sum(|m, l| weighed(at.truth[m], ln(at.truth[m]) - at.log_p[m][l]))),
    &[Entry::new("conditional-kl.mean", "KL to the truth (nats)", &MEAN)];

    ModeCoverage = "mode-coverage",
    "the probability that 8 responses of the fit show a mode, over the modes that have 5% of a prompt's responses or more: mean of \
     1 - (1 - p_m)^8, from 0 to 1",
    Statistic::Policy(|at| at.covered(|_, p| 1.0 - powi(1.0 - p, DRAWS))),
    &[
        Entry::new("mode-coverage.mean", "mode coverage of 8 responses", &MEAN),
        Entry::new("mode-coverage.saturation", "gain of the last doubling beyond half the first", &SATURATION).needs(DOUBLINGS),
    ];

    RecoveredModes = "recovered-modes",
    "the share of the modes that have 5% of a prompt's responses or more to which the fit gives at least half of their probability, from 0 to 1",
    Statistic::Policy(|at| at.covered(|pi, p| if p >= 0.5 * pi { 1.0 } else { 0.0 })),
    &[Entry::new("recovered-modes.mean", "recovered modes", &MEAN)];

    PolicyEntropy = "policy-entropy",
    "entropy of the fit given the prompt, mean over the population, in nats",
    Statistic::Policy(|at| at.entropy()),
    &[Entry::new("policy-entropy.mean", "entropy of the policy (nats)", &MEAN)];

    PolicyReward = "policy-reward",
    "the reward to expect of a response of the fit, in units of reward",
    Statistic::Policy(|at| {
        let rewards = at.population.attributes().map_or(&[][..], |own| &own.rewards.values);
        at.sum(|m, l| at.p[m][l] * rewards.get(m).copied().unwrap_or(f64::NAN))
    }),
    &[Entry::new("policy-reward.mean", "expected reward", &MEAN)];

    VendiScore = "vendi-score",
    "Vendi score of the fit given the prompt, an effective number of different modes, mean over the population: from 1 to M",
    Statistic::Policy(vendi),
    &[Entry::new("vendi-score.mean", "Vendi score", &MEAN)];

    UnconvergedFits = "unconverged-fits",
    "1 where a fit has a tolerance and its gradient is beyond it after the last step, else 0: its mean is a share of fits. Always measured",
    Statistic::Fit(|fit| fit.converged.map(|converged| 1.0 - converged), true),
    &[Entry::new("unconverged-fits.mean", "share of unconverged fits", &MEAN)];

    FitSteps = "fit-steps",
    "steps of the optimiser that the fit took, a count",
    Statistic::Fit(|fit| fit.steps, false),
    &[Entry::new("fit-steps.mean", "steps", &MEAN)];

    MinibatchNoise = "minibatch-noise",
    "squared distance of a minibatch's gradient from that of all data, at the best policy of the family; in squared units of the gradient",
    Statistic::Minibatch,
    &[Entry::new("minibatch-noise.trace", "minibatch noise", &TRACE)];

    BestPolicy = "best-policy",
    "the best policy of a family in this population, and what theory says near it: nothing of it is estimated",
    Statistic::Theory,
    &[
        Entry::new("best-policy.loss", "loss of the best policy (nats)", &LOSS),
        Entry::new("best-policy.misspecification", "misspecification (nats)", &MISSPECIFICATION),
        Entry::new("best-policy.prompt-component", "$V_x$", &PROMPT_COMPONENT),
        Entry::new("best-policy.response-component", "$V_{y|x}$", &RESPONSE_COMPONENT),
        Entry::new("best-policy.design-constant", "$c$", &DESIGN),
        Entry::new("best-policy.parameters", "parameters", &PARAMETERS),
    ];

    BestK = "best-k",
    "the K that a budget should buy, by components of the best policy and by two that are easier to have: nothing of it is estimated",
    Statistic::Theory,
    &[
        Entry::new("best-k.sandwich", "K* by the sandwich", &BY_SANDWICH).needs(BUDGET),
        Entry::new("best-k.raw-gradient", "K* by the raw gradient", &BY_GRADIENT).needs(BUDGET),
        Entry::new("best-k.loss-variance", "K* by loss variance", &BY_LOSS).needs(BUDGET),
        Entry::new("best-k.finite", "K without prompt variance", &FINITE).needs(BUDGET),
        Entry::new("best-k.regret-of-raw-gradient", "regret of the raw gradient", &GRADIENT_REGRET).needs(BUDGET),
        Entry::new("best-k.regret-of-loss-variance", "regret of loss variance", &LOSS_REGRET).needs(BUDGET),
    ];
}

impl Measure {
    /// Whether it is a number of the fitted policy.
    pub(super) fn is_of_policy(self) -> bool {
        matches!(self.own(), Statistic::Policy(_) | Statistic::Excess)
    }

    /// Whether it rests on the best policy of the family.
    pub(super) fn needs_optimum(self) -> bool {
        matches!(self.own(), Statistic::Excess | Statistic::Minibatch | Statistic::Theory)
    }
}

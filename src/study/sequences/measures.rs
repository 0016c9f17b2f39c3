//! Owns what the study measures of a fit: what it is called and means, and what is estimated of it.

use super::known::{Known, Limit};
use crate::engine::Places;
use crate::study::entry::{self, measures, quantities};
use crate::study::training::BEST;
use crate::theory::budget::Budget;

/// What is known of a measure.
pub(super) enum Statistic {
    /// A number of the fitted policy.
    Fit(OfFit),
    /// Half the squared length of the mean gradient at the best policy, in the metric of the inverse Hessian.
    Score,
    /// Whether a fit has not converged.
    Unconverged,
    /// The mean length of responses kept.
    KeptLength,
    /// Nothing is measured: numbers of theory.
    Theory,
}

/// A number of a fitted policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OfFit {
    /// L(theta) - L(theta*).
    Excess,
    /// KL of responses to random prompts from its own.
    Kl,
    /// E max_z P(z given y).
    Purity,
    /// Half the sum of |E P(z given y) - base_z|.
    Distance,
}

/// How a quantity is worked out.
pub(super) enum How {
    /// The mean of the measure.
    Mean,
    /// The same of each increment.
    PerToken,
    /// The mean as a multiple of the law.
    OverLaw,
    /// 2 N_p K times the mean, over D.
    DesignEffect,
    /// V_x, from arms with K responses and with one.
    BetweenPrompts,
    /// A number of the best policy.
    OfPolicy(fn(&Known) -> Option<f64>),
    /// The largest V_x that a correct policy can have.
    Bound,
    /// The share of each plan among responses of the best policy.
    OfPlans,
    /// A number of what fits tend to.
    OfLimit(fn(&Limit) -> f64),
    /// The share of each plan among the responses kept.
    OfKeptPlans,
    /// One of the law and the budget, and what it is called.
    OfBudget(fn(&Known, &Budget, f64) -> Option<f64>, &'static str),
}

/// An estimand of the study.
pub(super) type Entry = entry::Entry<How>;

const SANDWICH: &str = "Huber 1967; White 1982; Liang and Zeger 1986; Cochran 1977, section 10.8";

/// What a file without a budget lacks.
const BUDGET: &str = "a [budget] that all arms of one policy share";

/// What a file lacks whose policies are not fitted.
const FITS: &str = "a policy that is fitted: all but \"tree\" and \"plan-weights\"";

/// What it lacks whose responses are so long that nobody can say what plans they look like.
const LOOKS: &str = "a policy that is fitted, to responses short enough to look at their plans";

/// What it lacks where all responses are equally long.
const ENDS: &str = "world.hazards, with which responses end by themselves";

static PLANS: Places = Places {
    label: "plan",
    ticks: &[],
    distribution: false,
};

quantities! {
    asks How;

    MEAN = "mean",
    meaning "mean over data sets",
    formula "mean over data sets; the law (V_x/N_p + V_{y|x}/(N_p K))/2 is the exact mean of `score-excess` and, to first order, the `reference` of \
     `response-excess`; with the loss of the best policy above the entropy, of `response-kl`",
    unit "that of the measure",
    source SANDWICH,
    How::Mean;

    PER_TOKEN = "per-token",
    meaning "mean over data sets of the same for each increment of a response",
    formula "mean/n",
    unit "nats per increment",
    source SANDWICH,
    How::PerToken;

    OVER_LAW = "over-first-order",
    meaning "mean excess as a multiple of what theory says to first order: 1 where the data are many",
    formula "mean over data sets of L(theta) - L(theta*), over (V_x/N_p + V_{y|x}/(N_p K))/2; `reference`: 1",
    unit "dimensionless, positive",
    source SANDWICH,
    How::OverLaw;

    DESIGN_EFFECT = "design-effect",
    meaning "variance of what is learned as a multiple of that of as many responses to prompts of their own, by a policy that is right about its \
     own prefix: with one response per prompt the price of not reading it",
    formula "2 N_p K mean/D; exact: (K V_x + V_{y|x})/D, for the tied policy at K = 1 1 + (n - 1) X^2/D",
    unit "dimensionless, positive",
    source "Kish 1965; White 1982",
    How::DesignEffect;

    BETWEEN = "between-prompts",
    meaning "V_x, as arms with K responses and with one show it",
    formula "(K a - b)/(K - 1), a and b 2 N_p times the mean with K responses and with one; exact: V_x",
    unit "dimensionless",
    source "Cochran 1977, section 10.8",
    How::BetweenPrompts;

    LOSS = "loss",
    meaning "loss of the best policy of the family: what many data tend to",
    formula "min over theta of E[-ln p(y)], y the increments of a response to a random prompt",
    unit "nats per response",
    source "definition",
    How::OfPolicy(|known| Some(known.loss));

    MISSPECIFICATION = "misspecification",
    meaning "KL of responses to random prompts from those of the best policy: what no data can remove",
    formula "L(theta*) - H(y)",
    unit "nats per response, 0 or more",
    source "White 1982",
    How::OfPolicy(|known| Some(known.floor()));

    PLAN_COMPONENT = "plan-component",
    meaning "V_m: what plans contribute to the squared gradient of a response",
    formula "sum_z base_z m_z' H^-1 m_z, m_z = E[g given z]; of the tied policy n X^2",
    unit "dimensionless, 0 or more; at most V - 1 for correct policies",
    source SANDWICH,
    How::OfPolicy(|known| Some(known.stages?.plan));

    TOKEN_COMPONENT = "token-component",
    meaning "V_t: what tokens contribute to it, given the plan",
    formula "sum_z base_z tr(H^-1 Cov(g given z)); of the tied policy D - X^2",
    unit "dimensionless, positive",
    source SANDWICH,
    How::OfPolicy(|known| Some(known.stages?.token));

    PROMPT_COMPONENT = "prompt-component",
    meaning "V_x: what prompts contribute to twice the excess loss",
    formula "V_m/(alpha + 1)",
    unit "dimensionless, 0 or more",
    source SANDWICH,
    How::OfPolicy(|known| Some(known.components?.prompt));

    RESPONSE_COMPONENT = "response-component",
    meaning "V_{y|x}: what responses contribute to twice the excess loss",
    formula "alpha V_m/(alpha + 1) + V_t",
    unit "dimensionless, positive",
    source SANDWICH,
    How::OfPolicy(|known| Some(known.components?.response));

    BOUND = "prompt-bound",
    meaning "the largest V_x that a correct policy can have, whatever its parameters",
    formula "(V - 1)/(alpha + 1), by Bessel's inequality: V_m is at most sum_z base_z chi^2(P_z || mean)",
    unit "dimensionless, positive",
    source "Bessel's inequality",
    How::Bound;

    PARAMETERS = "parameters",
    meaning "D: free parameters of the policy",
    formula "count",
    unit "a count",
    source "definition",
    How::OfPolicy(|known| Some(known.parameters as f64));

    PURITY = "purity",
    meaning "how surely a response of the best policy tells its plan: what mixing plans inside a response costs, whatever K",
    formula "E max_z P(z|y), y a response of the best policy",
    unit "a probability, from 1/V to 1",
    source "definition",
    How::OfPolicy(|known| known.purity);

    PLAN_SHARES = "plan-shares",
    meaning "share of each plan among the responses of the best policy",
    formula "E P(z|y), y a response of the best policy",
    unit "a probability",
    source "definition",
    How::OfPlans;

    LIMIT_EXCESS = "limit-excess",
    meaning "what fits lose above the best policy however many data there are: what a loss by length or a reward does to what is learned; 0 where \
     every response counts as it is",
    formula "L(theta_q) - L(theta*), theta_q the best parameters for responses as they are kept and weighed",
    unit "nats per response, 0 or more",
    source "White 1982",
    How::OfLimit(|limit| limit.excess);

    KEPT_PLANS = "kept-plan-shares",
    meaning "share of each plan among the responses kept",
    formula "E P(z), z the plan of a response kept; ties by mass",
    unit "a probability",
    source "definition",
    How::OfKeptPlans;

    BY_SANDWICH = "sandwich",
    meaning "K* by the law: what a budget should buy, to first order",
    formula "sqrt(V_{y|x}/V_x C_p/C_r)",
    unit "responses per prompt",
    source "arXiv 2606.00544",
    How::OfBudget(|known, budget, _| best(known, budget), BEST);

    BY_PLANS = "plan-level",
    meaning "the K that plans alone ask for, whatever the policy",
    formula "sqrt(alpha C_p/C_r)",
    unit "responses per prompt",
    source "arXiv 2606.00544",
    How::OfBudget(|_, budget, concentration| plan_level(budget, concentration), "first order");

    PLAN_REGRET = "regret-of-plan-level",
    meaning "excess loss of the K that plans alone ask for above that of K*, as a share of it",
    formula "(V_x + V_{y|x}/K)(C_p + K C_r)/((sqrt(V_x C_p) + sqrt(V_{y|x} C_r))^2) - 1",
    unit "dimensionless, 0 or more",
    source "Cochran 1977, section 10.6",
    How::OfBudget(
        |known, budget, concentration| {
            let naive = plan_level(budget, concentration)?;
            Some(budget.costs.regret(&known.components?, naive)).filter(|regret| regret.is_finite())
        },
        "first order",
    );
}

/// K*; none where it is not finite.
fn best(known: &Known, budget: &Budget) -> Option<f64> {
    Some(budget.costs.best_responses(&known.components?)).filter(|best| best.is_finite())
}

fn plan_level(budget: &Budget, concentration: f64) -> Option<f64> {
    let costs = &budget.costs;
    Some((concentration * costs.prompt / costs.response).sqrt()).filter(|best| best.is_finite())
}

measures! {
    enum Measure is Statistic, asks How, static MEASURES;

    ResponseExcess = "response-excess",
    "NLL of a response under the fit above that under the best policy of its family, L(theta) - L(theta*), in nats per response: its increments, each \
     given those before it",
    Statistic::Fit(OfFit::Excess),
    &[
        Entry::new("response-excess.mean", "excess loss (nats per response)", &MEAN).needs(FITS),
        Entry::new("response-excess.per-token", "excess loss (nats per increment)", &PER_TOKEN).needs(FITS),
        Entry::new("response-excess.over-first-order", "excess loss / first order", &OVER_LAW).needs(FITS),
    ];

    ScoreExcess = "score-excess",
    "half the squared length of the mean gradient of the data at the best policy, in the metric of the inverse Hessian: what the fit loses but for \
     higher orders, in nats per response. Nothing is fitted",
    Statistic::Score,
    &[
        Entry::new("score-excess.mean", "quadratic excess loss (nats per response)", &MEAN),
        Entry::new("score-excess.per-token", "quadratic excess loss (nats per increment)", &PER_TOKEN),
        Entry::new("score-excess.design-effect", "design effect", &DESIGN_EFFECT),
        Entry::new("score-excess.between-prompts", "$V_x$ from the data", &BETWEEN)
            .needs("two responses or more, and an equal arm with responses = 1"),
    ];

    ResponseKl = "response-kl",
    "KL of responses to random prompts from those of the fit, in nats per response: excess loss and what no data can remove",
    Statistic::Fit(OfFit::Kl),
    &[
        Entry::new("response-kl.mean", "KL to the truth (nats per response)", &MEAN).needs(FITS),
        Entry::new("response-kl.per-token", "KL to the truth (nats per increment)", &PER_TOKEN).needs(FITS),
    ];

    PlanPurity = "plan-purity",
    "how surely a response of the fit tells its plan, E max_z P(z|y) over its responses: a probability, from 1/V to 1. Fits that mix plans inside a \
     response have less than the truth",
    Statistic::Fit(OfFit::Purity),
    &[Entry::new("plan-purity.mean", "purity of plans", &MEAN).needs(LOOKS)];

    PlanDistance = "plan-distance",
    "total variation between the plans of the fit's responses, E P(z|y), and their mean weights: from 0 to 1",
    Statistic::Fit(OfFit::Distance),
    &[Entry::new("plan-distance.mean", "distance of plans", &MEAN).needs(LOOKS)];

    KeptLength = "kept-length",
    "mean length of the responses kept, in increments: longer or shorter than responses are where a reward minds their length",
    Statistic::KeptLength,
    &[Entry::new("kept-length.mean", "mean length of responses kept", &MEAN).needs(ENDS)];

    Unconverged = "unconverged-sequence-fits",
    "1 where the gradient of a fit is beyond its tolerance after the last step, else 0: its mean is a share of fits. Always measured",
    Statistic::Unconverged,
    &[Entry::new("unconverged-sequence-fits.mean", "share of unconverged fits", &MEAN).needs(FITS)];

    BestPolicy = "best-sequence-policy",
    "the best policy of a family, and the three-stage law near it: nothing of it is estimated",
    Statistic::Theory,
    &[
        Entry::new("best-sequence-policy.loss", "loss of the best policy (nats)", &LOSS),
        Entry::new("best-sequence-policy.misspecification", "misspecification (nats)", &MISSPECIFICATION),
        Entry::new("best-sequence-policy.plan-component", "$V_m$", &PLAN_COMPONENT),
        Entry::new("best-sequence-policy.token-component", "$V_t$", &TOKEN_COMPONENT),
        Entry::new("best-sequence-policy.prompt-component", "$V_x$", &PROMPT_COMPONENT),
        Entry::new("best-sequence-policy.response-component", "$V_{y|x}$", &RESPONSE_COMPONENT),
        Entry::new("best-sequence-policy.prompt-bound", "bound of $V_x$", &BOUND),
        Entry::new("best-sequence-policy.parameters", "parameters", &PARAMETERS),
        Entry::new("best-sequence-policy.purity", "purity of plans", &PURITY),
        Entry::new("best-sequence-policy.plan-shares", "share of the plan", &PLAN_SHARES).at(&PLANS),
        Entry::new("best-sequence-policy.limit-excess", "excess loss of many data (nats)", &LIMIT_EXCESS).needs(ENDS),
        Entry::new("best-sequence-policy.kept-plan-shares", "share of the plan among those kept", &KEPT_PLANS)
            .at(&PLANS)
            .needs(ENDS),
    ];

    BestK = "best-sequence-k",
    "the K that a budget should buy, by the law of each policy and by plans alone: nothing of it is estimated",
    Statistic::Theory,
    &[
        Entry::new("best-sequence-k.sandwich", "K* by the law", &BY_SANDWICH).needs(BUDGET),
        Entry::new("best-sequence-k.plan-level", "K by plans alone", &BY_PLANS).needs(BUDGET),
        Entry::new("best-sequence-k.regret-of-plan-level", "regret of the K by plans alone", &PLAN_REGRET).needs(BUDGET),
    ];
}

impl Measure {
    /// Whether policies must be fitted for it.
    pub(super) fn needs_fits(self) -> bool {
        matches!(self.own(), Statistic::Fit(_) | Statistic::Unconverged)
    }

    /// Whether it looks at the plans of the fit's responses.
    pub(super) fn needs_plans(self) -> bool {
        matches!(self.own(), Statistic::Fit(OfFit::Purity | OfFit::Distance))
    }
}

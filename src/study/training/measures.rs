//! Owns what the study measures of a fit: what it is called and means, and what is estimated of it.

use crate::engine::{EstimandKind, Quantity};
use crate::study::measures::measures;

static MEAN: Quantity = Quantity {
    name: "mean",
    meaning: "expected value of the measure over fits",
    formula: "mean over replicates; exact for missing-mode by inclusion and exclusion and for modes-seen by its sum over modes, at random, \
              for the best of rewards without noise or ties, and for one response kept by a known law; excess-nll and test-nll have no \
              exact value, since without a ridge a fit that misses a mode has infinite excess but for its steps (see `complete`): under \
              random selection their `reference` is the first order, (1/2)(M-1)/(alpha+1) (1/N_p + alpha/(N_p K)). Elsewhere the \
              `reference` is that of many prompts: the measure of q, the expected share of kept responses by mode",
    unit: "the measure's own",
    source: "arXiv 2606.00544; moments of the beta-binomial",
};

static COMPLETE: Quantity = Quantity {
    name: "complete",
    meaning: "expected value of excess-nll or test-nll over the fits in which every mode was seen; the others are left out, which \
              flatters small K, and are no failures",
    formula: "sum over the fits that saw every mode over their number; exact, for converged fits, random selection and no ridge: \
              -sum pi_m E[ln(s_m/(N_p K)); all seen]/P(all seen) - H(pi), s_m the counts of modes, by inclusion and exclusion. Fits that \
              are not within the tolerance are not left out: 300 steps at rate 1 end .3 to 7.7% below the exact value, 1,000 steps \
              up to 2.2%, a tolerance of 1e-3 3.5% and of 1e-4 up to .8%; rate x steps of 9 N_p K converges every such fit to 1e-6 \
              (5 N_p K all but some in a thousand), and at \
              rates of 7 and more fits diverge. The `reference` is the first order, as for `mean`",
    unit: "nats",
    source: "arXiv 2606.00544; Frullani's integral of the logarithm",
};

static VERTEX: Quantity = Quantity {
    name: "vertex",
    meaning: "best K by the vertex of a parabola: of the excess-nll of complete fits, over the arms of one budget",
    formula: "least squares of ln(excess x cost) on ln K and its square, over the arms with K from K*/4 to 4 K* of which at most 1% of \
              fits miss a mode; exact: the same of the exact excess; `reference`: K* = sqrt((V_{y|x}/V_x)(C_p/C_r))",
    unit: "responses per prompt, positive",
    source: "arXiv 2606.00544; Cochran 1977, section 10.6",
};

static THREE_TERM: Quantity = Quantity {
    name: "three-term",
    meaning: "best K by the law's own form: of the excess-nll of complete fits, over the arms of one budget; the second route to the vertex",
    formula: "least squares of excess x cost on 1, K and 1/K, weighted by its inverse square, over the arms of which at most 1% of fits \
              miss a mode: sqrt(c/b); exact: the same of the exact excess; `reference`: K*",
    unit: "responses per prompt, positive",
    source: "arXiv 2606.00544; Cochran 1977, section 10.6",
};

/// What an estimated best K needs where there is none of it.
const BUDGET: &str = "a [budget] that all arms share";

measures! {
    enum Measure, static MEASURES;

    ExcessNll = "excess-nll",
    "NLL of the fit above that of the best shared policy, KL(pi || p), in nats; 0 or more",
    &[
        EstimandKind::new("excess-nll.mean", "excess NLL (nats)", &MEAN),
        EstimandKind::new("excess-nll.complete", "excess NLL (nats), every mode seen", &COMPLETE),
        EstimandKind {
            needs: Some(BUDGET),
            ..EstimandKind::new("excess-nll.vertex", "vertex of excess NLL (nats)", &VERTEX)
        },
        EstimandKind {
            needs: Some(BUDGET),
            ..EstimandKind::new("excess-nll.three-term", "three-term of excess NLL (nats)", &THREE_TERM)
        },
    ];

    TestNll = "test-nll",
    "NLL of the fit on fresh responses, in expectation over them, in nats",
    &[
        EstimandKind::new("test-nll.mean", "test NLL (nats)", &MEAN),
        EstimandKind::new("test-nll.complete", "test NLL (nats), every mode seen", &COMPLETE),
    ];

    ReverseKl = "reverse-kl",
    "KL(p || pi) of the fit from the best shared policy, in nats; 0 or more",
    &[EstimandKind::new("reverse-kl.mean", "reverse KL (nats)", &MEAN)];

    TotalVariation = "total-variation",
    "half the sum of |p - pi|, the share of probability that is misplaced; from 0 to 1",
    &[EstimandKind::new("total-variation.mean", "total variation", &MEAN)];

    Entropy = "entropy",
    "entropy of the fitted policy, in nats",
    &[EstimandKind::new("entropy.mean", "entropy (nats)", &MEAN)];

    ExpectedReward = "expected-reward",
    "sum of p_m R_m, the reward to expect of a response drawn from the fitted policy, in units of reward (needs a world with rewards)",
    &[EstimandKind::new("expected-reward.mean", "expected reward", &MEAN)];

    MissingMode = "missing-mode",
    "1 where some mode has no response among those kept, else 0: its mean is a share of fits",
    &[EstimandKind::new("missing-mode.mean", "share of fits with a missing mode", &MEAN)];

    ModesSeen = "modes-seen",
    "modes that have a response among those kept of all prompts, a count from 1 to M",
    &[EstimandKind::new("modes-seen.mean", "modes seen", &MEAN)];

    Unconverged = "unconverged",
    "1 where the gradient is beyond the tolerance after the last step though the fit has an optimum, else 0 (without a ridge a \
     fit that misses a mode has none): its mean is a share of fits. Always measured",
    &[EstimandKind::new("unconverged.mean", "share of unconverged fits", &MEAN)];

    Steps = "steps",
    "steps of gradient descent that the fit took, a count",
    &[EstimandKind::new("steps.mean", "steps", &MEAN)];
}

impl Measure {
    /// Whether it is a number of the fitted policy or of its descent, and not of the responses that were kept.
    pub(super) fn is_of_descent(self) -> bool {
        !matches!(self, Measure::MissingMode | Measure::ModesSeen | Measure::Unconverged)
    }

    /// Whether it is a NLL, which no converged fit that misses a mode has.
    pub(super) fn is_nll(self) -> bool {
        matches!(self, Measure::ExcessNll | Measure::TestNll)
    }
}

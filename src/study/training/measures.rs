//! Owns what the study measures of a fit: what it is called and means, and what is estimated of it.

use super::curve::{OfPoints, three_term, vertex};
use super::seen::Seen;
use super::view::View;
use crate::engine::Exact;
use crate::numerics::elementary::{exp, ln};
use crate::numerics::lanes::Lanes;
use crate::policy::SharedSoftmax;
use crate::study::entry::{self, measures, quantities};
use crate::world::World;

/// A measure of eight fits.
pub(super) type OfFits = fn(&View<'_>) -> Lanes<f64>;

/// What is known of a measure.
pub(super) struct Statistic {
    pub of_fits: OfFits,
    /// The same of the policy q, which converged fits tend to with many prompts; none where it has no value or does not look at it.
    pub limit: fn(&dyn World, &[f64]) -> Option<f64>,
    /// What theory says of its mean.
    pub mean: Mean,
    /// Whether it is 0 or 1.
    pub event: bool,
}

/// What theory says of the mean of a measure.
pub(super) enum Mean {
    /// Which modes were seen says it.
    Seen(fn(&Seen) -> Exact),
    /// That of a NLL, which no converged fit that misses a mode has; its slot leaves so much out that small differences keep their digits.
    Nll(fn(&dyn World) -> f64),
    /// Nothing: how long a descent takes.
    Steps,
    /// Nothing.
    Policy,
}

/// How a quantity is worked out.
pub(super) enum How {
    Mean,
    /// Over the fits that saw every mode.
    Complete,
    /// The best K of the arms in the window, or of all.
    Best {
        windowed: bool,
        of_points: OfPoints,
    },
}

/// An estimand of the study.
pub(super) type Entry = entry::Entry<How>;

/// Where the sums of arms stand: for each arm one slot per measure, then 1 for a fit that saw every mode, then its excess NLL.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    measures: usize,
}

impl Slots {
    /// Those of so many measures.
    pub fn of_measures(measures: &[Measure]) -> Self {
        let measures = measures.len();
        Self { measures }
    }

    /// The most that an arm can have.
    pub const fn most_per_arm() -> usize {
        Measure::ALL.len() + 2
    }

    /// How many each arm has.
    pub fn per_arm(self) -> usize {
        self.measures + 2
    }

    /// That of a measure.
    pub fn of(self, arm: usize, measure: usize) -> usize {
        arm * self.per_arm() + measure
    }

    /// 1 in fits that saw every mode.
    pub fn complete(self, arm: usize) -> usize {
        self.of(arm, self.measures)
    }

    /// Their excess NLL, 0 in others.
    pub fn complete_excess(self, arm: usize) -> usize {
        self.of(arm, self.measures + 1)
    }
}

/// A measure of the fitted policy.
const fn of_policy(of_fits: OfFits, limit: fn(&dyn World, &[f64]) -> Option<f64>) -> Statistic {
    Statistic {
        of_fits,
        limit,
        mean: Mean::Policy,
        event: false,
    }
}

/// One that does not look at the policy.
const fn of_descent(of_fits: OfFits, mean: Mean, event: bool) -> Statistic {
    Statistic {
        of_fits,
        limit: |_, _| None,
        mean,
        event,
    }
}

/// The sum over modes of a term of their shares in pi, the target, and in q.
fn sum(world: &dyn World, q: &[f64], term: impl Fn(f64, f64) -> f64) -> Option<f64> {
    Some(world.target().iter().zip(q).map(|(&p, &q)| term(p, q)).sum())
}

/// The entropy of the target, in nats.
fn entropy(world: &dyn World) -> f64 {
    match world.target() {
        target if target.iter().all(|p| *p > 0.0) => SharedSoftmax::from_probabilities(target).nll(target),
        target => -target.iter().map(|&p| weighed(p, log(p))).sum::<f64>(),
    }
}

fn log(x: f64) -> f64 {
    if x > 0.0 { ln(x) } else { f64::NEG_INFINITY }
}

/// `by` x `of`, 0 where `by` is 0.
fn weighed(by: f64, of: f64) -> f64 {
    if by > 0.0 { by * of } else { 0.0 }
}

/// What an estimated best K needs where there is none of it.
const BUDGET: &str = "a [budget] that all arms share";

quantities! {
    asks How;

    MEAN = "mean",
    meaning "expected value of the measure over fits",
    formula "mean over replicates; exact for missing-mode by inclusion and exclusion and for modes-seen by its sum over modes, at random, \
     for the best of rewards without noise or ties, and for one response kept by a known law; excess-nll and test-nll have one \
     with smoothing, -sum pi_m E ln((1 - s) s_m/(N_p K) + s/M) - H(pi), and else none, since without a ridge a fit that misses a mode has \
     infinite excess but for its steps (see `complete`): under random selection their `reference` is the first order, W/2 with \
     W = (M-1)/(alpha+1) (1/N_p + alpha/(N_p K)), smoothed ((1-s)^2 W + s^2 sum (1/M - pi_m)^2/pi_m)/2, and above KL(pi || mean) where \
     responses may be wrong. Elsewhere the \
     `reference` is that of many prompts: the measure of q, the expected share of kept responses by mode",
    unit "the measure's own",
    source "arXiv 2606.00544; moments of the beta-binomial",
    How::Mean;

    COMPLETE = "complete",
    meaning "expected value of excess-nll or test-nll over the fits in which every mode was seen; the others are left out, which \
     flatters small K, and are no failures",
    formula "sum over the fits that saw every mode over their number; exact, for converged fits, random selection and no ridge: \
     -sum pi_m E[ln(s_m/(N_p K)); all seen]/P(all seen) - H(pi), s_m the counts of modes, by inclusion and exclusion. Fits that \
     are not within the tolerance are not left out: 300 steps at rate 1 end .3 to 7.7% below the exact value, 1,000 steps \
     up to 2.2%, a tolerance of 1e-3 3.5% and of 1e-4 up to .8%; rate x steps of 9 N_p K converges every such fit to 1e-6 \
     (5 N_p K all but some in a thousand), and at \
     rates of 7 and more fits diverge. The `reference` is the first order, as for `mean`",
    unit "nats",
    source "arXiv 2606.00544; Frullani's integral of the logarithm",
    How::Complete;

    VERTEX = "vertex",
    meaning "best K by the vertex of a parabola: of the excess-nll of complete fits, over the arms of one budget",
    formula "least squares of ln(excess x cost) on ln K and its square, over the arms with K from K*/4 to 4 K* of which at most 1% of \
     fits miss a mode; exact: the same of the exact excess; `reference`: K* = sqrt((V_{y|x}/V_x)(C_p/C_r))",
    unit "responses per prompt, positive",
    source "arXiv 2606.00544; Cochran 1977, section 10.6",
    How::Best {
        windowed: true,
        of_points: vertex,
    };

    THREE_TERM = "three-term",
    meaning "best K by the law's own form: of the excess-nll of complete fits, over the arms of one budget; the second route to the vertex",
    formula "least squares of excess x cost on 1, K and 1/K, weighted by its inverse square, over the arms of which at most 1% of fits \
     miss a mode: sqrt(c/b); exact: the same of the exact excess; `reference`: K*",
    unit "responses per prompt, positive",
    source "arXiv 2606.00544; Cochran 1977, section 10.6",
    How::Best {
        windowed: false,
        of_points: three_term,
    };
}

measures! {
    enum Measure is Statistic, asks How, static MEASURES;

    ExcessNll = "excess-nll",
    "NLL of the fit on right responses above that of the best shared policy, KL(pi || p), in nats; 0 or more. Where responses may be \
     wrong the mass of their modes is no part of it and is not shared out, so that fits of random responses tend to -ln(1 - eps)",
    Statistic {
        mean: Mean::Nll(|_| 0.0),
        ..of_policy(|fits| fits.excess_nll(), |world, q| sum(world, q, |p, q| weighed(p, log(p) - log(q))))
    },
    &[
        Entry::new("excess-nll.mean", "excess NLL (nats)", &MEAN),
        Entry::new("excess-nll.complete", "excess NLL (nats), every mode seen", &COMPLETE),
        Entry::new("excess-nll.vertex", "vertex of excess NLL (nats)", &VERTEX).needs(BUDGET),
        Entry::new("excess-nll.three-term", "three-term of excess NLL (nats)", &THREE_TERM).needs(BUDGET),
    ];

    TestNll = "test-nll",
    "NLL of the fit on fresh right responses, in expectation over them, in nats",
    Statistic {
        // Its slot leaves out the best policy's: what remains is the excess.
        mean: Mean::Nll(entropy),
        ..of_policy(|fits| fits.excess_nll(), |world, q| sum(world, q, |p, q| -weighed(p, log(q))))
    },
    &[
        Entry::new("test-nll.mean", "test NLL (nats)", &MEAN),
        Entry::new("test-nll.complete", "test NLL (nats), every mode seen", &COMPLETE),
    ];

    ReverseKl = "reverse-kl",
    "KL(p || pi) of the fit from the best shared policy, in nats; 0 or more (infinite, and refused, where wrong responses have modes of \
     their own)",
    of_policy(
        |fits| fits.sum(|m, l| exp(fits.log_p[m][l]) * (fits.log_p[m][l] - fits.log_truth[m])),
        |world, q| sum(world, q, |p, q| weighed(q, log(q) - log(p))),
    ),
    &[Entry::new("reverse-kl.mean", "reverse KL (nats)", &MEAN)];

    TotalVariation = "total-variation",
    "half the sum of |p - pi|, the share of probability that is misplaced; from 0 to 1",
    of_policy(
        |fits| fits.sum(|m, l| 0.5 * (exp(fits.log_p[m][l]) - fits.truth[m]).abs()),
        |world, q| sum(world, q, |p, q| 0.5 * (q - p).abs()),
    ),
    &[Entry::new("total-variation.mean", "total variation", &MEAN)];

    Entropy = "entropy",
    "entropy of the fitted policy, in nats",
    of_policy(
        |fits| fits.sum(|m, l| -exp(fits.log_p[m][l]) * fits.log_p[m][l]),
        |world, q| sum(world, q, |_, q| -weighed(q, log(q))),
    ),
    &[Entry::new("entropy.mean", "entropy (nats)", &MEAN)];

    ExpectedReward = "expected-reward",
    "sum of p_m R_m, the reward to expect of a response drawn from the fitted policy, in units of reward (needs a world with rewards)",
    of_policy(
        |fits| fits.sum(|m, l| exp(fits.log_p[m][l]) * fits.rewards[m]),
        |world, q| Some(q.iter().zip(&world.attributes()?.rewards.values).map(|(q, r)| q * r).sum()),
    ),
    &[Entry::new("expected-reward.mean", "expected reward", &MEAN)];

    MissingMode = "missing-mode",
    "1 where some mode has no response among those kept, else 0: its mean is a share of fits",
    of_descent(|fits| fits.complete().map(|complete| 1.0 - complete), Mean::Seen(|own| own.missing), true),
    &[Entry::new("missing-mode.mean", "share of fits with a missing mode", &MEAN)];

    ModesSeen = "modes-seen",
    "modes that have a response among those kept of all prompts, a count from 1 to M",
    of_descent(
        |fits| fits.sum(|m, l| if fits.saw(m, l) { 1.0 } else { 0.0 }),
        Mean::Seen(|own| own.seen),
        false,
    ),
    &[Entry::new("modes-seen.mean", "modes seen", &MEAN)];

    Unconverged = "unconverged",
    "1 where the gradient is beyond the tolerance after the last step though the fit has an optimum, else 0 (without a ridge a \
     fit that misses a mode has none): its mean is a share of fits. Always measured",
    of_descent(|fits| fits.unconverged(), Mean::Steps, true),
    &[Entry::new("unconverged.mean", "share of unconverged fits", &MEAN)];

    Steps = "steps",
    "steps of gradient descent that the fit took, a count",
    of_descent(|fits| fits.steps, Mean::Steps, false),
    &[Entry::new("steps.mean", "steps", &MEAN)];
}

impl Measure {
    /// Whether it is a number of the fitted policy or of its descent, and not of the responses that were kept.
    pub(super) fn is_of_descent(self) -> bool {
        !matches!(self.own().mean, Mean::Seen(_)) && self != Measure::Unconverged
    }
}

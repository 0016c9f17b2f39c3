//! Owns what the study measures of a fit, and the exact value of each mean where theory has one.

use super::FitArm;
use crate::engine::{Estimand, Exact, Functional, Reference};
use crate::policy::SharedSoftmax;
use crate::study::EstimandDoc;
use crate::world::World;

/// A number taken of each fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// NLL above that of the best shared policy: KL(pi || p), pi the world's mean distribution.
    ExcessNll,
    /// NLL on fresh responses, in expectation over them.
    TestNll,
    /// KL(p || pi).
    ReverseKl,
    /// Total variation between p and pi.
    TotalVariation,
    /// Entropy of p.
    Entropy,
    /// Expected reward of a response drawn from p.
    ExpectedReward,
    /// 1 where a mode has no response among those kept.
    MissingMode,
    /// Modes that have a response among those kept.
    ModesSeen,
    /// 1 where the gradient is beyond the tolerance after the last step of a fit that has an optimum: one with a ridge, or
    /// that saw every mode.
    Unconverged,
    /// Steps taken.
    Steps,
}

/// What a measure is, for help texts.
#[derive(Debug, Clone, Copy)]
pub struct MeasureDoc {
    /// The measure.
    pub measure: Measure,
    /// Its name in files.
    pub name: &'static str,
    /// Its meaning with unit and range.
    pub about: &'static str,
}

const fn doc(measure: Measure, name: &'static str, about: &'static str) -> MeasureDoc {
    MeasureDoc { measure, name, about }
}

/// Every measure of the study.
pub const MEASURES: [MeasureDoc; 10] = [
    doc(
        Measure::ExcessNll,
        "excess-nll",
        "NLL of the fit above that of the best shared policy, KL(pi || p), in nats; 0 or more",
    ),
    doc(
        Measure::TestNll,
        "test-nll",
        "NLL of the fit on fresh responses, in expectation over them, in nats",
    ),
    doc(
        Measure::ReverseKl,
        "reverse-kl",
        "KL(p || pi) of the fit from the best shared policy, in nats; 0 or more",
    ),
    doc(
        Measure::TotalVariation,
        "total-variation",
        "half the sum of |p - pi|, the share of probability that is misplaced; from 0 to 1",
    ),
    doc(Measure::Entropy, "entropy", "entropy of the fitted policy, in nats"),
    doc(
        Measure::ExpectedReward,
        "expected-reward",
        "sum of p_m R_m, the reward to expect of a response drawn from the fitted policy, in units of reward (needs a world with rewards)",
    ),
    doc(
        Measure::MissingMode,
        "missing-mode",
        "1 where some mode has no response among those kept, else 0: its mean is a share of fits",
    ),
    doc(
        Measure::ModesSeen,
        "modes-seen",
        "modes that have a response among those kept of all prompts, a count from 1 to M",
    ),
    doc(
        Measure::Unconverged,
        "unconverged",
        "1 where the gradient is beyond the tolerance after the last step though the fit has an optimum, else 0 (without a ridge a \
         fit that misses a mode has none): its mean is a share of fits. Always measured",
    ),
    doc(
        Measure::Steps,
        "steps",
        "steps of gradient descent that the fit took, a count",
    ),
];

impl Measure {
    /// The name in experiment files and estimands.
    pub fn name(self) -> &'static str {
        let doc = MEASURES.iter().find(|doc| doc.measure == self);
        doc.map_or("", |doc| doc.name)
    }

    /// Whether it is a number of the fitted policy or of its descent, and not of the responses that were kept.
    pub(super) fn is_of_descent(self) -> bool {
        !matches!(self, Measure::MissingMode | Measure::ModesSeen | Measure::Unconverged)
    }

    /// Whether it is a NLL, which no converged fit that misses a mode has.
    pub(super) fn is_nll(self) -> bool {
        matches!(self, Measure::ExcessNll | Measure::TestNll)
    }

    /// The measure of a name.
    pub fn parse(name: &str) -> Option<Self> {
        let doc = MEASURES.iter().find(|doc| doc.name == name);
        doc.map(|doc| doc.measure)
    }
}

/// Every quantity of the study, in row order.
pub const QUANTITIES: [EstimandDoc; 4] = [
    EstimandDoc {
        quantity: "mean",
        meaning: "expected value of the measure over fits",
        formula: "mean over replicates; exact for missing-mode by inclusion and exclusion and for modes-seen by its sum over modes, at random, \
                  for the best of rewards without noise or ties, and for one response kept by a known law; excess-nll and test-nll have no \
                  exact value, since without a ridge a fit that misses a mode has infinite excess but for its steps (see `complete`): under \
                  random selection their `reference` is the first order, (1/2)(M-1)/(alpha+1) (1/N_p + alpha/(N_p K)). Elsewhere the \
                  `reference` is that of many prompts: the measure of q, the expected share of kept responses by mode",
        unit: "the measure's own",
        source: "arXiv 2606.00544; moments of the beta-binomial",
    },
    EstimandDoc {
        quantity: "complete",
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
    },
    EstimandDoc {
        quantity: "vertex",
        meaning: "best K by the vertex of a parabola: of the excess-nll of complete fits, over the arms of one budget",
        formula: "least squares of ln(excess x cost) on ln K and its square, over the arms with K from K*/4 to 4 K* of which at most 1% of \
                  fits miss a mode; exact: the same of the exact excess; `reference`: K* = sqrt((V_{y|x}/V_x)(C_p/C_r))",
        unit: "responses per prompt, positive",
        source: "arXiv 2606.00544; Cochran 1977, section 10.6",
    },
    EstimandDoc {
        quantity: "three-term",
        meaning: "best K by the law's own form: of the excess-nll of complete fits, over the arms of one budget; the second route to the vertex",
        formula: "least squares of excess x cost on 1, K and 1/K, weighted by its inverse square, over the arms of which at most 1% of fits \
                  miss a mode: sqrt(c/b); exact: the same of the exact excess; `reference`: K*",
        unit: "responses per prompt, positive",
        source: "arXiv 2606.00544; Cochran 1977, section 10.6",
    },
];

/// The quantity of fits in which every mode was seen.
pub(super) const COMPLETE: &str = "complete";

/// The estimands of a measure in row order; those of the best K only where arms share a budget.
pub fn names(measure: Measure, budget: bool) -> Vec<String> {
    let has = |quantity: &str| match quantity {
        "mean" => true,
        COMPLETE => measure.is_nll(),
        _ => budget && measure == Measure::ExcessNll,
    };
    QUANTITIES
        .iter()
        .filter(|doc| has(doc.quantity))
        .map(|doc| format!("{}.{}", measure.name(), doc.quantity))
        .collect()
}

/// Where the sums of arms stand: for each arm one slot per measure, then 1 for a fit that saw every mode, then its excess NLL.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots {
    /// How many measures there are.
    pub measures: usize,
}

impl Slots {
    /// The most that an arm can have.
    pub const fn most_per_arm() -> usize {
        MEASURES.len() + 2
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

/// The mean of a NLL over the fits of one arm in which every mode was seen, of which `exact` is the excess.
pub(super) fn complete(
    world: &dyn World,
    (index, arm): (usize, &FitArm),
    measure: Measure,
    slots: Slots,
    exact: Exact,
) -> Estimand {
    let offset = offset(world, measure);
    let (count, sum) = (slots.complete(index), slots.complete_excess(index));
    Estimand {
        name: format!("{}.{COMPLETE}", measure.name()),
        at: String::new(),
        arm: Some(index),
        functional: Functional::Smooth(Box::new(move |means| offset + means.mean(sum) / means.mean(count))),
        exact: match exact {
            Exact::Is(excess) => Exact::Is(offset + excess),
            other => other,
        },
        given: Some(count),
        reference: first_order(world, arm, measure),
    }
}

/// What is left out of a slot so that small differences keep their digits.
pub(super) fn offset(world: &dyn World, measure: Measure) -> f64 {
    match measure {
        Measure::TestNll => SharedSoftmax::from_probabilities(world.mean()).nll(world.mean()),
        _ => 0.0,
    }
}

/// The first order of a NLL under random selection.
pub(super) fn first_order(world: &dyn World, arm: &FitArm, measure: Measure) -> Option<Reference> {
    let (np, k) = (u64::from(arm.prompts), u64::from(arm.responses));
    let excess = world.excess_nll_first_order(np, k);
    let excess = excess.filter(|_| measure.is_nll() && arm.choice.is_random())?;
    Some(Reference {
        value: offset(world, measure) + excess,
        name: "first order",
    })
}

//! Owns what the study measures of a fit, and the exact value of each mean where theory has one.

use super::{FitArm, RARE};
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
    /// 1 where a mode has no response among those kept.
    MissingMode,
    /// 1 where the gradient is beyond the tolerance after the last step.
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
pub const MEASURES: [MeasureDoc; 8] = [
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
        Measure::MissingMode,
        "missing-mode",
        "1 where some mode has no response among those kept, else 0: its mean is a share of fits",
    ),
    doc(
        Measure::Unconverged,
        "unconverged",
        "1 where the gradient is beyond the tolerance after the last step, else 0: its mean is a share of fits",
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

    /// The measure of a name.
    pub fn parse(name: &str) -> Option<Self> {
        let doc = MEASURES.iter().find(|doc| doc.name == name);
        doc.map(|doc| doc.measure)
    }
}

/// Every quantity of the study, in row order.
pub const QUANTITIES: [EstimandDoc; 3] = [
    EstimandDoc {
        quantity: "mean",
        meaning: "expected value of the measure over fits",
        formula: "mean over replicates; exact for excess-nll and test-nll to third order, 1/2 sum v/pi - 1/3 sum k3/pi^2 + 3/4 sum v^2/pi^3, \
                  where at most 1% of fits miss a mode (empty elsewhere: a fit that misses one has infinite excess but for its steps or ridge); \
                  `reference` holds the first order, (1/2)(M-1)/(alpha+1) (1/N_p + alpha/(N_p K)); exact for missing-mode by inclusion and exclusion",
        unit: "the measure's own",
        source: "arXiv 2606.00544; moments of the beta-binomial",
    },
    EstimandDoc {
        quantity: "vertex",
        meaning: "best K by the vertex of a parabola: of excess-nll, over the arms of one budget",
        formula: "least squares of ln(mean excess x cost) on ln K and its square, over the arms with K from K*/4 to 4 K*; exact: K* = sqrt((V_{y|x}/V_x)(C_p/C_r))",
        unit: "responses per prompt, positive",
        source: "arXiv 2606.00544; Cochran 1977, section 10.6",
    },
    EstimandDoc {
        quantity: "three-term",
        meaning: "best K by the law's own form: of excess-nll, over the arms of one budget; the second route to the vertex",
        formula: "least squares of mean excess x cost on 1, K and 1/K, weighted by its inverse square, over the arms with an exact value: sqrt(c/b); exact: K*",
        unit: "responses per prompt, positive",
        source: "arXiv 2606.00544; Cochran 1977, section 10.6",
    },
];

/// The estimands of a measure in row order; those of the best K only where arms share a budget.
pub fn names(measure: Measure, budget: bool) -> Vec<String> {
    QUANTITIES
        .iter()
        .filter(|doc| doc.quantity == "mean" || (budget && measure == Measure::ExcessNll))
        .map(|doc| format!("{}.{}", measure.name(), doc.quantity))
        .collect()
}

/// The mean of one measure in one arm.
pub(super) fn mean(world: &dyn World, index: usize, arm: &FitArm, measure: Measure, slot: usize) -> Estimand {
    let (np, k) = (u64::from(arm.prompts), u64::from(arm.responses));
    let offset = offset(world, measure);
    Estimand {
        name: format!("{}.mean", measure.name()),
        at: String::new(),
        arm: Some(index),
        functional: match measure {
            Measure::MissingMode | Measure::Unconverged => Functional::Share(slot),
            _ => Functional::Smooth(Box::new(move |means| offset + means.mean(slot))),
        },
        exact: Exact::or_none(
            exact(world, arm, measure),
            "theory has none for this measure and selector",
        ),
        given: None,
        reference: match measure {
            Measure::ExcessNll | Measure::TestNll if arm.choice.is_random() => {
                world.excess_nll_first_order(np, k).map(|e| Reference {
                    value: offset + e,
                    name: "first order",
                })
            }
            _ => None,
        },
    }
}

/// What is left out of a slot so that small differences keep their digits.
pub(super) fn offset(world: &dyn World, measure: Measure) -> f64 {
    match measure {
        Measure::TestNll => SharedSoftmax::from_probabilities(world.mean()).nll(world.mean()),
        _ => 0.0,
    }
}

/// The exact mean of a measure, where theory has one: for `random` alone.
pub(super) fn exact(world: &dyn World, arm: &FitArm, measure: Measure) -> Option<f64> {
    if !arm.choice.is_random() {
        return None;
    }
    let (np, k) = (u64::from(arm.prompts), u64::from(arm.responses));
    match measure {
        Measure::ExcessNll | Measure::TestNll => {
            let rare = world.missing_mode_share(np, k)? <= RARE;
            let excess = world.excess_nll_third_order(np, k).filter(|_| rare)?;
            Some(offset(world, measure) + excess)
        }
        Measure::MissingMode => world.missing_mode_share(np, k),
        _ => None,
    }
}

//! Owns what the study estimates, with the exact value of each.
//!
//! With X the statistic of one replicate, t its truth and R replicates: the variance is R/(R-1) (mean|X-t|^2 -
//! |mean(X-t)|^2), the trace of the covariance matrix for a vector; bias^2 is |mean(X-t)|^2 less the variance of
//! the mean; EMSE is mean|X-t|^2. Random-K-of-N is unbiased, so its exact EMSE is its exact variance.

use super::measure::{Measure, Slots};
use super::{Method, Pool};
use crate::engine::{Estimand, Functional};
use crate::inference::groups::Means;
use crate::study::EstimandDoc;
use crate::theory::variance_law::Components;
use crate::world::World;

const LAW: &str = "arXiv 2606.00544, the variance law; Cochran 1977, chapter 10";

/// Every quantity of the study, in row order.
pub const QUANTITIES: [EstimandDoc; 7] = [
    EstimandDoc {
        quantity: "mean",
        meaning: "expected value of the statistic (of `mode-mass-by-mode` only)",
        formula: "mean over replicates; exact: the truth, since random-K-of-N is unbiased",
        unit: "the statistic's own",
        source: "Cochran 1977, theorem 2.1",
    },
    EstimandDoc {
        quantity: "variance",
        meaning: "variance over replicates of the statistic; for a vector the trace of its covariance matrix",
        formula: "R/(R-1) (mean|X-t|^2 - |mean(X-t)|^2); exact: V_x/N_p + V_{y|x} [1 + (K-1) r]/(N_p K), r the correlation of two responses given the prompt (0 but in `copies`)",
        unit: "squared units of the statistic, positive",
        source: LAW,
    },
    EstimandDoc {
        quantity: "bias2",
        meaning: "squared distance of the expected statistic from the truth, debiased (so it may come out below 0)",
        formula: "|mean(X-t)|^2 - tr S, S the covariance of the mean; MCSE by the score; exact: 0 for random-K-of-N",
        unit: "squared units of the statistic",
        source: "score interval of a squared norm",
    },
    EstimandDoc {
        quantity: "emse",
        meaning: "expected squared error of the statistic: bias^2 + variance",
        formula: "mean|X-t|^2; exact: the variance, for random-K-of-N",
        unit: "squared units of the statistic, positive",
        source: LAW,
    },
    EstimandDoc {
        quantity: "ratio",
        meaning: "variance as a multiple of the law for independent responses: 1 where the law holds",
        formula: "variance / (V_x/N_p + V_{y|x}/(N_p K)); exact: the same ratio of exact variances",
        unit: "dimensionless, positive",
        source: LAW,
    },
    EstimandDoc {
        quantity: "conditional-variance",
        meaning: "mean variance over selections, given prompts and pools (needs `candidates`)",
        formula: "mean|X - X_pool|^2, X_pool the statistic of whole pools; exact: V_{y|x} (1 - r) (1/K - 1/N)/N_p",
        unit: "squared units of the statistic, not negative",
        source: "finite-population correction, Cochran 1977, theorem 2.2",
    },
    EstimandDoc {
        quantity: "prompt-floor",
        meaning: "the part of the law that no number of independent responses removes; theory only, no estimate",
        formula: "V_x/N_p",
        unit: "squared units of the statistic, positive",
        source: LAW,
    },
];

/// The quantities that a measure has, in row order.
pub fn names(measure: Measure, pooled: bool) -> Vec<String> {
    let has = |quantity: &str| match (measure, quantity) {
        (Measure::ModeMassByMode, q) => matches!(q, "mean" | "variance"),
        (_, "mean") => false,
        (_, "conditional-variance") => pooled,
        _ => true,
    };
    QUANTITIES
        .iter()
        .filter(|doc| has(doc.quantity))
        .map(|doc| format!("{}.{}", measure.name(), doc.quantity))
        .collect()
}

/// The exact value of the quantity `quantity` of a measure in an arm, for a scalar or the trace of a vector.
///
/// `part` is the mode of a by-mode measure and 0 otherwise.
pub fn exact(world: &dyn World, arm: &Method, measure: Measure, quantity: &str, part: usize) -> Option<f64> {
    Truth::of(world, arm, measure).exact(arm, quantity, part)
}

/// What the exact values of a measure in an arm rest on, worked out once for all its quantities and modes.
struct Truth {
    values: Vec<f64>,
    parts: Vec<Components>,
    /// The correlation of two responses given the prompt.
    correlation: f64,
}

impl Truth {
    fn of(world: &dyn World, arm: &Method, measure: Measure) -> Self {
        Self {
            values: measure.truth(world, arm),
            parts: measure.components(world, arm),
            correlation: world.response_correlation(),
        }
    }

    fn exact(&self, arm: &Method, quantity: &str, part: usize) -> Option<f64> {
        let components = self.parts.get(part)?;
        let (np, k) = (u64::from(arm.prompts), u64::from(arm.responses));
        let r = self.correlation;
        let variance = components.law_with_correlated_responses(np, k, r);
        match quantity {
            "mean" => self.values.get(part).copied(),
            "variance" | "emse" => Some(variance),
            "bias2" => Some(0.0),
            "ratio" => Some(variance / components.law(np, k)),
            "conditional-variance" => match arm.candidates {
                Pool::AsKept => None,
                Pool::Of(n) => Some(components.conditional_on_pool(np, k, u64::from(n), r)),
            },
            "prompt-floor" => Some(components.prompt_floor(np)),
            _ => None,
        }
    }
}

/// The estimands of one measure in one arm.
pub(super) fn of(world: &dyn World, index: usize, arm: &Method, measure: Measure, slots: &Slots) -> Vec<Estimand> {
    let parts = match measure {
        Measure::ModeMassByMode => world.mean().len(),
        _ => 1,
    };
    let truth = Truth::of(world, arm, measure);
    let pooled = matches!(arm.candidates, Pool::Of(_));
    let mut estimands = Vec::new();
    for name in names(measure, pooled) {
        // Cannot be absent because `names` joins measure and quantity with a point.
        let quantity = name.split_once('.').map_or("", |(_, quantity)| quantity);
        for part in 0..parts {
            estimands.push(Estimand {
                at: if parts > 1 { part.to_string() } else { String::new() },
                arm: Some(index),
                functional: functional(&truth, index, arm, measure, slots, quantity, part),
                exact: truth.exact(arm, quantity, part),
                reference: None,
                name: name.clone(),
            });
        }
    }
    estimands
}

fn functional(
    truth: &Truth,
    index: usize,
    arm: &Method,
    measure: Measure,
    slots: &Slots,
    quantity: &str,
    part: usize,
) -> Functional {
    let (deviation, square) = match measure {
        Measure::ModeMassByMode => (
            slots.deviation.start + part..slots.deviation.start + part + 1,
            slots.squares.start + part,
        ),
        _ => (slots.deviation.clone(), slots.squares.start),
    };
    let variance = move |means: &Means<'_>| {
        let r = means.count(index) as f64;
        let bias2: f64 = deviation.clone().map(|slot| means.mean(slot) * means.mean(slot)).sum();
        (means.mean(square) - bias2) * (r / (r - 1.0))
    };
    match quantity {
        "mean" => {
            let truth = truth.values[part];
            let slot = slots.deviation.start + part;
            Functional::Smooth(Box::new(move |means| truth + means.mean(slot)))
        }
        "variance" => Functional::Smooth(Box::new(variance)),
        "ratio" => {
            let law = truth.parts[part].law(u64::from(arm.prompts), u64::from(arm.responses));
            Functional::Smooth(Box::new(move |means| variance(means) / law))
        }
        "emse" => Functional::Smooth(Box::new(move |means| means.mean(square))),
        "bias2" => Functional::SquaredNorm(slots.deviation.clone()),
        "conditional-variance" => {
            let slot = slots.selection.start;
            Functional::Smooth(Box::new(move |means| means.mean(slot)))
        }
        _ => Functional::ExactOnly,
    }
}

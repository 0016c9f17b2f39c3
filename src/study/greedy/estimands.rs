//! Owns what the study estimates of greedy picks: where the slots lie, and the exact values that theory has.

use super::arm::{bound, limit};
use super::{Family, GreedyArm, Measure};
use crate::engine::{Estimand, Exact, Functional, Of, Reference};
use crate::numerics::text::float;

/// Where the distribution function of the ratio is estimated.
pub const RATIOS: [f64; 8] = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 1.0];

/// Ratios that differ by less are equal: the rounding of sums of a few terms.
pub(super) const EQUAL: f64 = 1e-9;

/// Triples of each instance.
pub const TRIPLES: usize = 8;

/// Where a measure's slots lie, in the order in which the worker writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slots {
    pub measure: Measure,
    pub first: usize,
}

impl Slots {
    /// Ratio, optimal, one per value of [`RATIOS`], below the bound, and the ratio at the start.
    pub const OF_GUARANTEE: usize = RATIOS.len() + 4;

    /// Shares of triples, then whether any.
    pub const OF_CONDITIONS: usize = 4;

    pub fn count(self) -> usize {
        match self.measure {
            Measure::Guarantee => Self::OF_GUARANTEE,
            Measure::Conditions => Self::OF_CONDITIONS,
        }
    }

    /// The slot of a quantity; `part` is the index in [`RATIOS`] of `share-below`.
    fn of(self, quantity: &str, part: usize) -> Option<usize> {
        let place = match quantity {
            "ratio" => 0,
            "optimal" => 1,
            "share-below" => 2 + part,
            "below-bound" => 2 + RATIOS.len(),
            "fall" => 3 + RATIOS.len(),
            "monotone-violations" => 0,
            "submodular-violations" => 1,
            "monotone-broken" => 2,
            "submodular-broken" => 3,
            _ => return None,
        };
        Some(self.first + place)
    }
}

/// The estimands of one measure in one arm; `fall` only of an adversary.
pub(super) fn estimands(index: usize, arm: &GreedyArm, family: &Family, slots: Slots) -> Vec<Estimand> {
    let mut out = Vec::new();
    for kind in slots.measure.kind().estimands {
        let quantity = kind.quantity.name;
        if quantity == "fall" && family.steps().is_none() {
            continue;
        }
        let parts = if quantity == "share-below" { RATIOS.len() } else { 1 };
        for part in 0..parts {
            out.push(Estimand {
                kind,
                of: Of::Arm(index),
                at: if parts > 1 { float(RATIOS[part]) } else { String::new() },
                functional: functional(quantity, part, slots),
                exact: Exact::or_none(
                    exact(arm, family, quantity, part),
                    "it depends on the instances: theory has bounds only",
                ),
                given: None,
                reference: reference(arm, family, quantity),
            });
        }
    }
    out
}

/// The bound, where the guarantee holds.
pub(super) fn reference(arm: &GreedyArm, family: &Family, quantity: &str) -> Option<Reference> {
    (quantity == "ratio" && arm.monotone(family)).then(|| Reference {
        value: bound(arm.responses),
        name: "bound of the guarantee",
    })
}

fn functional(quantity: &str, part: usize, slots: Slots) -> Functional {
    let Some(slot) = slots.of(quantity, part) else {
        return Functional::TheoryOnly;
    };
    match quantity {
        "ratio" => Functional::Smooth(Box::new(move |means| means.mean(slot))),
        // The triples of an instance share its objective: one part, however many they are.
        "monotone-violations" | "submodular-violations" => Functional::Mass {
            slot,
            most: 1.0,
            parts: [1, TRIPLES as u64],
        },
        "fall" => Functional::Difference(
            Box::new(move |means| means.mean(slot)),
            Box::new(move |means| means.mean(slots.first)),
        ),
        _ => event(slot),
    }
}

/// The share of instances with an event: none among them is no proof that there is none.
fn event(slot: usize) -> Functional {
    Functional::Proportion(slot)
}

fn exact(arm: &GreedyArm, family: &Family, quantity: &str, part: usize) -> Option<f64> {
    let (optimal, monotone) = (arm.always_optimal(family), arm.monotone(family));
    match quantity {
        "bound" => Some(bound(arm.responses)),
        "limit" => Some(limit()),
        "ratio" | "optimal" => optimal.then_some(1.0),
        "fall" => optimal.then_some(0.0),
        // At 1 the guarantee says nothing: the bound of K = 1 is 1, and there greedy is always best.
        "share-below" => (optimal || (monotone && RATIOS[part] <= bound(arm.responses))).then_some(0.0),
        "below-bound" | "monotone-violations" | "monotone-broken" => {
            (monotone || (optimal && quantity == "below-bound")).then_some(0.0)
        }
        _ => arm.submodular(family).then_some(0.0),
    }
}

//! Owns what the study measures of greedy picks, where the slots lie, and the exact values that theory has.

use super::arm::{bound, limit};
use super::{Family, GreedyArm};
use crate::engine::{Estimand, Exact, Functional, Reference};
use crate::numerics::text::float;
use crate::study::EstimandDoc;

/// What is measured of each instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// How close greedy picks come to the best set.
    Guarantee,
    /// Whether the objective is monotone and submodular, on random triples.
    Conditions,
}

/// Every measure of the study, with its name and meaning.
pub const MEASURES: [(Measure, &str, &str); 2] = [
    (
        Measure::Guarantee,
        "guarantee",
        "F of the greedy picks over F of the best set of the same size, found by trying all; 1 where they are equal within 1e-9",
    ),
    (
        Measure::Conditions,
        "conditions",
        "whether F is monotone and submodular, on eight random triples of each instance: sets A inside B and a candidate outside B",
    ),
];

impl Measure {
    /// The name in experiment files and estimands.
    pub fn name(self) -> &'static str {
        let entry = MEASURES.iter().find(|(measure, ..)| *measure == self);
        entry.map_or("", |(_, name, _)| name)
    }
}

/// Where the distribution function of the ratio is estimated.
pub const RATIOS: [f64; 8] = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 1.0];

/// Ratios that differ by less are equal: the rounding of sums of a few terms.
pub(super) const EQUAL: f64 = 1e-9;

/// Triples of each instance.
pub const TRIPLES: usize = 8;

const NWF: &str = "Nemhauser, Wolsey and Fisher 1978";

/// Every quantity of the study, in row order.
pub const QUANTITIES: [EstimandDoc; 11] = [
    EstimandDoc {
        quantity: "ratio",
        meaning: "expected ratio of F of the greedy picks to F of the best set",
        formula: "mean over instances; exact: 1 where greedy is always best (K = 1, K = N, rewards alone, clusters without noise); \
                  `reference` holds the bound where the guarantee holds",
        unit: "dimensionless, at most 1",
        source: NWF,
    },
    EstimandDoc {
        quantity: "optimal",
        meaning: "share of instances in which the greedy picks are a best set, within 1e-9",
        formula: "mean over instances; exact: 1 where greedy is always best",
        unit: "a share, from 0 to 1",
        source: NWF,
    },
    EstimandDoc {
        quantity: "share-below",
        meaning: "share of instances with a ratio below `at`: the distribution function of the ratio",
        formula: "mean over instances of [ratio < at - 1e-9]; exact: 0 where greedy is always best, and up to the bound where the guarantee holds",
        unit: "a share, from 0 to 1",
        source: NWF,
    },
    EstimandDoc {
        quantity: "below-bound",
        meaning: "share of instances with a ratio below the bound: each would refute the theorem, or the program",
        formula: "mean over instances of [ratio < 1 - (1 - 1/K)^K - 1e-9]; exact: 0 where F is nonnegative, monotone and submodular",
        unit: "a share, from 0 to 1",
        source: NWF,
    },
    EstimandDoc {
        quantity: "fall",
        meaning: "how far the adversary lowers the ratio of an instance (world `adversarial` only)",
        formula: "mean over instances of the ratio at the start less the ratio at the end; exact: 0 where greedy is always best",
        unit: "dimensionless, not negative",
        source: "hill climb on similarities of 0 and 1",
    },
    EstimandDoc {
        quantity: "bound",
        meaning: "the share of the best F that greedy picks are sure to reach; theory only, no estimate",
        formula: "1 - (1 - 1/K)^K",
        unit: "dimensionless, from 1 at K = 1 down to 1 - 1/e",
        source: NWF,
    },
    EstimandDoc {
        quantity: "limit",
        meaning: "the share that greedy picks of any K are sure to reach; theory only, no estimate",
        formula: "1 - 1/e",
        unit: "dimensionless",
        source: NWF,
    },
    EstimandDoc {
        quantity: "monotone-violations",
        meaning: "share of random triples on which F falls when x is added to A or to B",
        formula: "mean over instances of the share of 8 triples: |B| uniform from 1 to N - 1, |A| from 0 to |B| - 1; exact: 0 where F is monotone",
        unit: "a share, from 0 to 1",
        source: NWF,
    },
    EstimandDoc {
        quantity: "submodular-violations",
        meaning: "share of random triples on which x adds more to B than to A",
        formula: "as monotone-violations; exact: 0 where F is submodular",
        unit: "a share, from 0 to 1",
        source: NWF,
    },
    EstimandDoc {
        quantity: "monotone-broken",
        meaning: "share of instances with a triple on which F falls: what a claim that none does is judged by",
        formula: "mean over instances of [some of 8 triples violates]; exact: 0 where F is monotone",
        unit: "a share, from 0 to 1",
        source: NWF,
    },
    EstimandDoc {
        quantity: "submodular-broken",
        meaning: "share of instances with a triple on which x adds more to B than to A",
        formula: "as monotone-broken; exact: 0 where F is submodular",
        unit: "a share, from 0 to 1",
        source: NWF,
    },
];

/// The estimands of a measure in row order; `fall` only of an adversary.
pub fn names(measure: Measure, adversary: bool) -> Vec<String> {
    quantities(measure, adversary)
        .map(|quantity| format!("{}.{quantity}", measure.name()))
        .collect()
}

fn quantities(measure: Measure, adversary: bool) -> impl Iterator<Item = &'static str> {
    let of_conditions = |quantity: &str| quantity.ends_with("-violations") || quantity.ends_with("-broken");
    QUANTITIES
        .iter()
        .map(|doc| doc.quantity)
        .filter(move |quantity| of_conditions(quantity) == (measure == Measure::Conditions))
        .filter(move |quantity| adversary || *quantity != "fall")
}

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

/// The estimands of one measure in one arm.
pub(super) fn estimands(index: usize, arm: &GreedyArm, family: &Family, slots: Slots) -> Vec<Estimand> {
    let mut out = Vec::new();
    for quantity in quantities(slots.measure, family.steps().is_some()) {
        let parts = if quantity == "share-below" { RATIOS.len() } else { 1 };
        for part in 0..parts {
            out.push(Estimand {
                name: format!("{}.{quantity}", slots.measure.name()),
                at: if parts > 1 { float(RATIOS[part]) } else { String::new() },
                arm: Some(index),
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
        return Functional::ExactOnly;
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
    Functional::Share(slot)
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

//! Owns what the study measures of greedy picks: what it is called and means, and what is estimated of it.

use super::arm::{bound, limit};
use super::judge::EQUAL;
use super::triples::{TRIPLES, Triple};
use super::{Family, GreedyArm};
use crate::engine::{Functional, MeanOf, Places};
use crate::select::Small;
use crate::study::entry::{self, measures, quantities};

/// Where the distribution function of the ratio is estimated.
pub const RATIOS: [f64; 8] = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 1.0];

/// What is seen of an arm's picks of an instance.
pub(super) struct Seen<'a> {
    pub ratio: f64,
    pub bound: f64,
    /// The ratio before the adversary, where there is one.
    pub start: f64,
    pub small: &'a Small,
    pub triples: &'a [Triple],
}

/// What is known of a measure.
pub(super) struct Statistic {
    /// How many it has.
    pub slots: usize,
    /// Adds them.
    pub add: fn(&Seen<'_>, &mut [f64]),
    /// Whether it looks at the ratio, which takes a search.
    pub compares: bool,
    /// Whether it looks at triples, which are drawn.
    pub triples: bool,
}

/// How a quantity is worked out.
pub(super) struct How {
    /// Its first slot among those of the measure.
    pub slot: usize,
    /// From its slot, and the first of the measure.
    pub functional: fn(usize, usize) -> Functional,
    /// For a place among [`RATIOS`].
    pub exact: fn(&GreedyArm, &Family, usize) -> Option<f64>,
    /// Whether the bound is its reference, where the guarantee holds.
    pub bounded: bool,
    /// Whether only an adversary has it.
    pub of_duel: bool,
    /// At another K, where that is known.
    pub exact_at: fn(u32) -> Option<f64>,
}

/// An estimand of the study.
pub(super) type Entry = entry::Entry<How>;

impl How {
    /// The share of instances with an event: none among them is no proof that there is none.
    const fn event(slot: usize, exact: fn(&GreedyArm, &Family, usize) -> Option<f64>) -> Self {
        Self {
            slot,
            functional: |slot, _| Functional::Proportion(slot),
            exact,
            bounded: false,
            of_duel: false,
            exact_at: |_| None,
        }
    }

    /// The share of triples, of which those of an instance share its objective: one part, however many they are.
    const fn of_triples(slot: usize, exact: fn(&GreedyArm, &Family, usize) -> Option<f64>) -> Self {
        Self {
            functional: |slot, _| Functional::Mass {
                slot,
                most: 1.0,
                parts: [1, TRIPLES as u64],
            },
            ..Self::event(slot, exact)
        }
    }
}

fn if_monotone(arm: &GreedyArm, family: &Family, _: usize) -> Option<f64> {
    arm.monotone(family).then_some(0.0)
}

fn if_submodular(arm: &GreedyArm, family: &Family, _: usize) -> Option<f64> {
    arm.submodular(family).then_some(0.0)
}

fn add_ratio(seen: &Seen<'_>, slots: &mut [f64]) {
    let Seen {
        ratio, bound, start, ..
    } = *seen;
    let event = |seen: bool| f64::from(u8::from(seen));
    slots[0] += ratio;
    slots[1] += event(ratio == 1.0);
    for (slot, at) in slots[2..].iter_mut().zip(RATIOS) {
        *slot += event(ratio < at - EQUAL);
    }
    slots[2 + RATIOS.len()] += event(ratio < bound - EQUAL);
    slots[3 + RATIOS.len()] += start;
}

fn add_violations(seen: &Seen<'_>, slots: &mut [f64]) {
    let mut counts = [0_u32; 2];
    for triple in seen.triples {
        let found = seen.small.violations(triple.a, triple.b, triple.x);
        counts[0] += u32::from(found.monotone > 0.0);
        counts[1] += u32::from(found.submodular > 0.0);
    }
    for (place, count) in counts.into_iter().enumerate() {
        slots[place] += f64::from(count) / TRIPLES as f64;
        slots[2 + place] += f64::from(u8::from(count > 0));
    }
}

const NWF: &str = "Nemhauser, Wolsey and Fisher 1978";

/// Ratios crowd below 1, where round values would leave two labels.
static RATIO_OF_PICKS: Places = Places {
    label: "ratio of greedy to the best",
    ticks: &[0.7, 0.8, 0.9, 1.0],
    distribution: true,
};

quantities! {
    asks How;

    RATIO = "ratio",
    meaning "expected ratio of F of the greedy picks to F of the best set",
    formula "mean over instances; exact: 1 where greedy is always best (K = 1, K = N, rewards alone, clusters without noise); \
     `reference` holds the bound where the guarantee holds",
    unit "dimensionless, at most 1",
    source NWF,
    How {
        functional: |slot, _| Functional::Mean(MeanOf::slot(slot)),
        bounded: true,
        ..How::event(0, |arm, family, _| arm.always_optimal(family).then_some(1.0))
    };

    OPTIMAL = "optimal",
    meaning "share of instances in which the greedy picks are a best set, within 1e-9",
    formula "mean over instances; exact: 1 where greedy is always best",
    unit "a share, from 0 to 1",
    source NWF,
    How::event(1, |arm, family, _| arm.always_optimal(family).then_some(1.0));

    SHARE_BELOW = "share-below",
    meaning "share of instances with a ratio below `at`: the distribution function of the ratio",
    formula "mean over instances of [ratio < at - 1e-9]; exact: 0 where greedy is always best, and up to the bound where the guarantee holds",
    unit "a share, from 0 to 1",
    source NWF,
    How::event(2, |arm, family, place| {
        // At 1 the guarantee says nothing: the bound of K = 1 is 1, and there greedy is always best.
        let bounded = arm.monotone(family) && RATIOS[place] <= bound(arm.responses);
        (arm.always_optimal(family) || bounded).then_some(0.0)
    });

    BELOW_BOUND = "below-bound",
    meaning "share of instances with a ratio below the bound: each would refute the theorem, or the program",
    formula "mean over instances of [ratio < 1 - (1 - 1/K)^K - 1e-9]; exact: 0 where F is nonnegative, monotone and submodular",
    unit "a share, from 0 to 1",
    source NWF,
    How::event(2 + RATIOS.len(), |arm, family, _| {
        (arm.monotone(family) || arm.always_optimal(family)).then_some(0.0)
    });

    FALL = "fall",
    meaning "how far the adversary lowers the ratio of an instance (world `adversarial` only)",
    formula "mean over instances of the ratio at the start less the ratio at the end; exact: 0 where greedy is always best",
    unit "dimensionless, not negative",
    source "hill climb on similarities of 0 and 1",
    How {
        functional: |slot, ratio| {
            let mean = |slot: usize| -> crate::engine::ScalarOf { Box::new(move |means| means.mean(slot)) };
            Functional::Difference(mean(slot), mean(ratio))
        },
        of_duel: true,
        ..How::event(3 + RATIOS.len(), |arm, family, _| {
            arm.always_optimal(family).then_some(0.0)
        })
    };

    BOUND = "bound",
    meaning "the share of the best F that greedy picks are sure to reach; theory only, no estimate",
    formula "1 - (1 - 1/K)^K",
    unit "dimensionless, from 1 at K = 1 down to 1 - 1/e",
    source NWF,
    How {
        functional: |_, _| Functional::TheoryOnly,
        exact_at: |responses| Some(bound(responses)),
        ..How::event(0, |arm, _, _| Some(bound(arm.responses)))
    };

    LIMIT = "limit",
    meaning "the share that greedy picks of any K are sure to reach; theory only, no estimate",
    formula "1 - 1/e",
    unit "dimensionless",
    source NWF,
    How {
        functional: |_, _| Functional::TheoryOnly,
        ..How::event(0, |_, _, _| Some(limit()))
    };

    MONOTONE_VIOLATIONS = "monotone-violations",
    meaning "share of random triples on which F falls when x is added to A or to B",
    formula "mean over instances of the share of 8 triples: |B| uniform from 1 to N - 1, |A| from 0 to |B| - 1; exact: 0 where F is monotone",
    unit "a share, from 0 to 1",
    source NWF,
    How::of_triples(0, if_monotone);

    SUBMODULAR_VIOLATIONS = "submodular-violations",
    meaning "share of random triples on which x adds more to B than to A",
    formula "as monotone-violations; exact: 0 where F is submodular",
    unit "a share, from 0 to 1",
    source NWF,
    How::of_triples(1, if_submodular);

    MONOTONE_BROKEN = "monotone-broken",
    meaning "share of instances with a triple on which F falls: what a claim that none does is judged by",
    formula "mean over instances of [some of 8 triples violates]; exact: 0 where F is monotone",
    unit "a share, from 0 to 1",
    source NWF,
    How::event(2, if_monotone);

    SUBMODULAR_BROKEN = "submodular-broken",
    meaning "share of instances with a triple on which x adds more to B than to A",
    formula "as monotone-broken; exact: 0 where F is submodular",
    unit "a share, from 0 to 1",
    source NWF,
    How::event(3, if_submodular);
}

measures! {
    enum Measure is Statistic, asks How, static MEASURES;

    Guarantee = "guarantee",
    "F of the greedy picks over F of the best set of the same size, found by trying all; 1 where they are equal within 1e-9",
    Statistic { slots: RATIOS.len() + 4, add: add_ratio, compares: true, triples: false },
    &[
        Entry::new("guarantee.ratio", "mean ratio of greedy to the best", &RATIO),
        Entry::new("guarantee.optimal", "share of instances solved best", &OPTIMAL),
        Entry::new("guarantee.share-below", "share of instances below", &SHARE_BELOW)
            .at(&RATIO_OF_PICKS)
            .bound("guarantee.bound"),
        Entry::new("guarantee.below-bound", "share of instances below the bound", &BELOW_BOUND),
        Entry::new("guarantee.fall", "fall of the ratio by the adversary", &FALL)
            .needs("world.kind = \"adversarial\""),
        Entry::new("guarantee.bound", "bound of guarantee", &BOUND),
        Entry::new("guarantee.limit", "limit of guarantee", &LIMIT),
    ];

    Conditions = "conditions",
    "whether F is monotone and submodular, on eight random triples of each instance: sets A inside B and a candidate outside B",
    Statistic { slots: 4, add: add_violations, compares: false, triples: true },
    &[
        Entry::new("conditions.monotone-violations", "share of triples not monotone", &MONOTONE_VIOLATIONS),
        Entry::new("conditions.submodular-violations", "share of triples not submodular", &SUBMODULAR_VIOLATIONS),
        Entry::new("conditions.monotone-broken", "monotone-broken of conditions", &MONOTONE_BROKEN),
        Entry::new("conditions.submodular-broken", "submodular-broken of conditions", &SUBMODULAR_BROKEN),
    ];
}

//! Owns what the study measures of greedy picks: what it is called and means, and what is estimated of it.

use crate::engine::{EstimandKind, Places, Quantity};
use crate::study::measures::measures;

const NWF: &str = "Nemhauser, Wolsey and Fisher 1978";

static RATIO: Quantity = Quantity {
    name: "ratio",
    meaning: "expected ratio of F of the greedy picks to F of the best set",
    formula: "mean over instances; exact: 1 where greedy is always best (K = 1, K = N, rewards alone, clusters without noise); \
              `reference` holds the bound where the guarantee holds",
    unit: "dimensionless, at most 1",
    source: NWF,
};

static OPTIMAL: Quantity = Quantity {
    name: "optimal",
    meaning: "share of instances in which the greedy picks are a best set, within 1e-9",
    formula: "mean over instances; exact: 1 where greedy is always best",
    unit: "a share, from 0 to 1",
    source: NWF,
};

static SHARE_BELOW: Quantity = Quantity {
    name: "share-below",
    meaning: "share of instances with a ratio below `at`: the distribution function of the ratio",
    formula: "mean over instances of [ratio < at - 1e-9]; exact: 0 where greedy is always best, and up to the bound where the guarantee holds",
    unit: "a share, from 0 to 1",
    source: NWF,
};

static BELOW_BOUND: Quantity = Quantity {
    name: "below-bound",
    meaning: "share of instances with a ratio below the bound: each would refute the theorem, or the program",
    formula: "mean over instances of [ratio < 1 - (1 - 1/K)^K - 1e-9]; exact: 0 where F is nonnegative, monotone and submodular",
    unit: "a share, from 0 to 1",
    source: NWF,
};

static FALL: Quantity = Quantity {
    name: "fall",
    meaning: "how far the adversary lowers the ratio of an instance (world `adversarial` only)",
    formula: "mean over instances of the ratio at the start less the ratio at the end; exact: 0 where greedy is always best",
    unit: "dimensionless, not negative",
    source: "hill climb on similarities of 0 and 1",
};

static BOUND: Quantity = Quantity {
    name: "bound",
    meaning: "the share of the best F that greedy picks are sure to reach; theory only, no estimate",
    formula: "1 - (1 - 1/K)^K",
    unit: "dimensionless, from 1 at K = 1 down to 1 - 1/e",
    source: NWF,
};

static LIMIT: Quantity = Quantity {
    name: "limit",
    meaning: "the share that greedy picks of any K are sure to reach; theory only, no estimate",
    formula: "1 - 1/e",
    unit: "dimensionless",
    source: NWF,
};

static MONOTONE_VIOLATIONS: Quantity = Quantity {
    name: "monotone-violations",
    meaning: "share of random triples on which F falls when x is added to A or to B",
    formula: "mean over instances of the share of 8 triples: |B| uniform from 1 to N - 1, |A| from 0 to |B| - 1; exact: 0 where F is monotone",
    unit: "a share, from 0 to 1",
    source: NWF,
};

static SUBMODULAR_VIOLATIONS: Quantity = Quantity {
    name: "submodular-violations",
    meaning: "share of random triples on which x adds more to B than to A",
    formula: "as monotone-violations; exact: 0 where F is submodular",
    unit: "a share, from 0 to 1",
    source: NWF,
};

static MONOTONE_BROKEN: Quantity = Quantity {
    name: "monotone-broken",
    meaning: "share of instances with a triple on which F falls: what a claim that none does is judged by",
    formula: "mean over instances of [some of 8 triples violates]; exact: 0 where F is monotone",
    unit: "a share, from 0 to 1",
    source: NWF,
};

static SUBMODULAR_BROKEN: Quantity = Quantity {
    name: "submodular-broken",
    meaning: "share of instances with a triple on which x adds more to B than to A",
    formula: "as monotone-broken; exact: 0 where F is submodular",
    unit: "a share, from 0 to 1",
    source: NWF,
};

/// Ratios crowd below 1, where round values would leave two labels.
static RATIO_OF_PICKS: Places = Places {
    label: "ratio of greedy to the best",
    ticks: &[0.7, 0.8, 0.9, 1.0],
};

measures! {
    enum Measure, static MEASURES;

    Guarantee = "guarantee",
    "F of the greedy picks over F of the best set of the same size, found by trying all; 1 where they are equal within 1e-9",
    &[
        EstimandKind::new("guarantee.ratio", "mean ratio of greedy to the best", &RATIO),
        EstimandKind::new("guarantee.optimal", "share of instances solved best", &OPTIMAL),
        EstimandKind {
            at: Some(&RATIO_OF_PICKS),
            bound: Some("guarantee.bound"),
            ..EstimandKind::new("guarantee.share-below", "share of instances below", &SHARE_BELOW)
        },
        EstimandKind::new("guarantee.below-bound", "share of instances below the bound", &BELOW_BOUND),
        EstimandKind {
            needs: Some("world.kind = \"adversarial\""),
            ..EstimandKind::new("guarantee.fall", "fall of the ratio by the adversary", &FALL)
        },
        EstimandKind::new("guarantee.bound", "bound of guarantee", &BOUND),
        EstimandKind::new("guarantee.limit", "limit of guarantee", &LIMIT),
    ];

    Conditions = "conditions",
    "whether F is monotone and submodular, on eight random triples of each instance: sets A inside B and a candidate outside B",
    &[
        EstimandKind::new("conditions.monotone-violations", "share of triples not monotone", &MONOTONE_VIOLATIONS),
        EstimandKind::new("conditions.submodular-violations", "share of triples not submodular", &SUBMODULAR_VIOLATIONS),
        EstimandKind::new("conditions.monotone-broken", "monotone-broken of conditions", &MONOTONE_BROKEN),
        EstimandKind::new("conditions.submodular-broken", "submodular-broken of conditions", &SUBMODULAR_BROKEN),
    ];
}

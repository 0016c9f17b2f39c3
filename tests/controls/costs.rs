//! Controls of experiments on costs in three parts and on the law of misalignment.

use super::{Case, Change};

/// Rewards that the controls of misalignment do not look at.
const FEWER_REWARDS: Change = (", { permuted = 1 }, { permuted = 2 }, { permuted = 3 }", "");

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "misalignment",
        claims: &["certified-at-4"],
        replicates: 1024,
        smaller: &[FEWER_REWARDS],
        // Of 7 of 16 it is true.
        honest: &[("where = { responses = 4, at = 0 }", "where = { responses = 7, at = 0 }")],
    },
    Case {
        experiment: "misalignment",
        claims: &["aligned-is-worst"],
        replicates: 2048,
        smaller: &[FEWER_REWARDS],
        // The opposed ones are.
        honest: &[(
            "where = { reward = \"aligned\", responses = 4, at = 0 }",
            "where = { reward = \"opposed\", responses = 4, at = 0 }",
        )],
    },
    Case {
        experiment: "misalignment",
        claims: &["isotropic"],
        replicates: 2048,
        smaller: &[FEWER_REWARDS],
        // By aligned ones it should, and there the formula is right.
        honest: &[(
            "where = { reward = [[0.5, 1.0, 0.3, 0.7, 0.2, 0.6, 0.1, 0.4]], responses = 8 }\nbound",
            "where = { reward = \"aligned\", responses = 8 }\nbound",
        )],
    },
    Case {
        experiment: "costs",
        claims: &["diverse-always-wins"],
        replicates: 1024,
        smaller: &[],
        // Below the crossover it does.
        honest: &[("total = [150, 300, 450, 1500] }", "total = [150, 300] }")],
    },
    Case {
        experiment: "costs",
        claims: &["best-wins-small-budgets"],
        replicates: 1024,
        smaller: &[],
        // Diversity with rewards does, up to 123.
        honest: &[(
            "where = { selector = \"best\" }\nbound = 50.0",
            "where = { selector = \"diverse-best\" }\nbound = 50.0",
        )],
    },
    Case {
        experiment: "costs-tokens",
        claims: &["merged-is-all"],
        replicates: 2048,
        smaller: &[],
        // Of sharp plans it is true.
        honest: &[(
            "where = { vagueness = 0.7, train = \"one-per-mode\" }",
            "where = { vagueness = 0.01, train = \"one-per-mode\" }",
        )],
    },
];

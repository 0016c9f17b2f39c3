//! Controls of experiments some of whose responses are wrong.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "errors-law",
        claims: &["off-the-support"],
        replicates: 640,
        smaller: &[],
        // Replaced by random modes, which look right.
        honest: &[(
            "where = { error-share = 0.2, error-clustering = 0.0, responses = 8 }",
            "where = { error-share = 0.2, errors-on-support = true, responses = 8 }",
        )],
    },
    Case {
        experiment: "errors-budget",
        claims: &["clean-k"],
        replicates: 20_000,
        smaller: &[
            ("[0.0, 0.6, 0.6]", "[0.6]"),
            ("[0.0, 0.0, 1.0]", "[0.0]"),
            ("[1, 2, 3, 4, 6, 7, 12, 28]", "[4, 7]"),
        ],
        // K* of the law with errors is 7.09.
        honest: &[("at = 4\n", "at = 7\n")],
    },
    Case {
        experiment: "errors-map",
        claims: &["best-always-right"],
        replicates: 1_280,
        smaller: &[
            ("= [0.0, 0.5], ", "= [0.5], "),
            ("= [0.25, 0.5, 1.0], ", "= [0.25], "),
            ("= [0.01, 0.02, 0.05, 0.1, 0.3]", "= [0.01, 0.3]"),
            ("[\"random\", \"best\", \"filter\"]", "[\"random\", \"best\"]"),
        ],
        // Beyond eps* = .10.
        honest: &[("share = 0.01, reward-noise = 0.25", "share = 0.3, reward-noise = 0.25")],
    },
    Case {
        experiment: "errors-selectors",
        claims: &["best-always"],
        replicates: 640,
        smaller: &[
            ("= [0.5, 0.0], ", "= [0.5], "),
            ("[0.0, 0.02, 0.05, 0.1, 0.3]", "[0.02, 0.1]"),
            ("[\"random\", \"best\", \"filter\"]", "[\"random\", \"best\"]"),
        ],
        honest: &[(
            "reward-spread = 0.5, error-share = 0.02 }",
            "reward-spread = 0.5, error-share = 0.1 }",
        )],
    },
    Case {
        experiment: "errors-diversity",
        claims: &["frequent-errors"],
        replicates: 640,
        smaller: &[("[1, 4]", "[1]"), ("[0.02, 0.1, 0.4]", "[0.1, 0.4]")],
        // Rare errors are kept above their share.
        honest: &[("share = 0.4, error-modes = 1", "share = 0.1, error-modes = 1")],
    },
];

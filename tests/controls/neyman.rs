//! Controls of experiments on numbers of responses that differ between prompts.

use super::{Case, Change};

/// One number of prompts.
const FEWER: Change = ("grid = { prompts = [100, 400, 1600] }", "grid = { prompts = [100] }");

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "neyman",
        claims: &["reuse-unbiased"],
        replicates: 2_048,
        smaller: &[FEWER],
        // A pilot of prompts with one answer each decides nothing.
        honest: &[("concentration = 16.0", "concentration = 0.001")],
    },
    Case {
        experiment: "neyman",
        claims: &["fresh-saves"],
        replicates: 4_096,
        smaller: &[FEWER],
        // The rarer open prompts are the more there is to save, also by those responses alone that follow.
        honest: &[
            (
                "[0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.1,",
                "[0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.1,",
            ),
        ],
    },
    Case {
        experiment: "neyman-policies",
        claims: &["flat-list"],
        replicates: 160,
        smaller: &[
            (
                "zip = { \"world.sharp-share\" = [0.0, 0.7, 0.8], \"world.sharp-factor\" = [1.0, 4.0, 8.0], \"world.rest-factor\" = [1.0, 0.5, 1.0] }",
                "zip = { \"world.sharp-share\" = [0.7], \"world.sharp-factor\" = [4.0], \"world.rest-factor\" = [0.5] }",
            ),
            (", sharp-share = [0.7, 0.8]", ""),
            ("total = 8_000", "total = 4_000"),
            ("grid = { responses = [2, 4] }", "grid = { responses = [2] }"),
        ],
        // As many responses of each prompt: then it is all one.
        honest: &[("\"entropy\", \"neyman\"]", "\"entropy\", \"constant\"]")],
    },
];

//! Controls of the experiments on what other papers claim.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "fixed-source",
        claims: &["without-end"],
        replicates: 4_096,
        smaller: &[],
        // Prompts that are alike: the first sixteen responses are far from the floor.
        honest: &[("concentration = 4.0", "concentration = 64.0")],
    },
    Case {
        experiment: "fixed-source",
        claims: &["twice-as-many"],
        replicates: 4_096,
        smaller: &[],
        // Below alpha = 8/7 twice as many prompts are worth more than sixteen responses.
        honest: &[("concentration = 4.0", "concentration = 0.5")],
    },
    Case {
        experiment: "growing-budget",
        claims: &["grows-anyway"],
        replicates: 4_096,
        smaller: &[("[512, 2048]", "[2048]")],
        // K* = sqrt(196 x 4) = 28.
        honest: &[("concentration = 4.0", "concentration = 196.0")],
    },
    Case {
        experiment: "sixteen-answers",
        claims: &["sixteen-everywhere"],
        replicates: 4_096,
        smaller: &[
            ("  { \"world.concentration\" = 16.0, \"budget.prompt-cost\" = 16 },\n", ""),
            ("  { \"world.concentration\" = 8.0, \"budget.prompt-cost\" = 16 },\n", ""),
        ],
        // K* = sqrt(64 x 4) = 16.
        honest: &[
            ("\"world.concentration\" = 4.0", "\"world.concentration\" = 64.0"),
            ("where = { concentration = 4 }", "where = { concentration = 64 }"),
        ],
    },
];

//! Controls of experiments on pilots.

use super::{Case, Change};

const ALPHA_1: Change = (
    "    { \"world.kind\" = \"dirichlet\", \"world.concentration\" = 1.0 },\n",
    "",
);
const ALPHA_4: Change = (
    "    { \"world.kind\" = \"dirichlet\", \"world.concentration\" = 4.0 },\n",
    "",
);
const ALPHA_16: Change = (
    "    { \"world.kind\" = \"dirichlet\", \"world.concentration\" = 16.0 },\n",
    "",
);
const ALPHA_64: Change = (
    "    { \"world.kind\" = \"dirichlet\", \"world.concentration\" = 64.0 },\n",
    "",
);

/// Half of the prompts, a fifth, and one in twenty of another kind.
const HALVES: Change = (
    "    { \"world.kind\" = \"mixed\", \"world.concentration\" = 16.0, \"world.other-concentration\" = 1.0, \"world.other-share\" = 0.5 },\n",
    "",
);
const FIFTH: Change = (
    "    { \"world.kind\" = \"mixed\", \"world.concentration\" = 16.0, \"world.other-concentration\" = 0.25, \"world.other-share\" = 0.2 },\n",
    "",
);
const RARE: Change = (
    "    { \"world.kind\" = \"mixed\", \"world.concentration\" = 64.0, \"world.other-concentration\" = 1.0, \"world.other-share\" = 0.05 },\n",
    "",
);
const COPIES: Change = (
    "    { \"world.kind\" = \"copies\", \"world.concentration\" = 4.0, \"world.copy-probability\" = 0.5 },\n",
    "",
);

const SMALL: Change = ("    { prompts = 64, responses = 4, sizes = \"equal\" },\n", "");
const MIDDLE: Change = ("    { prompts = 128, responses = 4, sizes = \"equal\" },\n", "");
const LARGE: Change = ("    { prompts = 256, responses = 4, sizes = \"equal\" },\n", "");
const UNEQUAL: Change = ("    { prompts = 128, responses = 4, sizes = \"unequal\" },\n", "");
const DEEPER: Change = ("    { prompts = 128, responses = 8, sizes = \"equal\" },\n", "");
const DEEP: Change = ("    { prompts = 64, responses = 16, sizes = \"equal\" },\n", "");
const LARGE_AND_DEEP: Change = ("    { prompts = 256, responses = 16, sizes = \"equal\" },\n", "");

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "allocate-coverage",
        claims: &["log-control"],
        replicates: 1_024,
        smaller: &[
            ALPHA_1,
            ALPHA_4,
            ALPHA_16,
            HALVES,
            FIFTH,
            RARE,
            COPIES,
            SMALL,
            MIDDLE,
            UNEQUAL,
            DEEPER,
            DEEP,
            LARGE_AND_DEEP,
        ],
        // Where prompts differ V_x is never near 0.
        honest: &[
            ("concentration\" = 64.0", "concentration\" = 4.0"),
            ("concentration = 64", "concentration = 4"),
        ],
    },
    Case {
        experiment: "allocate-coverage",
        claims: &["items-everywhere"],
        replicates: 2_048,
        smaller: &[
            ALPHA_1,
            ALPHA_4,
            ALPHA_64,
            HALVES,
            FIFTH,
            RARE,
            COPIES,
            SMALL,
            MIDDLE,
            UNEQUAL,
            DEEPER,
            LARGE_AND_DEEP,
        ],
        honest: &[
            ("concentration\" = 16.0", "concentration\" = 1.0"),
            ("concentration = 16,", "concentration = 1,"),
        ],
    },
    Case {
        experiment: "allocate-coverage",
        claims: &["rare-control"],
        replicates: 2_048,
        smaller: &[
            ALPHA_1,
            ALPHA_4,
            ALPHA_16,
            ALPHA_64,
            HALVES,
            FIFTH,
            COPIES,
            SMALL,
            MIDDLE,
            LARGE,
            UNEQUAL,
            DEEPER,
            LARGE_AND_DEEP,
        ],
        honest: &[("other-share\" = 0.05", "other-share\" = 0.5")],
    },
    Case {
        experiment: "allocate-coverage",
        claims: &["copies-control"],
        replicates: 1_024,
        smaller: &[
            ALPHA_1,
            ALPHA_4,
            ALPHA_16,
            ALPHA_64,
            HALVES,
            FIFTH,
            RARE,
            MIDDLE,
            LARGE,
            UNEQUAL,
            DEEPER,
            DEEP,
            LARGE_AND_DEEP,
        ],
        honest: &[("copy-probability\" = 0.5", "copy-probability\" = 0.0")],
    },
    Case {
        experiment: "allocate-coverage",
        claims: &["regret-control"],
        replicates: 4_096,
        smaller: &[
            ALPHA_1,
            ALPHA_4,
            ALPHA_16,
            HALVES,
            FIFTH,
            RARE,
            COPIES,
            MIDDLE,
            LARGE,
            UNEQUAL,
            DEEPER,
            DEEP,
            LARGE_AND_DEEP,
        ],
        honest: &[("prompts = 64, responses = 4", "prompts = 256, responses = 4")],
    },
    Case {
        experiment: "allocate-verdict",
        claims: &["mixed-control"],
        replicates: 640,
        smaller: &[
            ALPHA_1,
            ALPHA_4,
            ALPHA_16,
            ALPHA_64,
            HALVES,
            ("test-draws = 199", "test-draws = 99"),
            (
                "    { \"world.kind\" = \"copies\", \"world.concentration\" = 16.0, \"world.copy-probability\" = 0.5 },\n",
                "",
            ),
            ("    { prompts = 256, responses = 4 },\n", ""),
            ("    { prompts = 64, responses = 8 },\n", ""),
        ],
        // Both kinds of prompts are one.
        honest: &[("other-concentration\" = 0.25", "other-concentration\" = 16.0")],
    },
];

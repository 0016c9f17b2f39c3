//! Controls of experiments on responses of several tokens.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "sequence-law",
        claims: &["few-data"],
        replicates: 4_096,
        smaller: &[("[0.7, 0.3]", "[0.7]")],
        // Twenty times the prompts.
        honest: &[
            (
                "policy = \"order-1\", length = 5, prompts = 100, responses = 1 }",
                "policy = \"order-1\", length = 5, prompts = 2000, responses = 1 }",
            ),
            (
                "policy = \"counts\", length = 5, prompts = 100, responses = 1 }",
                "policy = \"counts\", length = 5, prompts = 2000, responses = 1 }",
            ),
            (
                "where = { policy = [\"order-1\", \"counts\"], prompts = 100, responses = 1 }",
                "where = { policy = [\"order-1\", \"counts\"], prompts = 2000, responses = 1 }",
            ),
        ],
    },
    Case {
        experiment: "sequence-policies",
        claims: &["same-k-counts"],
        replicates: 4_096,
        smaller: &[],
        // The K of the policy that counts itself.
        honest: &[("along = \"responses\"\nat = 6\nwithin = 0.02\nexpect", "along = \"responses\"\nat = 16\nwithin = 0.02\nexpect")],
    },
];

//! Controls of experiments on responses of several tokens.

use super::{Case, Change};

/// The arms of the law that its control does not look at.
const NO_TIED: Change = (
    r#"  { policy = "tied", length = 1, prompts = 200, responses = 1 },
  { policy = "tied", length = 2, prompts = 200, responses = 1 },
  { policy = "tied", length = 4, prompts = 200, responses = 1 },
  { policy = "tied", length = 16, prompts = 200, responses = 1 },
  { policy = "tied", length = 32, prompts = 200, responses = 1 },
  { policy = "tied", length = 1, prompts = 200, responses = 4 },
  { policy = "tied", length = 4, prompts = 200, responses = 4 },
  { policy = "tied", length = 8, prompts = 200, responses = 1 },
  { policy = "tied", length = 8, prompts = 200, responses = 4 },
  { policy = "tied", length = 8, prompts = 100, responses = 8 },
  { policy = "tied", length = 8, prompts = 100, responses = 16 },
  { policy = "tied", length = 32, prompts = 100, responses = 4 },
  { policy = "order-1", length = 5, prompts = 200, responses = 4 },
  { policy = "order-1", length = 5, prompts = 100, responses = 16 },
  { policy = "order-1", length = 5, prompts = 400, responses = 8 },
  { policy = "order-1", length = 5, prompts = 800, responses = 1 },
"#,
    "",
);

const NO_COUNTS: Change = (
    r#"  { policy = "counts", length = 5, prompts = 200, responses = 4 },
  { policy = "counts", length = 5, prompts = 100, responses = 16 },
  { policy = "counts", length = 5, prompts = 400, responses = 8 },
  { policy = "counts", length = 5, prompts = 800, responses = 1 },
"#,
    "",
);

/// The arms of policies under a budget, by policy.
const TIED: Change = (
    r#"  { policy = "tied", responses = 1 },
  { policy = "tied", responses = 4 },
  { policy = "tied", responses = 7 },
  { policy = "tied", responses = 16 },
  { policy = "tied", responses = 64 },
"#,
    "",
);

const FEWER_TIED: Change = (
    r#"  { policy = "tied", responses = 4 },
  { policy = "tied", responses = 7 },
  { policy = "tied", responses = 16 },
  { policy = "tied", responses = 64 },
"#,
    r#"  { policy = "tied", responses = 7 },
  { policy = "tied", responses = 16 },
"#,
);

const COUNTS: Change = (
    r#"  { policy = "counts", responses = 1 },
  { policy = "counts", responses = 6 },
  { policy = "counts", responses = 8 },
  { policy = "counts", responses = 16 },
  { policy = "counts", responses = 32 },
  { policy = "counts", responses = 128 },
"#,
    "",
);

const FEWER_COUNTS: Change = (
    r#"  { policy = "counts", responses = 1 },
  { policy = "counts", responses = 6 },
  { policy = "counts", responses = 8 },
  { policy = "counts", responses = 16 },
  { policy = "counts", responses = 32 },
  { policy = "counts", responses = 128 },
"#,
    r#"  { policy = "counts", responses = 6 },
  { policy = "counts", responses = 16 },
"#,
);

const TREE: Change = (
    r#"  { policy = "tree", responses = 1 },
  { policy = "tree", responses = 6 },
  { policy = "tree", responses = 32 },
  { policy = "tree", responses = 64 },
  { policy = "tree", responses = 136 },
  { policy = "tree", responses = 272 },
"#,
    "",
);

const FEWER_TREE: Change = (
    r#"  { policy = "tree", responses = 1 },
  { policy = "tree", responses = 6 },
  { policy = "tree", responses = 32 },
  { policy = "tree", responses = 64 },
  { policy = "tree", responses = 136 },
  { policy = "tree", responses = 272 },
"#,
    r#"  { policy = "tree", responses = 6 },
  { policy = "tree", responses = 136 },
"#,
);

const PLAN_WEIGHTS: Change = (
    r#"  { policy = "plan-weights", responses = 1 },
  { policy = "plan-weights", responses = 7 },
"#,
    "",
);

/// The arms of lengths that a control looks at.
const ONE_LOSS: Change = (
    r#"  { prompts = 200, responses = 1 },
  { prompts = 200, responses = 4 },
  { prompts = 100, responses = 16 },
  { prompts = 200, responses = 1, loss = "mean" },
  { prompts = 200, responses = 4, loss = "mean" },
  { prompts = 200, responses = 16, loss = "mean" },
  { prompts = 200, responses = 4, candidates = 16, reward = "log-likelihood" },
  { prompts = 200, responses = 4, candidates = 16, reward = "mean-log-likelihood" },
  { prompts = 200, responses = 4, candidates = 16, reward = "score" },
  { prompts = 200, responses = 4, candidates = 16, reward = "mean-score" },
"#,
    r#"  { prompts = 200, responses = 4, loss = "mean" },
"#,
);

const ONE_REWARD: Change = (
    r#"  { prompts = 200, responses = 1, loss = "mean" },
  { prompts = 200, responses = 4, loss = "mean" },
  { prompts = 200, responses = 16, loss = "mean" },
  { prompts = 200, responses = 4, candidates = 16, reward = "log-likelihood" },
  { prompts = 200, responses = 4, candidates = 16, reward = "mean-log-likelihood" },
  { prompts = 200, responses = 4, candidates = 16, reward = "score" },
  { prompts = 200, responses = 4, candidates = 16, reward = "mean-score" },
"#,
    r#"  { prompts = 200, responses = 4, candidates = 16, reward = "mean-log-likelihood" },
"#,
);

const FEWER_NETS: Change = ("responses = [6, 16, 48, 192]", "responses = [6, 48]");

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "sequence-law",
        claims: &["few-data"],
        replicates: 4_096,
        smaller: &[("[0.7, 0.3]", "[0.3]"), NO_TIED, NO_COUNTS],
        // Ten times the prompts: 67 responses per parameter.
        honest: &[("prompts = 100, responses = 1 }", "prompts = 1000, responses = 1 }")],
    },
    Case {
        experiment: "sequence-policies",
        claims: &["same-k-counts"],
        replicates: 4_096,
        smaller: &[TIED, FEWER_COUNTS, TREE, PLAN_WEIGHTS],
        // The K of the policy that counts.
        honest: &[("at = 6\n", "at = 16\n")],
    },
    Case {
        experiment: "sequence-policies",
        claims: &["same-k-tree"],
        replicates: 1_024,
        smaller: &[TIED, COUNTS, FEWER_TREE, PLAN_WEIGHTS],
        // And that of the tree.
        honest: &[("at = 6\n", "at = 136\n")],
    },
    Case {
        experiment: "sequence-policies",
        claims: &["identity-of-tied"],
        replicates: 4_096,
        smaller: &[FEWER_TIED, COUNTS, TREE, PLAN_WEIGHTS],
        // One distribution for each position is right about what it sees, and has D = 15.
        honest: &[("policy = \"tied\"", "policy = \"per-position\"")],
    },
    Case {
        experiment: "sequence-policies",
        claims: &["bound-of-tied"],
        replicates: 2_048,
        smaller: &[FEWER_TIED, COUNTS, TREE, PLAN_WEIGHTS],
        // Vague plans differ little: n X^2/(alpha + 1) = .245.
        honest: &[("vagueness = 0.3", "vagueness = 0.7")],
    },
    Case {
        experiment: "sequence-mixing",
        claims: &["purity-of-tied"],
        replicates: 640,
        smaller: &[("[1, 4, 16]", "[16]")],
        // A policy that counts past increments.
        honest: &[(
            "where = { policy = \"tied\", responses = 16 }",
            "where = { policy = \"counts\", responses = 16 }",
        )],
    },
    Case {
        experiment: "more-responses-or-more-tokens",
        claims: &["one-plan"],
        replicates: 4_096,
        smaller: &[],
        // Where plans mix.
        honest: &[("where = { concentration = 1e-9", "where = { concentration = 4.0")],
    },
    Case {
        experiment: "length",
        claims: &["loss-by-length"],
        replicates: 640,
        smaller: &[ONE_LOSS],
        // The NLL of whole responses.
        honest: &[("loss = \"mean\"", "loss = \"sum\"")],
    },
    Case {
        experiment: "length",
        claims: &["best-by-length"],
        replicates: 640,
        smaller: &[ONE_REWARD],
        // Responses at random.
        honest: &[(
            "where = { reward = \"mean-log-likelihood\" }",
            "where = { prompts = 100 }",
        )],
    },
    Case {
        experiment: "sequence-nets",
        claims: &["same-k-gru", "same-k-attention"],
        replicates: 160,
        smaller: &[FEWER_NETS],
        // Policies that do not read their prefix, whose K* are 7 and 10.
        honest: &[("\"gru\"", "\"tied\""), ("\"attention\"", "\"per-position\"")],
    },
];

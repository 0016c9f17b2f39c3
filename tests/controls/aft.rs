//! Controls of experiments on models that propose drafts and aggregate them.

use super::{Case, Change};

/// Fewer queries to learn from and to answer, and fewer steps: enough to tell the models apart.
const FEWER: Change = (
    "queries = 500",
    "queries = 100\n\n[training]\nqueries = 200\nsteps = 150",
);

/// The sweep over slots, of which each control looks at a few.
const SLOTS: &str = "\"world.slots\" = [1, 2, 4, 8, 16, 32]";

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "aft-ablate",
        claims: &["direct-without-proposals"],
        replicates: 24,
        smaller: &[
            FEWER,
            (r#"["score", "gain", "greedy-score"]"#, r#"["score"]"#),
            (
                r#"["aft-on", "aft-off", "noprop-on", "noprop-off", "pseudo-on", "pseudo-off", "shuffled"], depth = [0, 1, 2, 3]"#,
                r#"["aft-on", "noprop-on", "noprop-off"], depth = [0, 2]"#,
            ),
        ],
        honest: &[("depth = 0 }", "depth = 2 }")],
    },
    Case {
        experiment: "aft-ablate",
        claims: &["targets-matter-greedy"],
        replicates: 24,
        smaller: &[
            (r#"["score", "gain", "greedy-score"]"#, r#"["score", "greedy-score"]"#),
            (
                r#"["aft-on", "aft-off", "noprop-on", "noprop-off", "pseudo-on", "pseudo-off", "shuffled"], depth = [0, 1, 2, 3]"#,
                r#"["aft-on", "pseudo-off"], depth = [2]"#,
            ),
        ],
        honest: &[("\nestimand = \"greedy-score.mean\"", "\nestimand = \"score.mean\"")],
    },
    Case {
        experiment: "aft-bayes",
        claims: &["near-bayes-at-any-width"],
        replicates: 24,
        smaller: &[
            ("queries = 500", "queries = 50\n\n[training]\nqueries = 300"),
            (
                r#"["bayes-score", "bayes-gap", "greedy-score", "score", "ceiling"]"#,
                r#"["bayes-gap"]"#,
            ),
            ("width = [1, 2, 3, 5]", "width = [1, 5]"),
        ],
        honest: &[("width = 1 }", "width = 5 }")],
    },
    Case {
        experiment: "aft-bayes",
        claims: &["sampled-as-good"],
        replicates: 24,
        smaller: &[
            FEWER,
            (
                r#"["bayes-score", "bayes-gap", "greedy-score", "score", "ceiling"]"#,
                r#"["greedy-score", "score"]"#,
            ),
            ("width = [1, 2, 3, 5]", "width = [5]"),
        ],
        honest: &[("\nestimand = \"score.mean\"", "\nestimand = \"greedy-score.mean\"")],
    },
    Case {
        experiment: "aft-budget",
        claims: &["without-reuse", "perfect-judge"],
        replicates: 24,
        smaller: &[
            FEWER,
            (
                "noise = [0.0, 0.1, 0.2], candidates = [3, 6, 11, 21, 41, 101]",
                "noise = [0.0, 0.1], candidates = [11, 21]",
            ),
            ("  { answer = \"aggregate\", width = 2, depth = 1 },\n", ""),
            ("  { answer = \"aggregate\", width = 5, depth = 1 },\n", ""),
            ("  { answer = \"aggregate\", width = 5, depth = 3 },\n", ""),
            ("  { answer = \"aggregate\", width = 10, depth = 2 },\n", ""),
            ("  { answer = \"aggregate\", width = 10, depth = 4 },\n", ""),
            ("  { answer = \"aggregate\", width = 10, depth = 10 },\n", ""),
        ],
        honest: &[
            ("noise = 0.1, candidates = 21 }", "noise = 0.1, candidates = 11 }"),
            ("noise = 0, candidates = 11 }", "noise = 0.1, candidates = 11 }"),
        ],
    },
    Case {
        experiment: "aft-cannot",
        claims: &["cannot-when-cold", "cannot-when-it-checks"],
        replicates: 24,
        smaller: &[FEWER],
        honest: &[
            ("temperature = [0.5, 0.3, 0.1] }", "temperature = 1, copy = 0.4 }"),
            (
                "where = { evidence = [0.25, 0.5, 1] }",
                "where = { evidence = 0, copy = 0.8 }",
            ),
        ],
    },
    Case {
        experiment: "aft-chain",
        claims: &["one-layer-is-all"],
        replicates: 24,
        smaller: &[
            ("queries = 60", "queries = 4"),
            ("queries = 300", "queries = 100\nsteps = 150"),
            (
                r#"evaluation = ["drawn", "chain"], width = [2, 3], depth = [0, 1, 2, 3, 4]"#,
                r#"evaluation = ["chain"], width = [3], depth = [1, 4]"#,
            ),
        ],
        // A model that copies drifts: its score does not move with depth.
        honest: &[
            (
                r#"grid = { model = ["aft-on"], temperature = [0.7]"#,
                r#"grid = { model = ["copy"], temperature = [1.0]"#,
            ),
            (
                r#"evaluation = "chain", model = "aft-on", width"#,
                r#"evaluation = "chain", model = "copy", width"#,
            ),
        ],
    },
    Case {
        experiment: "aft-compute",
        claims: &["selection-wins-single-choices"],
        replicates: 24,
        smaller: &[
            (ALL_EVIDENCE, ""),
            (NOISY_REWARDS, ""),
            (
                "queries = 500",
                "queries = 400\n\n[training]\nqueries = 200\nsteps = 150",
            ),
            (SLOTS, "\"world.slots\" = [1, 8]"),
            ("slots = [1, 2] }", "slots = 1 }"),
        ],
        honest: &[("slots = 1 }", "slots = 8 }")],
    },
    Case {
        experiment: "aft-compute",
        claims: &["perfect-reward"],
        replicates: 24,
        smaller: &[
            FEWER,
            (OWN_EVIDENCE, ""),
            (ALL_EVIDENCE, ""),
            (NOISY_REWARDS, ""),
            (SLOTS, "\"world.slots\" = [4, 16]"),
            ("slots = [1, 2, 4, 8] }", "slots = 4 }"),
        ],
        honest: &[("slots = 4 }", "slots = 16 }")],
    },
    Case {
        experiment: "aft-conditions",
        claims: &["recombines-single-choices"],
        replicates: 24,
        smaller: &[
            FEWER,
            (
                r#"["score", "gain", "gain-over-greedy", "gain-over-best-draft"]"#,
                r#"["gain-over-best-draft"]"#,
            ),
            ("depth = [0, 1, 2, 3]", "depth = [2]"),
            ("  { depth = 2, \"training.drafts\" = 1 },\n", ""),
            ("  { depth = 2, \"training.drafts\" = 2 },\n", ""),
            ("  { depth = 2, \"training.drafts\" = 10 },\n", ""),
            ("depth = [2, 3]", "depth = 2"),
        ],
        honest: &[("\"world.slots\" = 1", "\"world.slots\" = 16")],
    },
    Case {
        experiment: "aft-controls",
        claims: &["uninformative-gains", "width-always-helps"],
        replicates: 24,
        smaller: &[
            FEWER,
            (r#"["score", "gain", "gain-over-greedy"]"#, r#"["score", "gain"]"#),
            (
                r#"depth = [1, 2, 3], drafts = ["own", "uniform", "another-query", "all-wrong", "all-right", "misleading"]"#,
                r#"depth = [1], drafts = ["uniform"]"#,
            ),
        ],
        honest: &[
            (
                r#"drafts = "uniform", depth = 1, "world.verification" = 0 }"#,
                r#"drafts = "uniform", depth = 1, "world.verification" = 1.5 }"#,
            ),
            ("copying = 1.0", "copying = 0.0"),
            ("copying = 1,", "copying = 0,"),
        ],
    },
    Case {
        experiment: "aft-controls",
        claims: &["depth-always-helps"],
        replicates: 24,
        smaller: &[
            FEWER,
            (r#"["score", "gain", "gain-over-greedy"]"#, r#"["score"]"#),
            (
                r#"depth = [1, 2, 3], drafts = ["own", "uniform", "another-query", "all-wrong", "all-right", "misleading"]"#,
                r#"depth = [1], drafts = ["own"]"#,
            ),
            ("\"world.verification\" = [1.5, 0.0]", "\"world.verification\" = [1.5]"),
        ],
        honest: &[
            ("test-verification = -1.0", "test-verification = 1.5"),
            ("test-verification = -1,", "test-verification = 1.5,"),
        ],
    },
    Case {
        experiment: "aft-heat",
        claims: &["quality-first-of-pseudo"],
        replicates: 128,
        smaller: &[
            (
                r#"["partial", "correlation", "cell-score", "cell-groups"]"#,
                r#"["partial"]"#,
            ),
            (
                r#"temperature = [0.7], answer = ["expected"], quality = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], diversity = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }"#,
                r#"temperature = [0.7], answer = ["expected"] }"#,
            ),
            (
                "  { model = \"aft-on\", temperature = 0.7, answer = \"expected\" },\n",
                "",
            ),
        ],
        honest: &[(
            "model = \"pseudo-on\", verification = 1.5",
            "model = \"aft-on\", verification = 1.5",
        )],
    },
    Case {
        experiment: "aft-loss",
        claims: &["faster-with-long-steps"],
        replicates: 20,
        smaller: &[
            FULL_BATCH,
            (ALL_OF_LOSS, r#"["steps-to-tenth"]"#),
            (
                CURVES,
                r#"model = ["noprop-on"], "training.rate" = [0.3], "training.steps" = [400]"#,
            ),
            ("400", "60"),
        ],
        honest: &[("rate = 1, steps", "rate = 0.1, steps")],
    },
    Case {
        experiment: "aft-loss",
        claims: &["smaller-perturbation-on-its-task"],
        replicates: 20,
        smaller: &[
            FULL_BATCH,
            (ALL_OF_LOSS, r#"["kl-own", "kl-direct"]"#),
            (
                CURVES,
                r#"model = ["sft", "aft-on", "aft-off"], "training.rate" = [0.3], "training.steps" = [400]"#,
            ),
            ("400", "60"),
        ],
        honest: &[("\nestimand = \"kl-own.mean\"", "\nestimand = \"kl-direct.mean\"")],
    },
    Case {
        experiment: "aft-loss",
        claims: &["less-uncertain-untrained"],
        replicates: 20,
        smaller: &[
            FULL_BATCH,
            (ALL_OF_LOSS, r#"["answer-entropy"]"#),
            (
                CURVES,
                r#"model = ["aft-on"], "training.rate" = [0.3], "training.steps" = [0, 16]"#,
            ),
            ("400", "60"),
        ],
        honest: &[("steps = 0 }\nversus", "steps = 16 }\nversus")],
    },
    Case {
        experiment: "aft-main",
        claims: &["sft-gains-nothing-with-one-right-mode"],
        replicates: 24,
        smaller: &[
            ALL_OF_MAIN,
            (MODELS, r#"model = ["sft"], depth = [2]"#),
            ("  { \"world.slots\" = 1 },\n  { \"world.slots\" = 16 },\n", ""),
            (UNCHECKED, ""),
        ],
        honest: &[("depth = 2, valid = 1 }", "depth = 2, valid = 3 }")],
    },
    Case {
        experiment: "aft-main",
        claims: &["poor-mans-greedy"],
        replicates: 24,
        smaller: &[
            FEWER,
            ALL_OF_MAIN,
            (MODELS, r#"model = ["aft-off", "aft-on"], depth = [1, 2, 3]"#),
            ("  { \"world.slots\" = 1 },\n  { \"world.slots\" = 16 },\n", ""),
            ("  { \"world.valid\" = 1 },\n  { \"world.verification\" = 0.0 },\n", ""),
        ],
        honest: &[("lapse = 0 }", "lapse = 0.25 }")],
    },
    Case {
        experiment: "aft-main",
        claims: &["any-model-gains"],
        replicates: 24,
        smaller: &[
            FEWER,
            ALL_OF_MAIN,
            (MODELS, r#"model = ["base", "aft-on"], depth = [2]"#),
            (
                "  { \"world.slots\" = 1 },\n  { \"world.slots\" = 16 },\n",
                "  { \"world.slots\" = 16 },\n",
            ),
            ("  { \"world.valid\" = 1 },\n", ""),
            (UNCHECKED, ""),
        ],
        honest: &[("model = \"base\", depth", "model = \"aft-on\", depth")],
    },
    Case {
        experiment: "aft-ppl",
        claims: &[
            "on-policy-lowest-against-better-models",
            "on-policy-lowest-with-one-right-mode",
            "without-copying",
        ],
        replicates: 24,
        smaller: &[
            ("queries = 800", "queries = 200"),
            (
                r#"["sft", "noprop-on", "noprop-off", "pseudo-on", "pseudo-off", "aft-off", "aft-on"]"#,
                r#"["noprop-on", "aft-off", "aft-on"]"#,
            ),
        ],
        honest: &[
            (
                "others-shift = [0.4, 0.6], valid = 3 }",
                "others-shift = [-0.4, -0.2], valid = 3 }",
            ),
            (
                "copy = 0.4, valid = 1 }",
                "copy = 0.4, others-shift = -0.4, valid = 3 }",
            ),
            ("copy = 0, others-shift = 0", "copy = 0.4, others-shift = 0"),
        ],
    },
    Case {
        experiment: "aft-scale",
        claims: &["depth-alone-is-best"],
        replicates: 24,
        smaller: &[
            (
                "queries = 1000",
                "queries = 100\n\n[training]\nqueries = 200\nsteps = 150",
            ),
            (
                "width = [1, 2, 3, 5, 8], depth = [0, 1, 2, 3, 4]",
                "width = [5], depth = [2]",
            ),
        ],
        honest: &[(
            "where = { width = 1, depth = 10 }\nversus = { width = 5, depth = 2 }",
            "where = { width = 5, depth = 2 }\nversus = { width = 1, depth = 10 }",
        )],
    },
    Case {
        experiment: "aft-sftbon",
        claims: &["cannot-surpass"],
        replicates: 24,
        smaller: &[FEWER, ("[0.5, 1.0, 1.5, 2.0, 2.5, 3.5]", "[2.5]")],
        // Two layers of drafts instead of a direct answer.
        honest: &[(
            "depth = 0, width = \"\", candidates",
            "depth = 2, width = 5, candidates",
        )],
    },
    Case {
        experiment: "aft-smooth",
        claims: &["smoother"],
        replicates: 24,
        smaller: &[
            (r#"["loss-spread", "training-loss"]"#, r#"["loss-spread"]"#),
            ("queries = 50", "queries = 1"),
            ("steps = 400", "steps = 100\nqueries = 200"),
        ],
        honest: &[(
            "where = { model = [\"aft-on\", \"aft-off\"] }\nversus = { model = \"sft\" }",
            "where = { model = \"sft\" }\nversus = { model = \"aft-on\" }",
        )],
    },
    Case {
        experiment: "aft-successors",
        claims: &["minority-unchecked", "pairs-beat-all"],
        replicates: 24,
        smaller: &[
            FEWER,
            (
                r#"["score", "gain", "plurality", "gain-over-plurality", "best-draft", "compute"]"#,
                r#"["score", "gain"]"#,
            ),
        ],
        honest: &[
            (
                "right-drafts = [1, 2], verification = 0 }",
                "right-drafts = [1, 2], verification = 1.5 }",
            ),
            (
                "where = { subset = 2, verification = 1.5 }\nversus = { subset = 3 }",
                "where = { subset = 3, verification = 1.5 }\nversus = { subset = 2 }",
            ),
        ],
    },
];

/// What is measured of the training curves, of which each control looks at one.
const ALL_OF_LOSS: &str = r#"["training-loss", "steps-to-tenth", "steps-to-hundredth", "sharpness", "kl-direct", "kl-own", "answer-entropy", "score"]"#;

/// Models and numbers of steps of the training curves.
const CURVES: &str = r#"model = ["sft", "noprop-on", "pseudo-on", "aft-off", "aft-on"], "training.rate" = [0.3], "training.steps" = [0, 1, 2, 4, 8, 16, 32, 64, 128, 400]"#;

/// Fewer queries for descent on all of them.
const FULL_BATCH: Change = (
    "queries = 250\n\n[training]\n",
    "queries = 50\n\n[training]\nqueries = 100\n",
);

/// What is measured of the four models.
const ALL_OF_MAIN: Change = (
    r#"["score", "gain", "gain-over-greedy", "exact-match", "ceiling"]"#,
    r#"["score", "gain", "gain-over-greedy"]"#,
);

/// The four models and their layers.
const MODELS: &str = r#"model = ["base", "sft", "aft-off", "aft-on"], depth = [0, 1, 2, 3]"#;

/// The worlds where nothing can be checked.
const UNCHECKED: &str =
    "  { \"world.verification\" = 0.0 },\n  { \"world.lapse\" = 0.0, \"world.verification\" = 0.0 },\n";

/// Judges of the best of eleven, of which each control looks at one.
const OWN_EVIDENCE: &str = "  { answer = \"best-of\", candidates = 11, judge = \"evidence\" },\n";
const ALL_EVIDENCE: &str = "  { answer = \"best-of\", candidates = 11, judge = \"bayes\" },\n";
const NOISY_REWARDS: &str = r#"  { answer = "best-of", candidates = 11, judge = "reward", noise = 0.1 },
  { answer = "best-of", candidates = 11, judge = "reward", noise = 0.2 },
  { answer = "best-of", candidates = 11, judge = "reward", noise = 0.4 },
"#;

//! Controls of experiments on populations of prompts and on prompts that repeat each other.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "redundancy",
        claims: &["copies-counted-as-prompts"],
        replicates: 4096,
        smaller: &[
            (r#"[0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]"#, r#"[8.0]"#),
            (
                r#"[1, 2, 4, 8, 16, 32, 64], prompts = [64, 128, 256, 512, 1024, 2048, 4096]"#,
                r#"[4], prompts = [256]"#,
            ),
        ],
        honest: &[
            (r#"[4], prompts = [256]"#, r#"[1], prompts = [64]"#),
            (r#"redundancy = 4 }"#, r#"redundancy = 1 }"#),
        ],
    },
    Case {
        experiment: "redundancy-law",
        claims: &["duplicates-as-prompts"],
        replicates: 16384,
        smaller: &[
            (r#""world.between" = [1.0, 4.0, 16.0]"#, r#""world.between" = [1.0]"#),
            (r#"prompts = [64, 256, 1024]"#, r#"prompts = [64, 256]"#),
            (r#"[inf, 8.0, 2.0]"#, r#"[inf]"#),
            (r#"["balanced", "random"]"#, r#"["balanced"]"#),
        ],
        honest: &[(r#"prompts = 256 }"#, r#"prompts = 64 }"#)],
    },
    Case {
        experiment: "redundancy-law",
        claims: &["near-duplicates-as-prompts"],
        replicates: 16384,
        smaller: &[
            (r#""world.between" = [1.0, 4.0, 16.0]"#, r#""world.between" = [1.0]"#),
            (r#"prompts = [64, 256, 1024]"#, r#"prompts = [64, 256]"#),
            (r#"[inf, 8.0, 2.0]"#, r#"[2.0]"#),
            (r#"["balanced", "random"]"#, r#"["balanced"]"#),
        ],
        honest: &[(r#"prompts = 256, responses"#, r#"prompts = 64, responses"#)],
    },
    Case {
        experiment: "redundancy-law",
        claims: &["random-as-turns"],
        replicates: 16384,
        smaller: &[
            (r#""world.between" = [1.0, 4.0, 16.0]"#, r#""world.between" = [1.0]"#),
            (r#"prompts = [64, 256, 1024]"#, r#"prompts = [64, 256]"#),
            (r#"[inf, 8.0, 2.0]"#, r#"[inf]"#),
            (r#"["balanced", "random"]"#, r#"["random"]"#),
        ],
        honest: &[
            (r#"["random"]"#, r#"["balanced"]"#),
            (
                r#"assignment = "random", prompts"#,
                r#"assignment = "balanced", prompts"#,
            ),
        ],
    },
    Case {
        experiment: "redundancy-implicit",
        claims: &["near-duplicates-as-copies"],
        replicates: 20480,
        smaller: &[(r#"[inf, 2.0]"#, r#"[2.0]"#)],
        honest: &[
            (r#"[2.0]"#, r#"[inf]"#),
            (r#"within = 2, prompts"#, r#"within = inf, prompts"#),
        ],
    },
    Case {
        experiment: "redundancy-budget",
        claims: &["copies-forgotten"],
        replicates: 8192,
        smaller: &[
            (
                r#"  { "world.redundancy" = 1 },
  { "world.redundancy" = 4 },
  { "world.redundancy" = 16 },
  { "world.clusters" = 64, "world.within" = 4.0, "world.assignment" = "balanced" },
  { "world.clusters" = 64, "world.within" = inf, "world.assignment" = "balanced" },
  { "world.clusters" = 64, "world.within" = inf, "world.assignment" = "random" },
"#,
                r#"  { "world.redundancy" = 16 },
"#,
            ),
            (r#"total = 20_000"#, r#"total = 4_000"#),
            (
                r#"responses = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32]"#,
                r#"responses = [1, 4, 16, 64]"#,
            ),
        ],
        honest: &[
            (r#"{ "world.redundancy" = 16 }"#, r#"{ "world.redundancy" = 1 }"#),
            (r#"where = { redundancy = 16 }"#, r#"where = { redundancy = 1 }"#),
        ],
    },
    Case {
        experiment: "redundancy-budget",
        claims: &["one-response"],
        replicates: 8192,
        smaller: &[
            (
                r#"  { "world.redundancy" = 1 },
  { "world.redundancy" = 4 },
  { "world.redundancy" = 16 },
  { "world.clusters" = 64, "world.within" = 4.0, "world.assignment" = "balanced" },
  { "world.clusters" = 64, "world.within" = inf, "world.assignment" = "balanced" },
  { "world.clusters" = 64, "world.within" = inf, "world.assignment" = "random" },
"#,
                r#"  { "world.redundancy" = 16 },
"#,
            ),
            (r#"total = 20_000"#, r#"total = 4_000"#),
            (
                r#"responses = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32]"#,
                r#"responses = [1, 4, 16, 64]"#,
            ),
        ],
        honest: &[(r#"prompt-cost = 16.0"#, r#"prompt-cost = 0.1"#)],
    },
    Case {
        experiment: "sandwich",
        claims: &["loss-variance-where-prompts-differ"],
        replicates: 96,
        smaller: &[
            (
                r#"  { "world.prompt-effect" = 0.25, "budget.total" = 40_000, "world.seed" = 1 },
  { "world.prompt-effect" = 0.25, "budget.total" = 40_000, "world.seed" = 2 },
  { "world.prompt-effect" = 0.25, "budget.total" = 40_000, "world.seed" = 3 },
  { "world.prompt-effect" = 0.5, "budget.total" = 20_000, "world.seed" = 1 },
  { "world.prompt-effect" = 1.0, "budget.total" = 20_000, "world.seed" = 1 },
  { "world.prompt-effect" = 1.0, "budget.total" = 20_000, "world.seed" = 2 },
  { "world.prompt-effect" = 1.0, "budget.total" = 20_000, "world.seed" = 3 },
  { "world.prompt-effect" = 2.0, "budget.total" = 20_000, "world.seed" = 1 },
"#,
                r#"  { "world.prompt-effect" = 2.0, "budget.total" = 20_000, "world.seed" = 1 },
"#,
            ),
            (
                r#"responses = [1, 2, 4, 8, 11, 16, 32, 64, 128]"#,
                r#"responses = [1, 2, 4, 8, 16]"#,
            ),
        ],
        honest: &[
            (r#""world.prompt-effect" = 2.0"#, r#""world.prompt-effect" = 0.25"#),
            (r#"where = { prompt-effect = 2.0"#, r#"where = { prompt-effect = 0.25"#),
        ],
    },
    Case {
        experiment: "sandwich",
        claims: &["one-response"],
        replicates: 96,
        smaller: &[
            (
                r#"  { "world.prompt-effect" = 0.25, "budget.total" = 40_000, "world.seed" = 1 },
  { "world.prompt-effect" = 0.25, "budget.total" = 40_000, "world.seed" = 2 },
  { "world.prompt-effect" = 0.25, "budget.total" = 40_000, "world.seed" = 3 },
  { "world.prompt-effect" = 0.5, "budget.total" = 20_000, "world.seed" = 1 },
  { "world.prompt-effect" = 1.0, "budget.total" = 20_000, "world.seed" = 1 },
  { "world.prompt-effect" = 1.0, "budget.total" = 20_000, "world.seed" = 2 },
  { "world.prompt-effect" = 1.0, "budget.total" = 20_000, "world.seed" = 3 },
  { "world.prompt-effect" = 2.0, "budget.total" = 20_000, "world.seed" = 1 },
"#,
                r#"  { "world.prompt-effect" = 2.0, "budget.total" = 4_000, "world.seed" = 1 },
"#,
            ),
            (
                r#"responses = [1, 2, 4, 8, 11, 16, 32, 64, 128]"#,
                r#"responses = [1, 2, 4, 8, 16]"#,
            ),
        ],
        // Where prompts cost nothing one response each is best.
        honest: &[(r#"prompt-cost = 10"#, r#"prompt-cost = 0"#)],
    },
    Case {
        experiment: "sandwich-units",
        claims: &["raw-gradient"],
        replicates: 96,
        smaller: &[
            (r#""world.seed" = [1, 2, 3]"#, r#""world.seed" = [1]"#),
            (r#"[1, 2, 4, 6, 8, 11, 16, 37, 64]"#, r#"[4, 8, 16, 37, 64]"#),
        ],
        // K* is then near 38.
        honest: &[(r#"response-cost = 1"#, r#"response-cost = 0.05"#)],
    },
    Case {
        experiment: "sandwich-validity",
        claims: &["law-where-data-are-few"],
        replicates: 768,
        smaller: &[
            (r#""world.seed" = [1, 2]"#, r#""world.seed" = [1]"#),
            (
                r#"[64, 128, 256, 512, 1024, 2048], responses = [1, 4, 16]"#,
                r#"[128, 1024], responses = [4]"#,
            ),
            (
                r#"exclude = [{ prompts = [64, 128, 256], responses = 1 }]   # fewer than 15 responses per parameter
"#,
                r#""#,
            ),
        ],
        honest: &[(r#"prompts = 128, responses"#, r#"prompts = 1024, responses"#)],
    },
    Case {
        experiment: "sandwich-finite",
        claims: &["grows-with-the-budget"],
        replicates: 384,
        smaller: &[
            (
                r#""budget.total" = [2000, 8000], "world.seed" = [1, 2, 3]"#,
                r#""budget.total" = [2000], "world.seed" = [1]"#,
            ),
            (r#"[4, 8, 16, 32, 42, 64, 95]"#, r#"[32, 95]"#),
        ],
        honest: &[(r#"[2000]"#, r#"[8000]"#), (r#"total = 2000,"#, r#"total = 8000,"#)],
    },
    Case {
        experiment: "figure-2-families",
        claims: &["wide-network-saturates"],
        replicates: 24,
        smaller: &[
            (
                r#"policy = ["shared", "log-linear 2", "log-linear 4", "log-linear 8", "low-rank 2", "network 8", "network 64"], responses = [1, 2, 4, 8, 16]"#,
                r#"policy = ["network 64"], responses = [1, 2, 8, 16]"#,
            ),
            (
                r#"points = [{ policy = "network 64", responses = 32 }, { policy = "network 64", responses = 64 }]
"#,
                r#""#,
            ),
        ],
        honest: &[
            (r#"responses = [1, 2, 8, 16]"#, r#"responses = [1, 2, 32, 64]"#),
            (
                r#"where = { policy = "network 64", responses = 16 }"#,
                r#"where = { policy = "network 64", responses = 64 }"#,
            ),
        ],
    },
    Case {
        experiment: "figure-2-tuned",
        claims: &["tuning-replaces-responses"],
        replicates: 24,
        smaller: &[(
            r#"  { policy = "network 8", responses = 1, "training.decay" = 0.02 },
  { policy = "network 8", responses = 2, "training.decay" = 0.01 },
  { policy = "network 8", responses = 4, "training.decay" = 0.01 },
  { policy = "network 8", responses = 8, "training.decay" = 0.003 },
  { policy = "network 8", responses = 16, "training.decay" = 0.001 },
  { policy = "network 64", responses = 1, "training.decay" = 0.02 },
  { policy = "network 64", responses = 2, "training.decay" = 0.02 },
  { policy = "network 64", responses = 4, "training.decay" = 0.01 },
  { policy = "network 64", responses = 8, "training.decay" = 0.01 },
  { policy = "network 64", responses = 16, "training.decay" = 0.003 },
  { policy = "network 8", responses = 1, "training.decay" = 0.001 },
  { policy = "network 64", responses = 1, "training.decay" = 0.001 },
  { policy = "network 64", responses = 16, "training.decay" = 0.001 },
"#,
            r#"  { policy = "network 64", responses = 1, "training.decay" = 0.02 },
  { policy = "network 64", responses = 1, "training.decay" = 0.001 },
  { policy = "network 64", responses = 16, "training.decay" = 0.001 },
"#,
        )],
        honest: &[(
            r#"versus = { responses = 16, decay = 0.001 }"#,
            r#"versus = { responses = 1, decay = 0.001 }"#,
        )],
    },
    Case {
        experiment: "figure-2-budget",
        claims: &["untuned"],
        replicates: 24,
        smaller: &[(
            r#"  { responses = 1, "training.decay" = 0.02 },
  { responses = 2, "training.decay" = 0.02 },
  { responses = 4, "training.decay" = 0.01 },
  { responses = 8, "training.decay" = 0.01 },
  { responses = 16, "training.decay" = 0.01 },
  { responses = 32, "training.decay" = 0.01 },
  { responses = 64, "training.decay" = 0.01 },
  { responses = 1, "training.decay" = 0.001 },
"#,
            r#"  { responses = 1, "training.decay" = 0.02 },
  { responses = 16, "training.decay" = 0.01 },
  { responses = 1, "training.decay" = 0.001 },
"#,
        )],
        honest: &[(
            r#"where = { responses = 1, decay = 0.001 }"#,
            r#"where = { responses = 1, decay = 0.02 }"#,
        )],
    },
    Case {
        experiment: "figure-2-noise",
        claims: &["share-of-256"],
        replicates: 160,
        smaller: &[
            (r#"prompts = [256, 1024]"#, r#"prompts = [256]"#),
            (r#"responses = [1, 2, 4, 8, 16]"#, r#"responses = [1, 4]"#),
        ],
        honest: &[
            (r#"prompts = [256]"#, r#"prompts = [1024]"#),
            (
                r#"where = { prompts = 256, responses = 4 }"#,
                r#"where = { prompts = 1024, responses = 4 }"#,
            ),
        ],
    },
    Case {
        experiment: "figure-3-selectors",
        claims: &[
            "more-responses-help-diverse",
            "more-responses-help-max-min",
            "coverage-by-recovered-modes",
            "few-diverse-responses",
        ],
        replicates: 40,
        smaller: &[(r#""world.seed" = [11, 12, 13, 14, 15]"#, r#""world.seed" = [13]"#)],
        honest: &[
            (
                r#"where = { selector = "diverse", responses = [4, 8] }"#,
                r#"where = { selector = "random", responses = [4, 8] }"#,
            ),
            (
                r#"where = { selector = "diverse-max-min", responses = [2, 4] }"#,
                r#"where = { selector = "random", responses = [2, 4] }"#,
            ),
            (
                r#"estimand = "recovered-modes.mean""#,
                r#"estimand = "mode-coverage.mean""#,
            ),
            (
                r#"where = { selector = "diverse", responses = 1 }"#,
                r#"where = { selector = "diverse", responses = 8 }"#,
            ),
        ],
    },
    Case {
        experiment: "figure-3-controls",
        claims: &[
            "few-prompts",
            "alike-responses",
            "weighted",
            "reward-is-noise",
            "collapse-by-noise",
            "collapse-by-rare-rewards",
            "medoid",
            "blurred-diverse",
            "blurred-coverage",
            "rare-rewards-coverage",
            "no-tail-coverage",
            "heavy-rewards-coverage",
        ],
        replicates: 40,
        smaller: &[],
        // The world of Figure 3, in which the statements hold; those about a selector, at a K where they do.
        honest: &[
            (
                r#"zip = { "world.modes" = [16, 8, 16, 16, 16, 6], "world.main-modes" = [6, 8, 6, 6, 6, 6], "world.slope" = [1.0, 0.01, 1.0, 1.0, 1.0, 1.0], "world.prompt-effect" = [0.7, 0.01, 0.7, 0.7, 0.7, 0.7], "world.reward" = ["aligned", "aligned", "aligned", "opposed", "aligned", "aligned"], "world.reward-noise" = [0.15, 0.15, 1000.0, 0.15, 0.15, 0.15], "world.embedding-noise" = [0.15, 0.15, 0.15, 0.15, 0.6, 0.15] }"#,
                r#"zip = { "world.modes" = [16], "world.main-modes" = [6], "world.slope" = [1.0], "world.prompt-effect" = [0.7], "world.reward" = ["aligned"], "world.reward-noise" = [0.15], "world.embedding-noise" = [0.15] }"#,
            ),
            (
                r#"embedding-noise = 0.15, prompts = 64, selector"#,
                r#"embedding-noise = 0.15, prompts = 512, selector"#,
            ),
            (r#"where = { modes = 8,"#, r#"where = { modes = 16,"#),
            (
                r#"selector = "diverse-weighted", responses = 8"#,
                r#"selector = "diverse", responses = 8"#,
            ),
            (r#"reward-noise = 1000"#, r#"reward-noise = 0.15"#),
            (r#"reward = "opposed""#, r#"reward = "aligned""#),
            (
                r#"selector = "diverse", responses = 2 }"#,
                r#"selector = "diverse", responses = 8 }"#,
            ),
            (
                r#"embedding-noise = 0.6, prompts = 512, selector = "diverse", responses"#,
                r#"embedding-noise = 0.15, prompts = 512, selector = "diverse-max-min", responses"#,
            ),
            (r#"embedding-noise = 0.6"#, r#"embedding-noise = 0.15"#),
            (r#"where = { modes = 6,"#, r#"where = { modes = 16,"#),
            (
                r#"responses = 4, reward-share = 0.7 }"#,
                r#"responses = 4, reward-share = 0.5 }"#,
            ),
        ],
    },
    Case {
        experiment: "figure-3-correlated",
        claims: &["as-many-as-entropy"],
        replicates: 24,
        smaller: &[],
        honest: &[(
            r#"where = { selector = "diverse-max-min" }"#,
            r#"where = { selector = "best" }"#,
        )],
    },
    Case {
        experiment: "referee",
        claims: &["hot-grouped-32"],
        replicates: 24,
        smaller: &[
            (r#""world.seed" = [1, 2, 3]"#, r#""world.seed" = [1]"#),
            (
                r#"responses = [1, 2, 4, 8, 16, 32, 64], "training.rate" = [0.03, 0.3], "training.batches" = ["shuffled", "grouped"]"#,
                r#"responses = [4, 8], "training.rate" = [0.3], "training.batches" = ["grouped"]"#,
            ),
            (
                r#"exclude = [{ "training.rate" = 0.03, "training.minibatch" = 32 }]
"#,
                r#""#,
            ),
        ],
        honest: &[(
            r#"batches = "grouped", minibatch = 32 }"#,
            r#"batches = "grouped", minibatch = 64 }"#,
        )],
    },
    Case {
        experiment: "referee-wide",
        claims: &["hot-grouped"],
        replicates: 24,
        smaller: &[
            // The narrow network of the experiment referee fails alike, and sooner.
            (r#"policy = "network 32""#, r#"policy = "network 8""#),
            (r#"responses = [1, 2, 4, 8, 16, 32]"#, r#"responses = [2, 8]"#),
        ],
        honest: &[(
            r#"where = { rate = 0.3, batches = "grouped" }"#,
            r#"where = { rate = 0.03, batches = "grouped" }"#,
        )],
    },
    Case {
        experiment: "referee-alike",
        claims: &["as-where-prompts-differ"],
        replicates: 128,
        smaller: &[
            (r#"policy = "network 16""#, r#"policy = "network 8""#),
            (r#"responses = [1, 4, 8, 16, 24, 32, 64]"#, r#"responses = [8, 24]"#),
        ],
        honest: &[(r#"prompt-effect = 0.3"#, r#"prompt-effect = 1.0"#)],
    },
    Case {
        experiment: "minibatch-noise",
        claims: &["alike"],
        replicates: 96,
        smaller: &[],
        honest: &[(
            r#"batches = "grouped", responses = 16 }"#,
            r#"batches = "grouped", responses = 1 }"#,
        )],
    },
    Case {
        experiment: "interference",
        claims: &["coverage-at-8", "annealed-grouping-costs"],
        replicates: 64,
        smaller: &[
            (
                r#"prompts = [2048, 1024, 512, 256, 128], responses = [1, 2, 4, 8, 16]"#,
                r#"prompts = [2048, 1024, 256], responses = [1, 2, 8]"#,
            ),
            (r#"responses = [2, 4, 8, 16] },"#, r#"responses = [2, 8] },"#),
            (r#"responses = [1, 4, 8, 16] },"#, r#"responses = [1, 8] },"#),
            (r#"  { prompts = 512, responses = [1, 2, 8, 16] },"#, ""),
            (
                r#"  { prompts = 256, responses = [2, 4, 16] },"#,
                r#"  { prompts = 256, responses = 2 },"#,
            ),
            (r#"  { prompts = 128, responses = [1, 2, 4, 8] },"#, ""),
        ],
        honest: &[
            (
                r#"prompts = 256, responses = 8, rate = 0.03, batches = "shuffled" }"#,
                r#"prompts = 1024, responses = 2, rate = 0.03, batches = "shuffled" }"#,
            ),
            (
                r#"prompts = 256, responses = 8, rate = 0.03, batches = "grouped" }"#,
                r#"prompts = 256, responses = 8, rate = 0.3, batches = "grouped" }"#,
            ),
        ],
    },
    Case {
        experiment: "redundancy-policies",
        claims: &["copies-are-prompts"],
        replicates: 96,
        smaller: &[(r#""world.seed" = [1, 2, 3]"#, r#""world.seed" = [1]"#)],
        // Each of them another prompt.
        honest: &[(r#"copies = 16"#, r#"copies = 1"#)],
    },
    Case {
        experiment: "redundancy-corners",
        claims: &["copies-change-nothing"],
        replicates: 96,
        smaller: &[
            (r#""world.seed" = [1, 2, 3]"#, r#""world.seed" = [1]"#),
            ("responses = [1, 2, 4, 8]", "responses = [1, 4]"),
        ],
        // Distinct prompts.
        honest: &[("prompt-effect = 2, copies = 16", "prompt-effect = 2, copies = 1")],
    },
];

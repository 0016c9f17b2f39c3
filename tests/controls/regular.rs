//! Controls of what else one could do than keep more responses.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case {
        experiment: "smoothing",
        claims: &["smoothing-reaches-k-star"],
        replicates: 1024,
        smaller: &[
            (r#"[0.0, 0.0045, 0.011, 0.03, 0.1, 0.2] }"#, r#"[0.0, 0.03, 0.2] }"#),
            (r#"[200.0, 2000.0]"#, r#"[2000.0]"#),
            ("steps = 20_000", "steps = 4_000"),
        ],
        // Beside eight responses that are smoothed far too much.
        honest: &[(
            r#"versus = { responses = 8, smoothing = 0 }"#,
            r#"versus = { responses = 8, smoothing = 0.2 }"#,
        )],
    },
    Case {
        experiment: "smoothing-features",
        claims: &["usual-smoothing-hurts-none"],
        replicates: 96,
        smaller: &[("population = 2048", "population = 256")],
        // One response of each of few prompts.
        honest: &[(
            r#"{ prompts = 1024, responses = 8, smoothing = 0.1 }"#,
            r#"{ prompts = 128, responses = 1, smoothing = 0.1 }"#,
        )],
    },
    Case {
        experiment: "soft-labels",
        claims: &["worth-64"],
        replicates: 200,
        smaller: &[("population = 4096", "population = 512")],
        // At the price of 16 responses.
        honest: &[(
            r#"teacher-temperature = 1, prompts = 106 }"#,
            r#"teacher-temperature = 1, prompts = 360 }"#,
        )],
    },
    Case {
        experiment: "soft-labels",
        claims: &["a-bias-averages-out"],
        replicates: 200,
        smaller: &[("population = 4096", "population = 512")],
        // A bias of the square of so little is none beside the variance.
        honest: &[
            ("teacher-temperature = 0.8", "teacher-temperature = 0.99"),
            ("teacher-temperature = 1.25", "teacher-temperature = 1.01"),
            ("[0.8, 1.25]", "[0.99, 1.01]"),
        ],
    },
    Case {
        experiment: "epochs",
        claims: &["epochs-reach-responses"],
        replicates: 96,
        smaller: &[
            ("population = 4096", "population = 512"),
            (r#"epochs" = [1, 8, 64]"#, r#"epochs" = [1, 8]"#),
            (r#"{ responses = 8, "training.epochs" = 64 }, "#, ""),
        ],
        // Beside the last parameters of a constant rate.
        honest: &[(
            r#"versus = { responses = 8, epochs = 1 }"#,
            r#"versus = { responses = 8, epochs = 1, average = "last" }"#,
        )],
    },
    Case {
        experiment: "distillation",
        claims: &["distillation-gains"],
        replicates: 48,
        smaller: &[("population = 2048", "population = 256")],
        // With a penalty the second fit is penalised twice.
        honest: &[(r#"decay = 1e-9, responses = 1 }"#, r#"decay = 0.003, responses = 1 }"#)],
    },
    Case {
        experiment: "regularisers",
        claims: &["a-tuned-decay-reaches-them"],
        replicates: 24,
        smaller: &[
            (
                r#"  { prompts = 256, responses = 1, labels = "kept", "training.decay" = 0.001, "training.smoothing" = 0.0, "training.average" = "last", "training.steps" = 400 },
"#,
                "",
            ),
            (
                r#"  { prompts = 256, responses = 1, labels = "kept", "training.decay" = 0.001, "training.smoothing" = 0.1, "training.average" = "last", "training.steps" = 400 },
"#,
                "",
            ),
            (
                r#"  { prompts = 256, responses = 1, labels = "kept", "training.decay" = 0.001, "training.smoothing" = 0.3, "training.average" = "last", "training.steps" = 400 },
"#,
                "",
            ),
            (
                r#"  { prompts = 256, responses = 1, labels = "kept", "training.decay" = 0.001, "training.smoothing" = 0.5, "training.average" = "last", "training.steps" = 400 },
"#,
                "",
            ),
            (
                r#"  { prompts = 256, responses = 1, labels = "kept", "training.decay" = 0.001, "training.smoothing" = 0.0, "training.average" = "exponential", "training.steps" = 400 },
"#,
                "",
            ),
            (
                r#"  { prompts = 256, responses = 1, labels = "kept", "training.decay" = 0.001, "training.smoothing" = 0.0, "training.average" = "last", "training.steps" = 50 },
"#,
                "",
            ),
            (
                r#"  { prompts = 256, responses = 1, labels = "distilled", "training.decay" = 0.001, "training.smoothing" = 0.0, "training.average" = "last", "training.steps" = 400 },
"#,
                "",
            ),
            (
                r#"  { prompts = 256, responses = 1, labels = "kept", "training.decay" = 0.02, "training.smoothing" = 0.1, "training.average" = "last", "training.steps" = 400 },
"#,
                "",
            ),
            (
                r#"  { prompts = 256, responses = 1, labels = "distilled", "training.decay" = 0.02, "training.smoothing" = 0.0, "training.average" = "last", "training.steps" = 400 },
"#,
                "",
            ),
        ],
        // Endless responses to as many prompts do.
        honest: &[(
            r#"{ labels = "kept", responses = 1, decay = 0.02, smoothing = 0 }"#,
            r#"{ labels = "exact", decay = 0.001 }"#,
        )],
    },
];

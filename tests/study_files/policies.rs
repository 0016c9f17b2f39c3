//! Files of the study `policies`.

use super::{Base, read, templates};

/// The file that the table changes a little. Lines and columns in messages count in it.
const BASE: Base = Base(
    r#"title = "Policies"
study = "policies"
seed = 1
measures = ["excess-loss", "reference-loss"]

[world]
kind = "features"
population = 64
features = 2
modes = 3

[training]
decay = 1e-6

[arms]
prompts = 40
candidates = 8
grid = { responses = [1, 2, 4] }

[run]
replicates = 8
"#,
);

#[test]
fn the_file_that_is_changed_is_right() {
    assert!(read(BASE.0).is_ok());
    assert_eq!(templates("policies").map(|own| own.scenarios.len()), [1, 3]);
}

#[test]
fn policies_that_cannot_be_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("[arms]", "[arms]\npolicy = \"log-linear 3\"")],
            "x.toml:16:10: policy: sees 3 features, but prompts have 2: name at most so many, or raise world.features",
        ),
        (
            &[("[arms]", "[arms]\npolicy = \"netwrk 8\"")],
            "x.toml:16:10: policy: unknown value \"netwrk 8\" (known: shared, log-linear, log-linear 4, low-rank 2, network 8; did you mean \"network 8\"?)",
        ),
        (
            &[("[arms]", "[arms]\npolicy = \"network 257\"")],
            "x.toml:16:10: policy: \"network 257\" has no size from 1 to 256",
        ),
        (
            &[("[arms]", "[arms]\npolicy = \"low-rank 3\"")],
            "x.toml:16:10: policy: slopes of 3 modes in 2 features have no rank 3: take \"log-linear\"",
        ),
        (
            &[("[arms]", "[arms]\npolicy = \"network 4\""), ("decay = 1e-6", "optimiser = \"newton\"")],
            "x.toml:13:13: training.optimiser: Newton's method fits log-linear policies alone: take training.optimiser = \"gradient\" or \"adam\"",
        ),
        (
            &[("decay = 1e-6", "batches = \"grouped\"")],
            "x.toml:13:11: training.batches: Newton's method sees full batches alone: take training.optimiser = \"gradient\" or \"adam\"",
        ),
        (
            &[("decay = 1e-6", "decay = 0.0")],
            "x.toml:13:9: training.decay: without a penalty some parameter may have no best value: give it one, 1e-6 is next to nothing",
        ),
    ]);
}

#[test]
fn data_that_cannot_be_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("[arms]\nprompts = 40", "[arms]\nprompts = 65"), ("population = 64", "population = 64\nreplacement = false")],
            "x.toml:17:11: prompts: 65 different prompts cannot be drawn without replacement from 64: take fewer, a larger world.population, or \
             world.replacement = true",
        ),
        (
            &[("[arms]\nprompts = 40", "[arms]\nprompts = 40000000")],
            "x.toml:16:11: prompts: 40000000 prompts of 8 candidates each would take each thread more than half a gigabyte: take fewer",
        ),
        (
            &[("candidates = 8", "candidates = 8\nselector = \"best\"\nlabels = \"exact\"")],
            "x.toml:19:10: labels: the response distributions themselves are no choice of a selector: take selector = \"random\", or labels = \
             \"kept\"",
        ),
        (
            &[
                ("kind = \"features\"", "kind = \"teacher\""),
                ("measures = [\"excess-loss\", \"reference-loss\"]", "measures = [\"excess-loss\", \"policy-reward\"]"),
            ],
            "x.toml:4:28: measures: \"policy-reward\" needs rewards, which only world.kind = \"features\" has\n  x.toml:7:8: the world",
        ),
        (
            &[("kind = \"features\"", "kind = \"teacher\""), ("candidates = 8", "candidates = 8\nselector = \"best\"")],
            "x.toml:18:12: selector: \"best\" looks at rewards or embeddings, which only world.kind = \"features\" has",
        ),
    ]);
}

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

#[test]
fn teachers_and_trainings_that_cannot_be_are_refused_with_their_place() {
    const MINIBATCHES: &str = "optimiser = \"gradient\"\nbatches = \"shuffled\"\nminibatch = 4";
    BASE.check(&[
        (
            &[("decay = 1e-6", "optimiser = \"adam\"\nsteps = 10\nepochs = 3")],
            "x.toml:15:10: training.epochs: both `epochs` and `steps` say how long fits go on: leave one out\n  x.toml:14:9: the other",
        ),
        (
            &[("decay = 1e-6", "average = \"second-half\"")],
            "x.toml:13:11: training.average: an average of parameters is one over all steps of gradient descent or Adam: none may stop before: \
             take training.optimiser = \"gradient\" or \"adam\", and training.tolerance = 0",
        ),
        (
            &[("decay = 1e-6", MINIBATCHES), ("candidates = 8", "candidates = 8\nlabels = \"distilled\"")],
            "x.toml:14:11: training.batches: targets that are no counts of responses cannot be shuffled into minibatches: take \"grouped\"",
        ),
        (
            &[("candidates = 8", "candidates = 8\nteacher-temperature = 0.5")],
            "x.toml:18:23: teacher-temperature: responses have no probabilities to change: take labels = \"exact\" or \"distilled\"",
        ),
        (
            &[("candidates = 8", "candidates = 8\nlabels = \"exact\"\nteacher-decay = 0.5")],
            "x.toml:19:17: teacher-decay: there is no first fit: take labels = \"distilled\"",
        ),
        (
            &[("decay = 1e-6", "smoothing = 1.0")],
            "x.toml:13:13: training.smoothing: 1 is out of range: a number from 0 to below 1 is expected",
        ),
        (
            &[("kind = \"features\"", "kind = \"dirichlet\"\nconcentration = 4.0"), ("features = 2\n", ""), ("modes = 3", "modes = 65")],
            "x.toml:10:9: world.modes: 65 modes; prompts of a population have 2 to 64",
        ),
    ]);
}

/// Three epochs of 40 prompts with 2 responses in minibatches of 4 are 60 steps, and work texts hold no epochs: as many steps are the same work.
#[test]
fn epochs_are_steps() {
    let of = |how: &str| {
        let training = format!("optimiser = \"gradient\"\nbatches = \"shuffled\"\nminibatch = 4\n{how}");
        let text = BASE
            .0
            .replace("decay = 1e-6", &training)
            .replace("responses = [1, 2, 4]", "responses = [2]");
        let experiment = read(&text).expect("it is right");
        experiment.scenarios[0].study.spec().work.text().to_owned()
    };
    assert_eq!(of("epochs = 3"), of("steps = 60"));
    assert_ne!(of("epochs = 3"), of("steps = 61"));
}

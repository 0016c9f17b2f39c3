//! Files of the study `sequences`.

use super::{Base, read, templates};

/// The file that the table changes a little. Lines and columns in messages count in it.
const BASE: Base = Base(
    r#"title = "Sequences"
study = "sequences"
seed = 1
measures = ["response-excess", "score-excess"]

[world]
kind = "plans"
base = [0.5, 0.3, 0.2]
concentration = 4.0
vagueness = 0.3

[training]
decay = 1e-6

[arms]
length = 4
prompts = 40
grid = { responses = [1, 2, 4] }

[run]
replicates = 8
"#,
);

#[test]
fn the_file_that_is_changed_is_right() {
    assert!(read(BASE.0).is_ok());
    assert_eq!(templates("sequences").map(|own| own.scenarios.len()), [1, 2]);
}

#[test]
fn worlds_of_plans_that_cannot_be_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("base = [0.5, 0.3, 0.2]", "plans = 4\nbase = [0.5, 0.3, 0.2]")],
            "x.toml:9:8: world.base: 3 weights for 4 plans\n  x.toml:8:9: plans = 4",
        ),
        (
            &[("base = [0.5, 0.3, 0.2]", "plans = 17")],
            "x.toml:8:9: world.plans: 17 is out of range: an integer from 2 to 16 is expected",
        ),
        (
            &[("base = [0.5, 0.3, 0.2]\n", "")],
            "x.toml:6:1: world: the key `plans` is missing: only a listed base says how many there are",
        ),
        (
            &[("vagueness = 0.3", "vagueness = 0.0")],
            "x.toml:10:13: world.vagueness: 0 is out of range: a number above 0 and up to 1 is expected",
        ),
    ]);
}

#[test]
fn policies_that_cannot_be_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("length = 4", "length = 4\npolicy = \"order-2\"")],
            "x.toml:17:10: policy: unknown value \"order-2\" (known: tied, per-position, order-1, counts, counts-and-position, tree, plan-weights, gru, attention; \
             did you mean \"order-1\"?)",
        ),
        (
            &[("length = 4", "length = 1\npolicy = \"counts\"")],
            "x.toml:16:10: length: \"counts\" sees nothing of responses of 1: take \"tied\", or 2 increments or more",
        ),
        (
            &[("length = 4", "length = 40\npolicy = \"tree\"")],
            "x.toml:16:10: length: \"tree\" sees too many different prefixes of 40 increments out of 3: take fewer",
        ),
        (
            &[
                ("vagueness = 0.3", "vagueness = 1"),
                ("length = 4", "length = 4\npolicy = \"plan-weights\""),
            ],
            "x.toml:17:10: policy: responses of all plans are alike at vagueness 1, so that \"plan-weights\" has nothing to learn: lower \
             world.vagueness",
        ),
        (
            &[("decay = 1e-6", "decay = 0.0")],
            "x.toml:13:9: training.decay: without a penalty some parameter may have no best value: give it one, 1e-6 is next to nothing",
        ),
        (
            &[("length = 4", "length = 4\nselector = \"best\"")],
            "x.toml:17:1: arms: unknown key \"selector\" (known: prompts, responses, train, length, policy, loss, reward, candidates, start, grid, zip, points, exclude)",
        ),
    ]);
}

/// The file with responses that end by themselves.
const HAZARDS: (&str, &str) = ("vagueness = 0.3", "vagueness = 0.3\nhazards = [0.5, 0.3, 0.2]");

#[test]
fn ends_rewards_and_losses_that_cannot_be_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("vagueness = 0.3", "vagueness = 0.3\nhazards = [0.5, 0.3]")],
            "x.toml:11:11: world.hazards: 2 values for 3 plans",
        ),
        (
            &[("vagueness = 0.3", "vagueness = 0.3\nhazards = [0.5, 0.3, 1.0]")],
            "x.toml:11:22: world.hazards: 1 is out of range: a number above 0 and below 1 is expected",
        ),
        (
            &[("vagueness = 0.3", "vagueness = 0.3\nscores = [0.5]")],
            "x.toml:11:10: world.scores: 1 values for 3 plans",
        ),
        (
            &[("length = 4", "length = 4\nloss = \"mean\"")],
            "x.toml:17:8: loss: a loss by length says nothing of responses that are equally long: give world.hazards, with which they end by \
             themselves",
        ),
        (
            &[("length = 4", "length = 4\ncandidates = 8")],
            "x.toml:17:14: candidates: no `reward` chooses among candidates: give one, or leave them out",
        ),
        (
            &[HAZARDS, ("length = 4", "length = 4\nreward = \"log-likelihood\"")],
            "x.toml:18:10: reward: \"log-likelihood\" chooses among candidates: set `candidates`, how many a prompt has",
        ),
        (
            &[HAZARDS, ("length = 4", "length = 4\nreward = \"score\"\ncandidates = 8")],
            "x.toml:18:10: reward: \"score\" needs a judge: give world.scores, one per plan",
        ),
        (
            &[HAZARDS, ("length = 4", "length = 4\npolicy = \"gru\"")],
            "x.toml:18:10: policy: where responses end by themselves (world.hazards) \"tied\" alone is known, with one hazard for all",
        ),
    ]);
}

//! Files of the study `stopping`.

use super::{Base, right, templates};
use mode_lottery::engine::{Goal, Looks};
use mode_lottery::experiment::{Experiment, docs};
use mode_lottery::study::stopping::{Law, Stopping, StoppingArm};

/// The file that the tables change a little. Lines and columns in messages count in it.
const BASE: Base = Base(
    r#"title = "Stopping"
study = "stopping"
seed = 1
measures = ["coverage", "bias"]

[world]
kind = "normal"

[arms]
looks = "rounds"
grid = { absolute = [0.05, 0.1] }

[run]
replicates = 64
"#,
);

fn studies(experiment: &Experiment) -> Vec<&Stopping> {
    let mut studies = Vec::new();
    for scenario in &experiment.scenarios {
        let Some(study) = scenario.study.downcast_ref::<Stopping>() else {
            panic!("another study");
        };
        studies.push(study);
    }
    studies
}

const KIND: &str = "kind = \"normal\"";
const GRID: &str = "grid = { absolute = [0.05, 0.1] }";

#[test]
fn laws_and_arms_are_read_with_their_keys_and_their_defaults() {
    let normal = |mean, deviation| Law::Normal { mean, deviation };
    let cases = [
        (KIND, normal(1.0, 1.0)),
        ("kind = \"normal\"\nmean = 0.0\ndeviation = 2.5", normal(0.0, 2.5)),
        ("kind = \"exponential\"", Law::Exponential { mean: 1.0 }),
        ("kind = \"exponential\"\nmean = 3", Law::Exponential { mean: 3.0 }),
    ];
    for (with, expected) in cases {
        let experiment = right(&BASE.changed(&[(KIND, with)]));
        assert_eq!(studies(&experiment)[0].law(), &expected);
    }
    let points = "points = [{ relative = 0.01 }, { absolute = 0.1, groups = 4, at-most = 1_000 }]";
    let text = BASE.changed(&[(GRID, points), ("looks = \"rounds\"\n", "")]);
    let experiment = right(&text);
    let arm = |groups, goal, at_most| StoppingArm {
        looks: Looks::Rounds,
        groups,
        goal,
        at_most,
    };
    assert_eq!(
        studies(&experiment)[0].arms(),
        [
            arm(64, Goal::Relative(0.01), 100_000),
            arm(4, Goal::Absolute(0.1), 1_000)
        ]
    );
}

#[test]
fn worlds_that_make_no_sense_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[(KIND, "kind = \"norma\"")],
            "x.toml:7:8: world.kind: unknown value \"norma\" (known: normal, exponential; did you mean \"normal\"?)",
        ),
        (
            &[(KIND, "kind = \"exponential\"\ndeviation = 1.0")],
            "x.toml:8:1: world: unknown key \"deviation\" (known: kind, mean)",
        ),
        (
            &[(KIND, "kind = \"exponential\"\nmean = 0.0")],
            "x.toml:8:8: world.mean: 0 is out of range: a number above 0 and up to 1e6 is expected",
        ),
        (
            &[(KIND, "kind = \"normal\"\nmean = nan")],
            "x.toml:8:8: world.mean: NaN is out of range: a number from -1e6 to 1e6 is expected",
        ),
        (
            &[(KIND, "kind = \"normal\"\ndeviation = -1.0")],
            "x.toml:8:13: world.deviation: -1 is out of range: a number above 0 and up to 1e6 is expected",
        ),
        (
            &[("[run]", "[sweep]\ngrid = { \"world.modes\" = [2] }\n\n[run]")],
            "x.toml:14:10: sweep.grid.world.modes: unknown key \"world.modes\" (known: seed, world.kind, world.mean, world.deviation, looks, groups, relative, absolute, at-most)",
        ),
    ]);
}

#[test]
fn rules_that_make_no_sense_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("\"rounds\"", "\"every-round\"")],
            "x.toml:10:9: looks: unknown value \"every-round\" (known: rounds, two-stage, every-block)",
        ),
        (
            &[("looks = \"rounds\"", "groups = 1")],
            "x.toml:10:10: groups: 1 is out of range: an integer from 2 to 128 is expected",
        ),
        (
            &[("looks = \"rounds\"", "groups = 129")],
            "x.toml:10:10: groups: 129 is out of range: an integer from 2 to 128 is expected",
        ),
        (
            &[("looks = \"rounds\"", "at-most = 15")],
            "x.toml:10:11: at-most: 15 is out of range: an integer from 16 to 10000000 is expected",
        ),
        (
            &[("looks = \"rounds\"", "relative = 0.1")],
            "x.toml:11:22: absolute: is set, but `relative` is too: one of them is expected\n  x.toml:10:12: the other one\nx.toml:11:28: absolute: is set, but `relative` is too: one of them is expected\n  x.toml:10:12: the other one",
        ),
        (
            &[(GRID, "")],
            "x.toml:9:1: arms: one of `relative` and `absolute` is expected",
        ),
        (
            &[("0.05", "0.0")],
            "x.toml:11:22: absolute: 0 is out of range: a number above 0 is expected",
        ),
        (
            &[("absolute = [0.05, 0.1]", "relative = [0.1, 0.5]")],
            "x.toml:11:27: relative: 0.5 is out of range: a number from 1e-6 to 0.25 is expected",
        ),
        (
            &[
                (KIND, "kind = \"normal\"\nmean = 0.0"),
                ("absolute = [0.05, 0.1]", "relative = [0.1]"),
            ],
            "x.toml:12:22: relative: a target of 0e0 cannot be reached by any number of samples (the mean is 0)",
        ),
        (
            &[("looks = \"rounds\"", "prompts = 4")],
            "x.toml:10:1: arms: unknown key \"prompts\" (known: looks, groups, relative, absolute, at-most, grid, zip, points, exclude)",
        ),
        (
            &[("absolute = [0.05, 0.1]", "\"world.mean\" = [1.0, 2.0]")],
            "x.toml:11:10: arms.grid.world.mean: changes the draws, and all arms of a scenario share their draws: it may stand only in [sweep]",
        ),
        (
            &[("\"bias\"", "\"coverage\"")],
            "x.toml:4:25: measures: \"coverage\" stands here twice",
        ),
        (
            &[("replicates = 64", "replicates = 64\nlooks = \"every-block\"")],
            "x.toml:15:9: run.looks: unknown value \"every-block\" (known: rounds, two-stage)",
        ),
    ]);
}

#[test]
fn what_a_run_looks_at_is_explained_beside_what_a_simulated_run_does() {
    let paths = |word| {
        docs::find(word)
            .iter()
            .map(|entry| entry.path.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(paths("looks"), ["run.looks", "arms.looks"]);
    assert_eq!(paths("absolute"), ["run.precision[].absolute", "arms.absolute"]);
    assert_eq!(paths("groups"), ["arms.groups"]);
    assert_eq!(
        paths("responses"),
        ["arms.responses"; 5],
        "those of `sequences` have no objective, of `greedy` are fewer, `pilots` have two at least, and those of `allocation` are of open prompts"
    );
    assert_eq!(paths("run.at-most"), ["run.at-most"]);
}

#[test]
fn the_template_of_stopping_is_right_and_so_is_what_it_offers_behind_a_mark() {
    let [plain, whole] = templates("stopping");
    assert_eq!(
        (plain.scenarios.len(), plain.claims.len(), plain.figures.len()),
        (1, 1, 1)
    );
    assert_eq!(plain.scenarios[0].cells.len(), 2);
    assert_eq!(whole.scenarios.len(), 2, "the sweep was uncommented");
    assert_eq!(whole.claims[0].cells.len(), 2, "where was uncommented");
}

//! Files of the study `pilots`, and of the world `mixed`.

use super::{Base, right, templates};
use mode_lottery::experiment::Experiment;
use mode_lottery::study::pilots::{PilotArm, PilotSizes, Pilots};

/// The file that the tables change a little. Lines and columns in messages count in it.
const BASE: Base = Base(
    r#"title = "Pilots"
study = "pilots"
seed = 1
measures = ["pilot-coverage", "bounded"]

[world]
kind = "dirichlet"
modes = 4
concentration = 4.0

[arms]
responses = 4
grid = { prompts = [16, 64] }

[run]
replicates = 64
"#,
);

fn studies(experiment: &Experiment) -> Vec<&Pilots> {
    let studies = experiment
        .scenarios
        .iter()
        .map(|own| own.study.downcast_ref::<Pilots>());
    studies.collect::<Option<_>>().expect("the study")
}

const KIND: &str = "kind = \"dirichlet\"";
const MEASURES: &str = "\"bounded\"";

#[test]
fn arms_are_read_with_their_keys_and_their_defaults() {
    let usual = PilotArm {
        prompts: 16,
        responses: 4,
        sizes: PilotSizes::Equal,
        cost_ratio: 1.0,
        most_responses: 64,
        test_draws: 999,
    };
    let of = |text: &str| studies(&right(text))[0].arms().to_vec();
    assert_eq!(of(BASE.0), [usual, PilotArm { prompts: 64, ..usual }]);
    let points = "points = [{ prompts = 9, responses = 2, sizes = \"unequal\", cost-ratio = 2.5, most-responses = 8, test-draws = 80 }]";
    let own = PilotArm {
        prompts: 9,
        responses: 2,
        sizes: PilotSizes::Unequal,
        cost_ratio: 2.5,
        most_responses: 8,
        test_draws: 80,
    };
    let text = BASE.changed(&[("responses = 4\n", ""), ("grid = { prompts = [16, 64] }", points)]);
    assert_eq!(of(&text), [own]);
}

#[test]
fn arms_that_make_no_sense_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("responses = 4", "responses = 1")],
            "x.toml:12:13: responses: 1 is out of range: an integer from 2 to 512 is expected",
        ),
        (
            &[("[16, 64]", "[1, 64]")],
            "x.toml:13:21: prompts: 1 is out of range: an integer from 2 to 65536 is expected",
        ),
        (
            &[("responses = 4", "responses = 4\nsizes = \"uneven\"")],
            "x.toml:13:9: sizes: unknown value \"uneven\" (known: equal, unequal)",
        ),
        (
            &[("responses = 4", "responses = 4\ncost-ratio = 0.0")],
            "x.toml:13:14: cost-ratio: 0 is out of range: a number from 1e-6 to 1e6 is expected",
        ),
        (
            &[("responses = 4", "responses = 4\ntest-draws = 79")],
            "x.toml:13:14: test-draws: 79 is out of range: an integer from 80 to 1000000 is expected",
        ),
        (
            &[("responses = 4", "responses = 4\nselector = \"random\"")],
            "x.toml:13:1: arms: unknown key \"selector\" (known: prompts, responses, sizes, cost-ratio, most-responses, test-draws, grid, \
             zip, points, exclude)",
        ),
    ]);
}

/// What no single key says is told of the arms; the schema cannot know it.
#[test]
fn pilots_of_two_responses_are_not_tested() {
    let text = BASE.changed(&[("responses = 4", "responses = 2"), (MEASURES, "\"law-alarm\"")]);
    let message = super::read(&text).expect_err("it is refused");
    assert_eq!(
        message,
        "x.toml:11:1: arms: arm 0: 2 responses of each prompt do not test the model: take 3 or more, or no measure of alarms"
    );
    right(&BASE.changed(&[("responses = 4", "responses = 2")]));
}

#[test]
fn worlds_of_two_kinds_of_prompts_are_read_or_refused() {
    let mixed = |keys: &str| format!("kind = \"mixed\"\n{keys}");
    let experiment = right(&BASE.changed(&[(KIND, &mixed("other-concentration = 1.0\nother-share = 0.25"))]));
    let world = experiment.scenarios[0].study.world().expect("a world");
    // V = 3/4 of four equal modes.
    let expected = 0.75 * (0.75 / 5.0 + 0.25 / 2.0);
    assert!(
        (world.trace_components().prompt / expected - 1.0).abs() < 1e-14,
        "{world:?}"
    );
    BASE.check(&[
        (
            &[(KIND, &mixed("other-concentration = 1.0"))],
            "x.toml:6:1: world: the key `other-share` is missing",
        ),
        (
            &[(KIND, &mixed("other-concentration = 0.0\nother-share = 0.5"))],
            "x.toml:8:23: world.other-concentration: 0 is out of range: a number above 0 is expected",
        ),
        (
            &[(KIND, &mixed("other-concentration = 1.0\nother-share = 1.5"))],
            "x.toml:9:15: world.other-share: 1.5 is out of range: a number from 0 to 1 is expected",
        ),
    ]);
}

#[test]
fn the_template_of_pilots_is_right_and_so_is_what_it_offers_behind_a_mark() {
    let [plain, whole] = templates("pilots");
    assert_eq!(
        (plain.scenarios.len(), plain.claims.len(), plain.figures.len()),
        (1, 1, 1)
    );
    assert_eq!(plain.scenarios[0].cells.len(), 3);
    assert_eq!(whole.scenarios.len(), 2, "the sweep was uncommented");
    assert_eq!(whole.claims[0].cells.len(), 2, "where was uncommented");
}

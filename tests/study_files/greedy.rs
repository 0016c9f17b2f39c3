//! Files of the study `greedy`.

use super::{Base, right, templates};
use mode_lottery::experiment::{ColumnRef, Experiment, Line};
use mode_lottery::study::greedy::{Family, Greedy};

/// The file that the tables change a little. Lines and columns in messages count in it.
const BASE: Base = Base(
    r#"title = "Greedy"
study = "greedy"
seed = 1
measures = ["guarantee", "conditions"]

[world]
kind = "sphere"

[objective]
reward-share = 0.2

[arms]
selector = "diverse-best"
candidates = 8
grid = { responses = [2, 3] }

[run]
replicates = 64
"#,
);

fn studies(experiment: &Experiment) -> Vec<&Greedy> {
    let mut studies = Vec::new();
    for scenario in &experiment.scenarios {
        let Some(study) = scenario.study.downcast_ref::<Greedy>() else {
            panic!("another study");
        };
        studies.push(study);
    }
    studies
}

const KIND: &str = "kind = \"sphere\"";

#[test]
fn every_family_is_read_with_its_keys_and_its_defaults() {
    let clusters = |clusters, dimension, noise| Family::Clusters {
        clusters,
        dimension,
        noise,
    };
    let cases = [
        (KIND, Family::Sphere { dimension: 8 }),
        ("kind = \"sphere\"\ndimension = 3", Family::Sphere { dimension: 3 }),
        ("kind = \"clusters\"", clusters(4, 4, 0.3)),
        (
            "kind = \"clusters\"\nclusters = 2\nembedding-noise = 0.0",
            clusters(2, 2, 0.0),
        ),
        ("kind = \"clusters\"\nclusters = 2\ndimension = 5", clusters(2, 5, 0.3)),
        ("kind = \"uniform\"", Family::Uniform),
        ("kind = \"binary\"", Family::Binary { density: 0.3 }),
        ("kind = \"binary\"\ndensity = 0.5", Family::Binary { density: 0.5 }),
        (
            "kind = \"adversarial\"\ndensity = 0.5",
            Family::Adversarial {
                density: 0.5,
                steps: 200,
            },
        ),
        (
            "kind = \"adversarial\"\nsteps = 7",
            Family::Adversarial { density: 0.3, steps: 7 },
        ),
    ];
    for (with, expected) in cases {
        let experiment = right(&BASE.changed(&[(KIND, with)]));
        assert_eq!(studies(&experiment)[0].family(), &expected);
    }
}

#[test]
fn families_may_be_swept_with_keys_of_their_own() {
    let sweep = "[sweep]\npoints = [{ \"world.kind\" = \"uniform\" }, { \"world.kind\" = \"binary\", \"world.density\" = 0.1 }]\n\n[run]";
    let experiment = right(&BASE.changed(&[("[run]", sweep)]));
    let families: Vec<&Family> = studies(&experiment).iter().map(|study| study.family()).collect();
    assert_eq!(families, [&Family::Uniform, &Family::Binary { density: 0.1 }]);
}

#[test]
fn worlds_that_make_no_sense_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[(KIND, "kind = \"dirichlet\"")],
            "x.toml:7:8: world.kind: unknown value \"dirichlet\" (known: sphere, clusters, uniform, binary, adversarial)",
        ),
        (
            &[(KIND, "kind = \"spher\"")],
            "x.toml:7:8: world.kind: unknown value \"spher\" (known: sphere, clusters, uniform, binary, adversarial; did you mean \"sphere\"?)",
        ),
        (
            &[(KIND, "dimension = 3")],
            "x.toml:6:1: world: the key `kind` is missing",
        ),
        (
            &[(KIND, "kind = \"sphere\"\ndensity = 0.1")],
            "x.toml:8:1: world: unknown key \"density\" (known: kind, dimension)",
        ),
        (
            &[(KIND, "kind = \"sphere\"\ndimension = 0")],
            "x.toml:8:13: world.dimension: 0 is out of range: an integer from 1 to 256 is expected",
        ),
        (
            &[(KIND, "kind = \"clusters\"\nclusters = 5\ndimension = 4")],
            "x.toml:9:13: world.dimension: 4 is out of range: an integer from 5 to 256 is expected, since there are 5 clusters",
        ),
        (
            &[(KIND, "kind = \"clusters\"\nclusters = 0")],
            "x.toml:8:12: world.clusters: 0 is out of range: an integer from 1 to 256 is expected",
        ),
        (
            &[(KIND, "kind = \"clusters\"\nembedding-noise = -0.1")],
            "x.toml:8:19: world.embedding-noise: -0.1 is out of range: a number from 0 to 1e6 is expected",
        ),
        (
            &[(KIND, "kind = \"binary\"\ndensity = 1.5")],
            "x.toml:8:11: world.density: 1.5 is out of range: a number from 0 to 1 is expected",
        ),
        (
            &[(KIND, "kind = \"adversarial\"\nsteps = 100001")],
            "x.toml:8:9: world.steps: 100001 is out of range: an integer from 0 to 100000 is expected",
        ),
        (
            &[("[run]", "[sweep]\ngrid = { \"world.modes\" = [2] }\n\n[run]")],
            "x.toml:18:10: sweep.grid.world.modes: unknown key \"world.modes\" (known: seed, world.kind, world.dimension, world.clusters, world.embedding-noise, world.density, world.steps, responses, candidates, selector, objective.reward-share, objective.reward-scale, objective.balance, objective.similarity)",
        ),
    ]);
}

#[test]
fn arms_that_make_no_sense_are_refused_with_their_place() {
    BASE.check(&[
        (
            &[("\"diverse-best\"", "\"best\"")],
            "x.toml:13:12: selector: unknown value \"best\" (known: diverse, diverse-best)",
        ),
        (
            &[("selector = \"diverse-best\"\n", "")],
            "x.toml:12:1: arms: the key `selector` is missing",
        ),
        (
            &[("candidates = 8\n", "")],
            "x.toml:12:1: arms: the key `candidates` is missing",
        ),
        (
            &[("candidates = 8", "candidates = 17")],
            "x.toml:14:14: candidates: 17 is out of range: an integer from 2 to 16 is expected",
        ),
        (
            &[("candidates = 8", "candidates = 1")],
            "x.toml:14:14: candidates: 1 is out of range: an integer from 2 to 16 is expected",
        ),
        (
            &[("[2, 3]", "[2, 9]")],
            "x.toml:15:26: responses: K = 9 responses cannot be kept of N = 8 candidates\n  x.toml:14:14: candidates = 8",
        ),
        (
            &[("[2, 3]", "[0]")],
            "x.toml:15:23: responses: 0 is out of range: an integer from 1 to 16 is expected",
        ),
        (
            &[("candidates = 8", "candidates = 8\nprompts = 4")],
            "x.toml:15:1: arms: unknown key \"prompts\" (known: responses, candidates, selector, grid, zip, points, exclude)",
        ),
        (
            &[("reward-share = 0.2", "reward-share = 1.2")],
            "x.toml:10:16: objective.reward-share: 1.2 is out of range: a number from 0 to 1 is expected",
        ),
        (
            &[
                (KIND, "kind = \"uniform\""),
                ("reward-share = 0.2", "similarity = \"raw-cosine\""),
            ],
            "x.toml:10:14: objective.similarity: compares embeddings, which world.kind = \"uniform\" does not have: leave it out, or take \"sphere\" or \"clusters\"",
        ),
        (
            &[("[objective]", "[policy]\n\n[objective]")],
            "x.toml:9:2: unknown key \"policy\" (known: title, about, study, seed, measures, world, objective, arms, sweep, run, claims, figures)",
        ),
        (
            &[("grid = {", "grid = { \"world.density\" = [0.1],")],
            "x.toml:15:10: arms.grid.world.density: changes the draws, and all arms of a scenario share their draws: it may stand only in [sweep]",
        ),
        (
            &[("\"conditions\"", "\"guarantee\"")],
            "x.toml:4:26: measures: \"guarantee\" stands here twice",
        ),
        (
            &[("\"conditions\"", "\"mode-mass\"")],
            "x.toml:4:26: measures: unknown value \"mode-mass\" (known: guarantee, conditions)",
        ),
    ]);
}

fn claim(estimand: &str) -> String {
    format!("replicates = 64\n\n[[claims]]\nkind = \"at-most\"\nbound = 0.1\nestimand = \"{estimand}\"")
}

fn figure(x: &str, y: &str, more: &str) -> String {
    format!("replicates = 64\n\n[[figures]]\nkind = \"line\"\nx = \"{x}\"\ny = \"{y}\"\n{more}")
}

#[test]
fn claims_and_figures_of_what_is_not_there_are_refused_with_their_place() {
    let bound = figure("responses", "guarantee.ratio", "bound = true");
    BASE.check(&[
        (
            &[("replicates = 64", &claim("guarantee.fall"))],
            "x.toml:23:12: claims.estimand: unknown estimand \"guarantee.fall\", which needs world.kind = \"adversarial\" (known: guarantee.ratio, guarantee.optimal, guarantee.share-below, guarantee.below-bound, guarantee.bound, guarantee.limit, conditions.monotone-violations, conditions.submodular-violations, conditions.monotone-broken, conditions.submodular-broken)",
        ),
        (
            &[("replicates = 64", &claim("mode-mass.variance"))],
            "x.toml:23:12: claims.estimand: unknown estimand \"mode-mass.variance\", which belongs to the study \"selection\" (known: guarantee.ratio, guarantee.optimal, guarantee.share-below, guarantee.below-bound, guarantee.bound, guarantee.limit, conditions.monotone-violations, conditions.submodular-violations, conditions.monotone-broken, conditions.submodular-broken)",
        ),
        (
            &[("replicates = 64", &bound)],
            "x.toml:24:9: figures.bound: no bound to mark: it needs the study `greedy` and x = \"at\"",
        ),
        (
            &[("replicates = 64", &figure("at", "guarantee.share-below", ""))],
            "x.toml:20:1: figures: two rows would be drawn in one place: responses = 2, at = 0.7 and responses = 3, at = 0.7; use `where`, `series` or `panel` to tell them apart",
        ),
        (
            &[(
                "replicates = 64",
                &figure("at", "guarantee.ratio", "series = \"responses\""),
            )],
            "x.toml:22:5: figures.x: the column at has no value in some rows, and an axis needs one",
        ),
    ]);
}

#[test]
fn a_distribution_function_stands_along_at() {
    let text = BASE.changed(&[(
        "replicates = 64",
        &figure("at", "guarantee.share-below", "series = \"responses\"\nbound = true"),
    )]);
    let experiment = right(&text);
    let figure = &experiment.figures[0];
    let Some(line) = figure.view.of::<Line>() else {
        panic!("a line figure");
    };
    assert_eq!((line.x, line.bound, figure.rows.len()), (ColumnRef::At, true, 16));
    let at: Vec<f64> = figure.rows[..8]
        .iter()
        .filter_map(|&row| line.x.number(&experiment, row))
        .collect();
    assert_eq!(at, [0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 1.0]);
    let bounds = [0.75, 1.0 - 8.0 / 27.0];
    for (row, bound) in [(0, bounds[0]), (8, bounds[1])] {
        let found = experiment.exact_beside(figure.rows[row], line.y.bound);
        let found = found.expect("an arm has a bound");
        assert!((found - bound).abs() < 1e-15, "{found} {bound}");
    }
}

#[test]
fn the_template_of_greedy_is_right_and_so_is_what_it_offers_behind_a_mark() {
    let [plain, whole] = templates("greedy");
    assert_eq!(
        (plain.scenarios.len(), plain.claims.len(), plain.figures.len()),
        (1, 1, 1)
    );
    assert_eq!(plain.scenarios[0].cells.len(), 3);
    assert_eq!(whole.scenarios.len(), 2, "the sweep was uncommented");
    assert_eq!(whole.claims[0].cells.len(), 2, "where was uncommented");
}

//! Tests of the step from an experiment and its records to figures.

use super::*;
use crate::engine::ExactCache;
use crate::experiment::{RowRef, figure_kinds, parse};
use crate::numerics::elementary::log10;
use crate::record::EstimateRecord;
use crate::report::figure::{At, Curve, Joined, LinePanel, Reference, render};
use crate::session::curves;

/// What all files here begin with: modes that responses share, so that diverse selectors have exact laws.
pub(super) const WORLD: &str = r#"title = "t"
study = "selection"
seed = 1
measures = ["mode-mass"]
[world]
kind = "embedded"
base = [0.3, 0.22, 0.16, 0.12, 0.08, 0.06, 0.04, 0.02]
concentration = inf
reward = [0.4, 0.9, 0.1, 0.6, 0.7, 0.2, 1.0, 0.5]
[run]
replicates = 64
"#;

pub(super) fn read(text: &str) -> Experiment {
    let read = parse("x", "x.toml", text.to_owned(), &[]);
    let settled = read.and_then(|own| own.settle(ExactCache::on_demand()));
    settled.unwrap_or_else(|faults| panic!("{faults}"))
}

/// Records that say what theory says, with an error of a hundredth.
pub(super) fn records(experiment: &Experiment) -> Records {
    let record = |row: RowRef| {
        let estimand = experiment.estimand(row);
        let (exact, reference) = (experiment.exact(row).value(), experiment.reference(row));
        let estimate = exact.or(Some(0.5));
        EstimateRecord {
            scenario: row.scenario as u64,
            cells: [].into(),
            estimand: estimand.name().into(),
            at: estimand.at.as_str().into(),
            estimate,
            mcse: estimate.map(|value| value.abs() / 100.0),
            df: Some(63.0),
            low: None,
            high: None,
            exact,
            reference: reference.map(|reference| reference.value),
            reference_name: reference.map(|reference| reference.name.into()).unwrap_or_default(),
            replicates: 2_000,
            failed: 0,
            left_out: 0,
            note: "".into(),
            target: "".into(),
        }
    };
    Records {
        estimates: experiment.rows().map(record).collect(),
        curves: curves(experiment),
        draws: Vec::new(),
    }
}

/// The panels of the only figure, of lines.
pub(super) fn panels(experiment: &Experiment, records: &Records) -> Vec<LinePanel> {
    let figure = figure(experiment, records, &experiment.figures[0]);
    let line = |panel: &Panel| panel.body.of::<LinePanel>().unwrap().clone();
    figure.panels.iter().map(line).collect()
}

pub(super) fn panel(text: &str) -> LinePanel {
    let experiment = read(text);
    panels(&experiment, &records(&experiment)).remove(0)
}

fn xs(curve: &Curve) -> Vec<f64> {
    curve.0.iter().map(|(x, _)| *x).collect()
}

pub(super) fn svg(experiment: &Experiment, records: &Records) -> String {
    let figure = figure(experiment, records, &experiment.figures[0]);
    render(&figure).unwrap().replace('\u{a0}', " ")
}

/// The exact variance of an arm in an experiment of its own.
fn alone(selector: &str, responses: u32, prompts: u32) -> f64 {
    let arms = format!(
        "[arms]\nselector = \"{selector}\"\nprompts = {prompts}\ncandidates = 16\ngrid = {{ responses = [{responses}] }}\n"
    );
    let experiment = read(&(WORLD.to_owned() + &arms));
    let row = experiment
        .rows()
        .find(|&row| experiment.estimand(row).name() == "mode-mass.variance");
    experiment.exact(row.unwrap()).value().unwrap()
}

#[test]
fn every_kind_of_figure_is_drawn() {
    assert_eq!(KINDS.len(), figure_kinds().count());
}

/// 16 prompts, N = 16: the straight line between K = 4 and K = 8 was 31% too high for diverse-best at K = 5.
#[test]
fn curves_of_diverse_selectors_pass_through_the_exact_value_at_every_k() {
    let text = WORLD.to_owned()
        + r#"[arms]
prompts = 16
candidates = 16
grid = { selector = ["diverse", "diverse-best"], responses = [1, 2, 4, 8, 16] }
[[figures]]
kind = "line"
x = "responses"
y = "mode-mass.variance"
series = "selector"
exact = true
"#;
    let panel = panel(&text);
    assert!(panel.counted);
    for series in &panel.series {
        let all: Vec<f64> = (1..=16).map(f64::from).collect();
        assert_eq!(xs(&series.exact), all);
        assert_eq!(series.joined, Joined::Not);
    }
    for k in [3, 5, 11] {
        let drawn = panel.series[1].exact.0[k as usize - 1].1;
        assert_eq!(drawn, alone("diverse-best", k, 16), "K = {k}");
    }
    let at = |k: usize| panel.series[1].exact.0[k - 1].1;
    let straight = (3.0 * at(4) + at(8)) / 4.0;
    assert!((straight / at(5) - 1.313).abs() < 5e-4, "{straight} {}", at(5));
}

/// Without a figure over K nothing more than the arms is worked out, and arms have the same bits either way.
#[test]
fn a_figure_over_k_adds_to_the_laws_and_moves_none() {
    let arms = "[arms]\nprompts = 1\nselector = \"diverse\"\ncandidates = 16\ngrid = { responses = [1, 2, 4, 8] }\n";
    let figure = |exact: &str| {
        format!("{WORLD}{arms}[[figures]]\nkind = \"line\"\nx = \"responses\"\ny = \"mode-mass.bias2\"\n{exact}")
    };
    let (without, with) = (read(&figure("")), read(&figure("exact = true\n")));
    let values = |experiment: &Experiment| -> Vec<Option<f64>> {
        experiment.rows().map(|row| experiment.exact(row).value()).collect()
    };
    assert_eq!(values(&without), values(&with));
    let at_3 = |experiment: &Experiment| {
        let mut theory = experiment.scenarios[0].study.theory(&experiment.known);
        theory.exact_along(1, "responses", &[3])[0]
    };
    assert!(at_3(&without).is_none() && at_3(&with).is_some());
}

/// A continuous axis, where theory answers at the arms alone: no value between them, and nothing that could be joined.
#[test]
fn on_an_axis_without_answers_exact_values_stand_at_the_arms_alone() {
    let text = WORLD.replace("concentration = inf", "concentration = 1.0")
        + r#"[sweep]
grid = { "world.concentration" = [1.0, 2.0, 3.0, 16.0] }
[arms]
prompts = 16
selector = "diverse"
candidates = 8
responses = 2
[[figures]]
kind = "line"
x = "concentration"
y = "mode-mass.bias2"
exact = true
"#;
    let panel = panel(&text);
    assert_eq!(xs(&panel.series[0].exact), [1.0, 2.0, 3.0, 16.0]);
    assert!(!panel.counted, "1, 2 and 3 are no neighbours among concentrations");
}

/// Prompts from 16 to 1024: as dense as paper can show, and not every one of a thousand.
#[test]
fn long_axes_of_whole_numbers_are_dense_and_not_full() {
    let text = WORLD.to_owned()
        + r#"[arms]
selector = "random"
responses = 2
grid = { prompts = [16, 1024, 65536] }
[[figures]]
kind = "line"
x = "prompts"
x-scale = "log"
y = "mode-mass.variance"
exact = true
"#;
    let curve = xs(&panel(&text).series[0].exact);
    assert!(curve.len() > 300 && curve.len() < 520, "{}", curve.len());
    let range = log10(65536.0 / 16.0);
    for pair in curve.windows(2) {
        let share = log10(pair[1] / pair[0]) / range;
        assert!(pair[1] - pair[0] == 1.0 || share <= Curve::NEAR, "{pair:?}");
    }
}

/// Where arms differ in more than the axis, what lies between two of them lies on no one curve.
#[test]
fn between_arms_that_differ_in_other_keys_nothing_is_drawn() {
    let text = WORLD.to_owned()
        + r#"[arms]
selector = "random"
zip = { responses = [1, 4, 16], prompts = [64, 16, 4] }
[[figures]]
kind = "line"
x = "responses"
y = "mode-mass.variance"
exact = true
"#;
    assert_eq!(xs(&panel(&text).series[0].exact), [1.0, 4.0, 16.0]);
}

#[test]
fn without_exact_values_estimates_are_joined_and_the_legend_says_so() {
    let text = WORLD.to_owned()
        + r#"[arms]
selector = "random"
prompts = 16
grid = { responses = [1, 2, 4] }
[[figures]]
kind = "line"
x = "responses"
y = "mode-mass.variance"
"#;
    let experiment = read(&text);
    let records = records(&experiment);
    assert_eq!(panels(&experiment, &records)[0].series[0].joined, Joined::Straight);
    let svg = svg(&experiment, &records);
    assert!(svg.contains(">joins estimates<") && !svg.contains(">exact<"), "{svg}");
}

/// The first order of figure 1(b) was joined between arms; in a figure of several series it zigzagged through all of them.
#[test]
fn references_are_named_dense_and_one_per_series() {
    let text = BUDGET.to_owned()
        + r#"grid = { responses = [1, 4, 16], prompts = [50, 100] }
[[figures]]
kind = "line"
x = "responses"
y = "excess-nll.mean"
series = "prompts"
reference = true
"#;
    let experiment = read(&text);
    let records = records(&experiment);
    let panel = panels(&experiment, &records).remove(0);
    assert_eq!(panel.references.len(), 2);
    for (index, reference) in panel.references.iter().enumerate() {
        let At::Along { curve, series } = &reference.at else {
            panic!("{reference:?}")
        };
        assert_eq!(*series, Some(index));
        // (1/2)(M-1)/(alpha+1) (1/N_p + alpha/(N_p K)): every K of 1 to 16.
        let prompts = [50.0, 100.0][index];
        let law = |k: f64| 0.5 * 3.0 / 9.0 * (1.0 / prompts + 8.0 / (prompts * k));
        assert_eq!(xs(curve), (1..=16).map(f64::from).collect::<Vec<_>>());
        assert!(
            curve.0.iter().all(|(k, y)| (y / law(*k) - 1.0).abs() < 1e-12),
            "{curve:?}"
        );
    }
    let svg = svg(&experiment, &records);
    assert_eq!(svg.matches(">first order<").count(), 1, "explained once");
    assert!(!svg.contains(">exact<"));
}

/// `reference = true` alone: the legend said 'exact' where nothing exact was drawn.
#[test]
fn a_reference_is_not_called_exact_and_one_that_holds_for_all_is_drawn_once() {
    let text = r#"title = "t"
study = "stopping"
seed = 1
measures = ["coverage", "replicates"]
[world]
kind = "normal"
mean = 1.0
[run]
replicates = 128
[arms]
groups = 64
grid = { looks = ["rounds", "two-stage"], absolute = [0.1, 0.2, 0.4] }
points = [{ looks = "every-block", absolute = 0.3 }, { looks = "every-block", absolute = 0.8 }]
[[figures]]
kind = "line"
x = "absolute"
y = "coverage.mean"
series = "looks"
reference = true
x-scale = "log"
"#;
    let experiment = read(text);
    let stored = records(&experiment);
    let panel = panels(&experiment, &stored).remove(0);
    let [
        Reference {
            at: At::Along { curve, series },
            ..
        },
    ] = &panel.references[..]
    else {
        panic!("{:?}", panel.references)
    };
    assert!(series.is_none() && curve.0.len() > 300 && curve.0.iter().all(|(_, y)| *y == 0.95));
    assert_eq!(
        [curve.0[0].0, curve.0[curve.0.len() - 1].0],
        [0.1, 0.8],
        "as far as any series reaches"
    );
    let drawn = svg(&experiment, &stored);
    assert!(drawn.contains(">as stated<") && !drawn.contains(">exact<"), "{drawn}");
    let mean = read(&text.replace("coverage.mean", "replicates.mean"));
    let At::Along { curve, .. } = &panels(&mean, &records(&mean))[0].references[0].at else {
        panic!("no curve")
    };
    assert!(
        curve.0.iter().all(|(t, y)| (y * t * t - 1.0).abs() < 1e-9),
        "(sigma/T)^2: {curve:?}"
    );
}

/// A bound that holds whatever the weight of rewards is a line over a continuous axis, and a curve over K.
#[test]
fn the_bound_of_the_guarantee_is_drawn_where_it_was_worked_out() {
    let file = |x: &str, arms: &str| {
        format!(
            "title = \"t\"\nstudy = \"greedy\"\nseed = 1\nmeasures = [\"guarantee\"]\n[world]\nkind = \"sphere\"\n\
             [run]\nreplicates = 64\n[arms]\nselector = \"diverse-best\"\ncandidates = 10\n{arms}\n\
             [[figures]]\nkind = \"line\"\nx = \"{x}\"\ny = \"guarantee.ratio\"\nreference = true\n"
        )
    };
    let curve = |text: String| {
        let mut panel = panel(&text);
        match panel.references.remove(0).at {
            At::Along { curve, .. } => curve.0,
            other => panic!("{other:?}"),
        }
    };
    let over_k = curve(file("responses", "grid = { responses = [2, 3, 6] }"));
    let bound = |k: f64| 1.0 - crate::numerics::elementary::powi(1.0 - 1.0 / k, k as i32);
    let expected: Vec<(f64, f64)> = (2..=6).map(|k| (f64::from(k), bound(f64::from(k)))).collect();
    assert_eq!(over_k, expected);
    let weights = curve(file(
        "reward-share",
        "responses = 3\ngrid = { \"objective.reward-share\" = [0.2, 0.8] }",
    ));
    assert!(weights.len() > 300 && weights.iter().all(|(_, y)| *y == bound(3.0)));
}

pub(super) const BUDGET: &str = r#"title = "t"
study = "training"
seed = 1
measures = ["excess-nll", "missing-mode"]
[world]
kind = "dirichlet"
modes = 4
base = "uniform"
concentration = 8.0
[training]
rate = 1.0
steps = 50
[run]
replicates = 128
[arms]
selector = "random"
"#;

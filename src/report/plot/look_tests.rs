//! Tests of how rows become looks, floors, steps, colours and notes.

use super::tests::{BUDGET, WORLD, panel, panels, read, records};
use super::*;
use crate::experiment::parse;
use crate::report::figure::{BarsPanel, Colours, HeatPanel, Joined, LinePanel};

/// V_x/N_p is the limit of `random` alone: a selector varies with the prompt by another amount.
#[test]
fn the_prompt_floor_is_drawn_only_where_it_binds() {
    let text = WORLD.replace("concentration = inf", "concentration = 4.0")
        + r#"[arms]
candidates = 16
prompts = 4
grid = { selector = ["random", "best"], responses = [1, 2] }
[[figures]]
kind = "line"
x = "responses"
y = "mode-mass.emse"
series = "selector"
floor = true
"#;
    let experiment = read(&text);
    let panel = panels(&experiment, &records(&experiment)).remove(0);
    let floors: Vec<bool> = panel.series.iter().map(|series| series.floor.is_some()).collect();
    assert_eq!(floors, [true, false]);
    let none = parse("x", "x.toml", text.replace("\"random\", ", ""), &[]).unwrap_err();
    let expected = "figures.floor: no prompt floor to draw: V_x/N_p is that of the selector `random` alone";
    assert!(none.to_string().contains(expected), "{none}");
}

/// Straight lines from place to place claimed values of a distribution function that nobody had estimated.
#[test]
fn a_distribution_function_is_joined_in_steps() {
    let joined = |y: &str| {
        let text = format!(
            "title = \"t\"\nstudy = \"greedy\"\nseed = 1\nmeasures = [\"guarantee\"]\n[world]\nkind = \"sphere\"\n\
             [run]\nreplicates = 64\n[arms]\nselector = \"diverse-best\"\ncandidates = 10\ngrid = {{ responses = [2, 3] }}\n\
             [[figures]]\nkind = \"line\"\n{y}\n"
        );
        panel(&text).series[0].joined
    };
    let below = "x = \"at\"\ny = \"guarantee.share-below\"\nseries = \"responses\"";
    assert_eq!(joined(below), Joined::InSteps);
    assert_eq!(joined("x = \"responses\"\ny = \"guarantee.ratio\""), Joined::Straight);
}

/// Noise of 1% filled a diverging scale, although the file claims 5%.
#[test]
fn colours_of_a_heat_map_reach_as_far_as_the_margin_that_is_claimed() {
    let file = |claim: &str, keys: &str| {
        let text = format!(
            "{WORLD}[arms]\nselector = \"random\"\ngrid = {{ responses = [1, 2], prompts = [4, 8] }}\n\
             [[claims]]\nkind = \"agrees\"\nname = \"plane\"\nstatement = \"s\"\nestimand = \"mode-mass.ratio\"\n{claim}\n\
             [[figures]]\nkind = \"heat-map\"\nx = \"responses\"\ny = \"prompts\"\nvalue = \"mode-mass.ratio\"\n{keys}"
        );
        let experiment = read(&text);
        let figure = figure(&experiment, &records(&experiment), &experiment.figures[0]);
        let panel = figure.panels[0].body.of::<HeatPanel>().unwrap();
        (panel.colours, figure.panels[0].notes.clone())
    };
    let around = |margin| Colours::Diverging { centre: 1.0, margin };
    let (colours, notes) = file("margin = 0.05", "centre = 1.0");
    assert_eq!(colours, around(Some(0.05)));
    assert_eq!(notes, ["Colours reach as far as the margin of the claim \"plane\"."]);
    assert_eq!(
        file("margin = 0.05\ntarget = 1.1", "centre = 1.0").0,
        around(None),
        "another target"
    );
    let part = "margin = 0.05\nwhere = { prompts = 4 }";
    assert_eq!(file(part, "centre = 1.0").0, around(None), "not of every cell");
    let stated = file("margin = 0.05", "centre = 1.0\nmargin = 0.2");
    assert_eq!(stated, (around(Some(0.2)), vec![]));
}

/// Whether a map holds was to be seen only by comparing two files.
#[test]
fn exact_values_stand_in_a_map_beside_the_estimates() {
    let file = |value: &str| {
        format!(
            "{WORLD}[arms]\nselector = \"random\"\ngrid = {{ responses = [1, 2], prompts = [4, 8] }}\n\
             [[figures]]\nkind = \"heat-map\"\nx = \"responses\"\ny = \"prompts\"\nvalue = \"{value}\"\nexact = true\n"
        )
    };
    let experiment = read(&file("mode-mass.variance"));
    let mut records = records(&experiment);
    for record in &mut records.estimates {
        record.estimate = record.exact.map(|exact| exact + 1.0);
    }
    let figure = figure(&experiment, &records, &experiment.figures[0]);
    let titles: Vec<_> = figure.panels.iter().map(|panel| panel.title.clone().unwrap()).collect();
    assert_eq!(titles, ["simulated", "exact"].map(label));
    let values = |panel: usize| &figure.panels[panel].body.of::<HeatPanel>().unwrap().values;
    assert_eq!(values(0).len(), 4);
    for (simulated, exact) in values(0).iter().zip(values(1)) {
        assert_eq!(*simulated, exact.map(|exact| exact + 1.0));
        assert!(exact.is_some());
    }
    let map = "grid = { responses = [1, 4], prompts = [50, 100] }\n[[figures]]\nkind = \"heat-map\"\nx = \"responses\"\n\
               y = \"prompts\"\nvalue = \"excess-nll.mean\"\nexact = true\n";
    let none = parse("x", "x.toml", BUDGET.to_owned() + map, &[])
        .unwrap_err()
        .to_string();
    assert!(
        none.contains("figures.exact: excess-nll.mean has no exact values to draw"),
        "{none}"
    );
}

/// Bars of one estimand had no errors unless it was named twice.
#[test]
fn a_bar_of_one_estimand_has_its_error() {
    let errors = |keys: &str| {
        let text = format!(
            "{WORLD}[arms]\nselector = \"random\"\nprompts = 4\ngrid = {{ responses = [1, 2] }}\n\
             [[figures]]\nkind = \"bars\"\nx = \"responses\"\n{keys}"
        );
        let experiment = read(&text);
        let figure = figure(&experiment, &records(&experiment), &experiment.figures[0]);
        let panel = figure.panels[0].body.of::<BarsPanel>().unwrap();
        let bars = panel.series[0].bars.iter().flatten();
        bars.filter_map(|bar| bar.error.map(|[low, high]| high - low > 0.0))
            .collect::<Vec<_>>()
    };
    assert_eq!(errors("y = [\"mode-mass.variance\"]"), [true, true]);
    assert!(errors("y = [\"mode-mass.bias2\", \"mode-mass.variance\"]").is_empty());
}

/// The teeth of figure 1(b) looked like noise of what is exact.
#[test]
fn teeth_of_curves_for_a_budget_are_explained() {
    let notes = |text: &str| {
        let experiment = read(text);
        figure(&experiment, &records(&experiment), &experiment.figures[0]).panels[0]
            .notes
            .clone()
    };
    let text = WORLD.to_owned()
        + r#"[budget]
prompt-cost = 4
response-cost = 1
total = 100
[arms]
selector = "random"
grid = { responses = [1, 2, 8] }
[[figures]]
kind = "line"
x = "responses"
y = "mode-mass.variance"
exact = true
"#;
    assert!(notes(&text)[0].contains("N_p = floor(B/(C_p + K C_r))"));
    let without = text.replace("exact = true", "");
    assert!(notes(&without).is_empty(), "no curve, no teeth");
    let budget = "[budget]\nprompt-cost = 4\nresponse-cost = 1\ntotal = 100\n";
    let fixed = text
        .replace(budget, "")
        .replace("selector =", "prompts = 4\nselector =");
    assert!(notes(&fixed).is_empty());
}

/// `C_p = 4` was blue in one panel and `C_p = 1` in the next.
#[test]
fn a_series_looks_the_same_in_every_panel() {
    let text = WORLD.to_owned()
        + r#"[arms]
candidates = 16
points = [
    { selector = "random", responses = 1, prompts = 4 }, { selector = "diverse", responses = 1, prompts = 4 },
    { selector = "diverse", responses = 2, prompts = 16 }, { selector = "best", responses = 2, prompts = 16 },
]
[[figures]]
kind = "line"
x = "responses"
y = "mode-mass.variance"
series = "selector"
panel = "prompts"
"#;
    let experiment = read(&text);
    let panels = panels(&experiment, &records(&experiment));
    let looks = |panel: &LinePanel| {
        let looks = panel.series.iter().map(|series| (series.label.clone(), series.look));
        looks.collect::<Vec<_>>()
    };
    let named = |name: &str, look: usize| (label(name), look);
    assert_eq!(looks(&panels[0]), [named("random", 0), named("diverse", 1)]);
    assert_eq!(looks(&panels[1]), [named("diverse", 1), named("best", 2)]);
}

//! Tests of points whose errors are no bars, and of what figures say is left out.

use super::tests::{BUDGET, panels, read, records, svg};
use crate::report::figure::Spread;

/// The rows of cases/rarefix.toml: an event that 4,000 replicates never show, and one of them with few groups.
#[test]
fn events_never_or_always_seen_are_bounds_and_few_groups_are_hollow() {
    let text = BUDGET.to_owned()
        + r#"grid = { prompts = [48, 64, 96, 128], responses = [2] }
[[figures]]
kind = "line"
x = "prompts"
y = "missing-mode.mean"
exact = true
"#;
    let experiment = read(&text);
    let mut records = records(&experiment);
    let rows: Vec<usize> = experiment
        .rows()
        .enumerate()
        .filter(|(_, row)| experiment.estimand(*row).name() == "missing-mode.mean")
        .map(|(index, _)| index)
        .collect();
    let mut set = |row: usize, estimate: f64, mcse: Option<f64>, df: f64, ends: [Option<f64>; 2]| {
        let own = &mut records.estimates[rows[row]];
        (own.estimate, own.mcse, own.df) = (Some(estimate), mcse, Some(df));
        [own.low, own.high] = ends;
    };
    set(0, 0.0, None, 63.0, [None, Some(7.5e-4)]);
    set(1, 1.0, None, 63.0, [Some(0.99), None]);
    set(2, 0.25, Some(0.1), 18.0, [None, None]);
    set(3, 0.0, Some(0.0), 1.0, [None, None]);
    let panel = panels(&experiment, &records).remove(0);
    let errors: Vec<Spread> = panel.series[0].points.iter().map(|point| point.error).collect();
    let expected = [
        Spread::Bound(7.5e-4),
        Spread::Bound(0.99),
        Spread::Unsure,
        // What is not random has no error that could rest on too few groups.
        Spread::Between(0.0, 0.0),
    ];
    assert_eq!(errors, expected);
    let svg = svg(&experiment, &records);
    assert!(svg.contains(">error from fewer than 20 groups<") && svg.contains(">95% bound (seen never or always)<"));
    records.estimates[rows[2]].df = Some(19.0);
    let sure = panels(&experiment, &records).remove(0);
    assert_eq!(sure.series[0].points[2].error, Spread::Between(0.25 - 0.1, 0.25 + 0.1));
}

#[test]
fn what_is_left_out_is_said_below_the_figure() {
    let text = BUDGET.to_owned()
        + r#"grid = { responses = [1, 4], prompts = [50, 100] }
[[figures]]
kind = "line"
x = "responses"
y = "excess-nll.complete"
panel = "prompts"
"#;
    let experiment = read(&text);
    let mut records = records(&experiment);
    let first = experiment.figures[0].rows[0];
    let index = experiment.rows().position(|row| row == first).unwrap();
    assert!(!svg(&experiment, &records).contains("left out"));
    records.estimates[index].left_out = 408;
    records.estimates[index].replicates = 1592;
    let told = svg(&experiment, &records);
    for line in [
        ">(a): excess-nll.complete leaves out fits that miss a mode, up to<",
        ">20.4% of all: leaving them out flatters small K.<",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

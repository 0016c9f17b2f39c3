//! Pairs of seeds of one experiment must agree, and a wrong mean must not.

use super::*;
use crate::engine;

/// 64 replicates make two groups, of which a share may well be equal by chance: an error of 0 that says nothing.
const SELECTION: &str = r#"
title = "Selection"
study = "selection"
measures = ["mode-mass", "mode-mass-by-mode", "gradient"]
world = { kind = "embedded", base = [0.5, 0.3, 0.15, 0.05], concentration = 8.0, reward = [0.4, 0.9, 0.1, 0.6] }
[arms]
prompts = 8
candidates = 8
grid = { selector = ["random", "best", "diverse"], responses = [1, 4] }
"#;

const ALIGNMENT: &str = r#"
title = "Alignment"
study = "alignment"
measures = ["alignment", "path"]
world = { kind = "embedded", modes = 4, base = { geometric = 0.638 }, concentration = 4.0, reward = "opposed" }
path = { rate = 1.0, steps = [0, 1, 5, 20] }
[arms]
prompts = 32
candidates = 8
grid = { selector = ["random", "best"], responses = [1, 4], "path.along" = ["own", "true"] }
"#;

const TRAINING: &str = r#"
title = "Training"
study = "training"
measures = ["excess-nll", "missing-mode", "total-variation"]
world = { kind = "dirichlet", modes = 4, base = { geometric = 0.638 }, concentration = 4.0 }
training = { rate = 1.0, steps = 100, tolerance = 1e-6 }
[arms]
selector = "random"
grid = { prompts = [8, 32], responses = [1, 4] }
"#;

const GREEDY: &str = r#"
title = "Greedy"
study = "greedy"
measures = ["guarantee", "conditions"]
world = { kind = "sphere" }
[arms]
selector = "diverse-best"
candidates = 7
responses = 3
grid = { "objective.reward-share" = [0.2, 0.8] }
"#;

/// The columns of [`SELECTION`].
fn keys() -> Vec<String> {
    ["selector", "responses", "versus"].map(str::to_owned).to_vec()
}

/// The rows of a run.
fn rows(text: &str, seed: u64, replicates: u64) -> Vec<EstimateRecord> {
    let sets = [format!("seed={seed}"), format!("run.replicates={replicates}")];
    let experiment = parsed(text, &sets);
    let estimates = |scenario: &experiment::Scenario| {
        let groups = engine::run(scenario.study.as_ref(), replicates).expect("a run");
        engine::estimate(scenario.study.spec(), &groups)
    };
    let rows: Vec<_> = experiment.scenarios.iter().map(estimates).collect();
    crate::session::estimates(&experiment, rows)
}

fn parsed(text: &str, sets: &[String]) -> Experiment {
    experiment::parse("pairs", "pairs.toml", text.to_owned(), sets).unwrap_or_else(|fault| panic!("{fault}"))
}

/// At most 8 alarms of 300 pairs at 1 %: more have a probability below .004 if every row keeps its level.
#[test]
fn pairs_of_seeds_raise_the_alarm_as_seldom_as_is_said() {
    let settings = [
        (SELECTION, 64),
        (SELECTION, 640),
        (ALIGNMENT, 640),
        (TRAINING, 640),
        (GREEDY, 640),
    ];
    let mut alarms = Vec::new();
    for (place, (text, replicates)) in settings.into_iter().enumerate() {
        for pair in 0..60 {
            let [a, b] = [0, 1].map(|side| rows(text, 1000 * place as u64 + 2 * pair + side, replicates));
            let compared = Compared::new(&a, &b);
            if compared.differ() {
                let worst = compared.pairs.first().map(|pair| (pair.cells(), pair.p));
                alarms.push((place, pair, worst));
            }
        }
    }
    println!("{alarms:#?}");
    assert!(alarms.len() <= 8, "{} alarms: {alarms:#?}", alarms.len());
}

/// The control: a mean that is off by five standard errors is an alarm, and so is a number without noise that is another one.
#[test]
fn a_wrong_mean_is_an_alarm() {
    let (a, mut b) = (rows(SELECTION, 1, 640), rows(SELECTION, 2, 640));
    assert!(!Compared::new(&a, &b).differ());
    let varies = |row: &&mut EstimateRecord| row.mcse.is_some_and(|mcse| mcse > 0.0);
    let wrong = b.iter_mut().find(varies).expect("a row with an error");
    // Both errors, so that the difference is beyond 5 of its own: p = 1e-6 or so, times some 150 rows.
    wrong.estimate = wrong.estimate.zip(wrong.mcse).map(|(value, mcse)| value + 10.0 * mcse);
    let compared = Compared::new(&a, &b);
    assert!(compared.estimates_differ(), "{}", compared.told(&keys(), 1));
    assert!(compared.told(&keys(), 1).contains("differ by more than chance"));
}

#[test]
fn rows_without_an_error_are_counted_and_not_judged() {
    let row = |estimate, mcse, df| EstimateRecord {
        estimate,
        mcse,
        df,
        ..rows(SELECTION, 1, 64).swap_remove(0)
    };
    let one = |a: EstimateRecord, b: EstimateRecord| {
        let (a, b) = ([a], [b]);
        let compared = Compared::new(&a, &b);
        (compared.differ(), compared.told(&keys(), 0))
    };
    let (half, third) = (Some(0.5), Some(0.3));
    // An error that is empty, 0 or rounding on either side: a rare event, or two groups that are alike.
    for mcse in [None, Some(0.0), Some(1e-18)] {
        let (differ, told) = one(row(half, mcse, Some(1.0)), row(third, Some(0.1), Some(1.0)));
        assert!(!differ, "{told}");
        assert_eq!(
            told,
            "1 row not judged: 1 without a standard error on both sides (1 not equal), 0 without an estimate\n"
        );
    }
    let (differ, told) = one(row(half, None, None), row(None, None, None));
    assert!(
        !differ && told.starts_with("1 row not judged: 0 without a standard error"),
        "{told}"
    );
    // Twenty groups without any noise are no chance.
    let fixed = |value| row(value, Some(0.0), Some(19.0));
    let (differ, told) = one(fixed(half), fixed(third));
    assert!(differ && told.contains("although nothing in them is random"), "{told}");
    assert!(!one(fixed(half), fixed(half)).0);
}

/// p = .47 was printed beside 'differ' where rows were missing: each is said for itself.
#[test]
fn missing_rows_are_no_difference_of_estimates() {
    let (a, mut b) = (rows(SELECTION, 1, 640), rows(SELECTION, 2, 640));
    b.pop();
    let compared = Compared::new(&a, &b);
    let told = compared.told(&keys(), 1);
    assert!(compared.differ() && !compared.estimates_differ());
    assert!(told.contains("agree within their errors"), "{told}");
    assert!(
        told.contains("\n1 row in only one of them: they do not have the same rows\n"),
        "{told}"
    );
}

#[test]
fn the_keys_in_which_two_experiments_differ_are_named() {
    let sets = |sets: &[&str]| -> Vec<String> { sets.iter().map(|&set| set.to_owned()).collect() };
    let base = parsed(SELECTION, &sets(&["seed=1", "run.replicates=640"]));
    let with = |own: &[&str]| Experiments::of(&base, &parsed(SELECTION, &sets(own)));
    let seed = with(&["seed=2", "run.replicates=64"]);
    assert!(!seed.differ());
    assert_eq!(seed.told(), "both are of one experiment, by seeds 1 and 2\n");
    let other = with(&["seed=2", "run.replicates=640", "world.concentration=2.0"]);
    let told = other.told();
    assert!(
        other.differ() && told.starts_with("they are of different experiments: scenario 0"),
        "{told}"
    );
    assert!(
        told.contains("concentration 2") && told.contains("concentration 8"),
        "{told}"
    );
    assert!(with(&["seed=1", "run.replicates=64"]).told().contains("the same draws"));
}

//! What the two keys of a scenario depend on, and what they do not.

use super::{BASE, replaced, right};
use mode_lottery::experiment::Experiment;

fn draws(experiment: &Experiment) -> Vec<String> {
    let scenarios = experiment.scenarios.iter();
    scenarios.map(|one| one.study.spec().draws.digest()).collect()
}

fn works(experiment: &Experiment) -> Vec<String> {
    let scenarios = experiment.scenarios.iter();
    scenarios.map(|one| one.study.spec().work.digest()).collect()
}

/// What an edit changes: (draws keys, work keys).
fn changed(find: &str, with: &str) -> (bool, bool) {
    let (before, after) = (right(BASE, &[]), right(&replaced(BASE, find, with), &[]));
    (draws(&before) != draws(&after), works(&before) != works(&after))
}

#[test]
fn words_claims_figures_and_replicates_change_no_key() {
    let claim = "[[claims]]\nkind = \"sign\"\nestimand = \"loss.variance\"\nsign = \"positive\"\n\n[[figures]]";
    let figure = "[[figures]]\nkind = \"heat-map\"\nx = \"responses\"\ny = \"prompts\"\nvalue = \"loss.ratio\"\n\
        where = { concentration = 2 }\n\n[[figures]]";
    for (find, with) in [
        ("title = \"A base\"", "title = \"B\"\nabout = \"more\""),
        ("replicates = 64", "replicates = 640"),
        ("[[figures]]", claim),
        ("[[figures]]", figure),
        ("margin = 0.5", "margin = 0.1\nalpha = 0.01\nexpect = \"refuted\""),
        ("exact = true", "exact = true\nfloor = true"),
        ("selector = \"random\"\n", ""),
        ("concentration = 8.0", "concentration = 9.0"),
        ("[2.0, 8.0]", "[2, 8]"),
    ] {
        assert_eq!(changed(find, with), (false, false), "{with}");
    }
}

#[test]
fn the_order_of_tables_and_of_keys_that_do_not_vary_changes_no_key() {
    let (head, run) = BASE.split_once("[run]\nreplicates = 64\n\n").unwrap();
    let (head, world) = head.split_once("[world]").unwrap();
    let moved = format!("{head}[run]\nreplicates = 64\n\n[world]{world}{run}");
    let world = "kind = \"dirichlet\"\nmodes = 4\n";
    let moved = replaced(&moved, world, "modes = 4\nkind = \"dirichlet\"\n");
    let (before, after) = (right(BASE, &[]), right(&moved, &[]));
    assert_eq!((draws(&before), works(&before)), (draws(&after), works(&after)));
}

#[test]
fn arms_and_measures_change_the_work_and_not_the_draws() {
    for (find, with) in [
        ("prompts = [4, 8]", "prompts = [4, 8, 16]"),
        ("responses = [1, 2]", "responses = [1, 2, 4]"),
        ("responses = [1, 2]", "responses = [2, 1]"),
        ("selector = \"random\"", "selector = \"random\"\ncandidates = 4"),
        ("selector = \"random\"", "points = [{ prompts = 2, responses = 1 }]"),
        ("theta = \"optimum\"", "theta = [1, 2, 3, 4]"),
        ("\"loss\"]", "\"loss\", \"gradient\"]"),
    ] {
        assert_eq!(changed(find, with), (false, true), "{with}");
    }
}

#[test]
fn world_and_seed_change_both() {
    for (find, with) in [
        ("seed = 1", "seed = 2"),
        ("modes = 4", "modes = 5"),
        ("geometric = 0.5", "geometric = 0.4"),
        ("kind = \"dirichlet\"", "kind = \"copies\"\ncopy-probability = 0.5"),
        ("[2.0, 8.0]", "[2.0, 8.0, 16.0]"),
    ] {
        assert_eq!(changed(find, with), (true, true), "{with}");
    }
}

/// A new scenario moves no other one (law 2).
#[test]
fn a_new_scenario_leaves_the_others_their_keys() {
    let more = right(&replaced(BASE, "[2.0, 8.0]", "[4.0, 2.0, 8.0]"), &[]);
    let base = right(BASE, &[]);
    assert_eq!(works(&more)[1..], works(&base)[..]);
}

//! What is told of results and of runs: `compare` of two results, progress as events.

use super::{EXPERIMENT, Folder};

#[test]
fn results_of_two_seeds_agree_and_of_two_worlds_do_not() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out a");
    folder.succeeds("run x.toml -q --out b --set seed=2");
    let told = folder.run("compare a/x b/x --check --rows 3");
    assert_eq!((told.code, told.err.as_str()), (Some(0), ""), "{told:?}");
    assert!(
        told.out.contains(" of them equal: ")
            && told
                .out
                .contains(" over all rows: their estimates agree within their errors\n"),
        "{}",
        told.out
    );
    assert_eq!(
        told.out.lines().position(str::is_empty),
        Some(4),
        "a header and three rows: {}",
        told.out
    );
    // Another base changes V_x and V_{y|x} of every arm.
    folder.write(
        "x.toml",
        EXPERIMENT.replace("modes = 4", "modes = 4\nbase = { geometric = 0.3 }"),
    );
    folder.succeeds("run x.toml -q --out c");
    let told = folder.run("compare a/x c/x --check");
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(
        told.out.contains("their estimates differ by more than chance\n")
            && told.out.contains("they are of different experiments: ")
            && told.out.contains("base"),
        "{}",
        told.out
    );
    assert_eq!(
        told.err,
        "mode-lottery: a/x and c/x differ by more than chance, or are not of one experiment\n"
    );
    assert_eq!(
        folder.run("compare a/x c/x").code,
        Some(0),
        "only --check makes a status of it"
    );
}

#[test]
fn the_same_draws_are_said_to_be_so() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out a");
    folder.succeeds("run x.toml -q --out b");
    let told = folder.run("compare a/x b/x").out;
    assert!(told.contains("mean z^2 = 0.000, largest |z| = 0.00"), "{told}");
    assert!(
        told.ends_with("both have the same draws somewhere: there estimates differ by less than their errors say\n")
    );
}

#[test]
fn results_that_cannot_be_compared_are_refused() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out a");
    folder.write(
        "x.toml",
        EXPERIMENT.replace("responses = [1, 2, 8]", "responses = [1, 2, 8], candidates = [8]"),
    );
    folder.succeeds("run x.toml -q --out b");
    let said = folder.fails("compare a/x b/x", 2);
    assert!(
        said.starts_with("mode-lottery: a/x and b/x have other columns: "),
        "{said}"
    );
    let said = folder.fails("compare a/x nowhere", 2);
    assert!(said.starts_with("mode-lottery: nowhere/estimates.csv: "), "{said}");
}

/// Every line is an object; the first says what there is to do, the last what was done.
#[test]
fn progress_can_be_read_by_programs() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r --replicates 1000");
    let said = folder.succeeds("run x.toml --out r --progress json");
    let events: Vec<serde_json::Value> = said
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect();
    let (first, last) = (&events[0], &events[events.len() - 1]);
    assert_eq!(
        (first["event"].as_str(), last["event"].as_str()),
        (Some("start"), Some("drawn"))
    );
    assert_eq!(
        [&first["blocks"], &first["kept"], &first["stale"]].map(|n| n.as_u64()),
        [200, 64, 0].map(Some)
    );
    assert_eq!(
        [&last["computed"], &last["kept"]].map(|n| n.as_u64()),
        [136, 64].map(Some)
    );
}

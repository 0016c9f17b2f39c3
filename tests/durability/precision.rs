//! Runs that stop when they are precise enough: by the same rule however they are cut up.

use super::{EXPERIMENT, Files, Folder, differences};

fn file(looks: &str, relative: f64, at_most: u64) -> String {
    let run = format!(
        "precision = [{{ estimand = \"mode-mass.variance\", relative = {relative} }}]\nat-most = {at_most}\nlooks = \"{looks}\"\n"
    );
    EXPERIMENT.replace("replicates = 3200\n", &run)
}

fn folder(looks: &str, relative: f64, at_most: u64) -> Folder {
    let folder = Folder::new();
    folder.write("x.toml", file(looks, relative, at_most));
    folder
}

/// Columns of `estimates.csv` by name, row by row.
fn column(files: &Files, name: &str) -> Vec<String> {
    let text = String::from_utf8(files["estimates.csv"].clone()).expect("text");
    let mut lines = text.lines();
    let place = lines
        .next()
        .and_then(|header| header.split(',').position(|own| own == name))
        .expect(name);
    lines
        .map(|line| line.split(',').nth(place).expect("a cell").to_owned())
        .collect()
}

/// Every row with a target has the standard error that was asked for, and one round less would not have done.
#[test]
fn a_run_ends_with_the_first_round_that_is_precise_enough() {
    let folder = folder("rounds", 0.01, 1_000_000);
    folder.succeeds("run x.toml -q --out r");
    let files = folder.result("r");
    let cells = |name| column(&files, name);
    let (estimands, targets, mcse, values) = (cells("estimand"), cells("target"), cells("mcse"), cells("estimate"));
    let number = |text: &String| text.parse::<f64>().expect("a number");
    let own: Vec<usize> = (0..estimands.len())
        .filter(|&row| estimands[row] == "mode-mass.variance")
        .collect();
    assert_eq!(own.len(), 12);
    for row in 0..estimands.len() {
        let expected = if own.contains(&row) { "met" } else { "" };
        assert_eq!(targets[row], expected, "{row}");
    }
    assert!(own.iter().all(|&row| number(&mcse[row]) <= 0.01 * number(&values[row])));
    // Rounds of blocks of 32 replicates: 64, 96, 144, 216, 324, ...
    let replicates: Vec<u64> = cells("replicates").iter().map(|n| n.parse().unwrap()).collect();
    let rounds: Vec<u64> = std::iter::successors(Some(64_u64), |n| Some(n + n.div_ceil(2)))
        .take(12)
        .map(|n| 32 * n)
        .collect();
    for row in [own[0], own[11]] {
        let own = replicates[row];
        let round = rounds
            .iter()
            .position(|&n| n == own)
            .unwrap_or_else(|| panic!("{own} ends no round"));
        folder.succeeds(&format!(
            "run x.toml -q --out before --replicates {}",
            rounds[round - 1]
        ));
        let before = folder.result("before");
        let half = if row == own_rows(&files)[0] { 0..36 } else { 36..72 };
        let (mcse, values) = (column(&before, "mcse"), column(&before, "estimate"));
        let mut rows = own_rows(&before).into_iter().filter(|row| half.contains(row));
        assert!(
            rows.any(|row| number(&mcse[row]) > 0.01 * number(&values[row])),
            "{own}"
        );
    }
}

fn own_rows(files: &Files) -> Vec<usize> {
    let estimands = column(files, "estimand");
    (0..estimands.len())
        .filter(|&row| estimands[row] == "mode-mass.variance")
        .collect()
}

/// Blocks beyond the stop are there and change nothing.
#[test]
fn a_fuller_journal_stops_at_the_same_round() {
    let own = folder("rounds", 0.01, 1_000_000);
    own.succeeds("run x.toml -q --out r --threads 1");
    let expected = own.result("r");
    own.succeeds("run x.toml -q --out r --replicates 60000");
    own.succeeds("run x.toml -q --out r");
    assert!(differences(&expected, &own.result("r")).is_empty());
    assert_eq!(own.provenance("r", "blocks-computed"), 0);
    own.succeeds("report r");
    assert!(differences(&expected, &own.result("r")).is_empty());
}

#[test]
fn shares_agree_on_where_a_two_stage_run_ends() {
    let whole = folder("two-stage", 0.01, 1_000_000);
    whole.succeeds("run x.toml -q --out r");
    let expected = whole.result("r");
    assert!(column(&expected, "target").iter().any(|target| target == "met"));
    let shared = folder("two-stage", 0.01, 1_000_000);
    for share in [2, 0, 1] {
        shared.succeeds(&format!("run x.toml -q --shard {share}/3 --out s{share}"));
    }
    let said = shared.fails("merge s0 s2 --out r", 2);
    assert!(said.contains(" blocks are missing ("), "{said}");
    shared.succeeds("merge -q s1 s0 s2 --out r");
    assert!(differences(&expected, &shared.result("r")).is_empty());
}

#[test]
fn what_is_missed_says_so() {
    let folder = folder("rounds", 0.001, 5000);
    folder.succeeds("run x.toml -q --out r");
    let files = folder.result("r");
    let targets = column(&files, "target");
    assert_eq!(targets.iter().filter(|target| *target == "missed").count(), 12);
    // Rounded up to whole blocks of 32.
    assert!(column(&files, "replicates").iter().all(|n| n == "5024" || n == "0"));
}

#[test]
fn targets_without_meaning_are_refused() {
    let shown = |set: &str| {
        let folder = folder("rounds", 0.01, 5000);
        folder.write(
            "y.toml",
            file("rounds", 0.01, 5000).replace("[{ estimand = \"mode-mass.variance\", relative = 0.01 }]", set),
        );
        folder.fails("run y.toml --out r", 2)
    };
    let refused = [
        (
            "[{ estimand = \"mode-mass.bias2\", relative = 0.1 }]",
            "mode-mass.bias2 is 0 by theory, of which no error is a share: give `absolute`",
        ),
        (
            "[{ estimand = \"mode-mass.varianc\", relative = 0.1 }]",
            "unknown estimand \"mode-mass.varianc\" (known: mode-mass.variance, ",
        ),
        (
            "[{ estimand = \"mode-mass.variance\", relative = 0.5 }]",
            "run.precision.relative: 0.5 is out of range: a number from 1e-6 to 0.25 is expected",
        ),
        (
            "[{ estimand = \"mode-mass.variance\", absolute = 0 }]",
            "run.precision.absolute: 0 is out of range: a number above 0 is expected",
        ),
        (
            "[{ estimand = \"mode-mass.variance\" }]",
            "one of `relative` and `absolute` is expected",
        ),
        (
            "[{ estimand = \"mode-mass.variance\", relative = 0.1, absolute = 1 }]",
            "run.precision.absolute: is set, but `relative` is too: one of them is expected",
        ),
        ("[]", "the list is empty"),
    ];
    for (set, expected) in refused {
        let said = shown(set);
        assert!(said.contains("y.toml:18:") && said.contains(expected), "{set}: {said}");
    }
    let own = folder("rounds", 0.01, 5000);
    let said = own.fails("run x.toml --out r --shard 0/2", 2);
    assert!(
        said.contains("cannot be shared out") && said.contains("run.looks = \"two-stage\""),
        "{said}"
    );
    own.write(
        "x.toml",
        EXPERIMENT.replace("replicates = 3200", "replicates = 3200\nat-most = 4"),
    );
    let said = own.fails("run x.toml", 2);
    assert!(
        said.contains("run.at-most: has no meaning without `precision`"),
        "{said}"
    );
    own.write("x.toml", EXPERIMENT.replace("replicates = 3200", ""));
    let said = own.fails("run x.toml", 2);
    assert!(
        said.contains("neither `replicates` nor `precision` says how long to run"),
        "{said}"
    );
}

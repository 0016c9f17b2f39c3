//! `run --rows`: what every replicate says, from which a sceptic finds the table's estimates and errors by formulas of their own.

use super::Folder;
use std::collections::BTreeMap;

/// Modes of one world kept at random, of 4,096 replicates: 64 groups of 64.
const LAW: &str = r#"title = "The law"
study = "selection"
seed = 11
measures = ["mode-mass", "mode-mass-by-mode", "loss", "returns"]
world = { kind = "dirichlet", modes = 4, concentration = 5.0, base = { geometric = 0.6 } }
policy.theta = "optimum"
run.replicates = 4096

[arms]
grid = { prompts = [4, 16], responses = [1, 2] }
"#;

/// One arm of which most fits overflow, and fits of one data set in three that miss a mode.
const FITS: &str = r#"title = "Fits"
study = "training"
seed = 3
measures = ["excess-nll"]
world = { kind = "dirichlet", modes = 2, concentration = 5.0 }
training = { steps = 200, tolerance = 0 }
run = { replicates = 1024, failures = 1.0 }

[arms]
responses = 2
points = [{ prompts = 4, "training.rate" = 0.5, "training.ridge" = 0 }, { prompts = 1, "training.rate" = 1e3, "training.ridge" = 1e3 }]
"#;

/// What identifies a series: all of a row but its replicate, estimate and status.
type Key = Vec<String>;

/// The rows of a CSV file by the names of its columns.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |own: csv::StringRecord| {
        header
            .iter()
            .map(str::to_owned)
            .zip(own.iter().map(str::to_owned))
            .collect()
    };
    reader.records().map(|own| row(own.unwrap())).collect()
}

const KEYS: [&str; 3] = ["prompts", "responses", "estimand"];

fn key(row: &BTreeMap<String, String>) -> Key {
    KEYS.iter()
        .chain(&["at"])
        .filter_map(|name| row.get(*name).cloned())
        .collect()
}

/// The numbers of each series, in the order of the file.
fn series(text: &str) -> BTreeMap<Key, Vec<f64>> {
    let mut found: BTreeMap<Key, Vec<f64>> = BTreeMap::new();
    for row in table(text) {
        let own = found.entry(key(&row)).or_default();
        if row["status"].is_empty() {
            own.push(row["estimate"].parse().unwrap());
        }
    }
    found
}

fn mean(xs: &[f64]) -> f64 {
    xs.iter().sum::<f64>() / xs.len() as f64
}

/// Over n - 1.
fn variance(xs: &[f64]) -> f64 {
    let centre = mean(xs);
    xs.iter().map(|x| (x - centre) * (x - centre)).sum::<f64>() / (xs.len() - 1) as f64
}

fn close(one: f64, other: f64, relative: f64) -> bool {
    (one - other).abs() <= relative * other.abs()
}

fn ran(text: &str, arguments: &[&str]) -> Folder {
    let folder = Folder::empty();
    folder.write("x.toml", text);
    let done = folder.run(&[&["run", "x.toml", "--rows"], arguments].concat());
    assert_eq!(done.code, Some(0), "{}", done.err);
    folder
}

/// The mean over rows is the estimate; the standard deviation of the means of the table's groups over the square root of their number is
/// its error, because the jackknife of a mean is; and so, within the noise of 64 groups, is `s / sqrt n` of single rows.
#[test]
fn estimates_and_errors_of_means_follow_from_rows() {
    let folder = ran(LAW, &[]);
    let rows = series(&folder.text("results/x/rows.csv"));
    let estimates = table(&folder.text("results/x/estimates.csv"));
    let mut compared = 0;
    for own in &estimates {
        let (Some(numbers), true) = (rows.get(&key(own)), !own["mcse"].is_empty()) else {
            continue;
        };
        let number = |name: &str| own[name].parse::<f64>().unwrap();
        assert_eq!(numbers.len() as f64, number("replicates"));
        assert!(close(mean(numbers), number("estimate"), 1e-12), "{own:?}");
        let groups = number("df") as usize + 1;
        assert_eq!(numbers.len() % groups, 0, "groups are of one size");
        let means: Vec<f64> = numbers.chunks(numbers.len() / groups).map(mean).collect();
        let by_groups = (variance(&means) / groups as f64).sqrt();
        assert!(close(by_groups, number("mcse"), 1e-9), "{by_groups} for {own:?}");
        // The error of an error from 64 groups is 9 %; four of them.
        let by_rows = (variance(numbers) / numbers.len() as f64).sqrt();
        assert!(close(by_rows, number("mcse"), 0.36), "{by_rows} for {own:?}");
        // The negative control: another order of the replicates has other groups.
        let mut mixed = numbers.clone();
        mixed.sort_by(f64::total_cmp);
        let means: Vec<f64> = mixed.chunks(numbers.len() / groups).map(mean).collect();
        assert!(!close((variance(&means) / groups as f64).sqrt(), number("mcse"), 1e-3));
        compared += 1;
    }
    // emse of mode mass and of the loss, and four modes, of four arms.
    assert_eq!(compared, 4 * (2 + 4));
}

/// A zip plot shows what its parts of the rows say: their means, errors, and the exact value.
#[test]
fn the_intervals_of_a_zip_plot_are_those_of_parts_of_the_rows() {
    const ZIP: &str = r#"
[[figures]]
kind = "zip"
name = "zip"
value = "mode-mass.emse"
where = { prompts = 4 }
panel = "responses"
intervals = 40
"#;
    let folder = ran(&(LAW.to_owned() + ZIP), &[]);
    let rows = series(&folder.text("results/x/rows.csv"));
    let parts = table(&folder.text("results/x/draws/zip.csv"));
    assert_eq!(parts.len(), 2 * 40);
    for own in &parts {
        let key: Key = ["4", &own["panel"], "mode-mass.emse", ""].map(str::to_owned).to_vec();
        let number = |name: &str| own[name].parse::<f64>().unwrap();
        // Of 4,096 replicates 40 parts have 102, of which at most 100 are taken.
        let part = &rows[&key].chunks(100).nth(number("part") as usize).unwrap();
        assert_eq!(number("replicates"), 100.0);
        assert!(close(mean(part), number("estimate"), 1e-12), "{own:?}");
        assert!(close((variance(part) / 100.0).sqrt(), number("se"), 1e-9), "{own:?}");
    }
    // They stay as they are when figures are drawn again, and a changed file is named.
    let (svg, csv) = (
        folder.bytes("results/x/zip.svg"),
        folder.text("results/x/draws/zip.csv"),
    );
    assert_eq!(folder.run(&["report", "results/x"]).code, Some(0));
    assert!(folder.bytes("results/x/zip.svg") == svg && folder.text("results/x/draws/zip.csv") == csv);
    folder.write("results/x/draws/zip.csv", csv.replacen("1,0,100", "1,0,99", 1));
    let done = folder.run(&["report", "results/x"]);
    assert!(done.code == Some(2) && done.err.contains("draws/zip.csv"), "{done:?}");
}

/// A variance of the table is the sum over coordinates of the sample variances of deviations, and its bias their squared means.
#[test]
fn variances_follow_from_the_rows_of_deviations() {
    let folder = ran(LAW, &[]);
    let rows = series(&folder.text("results/x/rows.csv"));
    let mut compared = 0;
    for own in table(&folder.text("results/x/estimates.csv")) {
        if own["estimand"] != "mode-mass.variance" {
            continue;
        }
        let coordinate = |at: usize| {
            let key = [
                &own["prompts"],
                &own["responses"],
                "mode-mass.deviation",
                &at.to_string(),
            ]
            .map(str::to_owned);
            variance(&rows[&key.to_vec()])
        };
        let total: f64 = (0..4).map(coordinate).sum();
        assert!(
            close(total, own["estimate"].parse().unwrap(), 1e-9),
            "{total} for {own:?}"
        );
        compared += 1;
    }
    assert_eq!(compared, 4);
}

#[test]
fn rows_depend_on_experiment_and_seed_alone() {
    let [one, two] = ["1", "2"].map(|threads| ran(LAW, &["--threads", threads]));
    for file in ["results/x/rows.csv", "results/x/rows-summary.csv"] {
        assert!(one.bytes(file) == two.bytes(file), "{file}");
    }
    // More replicates go on where fewer ended.
    let more = ran(LAW, &["--replicates", "8192"]);
    let (few, many) = (one.text("results/x/rows.csv"), more.text("results/x/rows.csv"));
    assert!(many.starts_with(&few) && many.len() > few.len());
    // The negative control: another seed has other rows.
    let other = ran(&LAW.replace("seed = 11", "seed = 12"), &[]);
    assert!(other.text("results/x/rows.csv") != few);
}

#[test]
fn failures_and_what_is_left_out_are_rows_without_a_number() {
    let folder = ran(FITS, &[]);
    let rows = table(&folder.text("results/x/rows.csv"));
    let mut seen = [0; 2];
    for own in table(&folder.text("results/x/estimates.csv")) {
        let same =
            |row: &&BTreeMap<String, String>| ["rate", "estimand", "at"].iter().all(|name| row[*name] == own[*name]);
        let all: Vec<_> = rows.iter().filter(same).collect();
        let with = |status: &str| all.iter().filter(|row| row["status"] == status).count().to_string();
        assert_eq!(
            [with("failed"), with("left out"), with("")],
            ["failed", "left_out", "replicates"].map(|name| own[name].clone())
        );
        assert!(
            all.iter()
                .all(|row| row["estimate"].is_empty() != row["status"].is_empty())
        );
        let numbers: Vec<f64> = all.iter().filter_map(|row| row["estimate"].parse().ok()).collect();
        assert!(
            close(mean(&numbers), own["estimate"].parse().unwrap(), 1e-12),
            "{own:?}"
        );
        seen[0] += usize::from(own["failed"] != "0");
        seen[1] += usize::from(own["left_out"] != "0");
    }
    assert!(seen[0] > 0 && seen[1] > 0, "the test has both: {seen:?}");
}

#[test]
fn the_summary_has_the_quantiles_of_the_rows() {
    let folder = ran(LAW, &[]);
    let rows = series(&folder.text("results/x/rows.csv"));
    let summary = table(&folder.text("results/x/rows-summary.csv"));
    assert_eq!(summary.len(), rows.len());
    for own in &summary {
        let mut numbers = rows[&key(own)].clone();
        let number = |name: &str| own[name].parse::<f64>().unwrap();
        assert!((mean(&numbers) - number("mean")).abs() < 1e-12, "{own:?}");
        numbers.sort_by(f64::total_cmp);
        let median = (numbers[2047] + numbers[2048]) / 2.0;
        assert!((median - number("median")).abs() < 1e-15, "{own:?}");
        let middle = mean(&numbers[409..4096 - 409]);
        assert!((middle - number("trimmed")).abs() < 1e-12, "{own:?}");
    }
}

#[test]
fn more_rows_than_the_limit_are_refused_before_anything_is_drawn() {
    let folder = Folder::empty();
    folder.write("x.toml", LAW);
    // Per arm: the deviations of mode mass and their square, four modes, the deviation of the loss and its square.
    let rows = 4 * (4 + 1 + 4 + 2) * 4096;
    let done = folder.run(&["run", "x.toml", "--rows", "--rows-limit", &(rows - 1).to_string()]);
    let told = format!(
        "mode-lottery: x: --rows would write {rows} rows, more than {}: run fewer --replicates, or give --rows-limit {rows}\n",
        rows - 1
    );
    assert_eq!((done.code, done.err), (Some(2), told));
    assert!(!folder.path("results/x").exists());
    assert_eq!(
        folder
            .run(&["run", "x.toml", "--rows", "--rows-limit", &rows.to_string()])
            .code,
        Some(0)
    );
    assert_eq!(folder.text("results/x/rows.csv").lines().count(), rows + 1);
    let done = folder.run(&["run", "x.toml", "--rows", "--replicates", "1000000"]);
    assert!(
        done.code == Some(2) && done.err.contains("more than 10000000:"),
        "{}",
        done.err
    );
}

#[test]
fn rows_are_part_of_the_result_until_a_run_without_them() {
    let folder = ran(LAW, &[]);
    let rows = folder.bytes("results/x/rows.csv");
    let done = folder.run(&["report", "results/x"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert!(
        folder.bytes("results/x/rows.csv") == rows
            && folder.text("results/x/manifest.json").contains("rows-summary.csv")
    );
    let done = folder.run(&["verify", "results/x"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    // A changed byte is seen.
    folder.write("results/x/rows.csv", &rows[1..]);
    let done = folder.run(&["verify", "results/x"]);
    assert!(done.code == Some(3) || done.code == Some(2), "{done:?}");
    assert_eq!(folder.run(&["run", "x.toml"]).code, Some(0));
    assert!(!folder.path("results/x/rows.csv").exists() && !folder.path("results/x/rows-summary.csv").exists());
    assert!(!folder.text("results/x/manifest.json").contains("rows"));
}

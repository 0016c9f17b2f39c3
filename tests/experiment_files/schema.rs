//! The committed schema, the committed experiments and the templates.

use super::validator::valid;
use super::wrong::{TABLES, cases};
use super::{BASE, read};
use mode_lottery::experiment::{load, schema};
use mode_lottery::study::registry::STUDIES;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

const NAMED: &str = "#:schema ../schema/experiment.schema.json";

fn experiments() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    assert!(files.len() >= 4, "{files:?}");
    files
}

#[test]
fn the_committed_schema_is_the_one_that_the_program_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/experiment.schema.json");
    let committed = fs::read_to_string(path).unwrap();
    assert!(
        committed == schema(),
        "write it again: cargo run -- schema > schema/experiment.schema.json"
    );
}

#[test]
fn every_committed_experiment_is_valid_and_names_the_schema() {
    for path in experiments() {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().next(), Some(NAMED), "{}", path.display());
        if let Err(error) = load(&path, &[]) {
            panic!("{error}");
        }
    }
}

#[test]
fn every_template_is_valid() {
    for study in STUDIES {
        let text = study.template;
        let experiment = read(text, &[]).unwrap();
        assert_eq!((experiment.claims.len(), experiment.figures.len()), (1, 1));
    }
}

/// What a template offers behind `#` must be right too, or it would teach errors.
#[test]
fn the_commented_lines_of_the_template_are_valid_as_well() {
    let text = STUDIES[0].template;
    let mut out = String::new();
    for line in text.lines() {
        let offered = line.strip_prefix("# ").filter(|rest| {
            rest.starts_with('[')
                || rest
                    .split_once(" = ")
                    .is_some_and(|(key, _)| key.chars().all(|c| c.is_ascii_lowercase()))
        });
        out += offered.unwrap_or(line);
        out.push('\n');
    }
    let experiment = read(&out, &[]).unwrap_or_else(|message| panic!("{message}\n{out}"));
    assert_eq!(experiment.scenarios.len(), 2, "the sweep was uncommented");
    assert_eq!(experiment.scenarios[0].cells.len(), 6, "the exclusion was uncommented");
}

/// The block behind `##` takes the place of two tables.
#[test]
fn the_template_of_selection_offers_a_comparison_of_selectors() {
    let text = STUDIES[0].template;
    let table = |name: &str| {
        let start = text.find(&format!("\n{name}")).unwrap();
        let end = text[start + 1..].find("\n\n").unwrap();
        &text[start..start + 1 + end]
    };
    let other = text
        .replace(table("[world]"), "")
        .replace(table("[arms]"), "")
        .replace("\n## ", "\n");
    let other = other.replace("series = \"prompts\"", "series = \"prompts\"\npanel = \"selector\"");
    let experiment = read(&other, &[]).unwrap_or_else(|message| panic!("{message}\n{other}"));
    assert_eq!(experiment.scenarios[0].cells.len(), 4 * 2 * 4);
}

fn under_schema(text: &str) -> bool {
    let schema: Value = serde_json::from_str(&schema()).unwrap();
    // JSON has no infinity, which TOML and editors of it have.
    let finite = text
        .replace("= inf", "= 1e300")
        .replace("[inf", "[1e300")
        .replace(" inf,", " 1e300,");
    valid(&schema, &toml::from_str(&finite).unwrap())
}

/// An editor that marks a right file as wrong is worse than none.
#[test]
fn right_files_are_valid_under_the_schema() {
    for path in experiments() {
        assert!(under_schema(&fs::read_to_string(&path).unwrap()), "{}", path.display());
    }
    for study in STUDIES {
        assert!(under_schema(study.template), "{}", study.name);
    }
    assert!(under_schema(BASE));
}

/// What a message says of one key alone: its name, its type, its word, its range, its list. Where it names a second place it
/// speaks of two.
fn is_within_one_key(message: &str) -> bool {
    let kinds = [
        "unknown key",
        "unknown value",
        "is out of range",
        "is expected",
        "stands here twice",
        "the list is empty",
        "values; at most",
    ];
    kinds.iter().any(|kind| message.contains(kind))
}

/// What only the program can refuse, though it is told of one key: what JSON cannot write, and what depends on another key.
const BEYOND: [&str; 9] = [
    // JSON has no infinity.
    "inf is out of range",
    // An integer with a point is an integer to JSON.
    ".0 where an integer",
    // Points are the same where their values are: 4 and 4.0.
    "the point {",
    // A key of a world whose kind another point of the sweep may set.
    "world: unknown key \"copy-probability\"",
    // Above 0 where the margin is one of the ratio.
    "claims.target: -1",
    // Between as many as there are modes or clusters, and the most.
    "world.dimension",
    // An empty list is no fault of its own form.
    "it matches no row",
    // One of two keys, either of which the sweep may set.
    "one of `relative` and `absolute`",
    "is set, but `relative` is too",
];

/// Every fault within one key, of all files that some test refuses, is one to the schema too.
pub fn refuses(file: &str, says: &str) -> bool {
    let lines: Vec<&str> = says.lines().filter(|line| !line.starts_with("  ")).collect();
    let within = lines.iter().any(|line| is_within_one_key(line));
    let beyond = BEYOND.iter().any(|part| says.contains(part));
    let is_toml = toml::from_str::<toml::Value>(file).is_ok();
    if within && !beyond && is_toml {
        assert!(
            !under_schema(file),
            "the schema accepts what is refused: {says}\n{file}"
        );
    }
    within && !beyond && is_toml
}

#[test]
fn what_is_wrong_within_one_key_is_invalid_under_the_schema() {
    let mut refused = 0;
    for table in TABLES {
        for wrong in cases(table).iter().filter(|wrong| wrong.sets.is_empty()) {
            refused += usize::from(refuses(&wrong.file, &wrong.says.join("\n")));
        }
    }
    assert!(refused > 120, "{refused}");
    // Without it a schema that refuses everything, or a list that lets everything be, would go unnoticed.
    assert!(under_schema(BASE) && !refuses(BASE, "seed: -1 is out of range, in inf is out of range"));
}

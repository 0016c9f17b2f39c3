//! `reproduce` on a project of its own: the table, golden estimates that agree, differ and are missing, verdicts of quick
//! runs, and composed figures.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// An experiment of two arms; `extra` stands in `[run]`, `expect` in its claim.
fn experiment(seed: u64, extra: &str, expect: &str) -> String {
    format!(
        r#"
title = "A small experiment"
study = "selection"
seed = {seed}
measures = ["mode-mass"]

[world]
kind = "dirichlet"
modes = 4
concentration = 8.0

[arms]
prompts = 8
grid = {{ responses = [1, 4] }}

[run]
replicates = 4_000
{extra}

[[claims]]
kind = "agrees"
estimand = "mode-mass.ratio"
margin = 0.5
expect = "{expect}"

[[figures]]
kind = "line"
x = "responses"
y = "mode-mass.variance"
exact = true
"#
    )
}

/// A project with the experiments `one` and `two`.
fn project() -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary folder");
    write(
        directory.path(),
        "experiments/one.toml",
        &experiment(1, "", "confirmed"),
    );
    write(
        directory.path(),
        "experiments/two.toml",
        &experiment(2, "quick = 640", "confirmed"),
    );
    directory
}

fn write(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    std::fs::create_dir_all(path.parent().expect("it has a folder")).unwrap();
    std::fs::write(path, text).unwrap();
}

fn read(root: &Path, file: &str) -> String {
    std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn program(root: &Path, arguments: &[&str], update: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mode-lottery"));
    command.args(arguments).current_dir(root).env_remove("UPDATE_GOLDEN");
    command.envs(update.then_some(("UPDATE_GOLDEN", "1")));
    command.output().expect("the program starts")
}

fn quick(root: &Path) -> Output {
    program(root, &["reproduce", "--quick", "--check-claims"], false)
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn golden(root: &Path, name: &str) -> PathBuf {
    root.join("tests/golden/quick").join(name)
}

/// A project with its golden files written.
fn with_golden() -> TempDir {
    let project = project();
    let output = program(project.path(), &["reproduce", "--quick"], true);
    assert!(output.status.success(), "{}", error(&output));
    project
}

#[test]
fn a_quick_run_prints_every_claim_once_and_agrees_with_its_golden_estimates() {
    let project = with_golden();
    let output = quick(project.path());
    assert!(output.status.success(), "{}", error(&output));
    let table = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| line.ends_with("confirmed  CONFIRMED"))
        .collect();
    assert!(
        rows.len() == 2 && rows[0].starts_with("one ") && rows[1].starts_with("two "),
        "{table}"
    );
    assert!(
        table.contains("2 of 2 claims came out as expected, 0 as the opposite; 0 inconclusive"),
        "{table}"
    );
    let replicates = |name: &str| read(project.path(), &format!("target/quick/{name}/README.md"));
    assert!(
        replicates("one").contains("1024 replicates"),
        "the quick default, below the file's"
    );
    assert!(
        replicates("two").contains("640 replicates"),
        "the file's own quick number"
    );
    assert!(
        !project.path().join("results").exists(),
        "a quick run leaves results/ alone"
    );
}

#[test]
fn a_golden_file_that_differs_is_named_with_its_first_line_and_one_that_is_missing_too() {
    let project = with_golden();
    let path = golden(project.path(), "one.csv");
    let changed = std::fs::read_to_string(&path)
        .unwrap()
        .replacen(",1024,0", ",1023,0", 1);
    std::fs::write(&path, changed).unwrap();
    std::fs::remove_file(golden(project.path(), "two.csv")).unwrap();
    let output = quick(project.path());
    assert_eq!(output.status.code(), Some(3));
    let text = error(&output);
    assert!(
        text.contains("one: estimates.csv differs from tests/golden/quick/one.csv, first in line 2:"),
        "{text}"
    );
    assert!(
        text.contains(",1023,0\n  found ") && text.trim_end().contains(",1024,0\n"),
        "{text}"
    );
    assert!(text.contains("two: tests/golden/quick/two.csv is missing"), "{text}");
}

#[test]
fn a_golden_file_that_ends_early_differs_where_it_ends() {
    let project = with_golden();
    let path = golden(project.path(), "one.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let short: String = text.lines().take(3).map(|line| format!("{line}\n")).collect();
    std::fs::write(&path, short).unwrap();
    let text = error(&quick(project.path()));
    assert!(text.contains("first in line 4:\n  golden  \n"), "{text}");
}

#[test]
fn in_a_quick_run_only_the_opposite_verdict_is_a_failure() {
    let project = with_golden();
    // Confirmed, where a refutation was expected.
    write(project.path(), "experiments/one.toml", &experiment(1, "", "refuted"));
    let output = quick(project.path());
    assert_eq!(output.status.code(), Some(1), "{}", error(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("CONFIRMED (!)"));
    // Too narrow a margin for so few replicates.
    let narrow = experiment(1, "", "confirmed").replace("margin = 0.5", "margin = 0.001");
    write(project.path(), "experiments/one.toml", &narrow);
    let output = quick(project.path());
    assert!(output.status.success(), "{}", error(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 inconclusive"));
    // At full length an undecided claim counts.
    let output = program(project.path(), &["reproduce", "--check-claims"], false);
    assert_eq!(output.status.code(), Some(1), "{}", error(&output));
    assert!(
        read(project.path(), "results/one/README.md").contains("4000 replicates"),
        "at full length"
    );
}

#[test]
fn without_experiments_it_says_where_it_looked() {
    let empty = tempfile::tempdir().unwrap();
    let output = quick(empty.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        error(&output).starts_with("mode-lottery: experiments/*.toml: no experiment file below the current directory")
    );
}

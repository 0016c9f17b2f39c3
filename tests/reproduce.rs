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
        text.contains(",1023,0,0,\n  found ") && text.contains(",1024,0,0,\n"),
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

/// One panel of each experiment, and a panel chosen among several.
const FIGURE: &str = r#"width = "two-columns"
columns = 2

[[panels]]
experiment = "one"
figure = "one"
title = "Variance at $N_p = 8$"

[[panels]]
experiment = "three"
figure = "three"
panel = 2
"#;

/// A project with a third experiment, whose figure has two panels, and a composed figure.
fn with_figure() -> TempDir {
    let project = project();
    let panels = experiment(3, "", "confirmed")
        .replace("grid = {", "grid = { candidates = [4, 16],")
        .replace("exact = true", "exact = true\npanel = \"candidates\"");
    write(project.path(), "experiments/three.toml", &panels);
    write(project.path(), "figures/both.toml", FIGURE);
    let output = program(project.path(), &["reproduce", "--quick"], true);
    assert!(output.status.success(), "{}", error(&output));
    project
}

#[test]
fn a_composed_figure_shows_tagged_panels_of_several_experiments() {
    let project = with_figure();
    // Spaces in labels do not break.
    let svg = read(project.path(), "target/quick/both/both.svg").replace('\u{a0}', " ");
    for text in ["(a)", "(b)", "Variance at", "= 16"] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(!svg.contains("= 4<"), "the first panel of `three` is not shown");
    assert!(project.path().join("target/quick/both/both.png").is_file());
}

#[test]
fn report_redoes_composed_figures_of_a_folder_of_results_and_leaves_out_what_was_not_run() {
    let project = with_figure();
    let svg = read(project.path(), "target/quick/both/both.svg");
    std::fs::remove_dir_all(project.path().join("target/quick/both")).unwrap();
    let output = program(project.path(), &["report", "target/quick"], false);
    assert!(output.status.success(), "{}", error(&output));
    assert_eq!(read(project.path(), "target/quick/both/both.svg"), svg);
    std::fs::remove_dir_all(project.path().join("target/quick/both")).unwrap();
    std::fs::remove_dir_all(project.path().join("target/quick/three")).unwrap();
    let output = program(project.path(), &["report", "target/quick"], false);
    assert!(output.status.success(), "{}", error(&output));
    assert_eq!(
        error(&output),
        "both: left out, for target/quick has no results of the experiment \"three\"\n"
    );
    assert!(!project.path().join("target/quick/both").exists());
}

/// Each wrong figure, as a replacement in the right one, with its whole message.
#[test]
fn a_wrong_composed_figure_is_refused_before_anything_runs() {
    let cases = [
        (
            "experiment = \"three\"",
            "experiment = \"tree\"",
            "10:14: panels.experiment: unknown experiment \"tree\" (known: one, three, two; did you mean \"three\"?)",
        ),
        (
            "figure = \"one\"",
            "figure = \"oen\"",
            "6:10: panels.figure: unknown figure \"oen\" (known: one; did you mean \"one\"?)",
        ),
        (
            "panel = 2",
            "panel = 3",
            "12:9: panels.panel: 3 is out of range: the figure has panels 1 to 2",
        ),
        (
            "panel = 2",
            "",
            "11:10: panels.figure: it has 2 panels: say which by panel = 1 to 2",
        ),
        (
            "columns = 2",
            "columns = 0",
            "2:11: columns: 0 is out of range: an integer from 1 to 4 is expected",
        ),
        (
            "columns = 2",
            "colums = 2",
            "2:1: unknown key \"colums\" (known: title, width, columns, panels; did you mean \"columns\"?)",
        ),
        (
            "\"two-columns\"",
            "\"two\"",
            "1:9: width: unknown value \"two\" (known: one-column, two-columns)",
        ),
        ("panel = 2", "title = \" \"", "12:9: panels.title: the text is empty"),
    ];
    let project = with_figure();
    std::fs::remove_dir_all(project.path().join("target")).unwrap();
    for (right, wrong, message) in cases {
        write(project.path(), "figures/both.toml", &FIGURE.replacen(right, wrong, 1));
        let output = quick(project.path());
        let expected = format!("figures/both.toml:{message}\n");
        assert_eq!((output.status.code(), error(&output)), (Some(2), expected));
        assert!(!project.path().join("target").exists(), "nothing was run");
    }
    write(project.path(), "figures/one.toml", FIGURE);
    std::fs::remove_file(project.path().join("figures/both.toml")).unwrap();
    assert_eq!(
        error(&quick(project.path())),
        "figures/one.toml:1:1: an experiment is called \"one\" too, and their results would mix\n"
    );
}

#[test]
fn the_committed_schema_of_composed_figures_is_that_of_the_program_and_figures_name_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = program(root, &["schema", "--figure"], false);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        read(root, "schema/figure.schema.json")
    );
    for entry in std::fs::read_dir(root.join("figures")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(text.starts_with("#:schema ../schema/figure.schema.json\n"), "{text}");
    }
}

//! Right files of thousands of different settings: `check` plans them and runs a block in seconds of processor time.
//!
//! The system ends a child that takes more than its limit, so that a hang fails as fast as it can, and no load fails a test.

use std::process::{Command, Output};

/// A world whose responses have attributes, 4 modes.
const EMBEDDED: &str = "title = \"t\"\nstudy = \"selection\"\nseed = 1\nmeasures = [\"mode-mass\"]\nrun.replicates = 32\n\
    [world]\nkind = \"embedded\"\nbase = [1, 2, 3, 4]\nconcentration = 2.0\nreward = [0.1, 0.5, 0.9, 1.0]\n\
    [arms]\nprompts = 1\nresponses = 4\n";

/// `check` of a file, ended by the system after so many seconds of processor time.
fn check(text: &str, seconds: u32) -> Output {
    with_option("", text, seconds)
}

fn with_option(option: &str, text: &str, seconds: u32) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bomb.toml");
    std::fs::write(&file, text).expect("a file");
    let limited = format!("ulimit -t {seconds} && exec \"$0\" check {option} \"$1\"");
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &limited, env!("CARGO_BIN_EXE_mode-lottery")])
        .arg(&file);
    shell.output().expect("a shell")
}

/// Reading alone, which works nothing out.
#[track_caller]
fn planned(text: &str, seconds: u32) -> String {
    told(with_option("--plan", text, seconds))
}

#[track_caller]
fn checked(text: &str, seconds: u32) -> String {
    told(check(text, seconds))
}

#[track_caller]
fn told(output: Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {error:.500}", output.status);
    String::from_utf8(output.stdout).expect("text")
}

/// `count` different numbers in (0, 1).
fn shares(count: usize) -> String {
    let shares: Vec<String> = (1..=count)
        .map(|i| format!("{:?}", i as f64 / (count + 1) as f64))
        .collect();
    format!("[{}]", shares.join(", "))
}

/// Each with an enumeration of its own: 47,905 vectors of counts, 4,000 times over, are left to a run; 8,000 times over they are
/// nobody's.
#[test]
fn thousands_of_enumerations_are_not_made() {
    let arms = |count| {
        let shares = shares(count);
        format!("candidates = 64\nselector = \"diverse-best\"\ngrid = {{ \"objective.reward-share\" = {shares} }}\n")
    };
    let claim = "[[claims]]\nkind = \"agrees\"\nestimand = \"mode-mass.variance\"\nmargin = 0.5\n";
    let said = checked(&format!("{EMBEDDED}{}{claim}", arms(4_000)), 20);
    assert!(
        said.contains("4000 arms") && said.contains("1 exact law to work out, about "),
        "{said}"
    );
    let said = checked(&format!("{EMBEDDED}{}", arms(8_000)), 20);
    assert!(said.contains("8000 arms") && !said.contains("exact law"), "{said}");
    // Then no value is exact, and a claim that needs one is refused.
    let output = check(&format!("{EMBEDDED}{}{claim}", arms(8_000)), 20);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.code() == Some(2) && said.contains("exact value"),
        "{said}"
    );
}

/// Laws that one scenario after the other asks for, each of them short: what a file works out while it is read has one limit.
#[test]
fn many_scenarios_of_short_laws_are_read_quickly() {
    let modes = vec!["1"; 1024].join(", ");
    let start = EMBEDDED
        .replace("[1, 2, 3, 4]", &format!("[{modes}]"))
        .replace("[0.1, 0.5, 0.9, 1.0]", "\"aligned\"")
        .replace("responses = 4", "candidates = 2");
    let arms = "grid = { selector = [\"diverse\", \"diverse-max-min\"], responses = [1, 2] }\n";
    let sweep = format!("sweep.grid = {{ \"world.concentration\" = {} }}\n", shares(12));
    let said = planned(&format!("{sweep}{start}{arms}"), 5);
    assert!(said.contains("exact laws to work out, about "), "{said}");
    // Beside the laws a few hundred replicates of 1024 modes are drawn in each of 12 scenarios, which takes most of it.
    let said = checked(&format!("{sweep}{start}{arms}"), 60);
    assert!(said.contains("exact laws to work out, about "), "{said}");
    // Hundreds of laws of best-of-N, the same in each of 60 scenarios that differ in their seed.
    let start = EMBEDDED
        .replace("concentration = 2.0", "concentration = inf\nreward-noise = 0.3")
        .replace("responses = 4", "selector = \"best\"");
    let sizes = |from: u32, to: u32| (from..to).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    let arms = format!(
        "grid = {{ candidates = [{}], responses = [{}] }}\n",
        sizes(40, 80),
        sizes(1, 9)
    );
    let sweep = format!("sweep.grid = {{ seed = [{}] }}\n", sizes(0, 60));
    let said = planned(&format!("{sweep}{start}{arms}"), 5);
    assert!(said.contains("exact laws to work out, about "), "{said}");
    let said = checked(&format!("{sweep}{start}{arms}"), 20);
    assert!(said.contains("exact laws to work out, about "), "{said}");
}

#[test]
fn thousands_of_ways_to_choose_are_told_apart_quickly() {
    let arms = format!(
        "candidates = 64\nselector = \"diverse-best\"\ngrid = {{ \"objective.reward-share\" = {} }}\n",
        shares(30_000)
    );
    let said = checked(&format!("{EMBEDDED}{arms}"), 60);
    assert!(said.contains("30000 arms"), "{said}");
}

#[test]
fn thousands_of_ways_to_descend_are_told_apart_quickly() {
    let start = EMBEDDED
        .replace("selection", "training")
        .replace("mode-mass", "excess-nll");
    let arms = format!(
        "grid = {{ \"training.rate\" = {}, \"training.steps\" = [3] }}\n",
        shares(30_000)
    );
    let said = checked(&format!("{start}{arms}"), 20);
    assert!(said.contains("30000 arms"), "{said}");
}

#[test]
fn thousands_of_numbers_of_prompts_are_told_apart_quickly() {
    let start = EMBEDDED.replace("prompts = 1\n", "");
    let prompts: Vec<String> = (1..=100_000).map(|n| n.to_string()).collect();
    let arms = format!("grid = {{ prompts = [{}] }}\n", prompts.join(", "));
    let said = checked(&format!("{start}{arms}"), 8);
    assert!(said.contains("100000 arms"), "{said}");
}

/// The limit itself: a child that needs more is ended, and the test sees it.
#[test]
fn a_child_that_takes_too_long_is_seen() {
    let endless = Command::new("sh")
        .args(["-c", "ulimit -t 1 && while :; do :; done"])
        .status();
    assert!(!endless.expect("a shell").success());
}

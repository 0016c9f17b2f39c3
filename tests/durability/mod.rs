//! Nothing is lost and nothing is different (laws 1, 2 and 9): runs killed, cut short, starved, extended, shared out and
//! merged, against the bytes of one that went through in peace.

mod clones;
mod hardship;
#[cfg(unix)]
mod kills;
mod laws;
mod layouts;
mod precision;
mod reuse;
mod shares;
mod told;

use crate::program::{Done, Files, own_folder};
use std::process::Command;

/// Two scenarios, a claim and a figure; about 200 blocks in all.
const EXPERIMENT: &str = r#"title = "A small law"
study = "selection"
seed = 1
measures = ["mode-mass"]

[world]
kind = "dirichlet"
modes = 4
concentration = 8.0

[arms]
grid = { prompts = [4, 64], responses = [1, 2, 8] }

[sweep]
grid = { "world.concentration" = [2.0, 8.0] }

[run]
replicates = 3200

[[claims]]
kind = "agrees"
name = "law"
estimand = "mode-mass.variance"
margin = 0.5

[[figures]]
kind = "line"
x = "responses"
y = "mode-mass.variance"
series = "prompts"
panel = "concentration"
exact = true
"#;

own_folder!();

impl Folder {
    /// With the experiment as `x.toml`.
    fn new() -> Self {
        let folder = Self::empty();
        folder.write("x.toml", EXPERIMENT);
        folder
    }

    /// The program with arguments given in one line.
    fn command(&self, line: &str) -> Command {
        self.program(line.split_whitespace())
    }

    fn run(&self, line: &str) -> Done {
        Done::of(self.command(line).output().expect("the program starts"))
    }

    /// Runs a command that must succeed; returns what it says on standard error.
    #[track_caller]
    fn succeeds(&self, line: &str) -> String {
        let done = self.run(line);
        assert_eq!(done.code, Some(0), "{line}: {done:?}");
        done.err
    }

    /// Runs a command that must fail with a status; returns what it says on standard error.
    #[track_caller]
    fn fails(&self, line: &str, code: i32) -> String {
        let done = self.run(line);
        assert_eq!((done.code, done.out.as_str()), (Some(code), ""), "{line}: {done:?}");
        done.err
    }

    /// The files of a result that must be the same whatever happened on the way; of the manifest what it says of scenarios.
    fn result(&self, folder: &str) -> Files {
        let mut files = self.files(&format!("{folder}/x"));
        files.retain(|name, _| !name.starts_with("journal/"));
        let scenarios = self.manifest(folder)["scenarios"].to_string();
        files.insert("manifest.json".to_owned(), scenarios.into_bytes());
        assert!(
            files.contains_key("estimates.csv") && files.contains_key("claims.csv"),
            "{folder}"
        );
        files
    }

    fn manifest(&self, folder: &str) -> serde_json::Value {
        serde_json::from_slice(&self.bytes(&format!("{folder}/x/manifest.json"))).expect("JSON")
    }

    /// A number of the manifest's last part.
    fn provenance(&self, folder: &str, key: &str) -> u64 {
        let manifest = self.manifest(folder);
        manifest["provenance"][key]
            .as_u64()
            .unwrap_or_else(|| panic!("{key} in {manifest}"))
    }
}

/// The experiment run in peace.
fn peace() -> Files {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r");
    folder.result("r")
}

/// Names of the files in which two results differ.
fn differences(a: &Files, b: &Files) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    names
        .into_iter()
        .filter(|name| a.get(*name) != b.get(*name))
        .cloned()
        .collect()
}

/// Numbers that any run of the tests draws alike.
struct Draws(u64);

impl Draws {
    /// Uniform from 0 to `below` - 1.
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// The negative control of every comparison here: another seed makes other bytes.
#[test]
fn another_seed_is_seen_by_the_comparison() {
    let folder = Folder::new();
    folder.succeeds("run x.toml -q --out r --set seed=2");
    let files = differences(&peace(), &folder.result("r"));
    assert!(files.iter().any(|name| name == "estimates.csv"));
}

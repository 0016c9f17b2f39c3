//! Nothing is lost and nothing is different (laws 1, 2 and 9): runs killed, cut short, starved, extended, shared out and
//! merged, against the bytes of one that went through in peace.

mod hardship;
#[cfg(unix)]
mod kills;
mod laws;
mod layouts;
mod precision;
mod reuse;
mod shares;
mod told;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

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

/// A folder of its own for each test, with the experiment as `x.toml`.
struct Folder(TempDir);

#[derive(Debug)]
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Files by name.
type Files = BTreeMap<String, Vec<u8>>;

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().expect("a temporary folder"));
        folder.write("x.toml", EXPERIMENT);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The program with arguments given in one line.
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mode-lottery"));
        command
            .args(line.split_whitespace())
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> Done {
        done(self.command(line).output().expect("the program starts"))
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

    /// The files of a result that must be the same whatever happened on the way.
    fn result(&self, folder: &str) -> Files {
        let mut files = Files::new();
        collect(&self.path(folder).join("x"), "", &mut files);
        files.retain(|name, _| name != "manifest.json" && !name.starts_with("journal/"));
        assert!(
            files.contains_key("estimates.csv") && files.contains_key("claims.csv"),
            "{folder}"
        );
        files
    }

    /// A number of the manifest's last part.
    fn provenance(&self, folder: &str, key: &str) -> u64 {
        let manifest = String::from_utf8(self.read(&format!("{folder}/x/manifest.json"))).expect("text");
        let value: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        value["provenance"][key]
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

fn done(output: Output) -> Done {
    let text = |bytes| String::from_utf8(bytes).expect("the program prints text");
    Done {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("it can be listed").path();
        let name = format!("{prefix}{}", path.file_name().expect("it has a name").to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(&path).expect("it can be read"));
        }
    }
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

//! The program as people start it: what each command prints and writes, and the exit status.

mod damage;
mod failures;
mod pools;
mod refusals;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod slurm;
mod success;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A small experiment whose claim holds by far.
const EXPERIMENT: &str = r#"title = "A small law"
study = "selection"
seed = 1
measures = ["mode-mass"]

[world]
kind = "dirichlet"
modes = 4
concentration = 8.0

[arms]
grid = { prompts = [4, 8], responses = [1, 2] }

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
exact = true
"#;

/// A folder of its own for each test.
struct Folder(TempDir);

/// What a command left behind.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A folder that holds the small experiment as `x.toml`.
    fn with_experiment() -> Self {
        let folder = Self::new();
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

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mode-lottery"));
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Done {
        done(self.command(args).output().expect("the program starts"))
    }

    /// Runs a command that must succeed with nothing on standard error; returns what it printed.
    #[track_caller]
    fn succeeds(&self, args: &[&str]) -> String {
        let done = self.run(args);
        assert_eq!((done.code, done.err.as_str()), (Some(0), ""), "{args:?}: {done:?}");
        done.out
    }

    /// Runs a command that must fail with a status and one message, and print nothing.
    #[track_caller]
    fn fails(&self, args: &[&str], code: i32, message: &str) {
        let done = self.run(args);
        assert_eq!(done.err, format!("mode-lottery: {message}\n"), "{args:?}");
        assert_eq!((done.code, done.out.as_str()), (Some(code), ""), "{args:?}");
    }

    /// Every file below a folder, with its bytes.
    fn files(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path(name), "", &mut files);
        files
    }
}

fn done(output: Output) -> Done {
    let text = |bytes| String::from_utf8(bytes).expect("the program prints text");
    Done {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
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

fn names(files: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    files
        .keys()
        .map(String::as_str)
        .filter(|name| !name.ends_with(".png"))
        .collect()
}

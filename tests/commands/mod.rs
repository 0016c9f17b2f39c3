//! The program as people start it: what each command prints and writes, and the exit status.

mod allocate;
mod damage;
mod failures;
mod pools;
mod refusals;
mod report_page;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod slurm;
mod success;
mod words;

use crate::program::{Done, Files, own_folder, told};
use std::process::Command;

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

own_folder!();

impl Folder {
    /// A folder that holds the small experiment as `x.toml`.
    fn with_experiment() -> Self {
        let folder = Self::empty();
        folder.write("x.toml", EXPERIMENT);
        folder
    }

    fn command(&self, args: &[&str]) -> Command {
        self.program(args.iter().copied())
    }

    fn run(&self, args: &[&str]) -> Done {
        Done::of(self.command(args).output().expect("the program starts"))
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
        assert_eq!(done.err, told(message), "{args:?}");
        assert_eq!((done.code, done.out.as_str()), (Some(code), ""), "{args:?}");
    }
}

fn names(files: &Files) -> Vec<&str> {
    files
        .keys()
        .map(String::as_str)
        .filter(|name| !name.ends_with(".png"))
        .collect()
}

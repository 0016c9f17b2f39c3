//! The commands: arguments, dispatch, exit status. Each command has a file of the same shape: `Args` and `run`.
//!
//! Results go to standard output, progress and messages to standard error.

mod check;
mod compare;
mod completions;
mod composed;
mod drawing;
mod exact;
mod explain;
mod failures;
mod foretell;
mod gc;
mod journal;
mod list;
mod merge;
mod new;
mod progress;
mod replay;
mod report;
mod reproduce;
mod results;
mod run;
mod schema;
mod select;
mod slurm;
mod verify;

use crate::numerics::text::short;
use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// Arguments of the program.
#[derive(Debug, Parser)]
#[command(name = "mode-lottery", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 done; 1 a claim did not come out as expected, under --check-claims, or results differ, under \
    compare --check; \
    2 the input is wrong; 3 the run failed."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run experiments: estimates, claims, figures and a page for each
    Run(run::Args),
    /// Expand an experiment and run one block of each scenario; write nothing
    Check(check::Args),
    /// Run every experiment in experiments/ and print one table of all claims
    Reproduce(reproduce::Args),
    /// Make tables, claims, figures and pages again from stored records
    Report(report::Args),
    /// Put shares of a run (`run --shard I/N`) together into the result of the whole
    Merge(merge::Args),
    /// Write an array job of shares and its merge for Slurm, or submit them
    Slurm(slurm::Args),
    /// Show one replicate: its draws, selections, fits and measures
    Replay(replay::Args),
    /// Check a result against its manifest, and some of its blocks against this program
    Verify(verify::Args),
    /// Compare two results of one experiment row by row, within their Monte Carlo errors
    Compare(compare::Args),
    /// Remove from journals what no run of their experiment would use
    Gc(gc::Args),
    /// Keep K of each prompt's candidates, from your own pools in CSV or JSONL
    Select(select::Args),
    /// Print a commented experiment file to start from
    New(new::Args),
    /// Explain a key of experiment files, a measure or an estimand
    Explain(explain::Args),
    /// List studies, worlds, selectors, measures and estimands
    List(list::Args),
    /// Print the JSON Schema of experiment files
    Schema(schema::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
}

/// How a command failed; the variant is the exit status.
#[derive(Debug, thiserror::Error)]
enum CliError {
    /// Exit status 1. The table has said which.
    #[error("{0} of the claims did not come out as expected")]
    Claims(usize),
    /// Exit status 1.
    #[error("{0}")]
    Differ(String),
    /// Exit status 2.
    #[error("{0}")]
    Input(String),
    /// Exit status 3.
    #[error("{0}")]
    Run(String),
}

impl CliError {
    fn input(error: impl std::fmt::Display) -> Self {
        Self::Input(error.to_string())
    }

    fn run(error: impl std::fmt::Display) -> Self {
        Self::Run(error.to_string())
    }
}

/// Runs the program on the process's arguments.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Reproduce(args) => reproduce::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Slurm(args) => slurm::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Gc(args) => gc::run(&args),
        Command::Select(args) => select::run(&args),
        Command::New(args) => new::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::List(args) => list::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("mode-lottery: {error}"));
            ExitCode::from(match error {
                CliError::Claims(_) | CliError::Differ(_) => 1,
                CliError::Input(_) => 2,
                CliError::Run(_) => 3,
            })
        }
    }
}

/// The first few of some words, and how many more there are.
fn shortened(words: &[String], most: usize) -> String {
    let shown = words[..words.len().min(most)].join(", ");
    match words.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown}, and {more} more"),
    }
}

/// A count with its noun, in the plural where it is not one.
fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

/// A number to two digits, for what is only about so much.
fn short_2(x: f64) -> String {
    short(format!("{x:.1e}").parse().unwrap_or(x))
}

/// Prints a line to standard error. Where nobody listens there is nobody to tell, and that stops no run.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints to standard output. A reader that has gone away (`| head`) is no failure.
fn print(text: &str) -> Result<(), CliError> {
    match std::io::stdout()
        .write_all(text.as_bytes())
        .and_then(|()| std::io::stdout().flush())
    {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::run(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

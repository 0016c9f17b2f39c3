//! The commands: arguments, dispatch, exit status. Each command has a file of the same shape: `Args` and `run`.
//!
//! Results go to standard output, progress and messages to standard error.

mod allocate;
mod check;
mod compare;
mod completions;
mod composed;
mod drawing;
mod drawn;
mod error;
mod exact;
mod explain;
mod failures;
mod foretell;
mod gc;
mod glossary;
mod input;
mod journal;
mod list;
mod memory;
mod merge;
mod new;
mod noted;
mod options;
mod output;
mod page;
mod paths;
mod progress;
mod reference;
mod replaced;
mod replay;
mod report;
mod reproduce;
mod results;
mod rows;
mod run;
mod schema;
mod select;
mod shares;
mod signals;
mod slurm;
mod store;
mod terminal;
mod trial;
mod verify;

use crate::numerics::text::{count, short_2};
use clap::{CommandFactory, Parser};
use error::CliError;
use std::process::ExitCode;
use terminal::{eprint, print, shortened};

/// Arguments of the program.
#[derive(Debug, Parser)]
#[command(name = "mode-lottery", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 done; 1 a claim did not come out as expected, under --check-claims, or results differ, under \
    compare --check; \
    2 the input is wrong; 3 the run failed."
)]
enum Command {
    /// Run experiments: estimates, claims, figures and a page for each
    Run(run::Args),
    /// Expand an experiment and run one block of each scenario; write nothing
    Check(check::Args),
    /// Run every experiment in experiments/ and print one table of all claims
    Reproduce(reproduce::Args),
    /// Make tables, figures and pages again from stored records, of this folder alone
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
    /// Keep K of each prompt's candidates, from your own files
    Select(select::Args),
    /// Say how many prompts and responses a budget should buy, or what a target costs
    Allocate(Box<allocate::Args>),
    /// Print a commented experiment file to start from
    New(new::Args),
    /// Explain a key of experiment files, a measure or an estimand
    Explain(explain::Args),
    /// List studies, worlds, selectors, measures and estimands
    List(list::Args),
    /// Print the JSON Schema of experiment files
    Schema(schema::Args),
    /// Print a page of the reference: keys, estimands or files
    Reference(reference::Args),
    /// Write one HTML page that runs the engine: views to change, and an experiment of your own
    Page(page::Args),
    /// Print a completion script for a shell
    Completions(completions::Args),
}

/// Runs the program on the process's arguments.
pub fn main() -> ExitCode {
    signals::survive_file_limits();
    let done = match Command::parse() {
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
        Command::Allocate(args) => allocate::run(&args),
        Command::New(args) => new::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::List(args) => list::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Reference(args) => reference::run(&args),
        Command::Page(args) => page::run(&args),
        Command::Completions(args) => completions::run(&args, Command::command()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint(&told(&error.to_string()));
            ExitCode::from(match error {
                CliError::Claims(_) | CliError::Differ(_) => 1,
                CliError::Input(_) => 2,
                CliError::Run(_) => 3,
            })
        }
    }
}

/// A message with the program's name before it, unless it begins with a place in a file, `x.toml:3:8: `: editors and terminals go there.
fn told(message: &str) -> String {
    let place = message.split_once(": ").map_or("", |(place, _)| place);
    let line = place.rsplit_once(':').map_or("", |(_, line)| line);
    match !line.is_empty() && line.bytes().all(|c| c.is_ascii_digit()) {
        true => message.to_owned(),
        false => format!("mode-lottery: {message}"),
    }
}

//! Owns the command `reproduce`: every experiment of the project again, and one table of all claims.
//!
//! It runs experiments as `run` does and adds no way of its own. A quick run differs only in its number of replicates, which its
//! manifest says, and in that its experiments are run at once; it is held against golden estimates byte for byte.

use super::composed::{self, Stored};
use super::input::{Input, load_all};
use super::options::{RunOptions, Style};
use super::paths::toml_files;
use super::run::{run_all, settle_all};
use super::terminal::{lines, lines_alike};
use super::{CliError, print};
use crate::engine::Stop;
use crate::experiment::{self, Experiment, LoadError};
use crate::record::{ClaimRecord, replace};
use crate::report::page;
use std::path::{Path, PathBuf};

/// Arguments of `reproduce`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Few replicates into target/quick, and estimates compared with tests/golden/quick
    #[arg(long)]
    quick: bool,
    /// Exit with status 1 if a claim does not come out as expected; with --quick, only if it comes out as the opposite
    #[arg(long)]
    check_claims: bool,
    /// Folder that gets one folder per experiment [default: results, with --quick target/quick]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Start over: remove finished blocks of earlier runs instead of using them; always so with --quick
    #[arg(long)]
    fresh: bool,
    /// Threads; the results do not depend on it [default: one per core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Where experiments are found, below the current directory.
const EXPERIMENTS: &str = "experiments";

/// Where the estimates of quick runs are kept, one file per experiment.
const GOLDEN: &str = "tests/golden/quick";

/// Names of experiments and their claims.
type Claims = Vec<(String, Vec<ClaimRecord>)>;

/// Runs everything, then says how all claims came out.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let files = toml_files(Path::new(EXPERIMENTS))?;
    if files.is_empty() {
        return Err(CliError::Input(format!(
            "{EXPERIMENTS}/*.toml: no experiment file below the current directory; run this where {EXPERIMENTS}/ stands"
        )));
    }
    let figures = composed::load_all()?;
    let load = if args.quick { load_quick } else { load_whole };
    let experiments = load_all(&files, &load)?;
    let out = args.out.clone().unwrap_or_else(|| {
        let default = if args.quick { "target/quick" } else { "results" };
        PathBuf::from(default)
    });
    let options = RunOptions {
        rows: None,
        out: &out,
        threads: args.threads,
        shard: None,
        // A quick run asks what this program computes, not what an earlier one did.
        fresh: args.fresh || args.quick,
        // A whole run does not: its manifests say how long each experiment took.
        at_once: args.quick,
        progress: Style::Auto,
        quiet: args.quiet,
    };
    let experiments = settle_all(experiments, &options)?;
    let known = experiments.iter().map(|loaded| &loaded.experiment);
    composed::can_be_drawn(&figures, &experiments)?;
    let mut claims: Claims = Vec::new();
    run_all(&experiments, &options, &mut |experiment, _, records| {
        claims.push((experiment.name.clone(), records));
        Ok(())
    })?;
    let stored: Vec<Stored<'_>> = known.map(|own| (own, out.join(&own.name))).collect();
    composed::write(&out, &figures, &stored)?;
    let fails = failure(args.quick);
    if !args.quiet {
        print(&format!("{}results in {}\n", table(&claims, fails), out.display()))?;
    }
    if args.quick {
        golden(&experiments, &out, args.quiet)?;
    }
    CliError::of_claims(count(&claims, fails), args.check_claims)
}

fn load_whole(path: &Path) -> Result<Experiment, LoadError> {
    experiment::load(path, &[])
}

/// The replicates are laid over the file as by `--set`, so that page and manifest say how the run was made.
fn load_quick(path: &Path) -> Result<Experiment, LoadError> {
    let whole = load_whole(path)?;
    if whole.stop == Stop::Replicates(whole.quick) {
        return Ok(whole);
    }
    experiment::load(path, &[format!("run.replicates={}", whole.quick)])
}

/// In a quick run an honest `inconclusive` is no failure: it has few replicates.
fn failure(quick: bool) -> fn(&ClaimRecord) -> bool {
    match quick {
        true => ClaimRecord::contradicts,
        false => |record| !record.as_expected(),
    }
}

/// How many of the claims a condition holds of.
fn count(claims: &Claims, of: fn(&ClaimRecord) -> bool) -> usize {
    claims
        .iter()
        .flat_map(|(_, records)| records)
        .filter(|record| of(record))
        .count()
}

/// The table of all claims and their counts.
fn table(claims: &Claims, fails: fn(&ClaimRecord) -> bool) -> String {
    format!(
        "{}\n{} of {} claims came out as expected, {} as the opposite; {} inconclusive\n",
        page::claims_of_all(claims, fails),
        count(claims, ClaimRecord::as_expected),
        count(claims, |_| true),
        count(claims, ClaimRecord::contradicts),
        count(claims, |record| record.verdict == "inconclusive"),
    )
}

/// Compares every `estimates.csv` with its golden file, or writes these where the environment asks for it.
fn golden(experiments: &[Input], out: &Path, quiet: bool) -> Result<(), CliError> {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    let mut faults = Vec::new();
    for Input { experiment, .. } in experiments {
        let found = out.join(&experiment.name).join("estimates.csv");
        let committed = Path::new(GOLDEN).join(format!("{}.csv", experiment.name));
        let bytes = std::fs::read(&found).map_err(CliError::run)?;
        if update {
            std::fs::create_dir_all(GOLDEN).map_err(CliError::run)?;
            replace(&committed, &bytes).map_err(CliError::run)?;
        } else {
            faults.extend(difference(&experiment.name, &committed, &bytes));
        }
    }
    if !faults.is_empty() {
        return Err(CliError::Run(faults.join("\n")));
    }
    let what = if update { "written to" } else { "as in" };
    match quiet {
        true => Ok(()),
        false => print(&format!("estimates {what} {GOLDEN}\n")),
    }
}

/// What is wrong with the estimates of one experiment: the first line that differs, or that there is nothing to
/// compare them with.
fn difference(name: &str, committed: &Path, found: &[u8]) -> Option<String> {
    let shown = committed.display();
    let expected = match std::fs::read(committed) {
        Ok(expected) => expected,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Some(format!(
                "{name}: {shown} is missing; UPDATE_GOLDEN=1 mode-lottery reproduce --quick writes it"
            ));
        }
        Err(error) => return Some(format!("{name}: {shown}: {error}")),
    };
    if expected == found {
        return None;
    }
    let (golden, own) = (lines(&expected), lines(found));
    let index = lines_alike(&golden, &own);
    let line = |lines: &[&[u8]]| match lines.get(index) {
        Some(line) => String::from_utf8_lossy(line).into_owned(),
        None => "(ended)".to_owned(),
    };
    Some(format!(
        "{name}: estimates.csv differs from {shown}, first in line {}:\n  golden  {}\n  found   {}",
        index + 1,
        line(&golden),
        line(&own)
    ))
}

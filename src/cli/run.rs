//! Owns the command `run`: one statement per stage, for each file.

use super::drawn::Drawn;
use super::input::{Input, load_all};
use super::options::{RunOptions, Style, pool};
use super::rows::{Beside, RunParts, Watching};
use super::signals::{STOP, stop_on_signals};
use super::{CliError, drawing, eprint, exact, print, replaced, results, rows};
use crate::engine::{Shard, Stopping};
use crate::experiment::{self, Experiment, Scenario};
use crate::numerics::threads;
use crate::record::{ClaimRecord, CurveRecord, EstimateRecord};
use crate::report::page;
use crate::report::plot::Records;
use crate::session::{self, remarks};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Experiment files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Folder that gets one folder per experiment
    #[arg(long, default_value = "results")]
    out: PathBuf,
    /// Replicates per scenario, instead of the file's
    #[arg(long)]
    replicates: Option<u64>,
    /// Lay a value over the file: a dotted key and a TOML value
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Threads; the results do not depend on it [default: one per core]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Compute only this share of the blocks, I of 0 to N - 1, into the journal; `merge` puts shares together
    #[arg(long, value_name = "I/N", conflicts_with_all = ["check_claims", "fresh"])]
    shard: Option<Shard>,
    /// Start over: remove finished blocks of earlier runs, those of all shares too, instead of using them
    #[arg(long)]
    fresh: bool,
    /// How progress is told on standard error
    #[arg(long, value_enum, default_value_t = Style::Auto)]
    progress: Style,
    /// Also write rows.csv, a row for every replicate of each scenario, arm and estimand, and rows-summary.csv, their quantiles and
    /// trimmed means
    #[arg(long, conflicts_with = "shard")]
    rows: bool,
    /// Most rows to write
    #[arg(long, value_name = "N", requires = "rows", default_value_t = rows::MOST)]
    rows_limit: u64,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
    /// Exit with status 1 if a claim does not come out as expected
    #[arg(long)]
    check_claims: bool,
}

/// Runs every file; all are validated before the first draws.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let mut sets = args.sets.clone();
    sets.extend(args.replicates.map(|n| format!("run.replicates={n}")));
    let experiments = load_all(&args.files, &|path| experiment::load(path, &sets))?;
    let options = RunOptions {
        out: &args.out,
        threads: args.threads,
        shard: args.shard,
        fresh: args.fresh,
        at_once: false,
        progress: args.progress,
        rows: args.rows.then_some(args.rows_limit),
        quiet: args.quiet,
    };
    let experiments = settle_all(experiments, &options)?;
    let mut unexpected = 0;
    run_all(&experiments, &options, &mut |experiment, directory, claims| {
        unexpected += claims.iter().filter(|claim| !claim.as_expected()).count();
        match args.quiet {
            true => Ok(()),
            false => print(&summary(experiment, directory, &claims)),
        }
    })?;
    CliError::of_claims(unexpected, args.check_claims)
}

/// Works out what runs of validated experiments need before they draw; whatever of a file that turns out to be wrong stops
/// all.
pub(super) fn settle_all(mut experiments: Vec<Input>, options: &RunOptions<'_>) -> Result<Vec<Input>, CliError> {
    stop_on_signals();
    for Input { experiment, .. } in &experiments {
        let directory = options.out.join(&experiment.name);
        if options.shard.is_some() {
            drawing::refuse_rounds(experiment)?;
        }
        refuse_rows(experiment, options)?;
        let mut names = results::names(experiment);
        names.extend(options.rows.iter().flat_map(|_| rows::FILES.map(str::to_owned)));
        replaced::refuse_foreign(&directory, &names)?;
        // A share replaces no result.
        if !options.fresh && options.shard.is_none() {
            replaced::refuse_other(&directory, experiment, "--fresh replaces it, ")?;
        }
    }
    let one = |mut input: Input| {
        let started = Instant::now();
        exact::settle(&mut input, options)?;
        input.exact_seconds = started.elapsed().as_secs_f64();
        Ok(input)
    };
    pool(options.threads)?.install(|| {
        if options.at_once {
            exact::settle_together(&mut experiments, options.quiet)?;
        }
        // Beside each other, since a law may have no parts; what is found wrong is told in the order of the files.
        let settled: Vec<Result<Input, CliError>> = experiments.into_par_iter().map(one).collect();
        settled.into_iter().collect()
    })
}

/// What is done with an experiment that has run: its folder and its verdicts.
type OnDone<'a> = dyn FnMut(&Experiment, &Path, Vec<ClaimRecord>) -> Result<(), CliError> + Send + 'a;

/// Runs validated experiments and hands each to `done` in order, with its folder and verdicts.
pub(super) fn run_all(experiments: &[Input], options: &RunOptions<'_>, done: &mut OnDone<'_>) -> Result<(), CliError> {
    stop_on_signals();
    let pool = pool(options.threads)?;
    if !options.at_once {
        return pool.install(|| run_in_turn(experiments, options, done));
    }
    let one = |(): &mut (), loaded: &Input| match draw(loaded, options)? {
        Some(drawn) => finish_one(loaded, drawn, options).map(Some),
        None => Ok(None),
    };
    let judged = pool.install(|| threads::try_map(experiments, || (), one))?;
    for (loaded, claims) in experiments.iter().zip(judged) {
        if let Some(claims) = claims {
            done(&loaded.experiment, &directory(loaded, options), claims)?;
        }
    }
    Ok(())
}

/// Draws one experiment after another, each while the one before is judged and its figures are drawn: neither keeps all threads busy to
/// its end.
fn run_in_turn(experiments: &[Input], options: &RunOptions<'_>, done: &mut OnDone<'_>) -> Result<(), CliError> {
    let mut finish = |(loaded, drawn): (&Input, Drawn)| {
        let claims = finish_one(loaded, drawn, options)?;
        done(&loaded.experiment, &directory(loaded, options), claims)
    };
    let mut before: Option<(&Input, Drawn)> = None;
    for loaded in experiments {
        let (drawn, finished) = threads::join(|| draw(loaded, options), || before.take().map_or(Ok(()), &mut finish));
        finished?;
        before = drawn?.map(|drawn| (loaded, drawn));
    }
    before.map_or(Ok(()), finish)
}

fn directory(loaded: &Input, options: &RunOptions<'_>) -> PathBuf {
    options.out.join(&loaded.experiment.name)
}

/// Draws an experiment; of a share of one there is nothing to judge.
fn draw(loaded: &Input, options: &RunOptions<'_>) -> Result<Option<Drawn>, CliError> {
    let (experiment, directory) = (&loaded.experiment, directory(loaded, options));
    results::prepare(&directory)?;
    let mut drawn = drawing::draw(experiment, &loaded.file, &directory, options, &STOP)?;
    drawn.exact_seconds = loaded.exact_seconds;
    let Some(shard) = options.shard else {
        return Ok(Some(drawn));
    };
    if !options.quiet {
        let (name, shown) = (&experiment.name, directory.display());
        print(&format!(
            "{name}: share {shard} is done; merge puts the shares together; its blocks are in {shown}\n"
        ))?;
    }
    Ok(None)
}

/// Writes and judges an experiment that was drawn.
fn finish_one(loaded: &Input, drawn: Drawn, options: &RunOptions<'_>) -> Result<Vec<ClaimRecord>, CliError> {
    let (experiment, directory) = (&loaded.experiment, directory(loaded, options));
    let written = rows_of(experiment, &directory, &drawn, options)?;
    let curves = loaded.curves.clone();
    finish(
        experiment,
        (&loaded.file, &directory),
        drawn,
        (curves, written),
        options.quiet,
    )
}

/// Refuses more rows of replicates than shall be, as far as their number is known before anything is drawn.
fn refuse_rows(experiment: &Experiment, options: &RunOptions<'_>) -> Result<(), CliError> {
    let Some(most) = options.rows else {
        return Ok(());
    };
    let replicates = |scenario: &Scenario| {
        let spec = scenario.study.spec();
        Stopping::new(&experiment.stop, spec).blocks() * spec.block_replicates()
    };
    let replicates: Vec<u64> = experiment.scenarios.iter().map(replicates).collect();
    rows::refuse(experiment, &replicates, most)
}

/// The rows of replicates, where they are asked for.
fn rows_of(
    experiment: &Experiment,
    directory: &Path,
    drawn: &Drawn,
    options: &RunOptions<'_>,
) -> Result<rows::Whole, CliError> {
    let Some(most) = options.rows else {
        return Ok(Vec::new());
    };
    let replicates: Vec<u64> = drawn.findings.totals.iter().map(|own| own.replicates).collect();
    // A run that stops when it is precise enough may have become longer than was known.
    rows::refuse(experiment, &replicates, most)?;
    rows::write(experiment, directory, &replicates, options.quiet)
}

/// Judges and writes what was drawn, and says what must be known beside the numbers.
pub(super) fn finish(
    experiment: &Experiment,
    (file, directory): (&str, &Path),
    mut drawn: Drawn,
    (curves, written): (Vec<CurveRecord>, rows::Whole),
    quiet: bool,
) -> Result<Vec<ClaimRecord>, CliError> {
    let started = Instant::now();
    let judged = drawn.findings.judge(experiment);
    let mut records = Records {
        estimates: std::mem::take(&mut drawn.findings.estimates),
        curves,
        draws: Vec::new(),
    };
    records.draws = session::draws(experiment, &records.estimates, &Watching).map_err(CliError::run)?;
    if !quiet {
        for line in remarks::noticed(experiment, &records.estimates) {
            eprint(&format!("{}: {line}", experiment.name));
        }
    }
    let mut claims: Vec<_> = judged.into_iter().map(|judged| judged.record).collect();
    if drawn.missing.iter().any(|missing| *missing > 0) {
        mark_partial(&drawn.missing, &mut records.estimates, &mut claims);
    }
    let judging = started.elapsed();
    let parts = RunParts {
        scenarios: results::scenario_records(experiment, &mut drawn),
        beside: Beside::Written(written),
    };
    let provenance = |writing| results::provenance(&drawn, judging, writing);
    results::write(directory, experiment, file, parts, &records, &claims, provenance)?;
    Ok(claims)
}

/// Says of every number that it is of a part of the run, and takes the verdicts away: whoever looks before the end, and again, would not
/// hold the level of a test.
fn mark_partial(missing: &[u64], estimates: &mut [EstimateRecord], claims: &mut [ClaimRecord]) {
    for own in estimates {
        let partial = match missing[own.scenario as usize] {
            0 => continue,
            1 => "partial: 1 block is missing".to_owned(),
            n => format!("partial: {n} blocks are missing"),
        };
        own.note = match &*own.note {
            "" => partial.into(),
            other => format!("{partial}; {other}").into(),
        };
    }
    claims.iter_mut().for_each(ClaimRecord::leave_unjudged);
    for own in claims {
        own.note = "not judged: the result is partial".to_owned();
    }
}

/// What a person reads at the end of a run.
pub(super) fn summary(experiment: &Experiment, directory: &Path, claims: &[ClaimRecord]) -> String {
    let mut out = format!("{}: {}\n", experiment.name, experiment.title);
    let table = page::claims_plain(claims);
    if !table.is_empty() {
        out += &format!("\n{table}\n");
    }
    out + &format!("results in {}\n", directory.display())
}

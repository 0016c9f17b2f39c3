//! Owns the drawing of an experiment's replicates: every block from the journal or computed into it.

use super::drawn::Drawn;
use super::journal::{self, Plan};
use super::options::RunOptions;
use super::progress::Progress;
use super::store::JournalStore;
use super::{CliError, eprint, exact, failures};
use crate::engine::{BlockSource, Looks, RunError, Share, Stop, Stopping};
use crate::experiment::Experiment;
use crate::inference::groups::Group;
use crate::record::journal::{Journal, Kept};
use crate::session::{Drawing, Look, Observer};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Draws every scenario, or the share of them that `how` names: then there is nothing to fold.
pub(super) fn draw(
    experiment: &Experiment,
    file: &str,
    directory: &Path,
    options: &RunOptions<'_>,
    stop: &AtomicBool,
) -> Result<Drawn, CliError> {
    let journal = journal::open(directory, experiment, file, options.shard, options.fresh)?;
    let plan = plan(&journal, experiment, options);
    if !options.quiet {
        plan.lines()
            .iter()
            .for_each(|line| eprint(&format!("{}: {line}", experiment.name)));
    }
    exact::keep_known(experiment, &journal)?;
    if let Some(shard) = options.shard {
        exact::share(experiment, &journal, shard, options.quiet)?;
    }
    let progress = Progress::new(experiment, &plan, options);
    let store = store(experiment, &journal);
    let watching = Watching {
        progress: &progress,
        store: &store,
        stop,
    };
    let mut drawing = match options.shard {
        None => Drawing::new(experiment),
        Some(shard) => Drawing::of_shard(experiment, shard),
    };
    let drawn = drawing.run(experiment, &store, &watching);
    let seconds = progress.finish();
    // Even of a run that was interrupted or failed, what is finished is kept.
    let synced = journal.out.sync();
    let findings = drawn.map_err(|error| failure(experiment, &error))?;
    synced.map_err(|error| CliError::Run(journal::not_kept(&error)))?;
    failed(experiment, directory, &findings.totals, options.quiet)?;
    Ok(Drawn {
        missing: vec![0; findings.scenarios()],
        findings,
        blocks: store.finish(),
        exact_seconds: 0.0,
        seconds,
        computed: progress.computed(),
        reused: progress.kept(),
    })
}

/// The journal as the store of a run of the whole.
fn store<'a>(experiment: &Experiment, journal: &'a Journal) -> JournalStore<'a> {
    let scenarios = experiment.scenarios.iter();
    let blocks = scenarios.map(|own| Stopping::new(&experiment.stop, own.study.spec()).blocks());
    JournalStore::new(journal, blocks)
}

/// Who looks on: progress on standard error, signals, and the digests of blocks for the manifest.
struct Watching<'a> {
    progress: &'a Progress,
    store: &'a JournalStore<'a>,
    stop: &'a AtomicBool,
}

impl Observer for Watching<'_> {
    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn block(&self, _: usize, source: BlockSource) {
        self.progress.block(source);
    }

    fn looked(&self, look: &Look) {
        self.progress.looked(look.worst, look.more);
        self.store.notes[look.scenario].to(look.blocks);
    }
}

/// What there is to do as far as is known before anything is drawn: with precision, the first round.
fn plan(journal: &Journal, experiment: &Experiment, options: &RunOptions<'_>) -> Plan {
    let mut before = experiment.exact_jobs().len() as u64;
    Plan::new(&journal.kept, experiment, |spec| {
        let blocks = Stopping::new(&experiment.stop, spec).blocks();
        before += blocks;
        match options.shard {
            Some(shard) if matches!(experiment.stop, Stop::Replicates(_)) => shard.mine(before - blocks, blocks),
            _ => Share::all(blocks),
        }
    })
}

/// A run that stops when it is precise enough has no shares: where it stops depends on all of them.
pub(super) fn refuse_rounds(experiment: &Experiment) -> Result<(), CliError> {
    match &experiment.stop {
        Stop::Precise(precision) if precision.looks != Looks::TwoStage => Err(CliError::Input(format!(
            "{}: a run that looks after every round cannot be shared out, for where it stops depends on all shares; \
             with run.looks = \"two-stage\" it looks once, after its first round",
            experiment.name
        ))),
        _ => Ok(()),
    }
}

/// What failed is looked for in all that is kept by now.
fn failed(experiment: &Experiment, directory: &Path, totals: &[Group], quiet: bool) -> Result<(), CliError> {
    let is_whole = |own: &Group| own.valid.iter().all(|&valid| valid == own.replicates);
    if totals.iter().all(is_whole) {
        return Ok(());
    }
    let kept = Kept::of_folder(&directory.join(journal::FOLDER)).map_err(CliError::run)?;
    failures::warn(experiment, totals, &kept, quiet)
}

/// What is said of a run that gave no result.
fn failure(experiment: &Experiment, error: &RunError) -> CliError {
    match error {
        RunError::Interrupted => CliError::Run(format!(
            "{}: interrupted; finished blocks are kept, and the same command goes on from there",
            experiment.name
        )),
        RunError::Refused(_) => CliError::Input(format!("{}: {error}", experiment.name)),
        other => CliError::run(other),
    }
}

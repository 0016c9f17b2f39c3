//! Owns the drawing of an experiment's replicates: every block from the journal or computed into it.

use super::drawn::Drawn;
use super::journal::{self, Own, Plan};
use super::options::RunOptions;
use super::progress::Progress;
use super::store::JournalStore;
use super::{CliError, eprint, exact, failures};
use crate::engine::{BlockSource, Looks, Run, RunError, Shard, Share, Stop, Stopping, Watch, run_shard};
use crate::experiment::Experiment;
use crate::inference::groups::Groups;
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
    if options.shard.is_some() {
        refuse_rounds(experiment)?;
    }
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
    let drawn = match options.shard {
        None => whole(experiment, &store, &watching),
        Some(shard) => shares(experiment, &journal, shard, &watching).map(|()| Vec::new()),
    };
    let seconds = progress.finish();
    // Even of a run that was interrupted or failed, what is finished is kept.
    let synced = journal.out.sync();
    let groups = drawn.map_err(|error| failure(experiment, &error))?;
    synced.map_err(|error| CliError::Run(journal::not_kept(&error)))?;
    failed(experiment, directory, &groups, options.quiet)?;
    Ok(Drawn {
        groups,
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

/// The group sums of each scenario, run until the rule says that these are all.
fn whole(experiment: &Experiment, store: &JournalStore<'_>, watching: &Watching<'_>) -> Result<Vec<Groups>, RunError> {
    let mut drawing = Drawing::new(experiment);
    drawing.run(experiment, store, watching)?;
    Ok(drawing.finish())
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

/// Draws the blocks of a share into the journal.
fn shares(experiment: &Experiment, journal: &Journal, shard: Shard, watching: &Watching<'_>) -> Result<(), RunError> {
    let watch = Watch {
        finished: &|source| watching.progress.block(source),
        stop: watching.stop,
    };
    let mut before = experiment.exact_jobs().len() as u64;
    for scenario in &experiment.scenarios {
        let (study, spec) = (scenario.study.as_ref(), scenario.study.spec());
        let own = Own::new(&journal.kept, Some(&journal.out), spec);
        let mut stopping = Stopping::new(&experiment.stop, spec);
        let run = Run::new(study, &own, &watch);
        let share = share(run, &mut stopping, watching.progress, shard, before)?;
        run_shard(study, share, &own, &watch)?;
        before += stopping.blocks();
    }
    Ok(())
}

/// The blocks of a scenario that a share has yet to compute. With precision every share runs the first round, which says
/// how many blocks there will be.
fn share(
    mut run: Run<'_>,
    stopping: &mut Stopping<'_>,
    progress: &Progress,
    shard: Shard,
    before: u64,
) -> Result<Share, RunError> {
    let mut done = 0;
    if !stopping.is_finished() {
        done = stopping.blocks();
        run.to(done)?;
        stopping.look(run.standing())?;
    }
    let mine = shard.mine(before, stopping.blocks()).from(done);
    if done > 0 {
        progress.looked(stopping.worst(), mine.blocks());
    }
    Ok(mine)
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
fn failed(experiment: &Experiment, directory: &Path, groups: &[Groups], quiet: bool) -> Result<(), CliError> {
    if groups
        .iter()
        .all(|own| own.total().valid.iter().all(|&valid| valid == own.total().replicates))
    {
        return Ok(());
    }
    let mut kept = Kept::default();
    kept.add_folder(&directory.join(journal::FOLDER), None)
        .map_err(CliError::run)?;
    failures::warn(experiment, groups, &kept, quiet)
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

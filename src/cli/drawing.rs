//! Owns the drawing of an experiment's replicates: every block from the journal or computed into it.

use super::drawn::Drawn;
use super::journal::{self, Own, Plan};
use super::noted::Noted;
use super::options::How;
use super::progress::Progress;
use super::{CliError, exact, failures, say};
use crate::engine::{Looks, Run, RunError, Shard, Share, Stop, Stopping, Study, Watch, run_shard};
use crate::experiment::Experiment;
use crate::inference::groups::Groups;
use crate::record::BlockDigest;
use crate::record::journal::{Journal, Kept};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Draws every scenario, or the share of them that `how` names: then there is nothing to fold.
pub(super) fn draw(
    experiment: &Experiment,
    file: &str,
    directory: &Path,
    how: &How<'_>,
    stop: &AtomicBool,
) -> Result<Drawn, CliError> {
    if how.shard.is_some() {
        refuse_rounds(experiment)?;
    }
    let journal = journal::open(directory, experiment, file, how.shard, how.fresh)?;
    let plan = plan(&journal, experiment, how);
    if !how.quiet {
        plan.lines()
            .iter()
            .for_each(|line| say(&format!("{}: {line}", experiment.name)));
    }
    exact::keep_known(experiment, &journal)?;
    if let Some(shard) = how.shard {
        exact::share(experiment, &journal, shard, how.quiet)?;
    }
    let progress = Progress::new(experiment, &plan, how);
    let watch = Watch {
        finished: &|came| progress.block(came),
        stop,
    };
    let drawn = scenarios(experiment, &journal, how, &progress, &watch);
    let seconds = progress.finish();
    // Even of a run that was interrupted or failed, what is finished is kept.
    let synced = journal.out.sync();
    let (groups, blocks) = drawn.map_err(|error| failure(experiment, &error))?;
    synced.map_err(|error| CliError::Run(journal::not_kept(&error)))?;
    failed(experiment, directory, &groups, how.quiet)?;
    Ok(Drawn {
        groups,
        blocks,
        exact_seconds: 0.0,
        seconds,
        computed: progress.computed(),
        reused: progress.kept(),
    })
}

/// What there is to do as far as is known before anything is drawn: with precision, the first round.
fn plan(journal: &Journal, experiment: &Experiment, how: &How<'_>) -> Plan {
    let mut before = experiment.exact_jobs().len() as u64;
    Plan::new(&journal.kept, experiment, |spec| {
        let blocks = Stopping::new(&experiment.stop, spec).blocks();
        before += blocks;
        match how.shard {
            Some(shard) if matches!(experiment.stop, Stop::Replicates(_)) => shard.mine(before - blocks, blocks),
            _ => Share::all(blocks),
        }
    })
}

/// The group sums of each scenario, and digests of some of its blocks; of a share nothing.
fn scenarios(
    experiment: &Experiment,
    journal: &Journal,
    how: &How<'_>,
    progress: &Progress,
    watch: &Watch<'_>,
) -> Result<(Vec<Groups>, Vec<Vec<BlockDigest>>), RunError> {
    let mut before = experiment.exact_jobs().len() as u64;
    let mut drawn = Vec::new();
    for scenario in &experiment.scenarios {
        let (study, spec) = (scenario.study.as_ref(), scenario.study.spec());
        let own = Own::new(&journal.kept, Some(&journal.out), spec);
        let mut stopping = Stopping::new(&experiment.stop, spec);
        match how.shard {
            None => drawn.push(whole(study, &own, watch, &mut stopping, progress)?),
            Some(shard) => {
                let share = share(Run::new(study, &own, watch), &mut stopping, progress, shard, before)?;
                run_shard(study, share, &own, watch)?;
            }
        }
        before += stopping.blocks();
    }
    Ok(drawn.into_iter().unzip())
}

/// The group sums of a scenario, run until the rule says that these are all, and digests of some blocks.
fn whole(
    study: &dyn Study,
    own: &Own<'_>,
    watch: &Watch<'_>,
    stopping: &mut Stopping<'_>,
    progress: &Progress,
) -> Result<(Groups, Vec<BlockDigest>), RunError> {
    let mut known = stopping.blocks();
    let noted = Noted::new(own, known);
    let mut run = Run::new(study, &noted, watch);
    run.until(stopping, &mut |stopping| {
        progress.looked(stopping, stopping.blocks() - known);
        known = stopping.blocks();
        noted.to(known);
    })?;
    let groups = run.finish();
    Ok((groups, noted.finish()))
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
        progress.looked(stopping, mine.blocks());
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
    failures::tell(experiment, groups, &kept, quiet)
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

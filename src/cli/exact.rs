//! Owns what commands do with exact values that take long: found in journals, worked out, kept, shared out.
//!
//! In a journal their numbers are a block: of a key of their own, with index 0, no replicates, and one sum for each number.

use super::journal::{self, not_kept};
use super::run::How;
use super::{CliError, count, drawing, results, say, short_2};
use crate::engine::{ExactJob, KeepError, Known, RunError, Shard, Stop};
use crate::experiment::Experiment;
use crate::inference::groups::Group;
use crate::record::journal::{Appender, Journal, Kept, Shape};
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is told of in advance: this many nanoseconds of one core.
const WORTH_TELLING: u64 = 2_000_000_000;

/// The one block of a job.
const BLOCK: u64 = 0;

/// The numbers of a job, if they are kept.
pub(super) fn find(kept: &Kept, job: &ExactJob) -> Option<Vec<f64>> {
    let shape = Shape {
        batches: 1,
        batch: 0,
        arms: 0,
        slots: job.numbers,
    };
    let batches = kept.block(&job.key.bytes(), BLOCK, &shape)?;
    batches.into_iter().next().map(|only| only.sums)
}

fn keep(out: &Appender, job: &ExactJob, numbers: &[f64]) -> Result<(), KeepError> {
    let only = Group {
        replicates: 0,
        valid: Vec::new(),
        sums: numbers.to_vec(),
    };
    let kept = out.block(&job.key.bytes(), BLOCK, &[only]);
    kept.map_err(|error| KeepError(not_kept(&error)))
}

/// What a journal knows of an experiment's exact values.
pub(super) fn known(kept: &Kept, experiment: &Experiment) -> Known {
    let mut known = experiment.known.clone();
    for job in experiment.pending_jobs() {
        if let Some(numbers) = find(kept, job) {
            known.insert(job, numbers);
        }
    }
    known
}

/// The experiment with every exact value that a journal knows; the others stay pending.
pub(super) fn with_kept(kept: &Kept, experiment: Experiment) -> Result<Experiment, CliError> {
    let known = known(kept, &experiment);
    match experiment.pending_jobs().iter().any(|job| known.has(job)) {
        true => experiment.again(known).map_err(CliError::input),
        false => Ok(experiment),
    }
}

/// The experiment with every exact value: those that a journal knows, the others worked out.
pub(super) fn with_all(kept: &Kept, experiment: Experiment) -> Result<Experiment, CliError> {
    let mut known = known(kept, &experiment);
    let mut jobs = experiment.pending_jobs();
    if jobs.is_empty() {
        return Ok(experiment);
    }
    jobs.retain(|job| !known.has(job));
    let found: Vec<Vec<f64>> = jobs.par_iter().map(|job| job.work_out()).collect();
    jobs.iter().zip(found).for_each(|(job, own)| known.insert(job, own));
    experiment.again(known).map_err(CliError::input)
}

/// The experiment with all exact values that its run needs, before anything is drawn: each that is worked out is kept at once.
///
/// A share needs none to draw its blocks, unless it has to look how precise they are.
pub(super) fn settle(
    experiment: Experiment,
    file: &str,
    how: &How<'_>,
    stop: &AtomicBool,
) -> Result<Experiment, CliError> {
    let share = how.shard.is_some() && matches!(experiment.stop, Stop::Replicates(_));
    if share || experiment.pending_jobs().is_empty() {
        return Ok(experiment);
    }
    let directory = how.out.join(&experiment.name);
    let mut known = experiment.known.clone();
    if how.fresh {
        // The journal is emptied when the run begins, not before every file has been found right.
        let jobs = experiment.pending_jobs();
        tell(&experiment, &jobs, how.quiet);
        let found = work_out(&jobs, stop, &|_, _| Ok(())).map_err(|error| drawing::failure(&experiment, &error))?;
        jobs.iter().zip(found).for_each(|(job, own)| known.insert(job, own));
    } else {
        results::prepare(&directory)?;
        let journal = journal::open_quietly(&directory, &experiment, file, how.shard, false)?;
        known = self::known(&journal.kept, &experiment);
        let mut jobs = experiment.pending_jobs();
        jobs.retain(|job| !known.has(job));
        tell(&experiment, &jobs, how.quiet);
        let found = keeping(&experiment, &journal, &jobs, stop)?;
        jobs.iter().zip(found).for_each(|(job, own)| known.insert(job, own));
    }
    let settled = experiment.again(known).map_err(CliError::input)?;
    results::can_be_drawn(&settled, Path::new(&settled.source.name))?;
    Ok(settled)
}

/// Works out and keeps what belongs to a share and is not kept yet. Exact values come first in the list of all work, before
/// the blocks of any scenario.
pub(super) fn share(
    experiment: &Experiment,
    journal: &Journal,
    shard: Shard,
    quiet: bool,
    stop: &AtomicBool,
) -> Result<(), CliError> {
    let all = experiment.exact_jobs();
    let mine = shard.mine(0, all.len() as u64).map(|index| all[index as usize]);
    let missing: Vec<&ExactJob> = mine
        .filter(|job| !experiment.known.has(job) && find(&journal.kept, job).is_none())
        .collect();
    tell(experiment, &missing, quiet);
    keeping(experiment, journal, &missing, stop).map(drop)
}

/// The places of those that are pending, in the list of all work.
pub(super) fn missing(experiment: &Experiment) -> Vec<u64> {
    let all = (0..).zip(experiment.exact_jobs());
    all.filter(|(_, job)| !experiment.known.has(job))
        .map(|(index, _)| index)
        .collect()
}

/// Keeps in a journal what is known and not in it yet.
pub(super) fn keep_known(experiment: &Experiment, journal: &Journal) -> Result<(), CliError> {
    for job in experiment.exact_jobs() {
        if let (Some(numbers), None) = (experiment.known.of(job), find(&journal.kept, job)) {
            keep(&journal.out, job, &numbers).map_err(CliError::run)?;
        }
    }
    Ok(())
}

fn keeping(
    experiment: &Experiment,
    journal: &Journal,
    jobs: &[&ExactJob],
    stop: &AtomicBool,
) -> Result<Vec<Vec<f64>>, CliError> {
    let keep = |job: &ExactJob, numbers: &[f64]| {
        keep(&journal.out, job, numbers)?;
        // Each is worth waiting for the disk: the next may be minutes away.
        journal.out.sync().map_err(|error| KeepError(not_kept(&error)))
    };
    work_out(jobs, stop, &keep).map_err(|error| drawing::failure(experiment, &error))
}

/// What is done with the numbers of a job.
type Keep<'a> = dyn Fn(&ExactJob, &[f64]) -> Result<(), KeepError> + Sync + 'a;

/// Works out jobs in parallel and hands each to `keep` when it is done.
fn work_out(jobs: &[&ExactJob], stop: &AtomicBool, keep: &Keep<'_>) -> Result<Vec<Vec<f64>>, RunError> {
    let one = |job: &&ExactJob| {
        if stop.load(Ordering::Relaxed) {
            return Err(RunError::Interrupted);
        }
        let numbers = job.work_out();
        keep(job, &numbers)?;
        Ok(numbers)
    };
    jobs.par_iter().map(one).collect()
}

/// Says what is about to be worked out, where that takes a while.
fn tell(experiment: &Experiment, jobs: &[&ExactJob], quiet: bool) {
    if !quiet && nanoseconds(jobs) >= WORTH_TELLING {
        say(&format!("{}: {}", experiment.name, sentence(jobs)));
    }
}

/// How many exact values have to be worked out, and what they take.
pub(super) fn sentence(jobs: &[&ExactJob]) -> String {
    let seconds = short_2(nanoseconds(jobs) as f64 / 1e9);
    format!(
        "{} to work out, about {seconds} s of one core",
        count(jobs.len(), "exact law")
    )
}

fn nanoseconds(jobs: &[&ExactJob]) -> u64 {
    jobs.iter().map(|job| job.nanoseconds).fold(0, u64::saturating_add)
}

//! Owns what commands do with exact values that take long: found in journals, worked out, kept, shared out.
//!
//! In a journal their numbers are a block: of a key of their own, with index 0, no replicates, and one sum for each number.

use super::journal::{self, not_kept};
use super::options::How;
use super::{CliError, count, results, say, short_2};
use crate::engine::{ExactCache, ExactJob, KeepError, Shard, Stop};
use crate::experiment::Experiment;
use crate::inference::groups::Group;
use crate::record::journal::{Journal, Kept, Shape};
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is told of in advance: this many nanoseconds of one core.
const WORTH_TELLING: u64 = 2_000_000_000;

/// How long a finished job waits at most for the disk, if another follows; the operating system has it at once.
const SYNC: Duration = Duration::from_millis(500);

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

fn keep(journal: &Journal, job: &ExactJob, numbers: &[f64]) -> Result<(), KeepError> {
    let only = Group {
        replicates: 0,
        valid: Vec::new(),
        sums: numbers.to_vec(),
    };
    let kept = journal.out.block(&job.key.bytes(), BLOCK, &[only]);
    kept.map_err(|error| KeepError(not_kept(&error)))
}

/// What is known of an experiment's exact values with those that a journal holds.
fn known(kept: &Kept, experiment: &Experiment) -> ExactCache {
    let known = experiment.known.snapshot();
    for job in experiment.pending_jobs() {
        if let Some(numbers) = find(kept, job) {
            known.insert(job, numbers);
        }
    }
    known
}

/// The experiment with every exact value that a journal knows or that takes no time; the others stay pending.
pub(super) fn with_kept(kept: &Kept, experiment: Experiment) -> Result<Experiment, CliError> {
    let known = known(kept, &experiment);
    experiment.settle(known).map_err(CliError::input)
}

/// The experiment with every exact value: those that a journal knows, the others worked out.
pub(super) fn with_all(kept: &Kept, experiment: Experiment, quiet: bool) -> Result<Experiment, CliError> {
    let known = known(kept, &experiment);
    let mut jobs = experiment.pending_jobs();
    jobs.retain(|job| !known.has(job));
    tell(&experiment, &jobs, quiet);
    work_out(&jobs, &known, &|_, _| Ok(())).map_err(CliError::run)?;
    experiment.settle(known).map_err(CliError::input)
}

/// The experiment with all exact values that its run needs, before anything is drawn: each that is worked out is kept at once.
///
/// A share needs none to draw its blocks, unless it has to look how precise they are. With `--fresh` the journal is emptied only
/// when the run begins, not before every file has been found right: until then nothing is kept.
pub(super) fn settle(experiment: Experiment, how: &How<'_>) -> Result<Experiment, CliError> {
    let share = how.shard.is_some() && matches!(experiment.stop, Stop::Replicates(_));
    if share || experiment.pending_jobs().is_empty() {
        return Ok(experiment);
    }
    let settled = match how.fresh {
        true => with_all(&Kept::default(), experiment, how.quiet)?,
        false => through_journal(experiment, how)?,
    };
    results::can_be_drawn(&settled, Path::new(&settled.source.name))?;
    Ok(settled)
}

/// [`with_all`] through the journal of a run, which the run opens again: what is being run is not written yet, for it may
/// still turn out to be wrong.
fn through_journal(experiment: Experiment, how: &How<'_>) -> Result<Experiment, CliError> {
    let directory = how.out.join(&experiment.name);
    results::prepare(&directory)?;
    let journal = Journal::open(&directory.join(journal::FOLDER), &journal::writer(how.shard), false);
    let journal = journal.map_err(CliError::run)?;
    let known = known(&journal.kept, &experiment);
    let mut jobs = experiment.pending_jobs();
    jobs.retain(|job| !known.has(job));
    tell(&experiment, &jobs, how.quiet);
    let keys = jobs.iter().map(|job| &job.key);
    journal::introduce_keys(&journal, keys).map_err(CliError::run)?;
    keeping(&journal, &jobs, &known)?;
    experiment.settle(known).map_err(CliError::input)
}

/// Works out and keeps what belongs to a share and is not kept yet. Exact values come first in the list of all work, before
/// the blocks of any scenario.
pub(super) fn share(experiment: &Experiment, journal: &Journal, shard: Shard, quiet: bool) -> Result<(), CliError> {
    let all = experiment.exact_jobs();
    let mine = shard
        .mine(0, all.len() as u64)
        .into_iter()
        .map(|index| all[index as usize]);
    let missing: Vec<&ExactJob> = mine
        .filter(|job| !experiment.known.has(job) && find(&journal.kept, job).is_none())
        .collect();
    tell(experiment, &missing, quiet);
    keeping(journal, &missing, &ExactCache::empty())
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
            keep(journal, job, &numbers).map_err(CliError::run)?;
        }
    }
    Ok(())
}

/// Works out jobs and keeps each when it is done.
fn keeping(journal: &Journal, jobs: &[&ExactJob], known: &ExactCache) -> Result<(), CliError> {
    let synced = Mutex::new(Instant::now());
    let keep = |job: &ExactJob, numbers: &[f64]| {
        keep(journal, job, numbers)?;
        let due = {
            let mut last = synced.lock().unwrap_or_else(PoisonError::into_inner);
            let due = last.elapsed() >= SYNC;
            *last = if due { Instant::now() } else { *last };
            due
        };
        // The next may be minutes away.
        let kept = if due { journal.out.sync() } else { journal.out.flush() };
        kept.map_err(|error| KeepError(not_kept(&error)))
    };
    let done = work_out(jobs, known, &keep).map_err(CliError::run);
    // Even of what failed, what is finished is kept.
    let synced = journal.out.sync();
    done?;
    synced.map_err(|error| CliError::Run(not_kept(&error)))
}

/// Whether exact values are being worked out and nothing is drawn: then an interrupted process need not finish anything.
pub(super) static UNDER_WAY: AtomicBool = AtomicBool::new(false);

/// What is done with the numbers of a job.
type Keep<'a> = dyn Fn(&ExactJob, &[f64]) -> Result<(), KeepError> + Sync + 'a;

/// Works out jobs in parallel, and hands each to `known` and to `keep` when it is done.
fn work_out(jobs: &[&ExactJob], known: &ExactCache, keep: &Keep<'_>) -> Result<(), KeepError> {
    UNDER_WAY.store(true, Ordering::Relaxed);
    let one = |job: &&ExactJob| {
        let numbers = job.work_out();
        keep(job, &numbers)?;
        known.insert(job, numbers);
        Ok(())
    };
    let done = jobs.par_iter().map(one).collect();
    UNDER_WAY.store(false, Ordering::Relaxed);
    done
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

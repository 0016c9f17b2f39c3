//! Owns what commands do with exact values that take long: found in journals, worked out, kept, shared out.

use super::input::Input;
use super::journal::{self, not_kept};
use super::options::RunOptions;
use super::signals::LAWS;
use super::store::{JournalStore, find};
use super::{CliError, count, eprint, results, short_2};
use crate::engine::{ExactCache, ExactJob, RunError, Shard, Stop};
use crate::experiment::Experiment;
use crate::record::journal::{Journal, Kept};
use crate::session::{Store, missing_jobs, work_out};
use std::path::Path;
use std::sync::atomic::Ordering;

/// What is told of in advance: this many nanoseconds of one core.
const WORTH_TELLING: u64 = 2_000_000_000;

/// The experiment with every exact value that a journal knows or that takes no time; the others stay pending.
pub(super) fn with_kept(kept: &Kept, experiment: Experiment) -> Result<Experiment, CliError> {
    let known = experiment.known.snapshot();
    missing_jobs(&experiment, &JournalStore::reading(kept), &known);
    experiment.settle(known).map_err(CliError::input)
}

/// The experiment with every exact value: those that a journal knows, the others worked out.
pub(super) fn with_all(kept: &Kept, experiment: Experiment, quiet: bool) -> Result<Experiment, CliError> {
    let known = all(kept, &experiment, quiet)?;
    experiment.settle(known).map_err(CliError::input)
}

/// What those follow from.
fn all(kept: &Kept, experiment: &Experiment, quiet: bool) -> Result<ExactCache, CliError> {
    let store = JournalStore::reading(kept);
    let known = experiment.known.snapshot();
    let jobs = missing_jobs(experiment, &store, &known);
    warn(experiment, &jobs, quiet);
    under_way(&jobs, &known, &store).map_err(CliError::run)?;
    Ok(known)
}

/// Settles all exact values that a run needs, before anything is drawn: each that is worked out is kept at once.
///
/// A share needs none to draw its blocks, unless it has to look how precise they are. With `--fresh` the journal is emptied only
/// when the run begins, not before every file has been found right: until then nothing is kept.
pub(super) fn settle(input: &mut Input, options: &RunOptions<'_>) -> Result<(), CliError> {
    let share = options.shard.is_some() && matches!(input.experiment.stop, Stop::Replicates(_));
    if share || input.experiment.pending_jobs().is_empty() {
        return Ok(());
    }
    let known = match options.fresh {
        true => all(&Kept::default(), &input.experiment, options.quiet)?,
        false => through_journal(&input.experiment, options)?,
    };
    know(input, known)
}

/// [`settle`] of experiments that start over: what several of them need is worked out once, and what takes longest is begun first.
pub(super) fn settle_together(inputs: &mut [Input], quiet: bool) -> Result<(), CliError> {
    let mut inputs: Vec<&mut Input> = inputs
        .iter_mut()
        .filter(|own| !own.experiment.pending_jobs().is_empty())
        .collect();
    let mut jobs: Vec<&ExactJob> = inputs.iter().flat_map(|own| own.experiment.pending_jobs()).collect();
    jobs.sort_by(|a, b| (b.nanoseconds, a.key.text()).cmp(&(a.nanoseconds, b.key.text())));
    jobs.dedup_by(|a, b| a.key.text() == b.key.text());
    if !quiet && !jobs.is_empty() {
        eprint(&format!("{}: {}", count(inputs.len(), "experiment"), sentence(&jobs)));
    }
    let jobs: Vec<ExactJob> = jobs.into_iter().cloned().collect();
    let known = ExactCache::empty();
    under_way(&jobs, &known, &JournalStore::reading(&Kept::default())).map_err(CliError::run)?;
    inputs.iter_mut().try_for_each(|own| know(own, known.snapshot()))
}

fn know(input: &mut Input, known: ExactCache) -> Result<(), CliError> {
    input.experiment.know(known).map_err(CliError::input)?;
    input.curves = results::can_be_drawn(&input.experiment, Path::new(&input.experiment.source.name))?;
    Ok(())
}

/// [`all`] through the journal of a run, which the run opens again: what is being run is not written yet, for it may
/// still turn out to be wrong.
fn through_journal(experiment: &Experiment, options: &RunOptions<'_>) -> Result<ExactCache, CliError> {
    let directory = options.out.join(&experiment.name);
    results::prepare(&directory)?;
    let journal = Journal::open(&directory.join(journal::FOLDER), &journal::writer(options.shard), false);
    let journal = journal.map_err(CliError::run)?;
    let store = JournalStore::new(&journal, std::iter::empty());
    let known = experiment.known.snapshot();
    let jobs = missing_jobs(experiment, &store, &known);
    warn(experiment, &jobs, options.quiet);
    let keys = jobs.iter().map(|job| &job.key);
    journal::introduce_keys(&journal, keys).map_err(CliError::run)?;
    keeping(&journal, &jobs, &known, &store)?;
    Ok(known)
}

/// Works out and keeps what belongs to a share and is not kept yet. Exact values come first in the list of all work, before
/// the blocks of any scenario.
pub(super) fn share(experiment: &Experiment, journal: &Journal, shard: Shard, quiet: bool) -> Result<(), CliError> {
    let all = experiment.exact_jobs();
    let mine = shard
        .mine(0, all.len() as u64)
        .into_iter()
        .map(|index| all[index as usize]);
    let missing: Vec<ExactJob> = mine
        .filter(|job| !experiment.known.has(job) && find(&journal.kept, job).is_none())
        .cloned()
        .collect();
    warn(experiment, &missing, quiet);
    let store = JournalStore::new(journal, std::iter::empty());
    keeping(journal, &missing, &ExactCache::empty(), &store)
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
    let store = JournalStore::new(journal, std::iter::empty());
    for job in experiment.exact_jobs() {
        if let (Some(numbers), None) = (experiment.known.of(job), store.numbers(job)) {
            store.keep(job, &numbers).map_err(CliError::run)?;
        }
    }
    Ok(())
}

/// Works out jobs and keeps each when it is done: even of what failed, what is finished.
fn keeping(journal: &Journal, jobs: &[ExactJob], known: &ExactCache, store: &JournalStore<'_>) -> Result<(), CliError> {
    let done = under_way(jobs, known, store).map_err(CliError::run);
    let synced = journal.out.sync();
    done?;
    synced.map_err(|error| CliError::Run(not_kept(&error)))
}

fn under_way(jobs: &[ExactJob], known: &ExactCache, store: &JournalStore<'_>) -> Result<(), RunError> {
    LAWS.fetch_add(1, Ordering::Relaxed);
    let done = work_out(jobs, known, store, &());
    LAWS.fetch_sub(1, Ordering::Relaxed);
    done
}

/// Says what is about to be worked out, where that takes a while.
fn warn(experiment: &Experiment, jobs: &[ExactJob], quiet: bool) {
    let jobs = &jobs.iter().collect::<Vec<_>>();
    if !quiet && nanoseconds(jobs) >= WORTH_TELLING {
        eprint(&format!("{}: {}", experiment.name, sentence(jobs)));
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

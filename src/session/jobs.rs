//! Owns the exact jobs of an experiment: found in a store, worked out, kept.

use super::error::SessionError;
use super::observer::Observer;
use super::store::Store;
use crate::engine::{ExactCache, ExactJob, RunError};
use crate::experiment::Experiment;
use crate::numerics::threads;
use std::sync::atomic::{AtomicU64, Ordering};

/// The jobs that an experiment's exact values rest on and that are neither known nor in a store; what is there is added to `known`.
pub fn missing_jobs(experiment: &Experiment, store: &dyn Store, known: &ExactCache) -> Vec<ExactJob> {
    let mut missing = Vec::new();
    for job in experiment.pending_jobs() {
        match store.numbers(job) {
            Some(numbers) => known.insert(job, numbers),
            None => missing.push(job.clone()),
        }
    }
    missing
}

/// Works out jobs, keeps the numbers of each when it is done, and adds them to `known`.
///
/// # Errors
///
/// Where one cannot be kept, or the run is ended between two of them.
pub fn work_out(
    jobs: &[ExactJob],
    known: &ExactCache,
    store: &dyn Store,
    observer: &dyn Observer,
) -> Result<(), RunError> {
    let (done, of) = (AtomicU64::new(0), jobs.len() as u64);
    let one = |(): &mut (), job: &ExactJob| {
        if observer.cancelled() {
            return Err(RunError::Interrupted);
        }
        let numbers = job.work_out();
        store.keep(job, &numbers)?;
        known.insert(job, numbers);
        observer.job(done.fetch_add(1, Ordering::Relaxed) + 1, of);
        Ok(())
    };
    threads::try_map(jobs, || (), one).map(drop)
}

/// Finds in a store or works out what exact values rest on, and settles the experiment.
///
/// # Errors
///
/// See [`SessionError`].
pub fn settle(experiment: &mut Experiment, store: &dyn Store, observer: &dyn Observer) -> Result<(), SessionError> {
    let known = experiment.known.snapshot();
    let missing = missing_jobs(experiment, store, &known);
    work_out(&missing, &known, store, observer)?;
    Ok(experiment.know(known)?)
}

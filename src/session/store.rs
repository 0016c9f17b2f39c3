//! Owns the seam between a run and wherever its finished work is kept.

use crate::engine::{BlockStore, ExactJob, KeepError, NoStore, Spec};

/// Where blocks of scenarios and numbers of exact jobs are kept.
pub trait Store: Sync {
    /// Where those of a scenario are.
    fn blocks<'a>(&'a self, scenario: usize, spec: &'a Spec) -> Box<dyn BlockStore + 'a>;

    /// The numbers of a job that was done before.
    fn numbers(&self, job: &ExactJob) -> Option<Vec<f64>>;

    /// Keeps those of a job that is done. Called from any thread.
    fn keep(&self, job: &ExactJob, numbers: &[f64]) -> Result<(), KeepError>;
}

/// Nothing is kept.
impl Store for NoStore {
    fn blocks<'a>(&'a self, _: usize, _: &'a Spec) -> Box<dyn BlockStore + 'a> {
        Box::new(NoStore)
    }

    fn numbers(&self, _: &ExactJob) -> Option<Vec<f64>> {
        None
    }

    fn keep(&self, _: &ExactJob, _: &[f64]) -> Result<(), KeepError> {
        Ok(())
    }
}

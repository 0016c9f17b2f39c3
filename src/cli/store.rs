//! Owns the journal of a result as the store of a run.
//!
//! In a journal the numbers of an exact job are a block: of a key of their own, with index 0, no replicates, and one sum for each number.

use super::journal::{Own, not_kept};
use super::noted::{Noted, Notes};
use crate::engine::{BlockStore, ExactJob, KeepError, Spec};
use crate::inference::groups::Group;
use crate::record::BlockDigest;
use crate::record::journal::{Appender, Journal, Kept, Shape};
use crate::session::Store;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The one block of a job.
const BLOCK: u64 = 0;

/// How long a finished job waits at most for the disk, if another follows; the operating system has it at once.
const SYNC: Duration = Duration::from_millis(500);

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

/// A journal, and digests of some of the blocks that pass.
pub(super) struct JournalStore<'a> {
    kept: &'a Kept,
    /// None where it is only read.
    out: Option<&'a Appender>,
    /// One for each scenario.
    pub notes: Vec<Notes>,
    synced: Mutex<Instant>,
}

impl<'a> JournalStore<'a> {
    /// A journal that is read and written; digests are noted of runs to so many blocks, as far as is known.
    pub fn new(journal: &'a Journal, blocks: impl Iterator<Item = u64>) -> Self {
        Self {
            out: Some(&journal.out),
            notes: blocks.map(Notes::new).collect(),
            ..Self::reading(&journal.kept)
        }
    }

    /// What is kept, to which nothing is added.
    pub fn reading(kept: &'a Kept) -> Self {
        Self {
            kept,
            out: None,
            notes: Vec::new(),
            synced: Mutex::new(Instant::now()),
        }
    }

    /// What was noted when every block has passed.
    pub fn finish(self) -> Vec<Vec<BlockDigest>> {
        self.notes.into_iter().map(Notes::finish).collect()
    }

    /// Whether it is time to wait for the disk: the next job may be minutes away.
    fn is_due(&self) -> bool {
        let mut last = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.elapsed() >= SYNC;
        *last = if due { Instant::now() } else { *last };
        due
    }
}

impl Store for JournalStore<'_> {
    fn blocks<'a>(&'a self, scenario: usize, spec: &'a Spec) -> Box<dyn BlockStore + 'a> {
        let own = Box::new(Own::new(self.kept, self.out, spec));
        match self.notes.get(scenario) {
            Some(notes) => Box::new(Noted::new(own, notes)),
            None => own,
        }
    }

    fn numbers(&self, job: &ExactJob) -> Option<Vec<f64>> {
        find(self.kept, job)
    }

    fn keep(&self, job: &ExactJob, numbers: &[f64]) -> Result<(), KeepError> {
        let Some(out) = self.out else { return Ok(()) };
        let only = Group {
            replicates: 0,
            valid: Vec::new(),
            sums: numbers.to_vec(),
        };
        let kept = out.block(&job.key.bytes(), BLOCK, &[only]);
        let kept = kept.and_then(|()| if self.is_due() { out.sync() } else { out.flush() });
        kept.map_err(|error| KeepError(not_kept(&error)))
    }
}

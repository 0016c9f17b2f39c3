//! Owns the digests of blocks for a manifest, noted while the blocks pass between the engine and where they are kept.

use crate::engine::{BlockStore, KeepError};
use crate::inference::groups::Group;
use crate::record::{BlockDigest, is_chosen};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The blocks of one scenario on their way to and from a store, of which some are noted.
pub(super) struct Noted<'a> {
    store: Box<dyn BlockStore + 'a>,
    notes: &'a Notes,
}

impl<'a> Noted<'a> {
    /// Those of a store.
    pub fn new(store: Box<dyn BlockStore + 'a>, notes: &'a Notes) -> Self {
        Self { store, notes }
    }
}

/// The digests of some blocks of one scenario.
pub(super) struct Notes(Mutex<Noting>);

struct Noting {
    /// Blocks that the run goes on to.
    total: u64,
    /// Those of the blocks that have passed, in any order.
    passed: Vec<BlockDigest>,
}

impl Noting {
    /// Whether a block is to be noted and has not been.
    fn lacks(&self, block: u64) -> bool {
        is_chosen(block, self.total) && self.passed.iter().all(|own| own.block != block)
    }
}

impl Notes {
    /// Of a run to `total` blocks, as far as is known.
    pub fn new(total: u64) -> Self {
        Self(Mutex::new(Noting {
            total,
            passed: Vec::new(),
        }))
    }

    /// The run goes on to `total` blocks: of those that have passed no other is needed than was noted.
    pub fn to(&self, total: u64) {
        let mut own = self.lock();
        own.total = total;
        own.passed.retain(|passed| is_chosen(passed.block, total));
    }

    /// What is noted when every block has passed, in the order of the blocks.
    pub fn finish(self) -> Vec<BlockDigest> {
        let Noting { mut passed, .. } = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        passed.sort_by_key(|own| own.block);
        passed
    }

    fn note(&self, block: u64, batches: &[Group]) {
        if !self.lock().lacks(block) {
            return;
        }
        // Outside the lock: other threads need not wait for the digest.
        let digest = BlockDigest::of(block, batches);
        let mut own = self.lock();
        if own.lacks(block) {
            own.passed.push(digest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Noting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BlockStore for Noted<'_> {
    fn get(&self, block: u64) -> Option<Vec<Group>> {
        let batches = self.store.get(block)?;
        self.notes.note(block, &batches);
        Some(batches)
    }

    fn indices(&self) -> Vec<u64> {
        self.store.indices()
    }

    fn put(&self, block: u64, batches: &[Group]) -> Result<(), KeepError> {
        self.notes.note(block, batches);
        self.store.put(block, batches)
    }
}

//! Owns the digests of blocks for a manifest, noted while the blocks pass between the engine and where they are kept.

use crate::engine::{BlockStore, KeepError};
use crate::inference::groups::Group;
use crate::record::{BlockDigest, chosen};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

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

/// The digests of some blocks of one scenario, by block; none of a block that has yet to pass.
pub(super) struct Notes(Mutex<BTreeMap<u64, Option<BlockDigest>>>);

impl Notes {
    /// Of a run to `total` blocks, as far as is known.
    pub fn new(total: u64) -> Self {
        let own = Self(Mutex::new(BTreeMap::new()));
        own.to(total);
        own
    }

    /// The run goes on to `total` blocks: of those that have passed no other is needed than was noted.
    pub fn to(&self, total: u64) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *notes = chosen(total)
            .map(|block| (block, notes.get(&block).copied().flatten()))
            .collect();
    }

    /// What is noted when every block has passed.
    pub fn finish(self) -> Vec<BlockDigest> {
        let notes = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        notes.into_values().flatten().collect()
    }

    fn note(&self, block: u64, batches: &[Group]) {
        let wanted = |notes: &BTreeMap<u64, _>| notes.contains_key(&block);
        if wanted(&self.0.lock().unwrap_or_else(PoisonError::into_inner)) {
            // Outside the lock: other threads need not wait for the digest.
            let own = BlockDigest::of(block, batches);
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(block, Some(own));
        }
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

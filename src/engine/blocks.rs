//! Owns the seam between the engine and wherever finished blocks are kept.

use crate::inference::groups::Group;

/// Why a finished block could not be kept.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct KeepError(pub String);

/// Where the finished blocks of one scenario are kept.
pub trait BlockStore: Sync {
    /// The batches of a block that was kept before; none where it has to be computed.
    fn get(&self, block: u64) -> Option<Vec<Group>>;
    /// The blocks of which anything was kept, ascending: of every other [`get`](Self::get) gives nothing.
    fn indices(&self) -> Vec<u64>;
    /// Keeps a finished block. Called from any thread, in any order.
    fn put(&self, block: u64, batches: &[Group]) -> Result<(), KeepError>;
}

/// Keeps nothing: every block is computed, and gone when it has been folded.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoStore;

impl BlockStore for NoStore {
    fn get(&self, _block: u64) -> Option<Vec<Group>> {
        None
    }

    fn indices(&self) -> Vec<u64> {
        Vec::new()
    }

    fn put(&self, _block: u64, _batches: &[Group]) -> Result<(), KeepError> {
        Ok(())
    }
}

//! Owns how memory is counted: in pieces as an allocator gives them.

/// Bytes that a piece of memory takes: with the allocator's own word before it, in steps of 16, and 32 at least.
pub fn piece(bytes: usize) -> u64 {
    match bytes {
        0 => 0,
        bytes => (bytes as u64 + 8).next_multiple_of(16).max(32),
    }
}

/// Those of a list of so many.
pub fn list<T>(len: usize) -> u64 {
    piece(len.saturating_mul(size_of::<T>()))
}

/// What a study holds beyond its [`Spec`](super::Spec), in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Memory {
    /// As long as the scenario is there: world, arms, laws.
    pub held: u64,
    /// While it is drawn, whatever the threads.
    pub prepared: u64,
    /// Of each thread that draws it: lanes and scratch.
    pub worker: u64,
}

//! Owns what is told of a run while it is under way, and how it is asked to end.

use crate::engine::BlockSource;

/// Whoever looks on while an experiment is run. All of it is called from any thread.
pub trait Observer: Sync {
    /// Whether the run shall end: no further block or exact job is begun, and what is finished is kept.
    fn cancelled(&self) -> bool {
        false
    }

    /// An exact job is done: so many of as many as had to be worked out.
    fn job(&self, done: u64, of: u64) {
        let _ = (done, of);
    }

    /// A block of a scenario is there.
    fn block(&self, scenario: usize, source: BlockSource) {
        let _ = (scenario, source);
    }

    /// It was looked whether a scenario is precise enough.
    fn looked(&self, look: &Look) {
        let _ = look;
    }
}

/// Nobody.
impl Observer for () {}

/// What a look at the precision of a scenario found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Its index.
    pub scenario: usize,
    /// Blocks that it needs, as far as is known now.
    pub blocks: u64,
    /// How many of them are more than were known before.
    pub more: u64,
    /// Its largest standard error over the target.
    pub worst: f64,
}

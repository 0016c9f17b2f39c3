//! Owns the parallel run of one scenario: blocks in any order, folded in index order.

use super::blocks::{BlockStore, KeepError, NoStore};
use super::exact::ExactCache;
use super::shard::Share;
use super::spec::{Prepared, Spec, Study, StudyError, Tally};
use super::stopping::Refused;
use crate::inference::groups::{Folder, Group, Groups};
use crate::numerics::threads;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Blocks between two folds: enough that no thread waits long at the end of a wave.
const WAVE: u64 = 256;

/// Fewest blocks between two folds.
const LEAST_WAVE: u64 = 32;

/// Sums that the blocks of a wave may hold, 32 MB of them: a scenario of many modes has a million slots.
const WAVE_SUMS: u64 = 1 << 22;

/// Where a block came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockSource {
    /// It was computed now.
    Computed,
    /// It was computed before and kept.
    Cached,
}

/// How a run is watched and stopped from outside.
pub struct Watch<'a> {
    /// Called once for each finished block, from any thread.
    pub finished: &'a (dyn Fn(BlockSource) + Sync),
    /// Raised by a signal handler: no further block is started.
    pub stop: &'a AtomicBool,
}

impl Watch<'static> {
    /// Nobody watches, and nothing stops the run.
    pub fn nobody() -> Self {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Self {
            finished: &|_| (),
            stop: &NEVER,
        }
    }
}

/// Why a run gave no result. Blocks that were finished have been kept.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The scenario could not be prepared.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A finished block could not be kept.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// A target of precision has no meaning.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It was stopped from outside.
    #[error("interrupted")]
    Interrupted,
}

/// Runs at least `replicates` (rounded up to whole blocks) on the current threads and folds them into groups; nothing
/// is kept.
///
/// The result is a function of study and replicates alone: the number of threads changes no bit.
pub fn run(study: &dyn Study, replicates: u64) -> Result<Groups, RunError> {
    let mut folded = Folded::new(study.spec());
    Run::new(study, &NoStore, &Watch::nobody(), &mut folded).to(study.spec().blocks(replicates))?;
    Ok(folded.finish())
}

/// What one replicate of a scenario adds to its batch, bit for bit.
///
/// # Errors
///
/// Where the scenario cannot be prepared.
pub fn replay(study: &dyn Study, replicate: u64) -> Result<Group, StudyError> {
    let mut alone = Group::empty(&study.spec().layout);
    study
        .prepare(&ExactCache::empty())?
        .worker()
        .replay(replicate, &mut alone);
    Ok(alone)
}

/// What is folded of one scenario so far, and what has been prepared for it. It is owned, so that a run can be put down and gone on
/// with.
pub struct Folded {
    /// Prepared when the first block has to be computed.
    prepared: Option<Arc<dyn Prepared>>,
    known: ExactCache,
    folder: Folder,
    blocks: u64,
}

impl Folded {
    /// Nothing yet.
    pub fn new(spec: &Spec) -> Self {
        Self {
            prepared: None,
            known: ExactCache::empty(),
            folder: Folder::new(spec.layout.clone()),
            blocks: 0,
        }
    }

    /// Takes in what exact jobs gave, so that nothing of it is worked out again when blocks are computed.
    pub fn know(&mut self, known: &ExactCache) {
        self.known = known.clone();
    }

    /// How many blocks, from the first on.
    pub fn blocks(&self) -> u64 {
        self.blocks
    }

    /// Their sums.
    pub fn standing(&mut self) -> &Groups {
        self.folder.standing()
    }

    /// Their sums, when nothing more will be folded.
    pub fn finish(self) -> Groups {
        self.folder.finish()
    }
}

/// The run of one scenario, which may go on: what is folded so far is what a run to there would have folded, whichever
/// blocks had been kept before.
pub struct Run<'a> {
    study: &'a dyn Study,
    blocks: &'a dyn BlockStore,
    watch: &'a Watch<'a>,
    folded: &'a mut Folded,
}

impl<'a> Run<'a> {
    /// A run that goes on from what is folded.
    pub fn new(study: &'a dyn Study, blocks: &'a dyn BlockStore, watch: &'a Watch<'a>, folded: &'a mut Folded) -> Self {
        Self {
            study,
            blocks,
            watch,
            folded,
        }
    }

    /// Goes on by as many blocks as are held before they are folded, at most to the first `blocks`.
    pub fn step(&mut self, blocks: u64) -> Result<(), RunError> {
        self.refuse_stopped()?;
        let end = blocks.min(self.folded.blocks + wave(self.study.spec()));
        for batches in self.wave(self.folded.blocks..end)? {
            batches.iter().for_each(|batch| self.folded.folder.push(batch));
        }
        self.folded.blocks = end;
        Ok(())
    }

    /// Goes on until the first `blocks` blocks are folded.
    pub fn to(&mut self, blocks: u64) -> Result<(), RunError> {
        while self.folded.blocks < blocks {
            self.step(blocks)?;
        }
        Ok(())
    }

    /// Computes and keeps those of `share` that are not kept yet, as many as are held at a time, and folds nothing. The block to go on
    /// from; none where that were all.
    pub fn keep(&mut self, share: Share) -> Result<Option<u64>, RunError> {
        // A share may have more blocks than fit into memory.
        let wave: Vec<u64> = share.into_iter().take(wave(self.study.spec()) as usize).collect();
        let Some(last) = wave.last() else {
            return Ok(None);
        };
        self.refuse_stopped()?;
        let found = threads::map(&wave, || (), |(), &block| self.blocks.get(block).is_some());
        let missing = wave.iter().zip(found).filter(|(_, found)| !found);
        let missing: Vec<u64> = missing.map(|(&block, _)| block).collect();
        (missing.len()..wave.len()).for_each(|_| (self.watch.finished)(BlockSource::Cached));
        self.compute(&missing)?;
        Ok(Some(last + 1))
    }

    /// Where every block is kept, nothing else would look for it between two waves.
    fn refuse_stopped(&self) -> Result<(), RunError> {
        match self.watch.stop.load(Ordering::Relaxed) {
            true => Err(RunError::Interrupted),
            false => Ok(()),
        }
    }

    /// Batches of each block of a wave, in block order.
    fn wave(&mut self, wave: Range<u64>) -> Result<Vec<Vec<Group>>, RunError> {
        let first = wave.start;
        let wave: Vec<u64> = wave.collect();
        let mut found = threads::map(&wave, || (), |(), &block| self.blocks.get(block));
        let missing: Vec<u64> = (first..)
            .zip(&found)
            .filter(|(_, own)| own.is_none())
            .map(|(b, _)| b)
            .collect();
        (missing.len()..found.len()).for_each(|_| (self.watch.finished)(BlockSource::Cached));
        let computed = self.compute(&missing)?;
        for (block, batches) in missing.into_iter().zip(computed) {
            found[(block - first) as usize] = Some(batches);
        }
        Ok(found.into_iter().flatten().collect())
    }

    /// Computes and keeps these blocks, whether or not they were kept before; their batches. Scratch is per task; streams are keyed by
    /// replicate, so which worker runs which block cannot matter.
    pub fn compute(&mut self, blocks: &[u64]) -> Result<Vec<Vec<Group>>, RunError> {
        if blocks.is_empty() {
            return Ok(Vec::new());
        }
        let prepared = match &mut self.folded.prepared {
            Some(prepared) => prepared,
            none => none.insert(self.study.prepare(&self.folded.known)?),
        };
        let (spec, watch, keeper) = (self.study.spec(), self.watch, self.blocks);
        let size = spec.block_replicates();
        let one = |worker: &mut Box<dyn super::Worker + '_>, &block: &u64| {
            if watch.stop.load(Ordering::Relaxed) {
                return Err(RunError::Interrupted);
            }
            let replicates = block * size..(block + 1) * size;
            let mut tally = Tally::new(spec, replicates.clone()).until(watch.stop);
            worker.run(replicates, &mut tally);
            if tally.was_left() {
                return Err(RunError::Interrupted);
            }
            let batches = tally.into_batches();
            keeper.put(block, &batches)?;
            (watch.finished)(BlockSource::Computed);
            Ok(batches)
        };
        threads::try_map(blocks, || prepared.worker(), one)
    }
}

/// How many blocks are held before they are folded. Where a wave ends changes no bit: batches are folded one by one.
pub(super) fn wave(spec: &Spec) -> u64 {
    let per_block = spec.block * (spec.layout.slots() as u64).max(1);
    (WAVE_SUMS / per_block).clamp(LEAST_WAVE, WAVE)
}

#[cfg(test)]
#[path = "executor_tests.rs"]
mod tests;

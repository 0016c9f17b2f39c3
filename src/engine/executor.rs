//! Owns the parallel run of one scenario: blocks in any order, folded in index order.

use super::spec::{Ready, Spec, Study, StudyError, Tally};
use crate::inference::groups::{Folder, Group, Groups};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Blocks between two folds: enough that no thread waits long at the end of a wave.
const WAVE: u64 = 256;

/// Fewest blocks between two folds.
const LEAST_WAVE: u64 = 32;

/// Sums that the blocks of a wave may hold, 32 MB of them: a scenario of many modes has a million slots.
const WAVE_SUMS: u64 = 1 << 22;

/// How a run is watched and stopped from outside.
pub struct Watch<'a> {
    /// Called once for each finished block, from any thread.
    pub finished: &'a (dyn Fn() + Sync),
    /// Raised by a signal handler: no further block is started.
    pub stop: &'a AtomicBool,
}

/// The run was stopped before its end; nothing of it was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interrupted;

/// Why a run gave no result.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The scenario could not be prepared.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// It was stopped from outside.
    #[error("interrupted")]
    Interrupted,
}

/// Runs at least `replicates` (rounded up to whole blocks) on the current rayon pool and folds them into groups.
///
/// The result is a function of study and replicates alone: the number of threads changes no bit.
pub fn run(study: &dyn Study, replicates: u64, watch: &Watch<'_>) -> Result<Groups, RunError> {
    let ready = study.prepare()?;
    let blocks = study.spec().blocks(replicates);
    let mut folder = Folder::new(study.spec().layout.clone());
    let wave = wave(study.spec());
    for start in (0..blocks).step_by(wave as usize) {
        let wave = start..blocks.min(start + wave);
        for batches in run_wave(study, ready.as_ref(), wave, watch).map_err(|_| RunError::Interrupted)? {
            for batch in &batches {
                folder.push(batch);
            }
        }
    }
    Ok(folder.finish())
}

/// How many blocks are held before they are folded. Where a wave ends changes no bit: batches are folded one by one.
fn wave(spec: &Spec) -> u64 {
    let per_block = spec.block * (spec.layout.slots() as u64).max(1);
    (WAVE_SUMS / per_block).clamp(LEAST_WAVE, WAVE)
}

/// Batches of each block of a wave, in block order. Scratch is per task; streams are keyed by replicate, so which
/// worker runs which block cannot matter.
fn run_wave(
    study: &dyn Study,
    ready: &dyn Ready,
    wave: std::ops::Range<u64>,
    watch: &Watch<'_>,
) -> Result<Vec<Vec<Group>>, Interrupted> {
    let size = study.spec().block_replicates();
    wave.into_par_iter()
        .map_init(
            || ready.worker(),
            |worker, block| {
                if watch.stop.load(Ordering::Relaxed) {
                    return Err(Interrupted);
                }
                let replicates = block * size..(block + 1) * size;
                let mut tally = Tally::new(study.spec(), replicates.clone());
                worker.run(replicates, &mut tally);
                (watch.finished)();
                Ok(tally.into_batches())
            },
        )
        .collect()
}

//! Owns the folding of blocks that are all kept already: nothing is computed, and what is missing is named.

use super::blocks::BlockStore;
use super::spec::Spec;
use super::stopping::{Refused, Stop, Stopping};
use crate::inference::groups::{Folder, Groups};
use std::ops::Range;

/// Why kept blocks make no result.
#[derive(Debug, thiserror::Error)]
pub enum MissingBlocks {
    /// Some are not there.
    #[error("{} of {of} blocks are missing", count(blocks))]
    Missing {
        /// Which, ascending: what lies between those that are there, so that its length is no matter of how many are needed.
        blocks: Vec<Range<u64>>,
        /// How many are needed as far as is known.
        of: u64,
    },
    /// A target of precision has no meaning.
    #[error(transparent)]
    Refused(#[from] Refused),
}

fn count(ranges: &[Range<u64>]) -> u64 {
    ranges.iter().map(|range| range.end - range.start).sum()
}

/// The group sums of a scenario from kept blocks alone: those that a run would give.
pub fn fold_stored(spec: &Spec, stop: &Stop, blocks: &dyn BlockStore) -> Result<Groups, MissingBlocks> {
    let mut stopping = Stopping::new(stop, spec);
    let mut folder = Folder::new(spec.layout.clone());
    let mut folded = 0;
    loop {
        let needed = stopping.blocks();
        for block in folded..needed {
            let Some(batches) = blocks.get(block) else {
                return Err(MissingBlocks::Missing {
                    blocks: missing(blocks, block..needed),
                    of: needed,
                });
            };
            batches.iter().for_each(|batch| folder.push(batch));
        }
        folded = needed;
        if stopping.is_finished() {
            return Ok(folder.finish());
        }
        stopping.look(stop, spec, folder.standing())?;
    }
}

/// Those of `needed` that are not there.
fn missing(blocks: &dyn BlockStore, needed: Range<u64>) -> Vec<Range<u64>> {
    let mut there = blocks.indices();
    there.retain(|block| needed.contains(block) && blocks.get(*block).is_some());
    let (mut gaps, mut next) = (Vec::new(), needed.start);
    for block in there.into_iter().chain([needed.end]) {
        if block > next {
            gaps.push(next..block);
        }
        next = block + 1;
    }
    gaps
}

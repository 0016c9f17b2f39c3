//! Owns the folding of blocks that are all kept already: nothing is computed, and what is missing is named.

use super::blocks::Blocks;
use super::spec::Spec;
use super::stopping::{Refused, Stop, Stopping};
use crate::inference::groups::{Folder, Groups};

/// Why kept blocks make no result.
#[derive(Debug, thiserror::Error)]
pub enum Gap {
    /// Some are not there.
    #[error("{} of {of} blocks are missing", blocks.len())]
    Missing {
        /// Which, ascending.
        blocks: Vec<u64>,
        /// How many are needed as far as is known.
        of: u64,
    },
    /// A target of precision has no meaning.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// The group sums of a scenario from kept blocks alone: those that [`super::Run::until`] would give.
pub fn gather(spec: &Spec, stop: &Stop, blocks: &dyn Blocks) -> Result<Groups, Gap> {
    let mut stopping = Stopping::new(stop, spec);
    let mut folder = Folder::new(spec.layout.clone());
    let mut folded = 0;
    loop {
        let needed = stopping.blocks();
        for block in folded..needed {
            let Some(batches) = blocks.kept(block) else {
                let gone = |block: &u64| blocks.kept(*block).is_none();
                return Err(Gap::Missing {
                    blocks: (block..needed).filter(gone).collect(),
                    of: needed,
                });
            };
            batches.iter().for_each(|batch| folder.push(batch));
        }
        folded = needed;
        if stopping.is_finished() {
            return Ok(folder.finish());
        }
        stopping.look(&folder.groups())?;
    }
}

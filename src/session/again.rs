//! Owns blocks that are drawn again, to be held against what a manifest says of them.

use crate::engine::{ExactCache, Folded, NoStore, Run, RunError, Study, Watch};
use crate::record::BlockDigest;

/// The digests of some blocks of a scenario, drawn now. What preparing it rests on is taken from `known`.
///
/// # Errors
///
/// Where the scenario cannot be prepared.
pub fn draw_again(study: &dyn Study, blocks: &[u64], known: &ExactCache) -> Result<Vec<BlockDigest>, RunError> {
    let mut folded = Folded::new(study.spec());
    folded.know(known);
    let drawn = Run::new(study, &NoStore, &Watch::nobody(), &mut folded).compute(blocks)?;
    let digests = blocks.iter().zip(drawn);
    Ok(digests
        .map(|(&block, batches)| BlockDigest::of(block, &batches))
        .collect())
}

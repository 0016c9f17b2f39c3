//! Owns the pools that figures show: drawn again, as the run draws them.

use crate::experiment::{Experiment, PoolView};
use crate::record::{CandidateRecord, PoolRecord};

/// A figure shows a pool that its scenario does not draw.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("figure {0}: no such pool is drawn")]
pub struct NoPool(pub String);

/// The pool of each figure that shows one, by the figure's name.
///
/// # Errors
///
/// Where a scenario draws no such pool.
pub fn pools(experiment: &Experiment) -> Result<Vec<(String, PoolRecord)>, NoPool> {
    let pool = |(figure, view): (&str, &PoolView)| {
        let record = record(experiment, view).ok_or_else(|| NoPool(figure.to_owned()))?;
        Ok((figure.to_owned(), record))
    };
    experiment.pools().map(pool).collect()
}

fn record(experiment: &Experiment, view: &PoolView) -> Option<PoolRecord> {
    let study = experiment.scenarios[view.scenario].study.pools()?;
    let drawn = study.pool(view.replicate, view.prompt, &view.arms)?;
    let rank = |kept: &Vec<usize>, index| kept.iter().position(|&own| own == index).map(|at| at as u64 + 1);
    let candidates = drawn
        .modes
        .iter()
        .zip(&drawn.rewards)
        .zip(drawn.embeddings.chunks_exact(drawn.dimension));
    Some(PoolRecord {
        scenario: view.scenario as u64,
        replicate: view.replicate,
        prompt: u64::from(view.prompt),
        selections: view.names.clone(),
        candidates: candidates
            .enumerate()
            .map(|(index, ((&mode, &reward), embedding))| CandidateRecord {
                mode: u64::from(mode),
                reward,
                embedding: embedding.to_vec(),
                ranks: drawn.kept.iter().map(|kept| rank(kept, index)).collect(),
            })
            .collect(),
    })
}

//! Owns the weights of the weighted selectors: the share of a pool that each kept candidate represents best.

use super::ties::TOLERANCE;
use super::{CoverageTies, Pool, SelectError};

/// The shares of what was kept of a pool. Scratch: nothing is allocated per pool.
#[derive(Debug, Clone)]
pub struct Shares {
    /// By kept candidate, in the order kept: the parts of the pool that it represents, of which every candidate has K.
    parts: Vec<f64>,
    /// Which of the kept are nearest to one candidate.
    nearest: Vec<usize>,
    candidates: usize,
}

impl Shares {
    /// Room for pools of at most `room` candidates.
    pub fn new(room: usize) -> Self {
        Self {
            parts: Vec::with_capacity(room),
            nearest: Vec::with_capacity(room),
            candidates: 0,
        }
    }

    /// Shares the pool's N candidates out to those kept, each to the kept ones that are most similar to it, within [`TOLERANCE`] of
    /// the largest similarity: in equal parts, or all of it to the one kept first, as `ties` says.
    ///
    /// An error where one of `kept`, in the order kept, is no candidate, or the pool's similarities are too few.
    pub fn fill(&mut self, pool: &Pool<'_>, kept: &[usize], ties: CoverageTies) -> Result<(), SelectError> {
        pool.check_shape()?;
        let candidates = pool.candidates;
        if let Some(&index) = kept.iter().find(|index| **index >= candidates) {
            return Err(SelectError::NoCandidate { index, candidates });
        }
        self.share(candidates, |i| &pool.similarity[i * pool.stride..], kept, ties);
        Ok(())
    }

    /// The same of `near[i * k + s]`, how similar candidate i is to the s-th of k that are kept.
    pub fn fill_near(&mut self, near: &[f64], k: usize, ties: CoverageTies) {
        let kept: Vec<usize> = (0..k).collect();
        self.share(near.len().checked_div(k).unwrap_or(0), |i| &near[i * k..], &kept, ties);
    }

    fn share<'a>(&mut self, candidates: usize, row: impl Fn(usize) -> &'a [f64], kept: &[usize], ties: CoverageTies) {
        self.candidates = candidates;
        self.parts.clear();
        self.parts.resize(kept.len(), 0.0);
        if kept.is_empty() {
            return;
        }
        let parts = kept.len() as f64;
        for i in 0..candidates {
            self.find_nearest(row(i), kept);
            match ties {
                CoverageTies::First => self.parts[self.nearest[0]] += parts,
                CoverageTies::Split => {
                    let part = parts / self.nearest.len() as f64;
                    self.nearest.iter().for_each(|&s| self.parts[s] += part);
                }
            }
        }
    }

    /// Those whose similarity to the candidate of this row is the largest, to rounding: at least one where any is kept.
    fn find_nearest(&mut self, row: &[f64], kept: &[usize]) {
        let largest = kept.iter().map(|&s| row[s]).fold(f64::NEG_INFINITY, f64::max);
        self.nearest.clear();
        let near = |&s: &usize| row[kept[s]] >= largest - TOLERANCE;
        self.nearest.extend((0..kept.len()).filter(near));
    }

    /// The weights of the kept candidates, in the order kept: the share of the pool's N that each represents. They sum to 1.
    pub fn weights(&self) -> impl ExactSizeIterator<Item = f64> + '_ {
        let all = self.candidates as f64 * self.parts.len() as f64;
        self.parts.iter().map(move |parts| parts / all)
    }

    /// What each counts where one kept with equal weights counts 1: K times its weight. They sum to K.
    pub fn counts(&self) -> impl ExactSizeIterator<Item = f64> + '_ {
        self.parts.iter().map(|parts| parts / self.candidates as f64)
    }
}

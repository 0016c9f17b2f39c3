//! Owns the weights of the weighted selectors: the share of a pool that each kept candidate represents best.

use super::ties::TOLERANCE;
use super::{Pool, SelectError};

/// The shares of the kept candidates, one more kept at a time. Scratch: nothing is allocated per pool.
#[derive(Debug, Clone)]
pub struct Shares {
    /// Similarity of each candidate to the kept one that represents it.
    near: Vec<f64>,
    /// Which kept one that is, in the order kept.
    owner: Vec<usize>,
    counts: Vec<usize>,
    weights: Vec<f64>,
}

impl Shares {
    /// Room for pools of at most `room` candidates.
    pub fn new(room: usize) -> Self {
        Self {
            near: Vec::with_capacity(room),
            owner: Vec::with_capacity(room),
            counts: Vec::with_capacity(room),
            weights: Vec::with_capacity(room),
        }
    }

    /// Begins a pool with nothing kept.
    pub fn start(&mut self) {
        self.counts.clear();
        self.weights.clear();
    }

    /// Keeps one more candidate of a pool, and gives the weights of all kept since [`Shares::start`], in that order:
    /// the share of the pool's N candidates that are most similar to each. They sum to 1.
    ///
    /// A candidate as similar to several kept ones, within [`TOLERANCE`], counts for the one kept first.
    /// An error where `kept` is no candidate or the pool's similarities are too few.
    pub fn keep(&mut self, pool: &Pool<'_>, kept: usize) -> Result<&[f64], SelectError> {
        pool.check_shape()?;
        if kept >= pool.candidates {
            return Err(SelectError::NoCandidate {
                index: kept,
                candidates: pool.candidates,
            });
        }
        if self.counts.is_empty() {
            self.first(pool, kept);
        } else {
            self.next(pool, kept);
        }
        let n = pool.candidates as f64;
        self.weights.clear();
        self.weights.extend(self.counts.iter().map(|&count| count as f64 / n));
        Ok(&self.weights)
    }

    fn first(&mut self, pool: &Pool<'_>, kept: usize) {
        self.near.clear();
        self.near.extend(column(pool, kept));
        self.owner.clear();
        self.owner.resize(pool.candidates, 0);
        self.counts.push(pool.candidates);
    }

    fn next(&mut self, pool: &Pool<'_>, kept: usize) {
        let new = self.counts.len();
        self.counts.push(0);
        let old = self.near.iter_mut().zip(&mut self.owner);
        for ((near, owner), similarity) in old.zip(column(pool, kept)) {
            if similarity > *near + TOLERANCE {
                self.counts[*owner] -= 1;
                self.counts[new] += 1;
                (*near, *owner) = (similarity, new);
            }
        }
    }
}

/// How well one candidate represents each.
fn column<'a>(pool: &'a Pool<'_>, kept: usize) -> impl Iterator<Item = f64> + 'a {
    (0..pool.candidates).map(move |i| pool.similarity[i * pool.stride + kept])
}

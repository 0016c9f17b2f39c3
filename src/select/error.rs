//! Owns what can be wrong with a pool, a rule or embeddings, and how it is said.

use thiserror::Error;

/// Why nothing was kept.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SelectError {
    /// lambda outside [0, 1].
    #[error("the reward share is {0}, but it is a share: give a number from 0 to 1")]
    RewardShare(f64),
    /// A threshold that is NaN or infinite.
    #[error("the threshold is {0}, but it must be a finite number")]
    Threshold(f64),
    /// K > N.
    #[error("{keep} of {candidates} candidates cannot be kept: keep at most {candidates}")]
    MoreThanPool {
        /// K.
        keep: usize,
        /// N.
        candidates: usize,
    },
    /// More candidates than the scratch was made for.
    #[error("a pool of {candidates} candidates, but there is room for {room}: make room for the largest pool")]
    PoolTooLarge {
        /// N.
        candidates: usize,
        /// The most that this scratch holds.
        room: usize,
    },
    /// A slice of the pool is too short for its candidates.
    #[error("{have} {what}, but {need} are needed")]
    Short {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        have: usize,
        /// How many the candidates need.
        need: usize,
    },
    /// Rows of the similarity matrix would overlap.
    #[error("a stride of {stride} is below the {candidates} candidates of a row")]
    Stride {
        /// From one row to the next.
        stride: usize,
        /// N.
        candidates: usize,
    },
    /// A reward that is NaN or infinite.
    #[error("the reward of candidate {candidate} is {value}, but rewards must be finite numbers")]
    Reward {
        /// Which, from 0.
        candidate: usize,
        /// Its reward.
        value: f64,
    },
    /// Rewards too far apart for their difference to be a number.
    #[error("rewards from {least:e} to {greatest:e} are too far apart to scale: divide them by a constant")]
    RewardSpan {
        /// The least.
        least: f64,
        /// The greatest.
        greatest: f64,
    },
    /// A similarity that is NaN, infinite, or so large that sums overflow.
    #[error("the similarity of candidates {row} and {column} is {value}, but it should be a number from 0 to 1")]
    Similarity {
        /// The candidate that is represented, from 0.
        row: usize,
        /// The candidate that represents it, from 0.
        column: usize,
        /// Its value.
        value: f64,
    },
    /// An index of a set that is no candidate.
    #[error("the set names candidate {index}, but the pool has {candidates}, counted from 0")]
    NoCandidate {
        /// The index.
        index: usize,
        /// N.
        candidates: usize,
    },
    /// A selector of one's own kept other than K different candidates.
    #[error("the selector {name:?} kept {kept:?} of {candidates} candidates, but {keep} different ones were asked for")]
    Own {
        /// Its name.
        name: &'static str,
        /// K.
        keep: usize,
        /// N.
        candidates: usize,
        /// What it kept.
        kept: Vec<usize>,
    },
    /// Too many candidates for an enumeration.
    #[error("{candidates} candidates are too many to try every subset: at most {most}")]
    Enumeration {
        /// N.
        candidates: usize,
        /// The most that are enumerated.
        most: usize,
    },
    /// A number of an embedding that is NaN or infinite.
    #[error("number {coordinate} of embedding {candidate} is {value}, but embeddings must be finite numbers")]
    Embedding {
        /// Which, from 0.
        candidate: usize,
        /// Which of its numbers, from 0.
        coordinate: usize,
        /// Its value.
        value: f64,
    },
    /// An embedding without a direction: its squared length is 0, or not a normal number.
    #[error("embedding {candidate} has squared length {squared:e}: it has no direction, so no cosine")]
    Length {
        /// Which, from 0.
        candidate: usize,
        /// Its squared length.
        squared: f64,
    },
    /// A bandwidth that is not positive and finite.
    #[error("the bandwidth is {0}, but it must be a positive number")]
    Bandwidth(f64),
}

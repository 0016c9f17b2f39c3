//! Exact values of propose-and-aggregate (Li et al. 2025, arXiv 2501.11877) and of the best of several drafts.
//!
//! The setting: an answer has slots, each with M modes of which V are valid. A layer draws N drafts independently from one policy; given
//! the drafts, the policy of the next layer depends on them through their votes alone, the number of drafts of each mode. Depth L counts
//! the layers of N drafts, the first included, and one head answers after the last: depth 0 is an answer without drafts. Every value is
//! one of a slot, given its policies.
//!
//! It never draws and knows no features or training: policies come as tables of probabilities, one row per vector of votes.
//!
//! - [`ceiling`]: how often the best of some normals is a valid one.
//! - [`Votes`]: every vector of votes, its multinomial probability, and who wins a plurality.
//! - [`Chain`]: layers as a Markov chain of votes; [`through_subsets`]: with drafts that read a random subset.
//! - [`drift`]: what copying alone does to diversity.
//! - [`best_of`]: the best of n candidates by a noisy reward; [`best_of_scored`]: by a score of one's own.
//! - [`Posterior`]: which modes are valid, by their votes and by verification.
//! - [`compute`]: what it costs.

mod best_of;
mod ceiling;
mod chain;
pub mod compute;
pub mod drift;
mod line;
mod posterior;
mod scored;
mod subsets;
mod votes;

#[cfg(test)]
mod checks;
#[cfg(test)]
mod reference;

pub use best_of::{best_of, pair_accuracy, poisson_binomial};
pub use ceiling::ceiling;
pub use chain::Chain;
pub use posterior::{Posterior, VotesGivenValid};
pub use scored::{MOST_ANSWERS, ScoredSlot, best_of_scored};
pub use subsets::{subset_law, through_subsets};
pub use votes::Votes;

//! Owns one arm: how many of how many are kept by which rule, and what theory guarantees of it.

use super::Family;
use crate::numerics::elementary::powi;
use crate::select::{MOST_SEARCHED, RewardScale, Selector, Similarity};
use crate::study::chosen::Choice;
use crate::study::pools::ArmError;

/// The share of the best F that greedy picks of K are sure to reach where F is nonnegative, monotone and submodular:
/// 1 - (1 - 1/K)^K (Nemhauser, Wolsey and Fisher 1978, theorem 4.2).
pub fn bound(responses: u32) -> f64 {
    // K is at most 16, the size of a pool.
    1.0 - powi(1.0 - 1.0 / f64::from(responses), responses as i32)
}

/// The limit of [`bound`] as K grows, and below it for every K: 1 - 1/e.
pub fn limit() -> f64 {
    1.0 - crate::numerics::elementary::exp(-1.0)
}

/// One arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GreedyArm {
    /// How the picks are made: `diverse` or `diverse-best`. Families without embeddings have similarities of their own.
    pub choice: Choice,
    /// K, at least 1.
    pub responses: u32,
    /// N, from 2 to [`MOST_SEARCHED`](crate::select::MOST_SEARCHED).
    pub candidates: u32,
}

impl GreedyArm {
    /// An error where there can be no such arm.
    pub(super) fn check(&self) -> Result<(), ArmError> {
        let (responses, candidates) = (self.responses, self.candidates);
        let selector = self.choice.rule.selector;
        if responses == 0 || candidates < 2 || candidates as usize > MOST_SEARCHED {
            Err(ArmError::Unsearchable { responses, candidates })
        } else if responses > candidates {
            Err(ArmError::TooFew { responses, candidates })
        } else if matches!(selector, Selector::Diverse | Selector::DiverseBest) {
            Ok(())
        } else {
            Err(ArmError::NoGuarantee(selector.name()))
        }
    }

    /// The weight of rewards in F: 0 for `diverse`.
    fn reward_share(&self) -> f64 {
        match self.choice.rule.selector.needs_rewards() {
            true => self.choice.rule.objective.reward_share,
            false => 0.0,
        }
    }

    /// Whether F is submodular for every pool of the family: similarities are never negative, or count nothing.
    ///
    /// F of nothing is 0, so a negative similarity breaks it; among sets that are not empty coverage is submodular always.
    pub fn submodular(&self, family: &Family) -> bool {
        let negative = family.embedded() && !family.orthonormal() && self.choice.similarity == Similarity::RawCosine;
        !negative || self.reward_share() == 1.0
    }

    /// Whether F is monotone too: rewards less their mean are negative for some.
    pub fn monotone(&self, family: &Family) -> bool {
        let negative = self.choice.rule.objective.rewards == RewardScale::ZScore && self.reward_share() > 0.0;
        self.submodular(family) && !negative
    }

    /// Whether greedy picks are the best set of every pool: of one candidate, of all, by rewards alone, and where F is a sum
    /// over clusters that have nothing in common (science, section 2: it is concave within each).
    pub fn always_optimal(&self, family: &Family) -> bool {
        let all_or_one = self.responses == 1 || self.responses == self.candidates;
        all_or_one || self.reward_share() == 1.0 || family.orthonormal()
    }

    pub(super) fn canonical(&self) -> String {
        format!(
            "{} candidates {} responses {}",
            self.choice.canonical(),
            self.candidates,
            self.responses
        )
    }
}

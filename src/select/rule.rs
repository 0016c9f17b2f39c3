//! Owns what a selector maximises: how rewards and coverage are scaled and weighed against each other.

use super::{SelectError, Selector};

/// A selector with its objective.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// The selector.
    pub selector: Selector,
    /// Read by `diverse-best` and its weighted form, all but the threshold, which `filter` alone takes; the other diverse selectors take
    /// only its balance, and `random` and `best` nothing.
    pub objective: Objective,
}

/// F(S) = lambda * rewards + (1 - lambda) * coverage of a set S of kept candidates; F of nothing is 0.
///
/// Coverage is facility location: each candidate i of the pool counts its similarity to the nearest kept one,
/// max over s in S of sim(i, s). With rewards and similarities that are nonnegative F is monotone and submodular, and
/// greedy picks reach at least 1 - (1 - 1/K)^K of the best F (Nemhauser, Wolsey and Fisher 1978).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Objective {
    /// lambda, in [0, 1]: 0 is coverage alone, 1 is rewards alone.
    pub reward_share: f64,
    /// The scale r~ on which rewards enter.
    pub rewards: RewardScale,
    /// Whether both parts are sums or means.
    pub balance: Balance,
    /// No part of F, but how the weighted selectors share out what F's coverage counts.
    pub ties: CoverageTies,
    /// tau, no part of F: the reward that a candidate must exceed to pass `filter`. Finite.
    pub threshold: f64,
}

/// The scale r~ of the rewards of one pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RewardScale {
    /// (r - least) / (greatest - least) in the pool, in [0, 1]; 0 where all are equal.
    MinMax,
    /// As given.
    Raw,
    /// (r - mean) / sd in the pool (sd with divisor N); 0 where all are equal. About half are negative, so F is not
    /// monotone and the greedy guarantee is lost.
    ZScore,
}

/// How the two parts of the objective are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Balance {
    /// lambda * sum over S of r~ + (1 - lambda) * sum over the pool of max sim.
    Sums,
    /// lambda / K * sum over S of r~ + (1 - lambda) / N * sum over the pool of max sim.
    Means,
}

/// Whose weight a candidate adds to that is as similar to several kept ones, within [`TOLERANCE`](super::TOLERANCE): it may be of a mode
/// of which several are kept, or similar to none (similarity 0 to all).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CoverageTies {
    /// Theirs in equal parts.
    Split,
    /// That of the one kept first.
    First,
}

impl Objective {
    /// The objective of the default experiments: sums of min-max rewards and coverage, half each, and weights that split ties; candidates pass above 1/2.
    pub const USUAL: Self = Self {
        reward_share: 0.5,
        rewards: RewardScale::MinMax,
        balance: Balance::Sums,
        ties: CoverageTies::Split,
        threshold: 0.5,
    };
}

impl Default for Objective {
    fn default() -> Self {
        Self::USUAL
    }
}

impl Objective {
    /// An error unless lambda is in [0, 1] and the threshold finite.
    pub(super) fn check(&self) -> Result<(), SelectError> {
        match (0.0..=1.0).contains(&self.reward_share) {
            false => Err(SelectError::RewardShare(self.reward_share)),
            true if !self.threshold.is_finite() => Err(SelectError::Threshold(self.threshold)),
            true => Ok(()),
        }
    }

    /// The factors of one kept candidate's r~ and of the coverage, when `keep` of `candidates` are kept.
    pub(super) fn factors(&self, keep: usize, candidates: usize) -> (f64, f64) {
        let lambda = self.reward_share;
        match self.balance {
            Balance::Sums => (lambda, 1.0 - lambda),
            Balance::Means => (lambda / keep.max(1) as f64, (1.0 - lambda) / candidates.max(1) as f64),
        }
    }
}

impl Rule {
    /// A selector with the default objective.
    pub fn new(selector: Selector) -> Self {
        Self {
            selector,
            objective: Objective::default(),
        }
    }

    /// Whether the picks for K are the first K of the picks for K + 1. All are, except those of `diverse-best` with means (a
    /// mean reward has K in its denominator, so the weight of rewards falls as K grows), and of selectors of one's own, of which
    /// it is not known.
    pub fn nested(&self) -> bool {
        let objective = self.effective();
        let known = !matches!(self.selector, Selector::Own(_));
        known && (objective.balance == Balance::Sums || objective.reward_share == 0.0)
    }

    /// The objective that the selector maximises: coverage alone unless it reads both parts.
    pub(super) fn effective(&self) -> Objective {
        let both = self.selector.needs_rewards() && self.selector.needs_similarity();
        Objective {
            reward_share: if both { self.objective.reward_share } else { 0.0 },
            ..self.objective
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_mean_rewards_break_the_nesting_of_picks() {
        for selector in Selector::ALL {
            let mut rule = Rule::new(selector);
            assert!(rule.nested(), "{selector:?}");
            rule.objective.balance = Balance::Means;
            let both = matches!(selector, Selector::DiverseBest | Selector::DiverseBestWeighted);
            assert_eq!(rule.nested(), !both, "{selector:?}");
            rule.objective.reward_share = 0.0;
            assert!(rule.nested(), "{selector:?}");
        }
    }

    #[test]
    fn a_reward_share_is_a_share() {
        for lambda in [-0.1, 1.1, f64::NAN] {
            let objective = Objective {
                reward_share: lambda,
                ..Objective::default()
            };
            assert!(
                matches!(objective.check(), Err(SelectError::RewardShare(_))),
                "{lambda}"
            );
        }
        assert_eq!(Objective::default().check(), Ok(()));
    }
}

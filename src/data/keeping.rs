//! Owns what is asked for: how many candidates of each prompt are kept, by which rule, and who may be.

use super::shapes::Shape;
use crate::select::{Rule, Similarity};

/// What is kept of each prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Keeping {
    /// The selector and what it maximises.
    pub rule: Rule,
    /// How alike two embeddings are; given similarities are taken as they are.
    pub similarity: Similarity,
    /// K, at least 1; none where all are kept.
    pub keep: Option<usize>,
    /// Decides ties and `random`.
    pub seed: u64,
    /// Whether a prompt of fewer than K candidates is left out, and not an error.
    pub skip_short: bool,
    /// Whether a prompt whose rewards are all equal is left out.
    pub skip_equal: bool,
    /// The weights of the rewards, which stand in the first columns of [`Wanted::values`](super::Wanted::values): their sum is the
    /// reward, as it is written where there is one of weight 1.
    pub rewards: Vec<f64>,
    /// What is done about a candidate without a reward.
    pub missing: Missing,
    /// The column of responses among [`Wanted::values`](super::Wanted::values), if that is one.
    pub response: Option<usize>,
    /// Whether each response is kept at most once.
    pub distinct: bool,
    /// Whether what was kept is set beside what was there.
    pub report: bool,
}

/// What is done about a candidate without a reward, where others have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// The input is refused.
    #[default]
    Error,
    /// It is left out, as if it were not there.
    Drop,
    /// It is kept only after all that have one, in random order.
    Last,
}

impl Missing {
    /// Every policy, in the order of help texts.
    pub const ALL: [Missing; 3] = [Missing::Error, Missing::Drop, Missing::Last];

    /// The name in help texts.
    pub fn name(self) -> &'static str {
        match self {
            Missing::Error => "error",
            Missing::Drop => "drop",
            Missing::Last => "last",
        }
    }
}

impl Keeping {
    /// Whether candidates have all the rewards that are asked for.
    pub(super) fn has_rewards(&self, shape: &Shape) -> bool {
        !self.rewards.is_empty() && shape.values[..self.rewards.len()].iter().all(Option::is_some)
    }
}

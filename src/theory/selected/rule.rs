//! Owns the rules that keep K of N candidates as functions of the pool's counts by mode.

use super::{LawError, PoolLaw};

/// How `diverse-best` puts the rewards on the scale of similarity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    /// r~ = r: as given.
    Raw,
    /// r~ = (r - min)/(max - min) over the pool's candidates; 0 where all are equal. Any other constant would keep the same: it adds the
    /// same to every gain.
    InPool,
}

/// A selector on noiseless orthonormal modes. Each is the greedy maximiser of an objective: at every pick it takes a candidate with the
/// largest marginal gain, gains within 1e-9 are tied, and a tie is broken by a uniformly random order that is fresh for each pick.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Every K-subset of the pool with equal probability.
    Random,
    /// The K largest rewards, one reward per mode; only equal rewards are tied.
    Best {
        /// M rewards.
        rewards: Vec<f64>,
    },
    /// A random K of the candidates whose reward exceeds the threshold; where they are fewer, the best of the others beside them, of
    /// which only equal rewards are tied.
    Filter {
        /// M rewards.
        rewards: Vec<f64>,
        /// Finite.
        threshold: f64,
    },
    /// Facility location: F(S) = sum over the pool of the largest similarity to S. It takes one candidate of each of the K most
    /// frequent modes, and fills surplus places uniformly from the rest.
    Diverse,
    /// F(S) = lambda sum over S of r~ + (1 - lambda) sum over the pool of the largest similarity to S.
    DiverseBest {
        /// M rewards.
        rewards: Vec<f64>,
        /// From 0 (`Diverse`) to 1 (`Best`).
        lambda: f64,
        /// Of the rewards.
        scaling: Scaling,
    },
    /// Farthest first from a random start: the K first distinct modes of the pool in random order, then uniformly from the rest.
    DiverseMaxMin,
}

impl Rule {
    /// The name in messages.
    pub fn name(&self) -> &'static str {
        match self {
            Rule::Random => "random",
            Rule::Best { .. } => "best",
            Rule::Filter { .. } => "filter",
            Rule::Diverse => "diverse",
            Rule::DiverseBest { .. } => "diverse-best",
            Rule::DiverseMaxMin => "diverse-max-min",
        }
    }

    /// What tells it from other rules.
    pub(super) fn bits(&self) -> Vec<u64> {
        let bits = |rewards: &[f64]| rewards.iter().map(|r| r.to_bits()).collect::<Vec<_>>();
        match self {
            Rule::Random => vec![0],
            Rule::Diverse => vec![1],
            Rule::DiverseMaxMin => vec![2],
            Rule::Best { rewards } => [vec![3], bits(rewards)].concat(),
            Rule::Filter { rewards, threshold } => [vec![5, threshold.to_bits()], bits(rewards)].concat(),
            Rule::DiverseBest {
                rewards,
                lambda,
                scaling,
            } => {
                let raw = u64::from(*scaling == Scaling::Raw);
                [vec![4, raw, lambda.to_bits()], bits(rewards)].concat()
            }
        }
    }

    /// Whether renaming modes renames what is kept: the law given the counts then depends on their sizes alone.
    pub fn is_symmetric(&self) -> bool {
        matches!(self, Rule::Random | Rule::Diverse | Rule::DiverseMaxMin)
    }
}

/// How much each kept candidate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weights {
    /// 1/K each.
    Equal,
    /// The share of the pool that it represents: a candidate of a kept mode belongs to the kept ones of its mode, in equal parts; one of
    /// another mode is similar to none, and belongs to all K in equal parts.
    SplitCoverage,
    /// The same, but whatever belongs to several belongs to the one kept first. So a mode that is kept counts with its share of the
    /// pool, and the modes that are not go to the mode kept first.
    FirstCoverage,
}

/// One question: what `rule` keeps, and how it is weighted.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// The selector.
    pub rule: Rule,
    /// K.
    pub keep: u32,
    /// Of the kept.
    pub weights: Weights,
}

/// With lambda up to here the first candidate of a mode gains more than a tie's width over the next.
const MOST_LAMBDA_WEIGHTED: f64 = 1.0 - 1e-6;

impl Ask {
    /// Whether it can be answered for a pool.
    ///
    /// # Errors
    ///
    /// When K, the rewards or lambda are out of range, or it has no weights.
    pub fn check(&self, law: &PoolLaw) -> Result<(), LawError> {
        law.check_keep(self.keep)?;
        if let Rule::Best { rewards } | Rule::Filter { rewards, .. } | Rule::DiverseBest { rewards, .. } = &self.rule {
            law.check_rewards(rewards)?;
        }
        let weighable = match self.rule {
            Rule::Random | Rule::Best { .. } | Rule::Filter { .. } => false,
            Rule::Diverse | Rule::DiverseMaxMin => true,
            Rule::DiverseBest { lambda, .. } => {
                if !(0.0..=1.0).contains(&lambda) {
                    return Err(LawError::Lambda(lambda));
                }
                lambda <= MOST_LAMBDA_WEIGHTED
            }
        };
        if self.weights != Weights::Equal && !weighable {
            return Err(LawError::Weighted(self.rule.name()));
        }
        Ok(())
    }
}

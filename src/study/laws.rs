//! Owns the exact laws of what the choices of a scenario keep: which there are, and each worked out once.
//!
//! Best-K-of-N has closed forms. The diverse selectors are functions of the pool's counts where a mode's responses do not
//! differ and modes are orthogonal; those are enumerated, for all arms in one pass. Elsewhere there is no exact law.

use super::chosen::Choice;
use crate::select::{Balance, RewardScale, Selector, Similarity};
use crate::theory::selected::{Ask, PoolLaw, Rule, Scaling, Selected, best, best_noisy, by_counts, enumerate};
use crate::world::{Attributes, Centres, World};
use std::sync::Arc;

/// Beyond this many vectors of counts an enumeration takes longer than a scenario should take to plan.
const MOST_VECTORS: u64 = 1 << 20;

/// What an arm keeps: the choice, N and K.
type Asked = (Choice, u32, u32);

/// The laws of a scenario's arms.
#[derive(Debug, Default)]
pub(super) struct Laws {
    enumerated: Vec<(Asked, Arc<Selected>)>,
}

impl Laws {
    /// The laws of these arms, by enumeration where that is due.
    pub fn new(world: &dyn World, arms: impl Iterator<Item = Asked>) -> Self {
        let mut sizes: Vec<(u32, Vec<(Asked, Ask)>)> = Vec::new();
        for asked in arms {
            let (choice, candidates, keep) = asked;
            let Some(rule) = world.attributes().and_then(|a| of_counts(&choice, a, candidates, keep)) else {
                continue;
            };
            let weighted = choice.rule.selector.weighted();
            let ask = (asked, Ask { rule, keep, weighted });
            match sizes.iter_mut().find(|(n, _)| *n == candidates) {
                Some((_, asks)) => asks.push(ask),
                None => sizes.push((candidates, vec![ask])),
            }
        }
        let mut enumerated = Vec::new();
        for (candidates, asks) in sizes {
            let vectors = enumerate::count_vectors(candidates, world.mean().len());
            let (asked, asks): (Vec<Asked>, Vec<Ask>) = asks.into_iter().unzip();
            let law = pool(world, candidates).filter(|_| vectors <= MOST_VECTORS);
            let found = law.and_then(|law| by_counts(&law, &asks).ok()).unwrap_or_default();
            enumerated.extend(asked.into_iter().zip(found.into_iter().map(Arc::new)));
        }
        Self { enumerated }
    }

    /// The law of the share by mode of the `keep` of `candidates` responses of a prompt that `choice` keeps; none where
    /// theory has no exact one, or it would be an enumeration for no arm of the scenario.
    pub fn of(&self, world: &dyn World, choice: &Choice, candidates: u32, keep: u32) -> Option<Arc<Selected>> {
        if choice.rule.selector == Selector::Best {
            return of_best(world, candidates, keep).map(Arc::new);
        }
        let own = |asked: &&(Asked, _)| asked.0 == (*choice, candidates, keep);
        self.enumerated.iter().find(own).map(|(_, law)| law.clone())
    }
}

fn pool(world: &dyn World, candidates: u32) -> Option<PoolLaw> {
    PoolLaw::new(world.mean().to_vec(), world.concentration()?, candidates).ok()
}

fn of_best(world: &dyn World, candidates: u32, keep: u32) -> Option<Selected> {
    let rewards = &world.attributes()?.rewards;
    let law = pool(world, candidates)?;
    if rewards.noise > 0.0 {
        return best_noisy(&law, &rewards.values, rewards.noise, keep).ok().flatten();
    }
    best(&law, &rewards.values, keep).ok()
}

/// The rule as a function of counts, where it is one.
fn of_counts(choice: &Choice, attributes: &Attributes, candidates: u32, keep: u32) -> Option<Rule> {
    let embedding = &attributes.embedding;
    let orthonormal = embedding.noise == 0.0 && embedding.centres == Centres::OneHot;
    let cosine = matches!(choice.similarity, Similarity::Cosine | Similarity::RawCosine);
    if !(orthonormal && cosine) {
        return None;
    }
    match choice.rule.selector {
        Selector::Diverse | Selector::DiverseWeighted => Some(Rule::Diverse),
        Selector::DiverseMaxMin => Some(Rule::DiverseMaxMin),
        Selector::DiverseBest | Selector::DiverseBestWeighted => diverse_best(choice, attributes, candidates, keep),
        Selector::Random | Selector::Best => None,
    }
}

fn diverse_best(choice: &Choice, attributes: &Attributes, candidates: u32, keep: u32) -> Option<Rule> {
    let objective = choice.rule.objective;
    let scaling = match objective.rewards {
        RewardScale::MinMax => Scaling::InPool,
        RewardScale::Raw => Scaling::Raw,
        RewardScale::ZScore => return None,
    };
    let lambda = objective.reward_share;
    let lambda = match objective.balance {
        Balance::Sums => lambda,
        // lambda/K against (1 - lambda)/N, as shares of their sum: the greedy picks are the same.
        Balance::Means => {
            let (reward, coverage) = (lambda / f64::from(keep), (1.0 - lambda) / f64::from(candidates));
            reward / (reward + coverage)
        }
    };
    (attributes.rewards.noise == 0.0).then(|| Rule::DiverseBest {
        rewards: attributes.rewards.values.clone(),
        lambda,
        scaling,
    })
}

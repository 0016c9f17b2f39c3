//! Owns the exact laws of what the choices of a scenario keep: which there are, and each worked out once.
//!
//! Best-K-of-N has closed forms. The diverse selectors are functions of the pool's counts where a mode's responses do not
//! differ and modes are orthogonal; those are enumerated, for all arms in one pass. Elsewhere there is no exact law.

use super::chosen::Choice;
use crate::select::{Balance, RewardScale, Selector, Similarity};
use crate::theory::selected::{Ask, PoolLaw, Rule, Scaling, Selected, best, best_noisy, by_counts, enumerate};
use crate::world::{Attributes, Centres, World};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Beyond this many vectors of counts an enumeration takes longer than a scenario should take to plan.
const MOST_VECTORS: u64 = 1 << 20;

/// The most vectors times questions that the enumerations of one scenario go through, of all pool sizes together: some 5 s.
/// No committed experiment takes more than a quarter of it.
const MOST_ANSWERS: u64 = 1 << 24;

/// The most terms of the sums behind the closed forms of one scenario: some 5 s. Committed experiments take thousands.
const MOST_TERMS: u64 = 1 << 28;

/// The most numbers that the laws of one scenario hold, M^2 each: 256 MB.
const MOST_NUMBERS: u64 = 1 << 25;

/// What an arm keeps: the choice, N and K.
type Asked = (Choice, u32, u32);

/// The laws of a scenario's arms.
#[derive(Debug, Default)]
pub(super) struct Laws {
    /// Of Best-K-of-N, by N and K; it depends on nothing else of a choice.
    best: HashMap<(u32, u32), Option<Arc<Selected>>>,
    /// By the choice's canonical text, N and K.
    enumerated: HashMap<(String, u32, u32), Arc<Selected>>,
}

impl Laws {
    /// The laws of these arms, by enumeration where that is due. Where those of one kind would take too long or too much
    /// memory together, none of them is known.
    pub fn new(world: &dyn World, arms: impl Iterator<Item = Asked>) -> Self {
        let mut ranked = Vec::new();
        let mut seen = HashSet::new();
        let mut sizes: BTreeMap<u32, Vec<(String, Ask)>> = BTreeMap::new();
        for (choice, candidates, keep) in arms.filter(|(choice, ..)| !choice.is_random()) {
            let name = choice.canonical();
            if choice.rule.selector == Selector::Best {
                ranked.push((candidates, keep));
            } else if seen.insert((name.clone(), candidates, keep)) {
                let rule = world.attributes().and_then(|a| of_counts(&choice, a, candidates, keep));
                let weighted = choice.rule.selector.weighted();
                let ask = rule.map(|rule| (name, Ask { rule, keep, weighted }));
                sizes.entry(candidates).or_default().extend(ask);
            }
        }
        ranked.sort_unstable();
        ranked.dedup();
        Self {
            best: all_of_best(world, &ranked),
            enumerated: all_enumerated(world, sizes),
        }
    }

    /// The law of the share by mode of the `keep` of `candidates` responses of a prompt that `choice` keeps; none where
    /// theory has no exact one, or it would be an enumeration for no arm of the scenario.
    pub fn of(&self, world: &dyn World, choice: &Choice, candidates: u32, keep: u32) -> Option<Arc<Selected>> {
        if choice.rule.selector != Selector::Best {
            return self.enumerated.get(&(choice.canonical(), candidates, keep)).cloned();
        }
        match self.best.get(&(candidates, keep)) {
            Some(law) => law.clone(),
            None => of_best(world, candidates, keep).map(Arc::new),
        }
    }
}

/// The laws of Best-K-of-N at these N and K.
fn all_of_best(world: &dyn World, sizes: &[(u32, u32)]) -> HashMap<(u32, u32), Option<Arc<Selected>>> {
    let terms = sizes
        .iter()
        .map(|&(n, k)| terms_of_best(world, n, k))
        .fold(0, u64::saturating_add);
    let affordable = terms <= MOST_TERMS && numbers(world, sizes.len()) <= MOST_NUMBERS;
    let law = |&(n, k): &(u32, u32)| {
        let law = affordable.then(|| of_best(world, n, k)).flatten();
        ((n, k), law.map(Arc::new))
    };
    sizes.iter().map(law).collect()
}

/// The laws of all questions, by pool size.
fn all_enumerated(
    world: &dyn World,
    sizes: BTreeMap<u32, Vec<(String, Ask)>>,
) -> HashMap<(String, u32, u32), Arc<Selected>> {
    let vectors = |candidates: u32| {
        let vectors = enumerate::count_vectors(candidates, world.mean().len());
        if vectors <= MOST_VECTORS { vectors } else { 0 }
    };
    let answers: u64 = sizes.iter().map(|(&n, asks)| vectors(n) * asks.len() as u64).sum();
    let asks = sizes.values().map(Vec::len).sum();
    if answers > MOST_ANSWERS || numbers(world, asks) > MOST_NUMBERS {
        return HashMap::new();
    }
    let mut enumerated = HashMap::new();
    for (candidates, asks) in sizes.into_iter().filter(|(n, _)| vectors(*n) > 0) {
        let (names, asks): (Vec<String>, Vec<Ask>) = asks.into_iter().unzip();
        let found = pool(world, candidates).and_then(|law| by_counts(&law, &asks).ok());
        for ((name, ask), law) in names.into_iter().zip(&asks).zip(found.unwrap_or_default()) {
            enumerated.insert((name, candidates, ask.keep), Arc::new(law));
        }
    }
    enumerated
}

/// What `laws` of them hold.
fn numbers(world: &dyn World, laws: usize) -> u64 {
    let modes = world.mean().len() as u64;
    modes * modes * laws as u64
}

fn pool(world: &dyn World, candidates: u32) -> Option<PoolLaw> {
    PoolLaw::new(world.mean().to_vec(), world.concentration()?, candidates).ok()
}

/// About how many terms [`of_best`] adds up.
fn terms_of_best(world: &dyn World, candidates: u32, keep: u32) -> u64 {
    let modes = world.mean().len() as u64;
    let noisy = world.attributes().is_some_and(|a| a.rewards.noise > 0.0);
    match noisy {
        // At each of hundreds of nodes, every mode against every other; each term is a normal integral.
        true => modes * modes * 4096,
        // The rivals of each mode, by how many beat it and how many it ties with.
        false => modes * u64::from(candidates) * u64::from(keep),
    }
}

fn of_best(world: &dyn World, candidates: u32, keep: u32) -> Option<Selected> {
    let rewards = &world.attributes()?.rewards;
    if terms_of_best(world, candidates, keep) > MOST_TERMS {
        return None;
    }
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

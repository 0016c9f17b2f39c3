//! Owns the exact laws of what the choices of a scenario keep: which there are, and each worked out once.
//!
//! Best-K-of-N has closed forms. The diverse selectors are functions of the pool's counts where a mode's responses do not
//! differ and modes are orthogonal; those are enumerated, for all arms in one pass. Elsewhere there is no exact law.

mod question;
#[cfg(test)]
mod tests;

pub(super) use question::Law;
use question::{About, Question, asked};

use super::chosen::Choice;
use crate::engine::{ExactJob, Met, Reading};
use crate::select::{Balance, CoverageTies, RewardScale, Selector, Similarity};
use crate::theory::selected::enumerate::{MOST_COUNT_VECTORS, count_vectors};
use crate::theory::selected::{Ask, PoolLaw, Rule, Scaling, Weights};
use crate::world::{Attributes, Centres, World};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The longest that the laws of one kind in one scenario may take together, in nanoseconds of one core: about a minute and a
/// half. Committed experiments take a second.
const LONGEST: u64 = 90_000_000_000;

/// The longest that a point of a curve between arms may take, in nanoseconds.
const POINT: u64 = 200_000_000;

/// What an arm keeps: the choice, N and K.
type Asked = (Choice, u32, u32);

/// The laws of a scenario's arms.
#[derive(Debug, Default)]
pub(super) struct Laws {
    /// Of Best-K-of-N, by N and K; it depends on nothing else of a choice.
    best: HashMap<(u32, u32), Law>,
    /// By the choice's canonical text, N and K.
    enumerated: HashMap<(String, u32, u32), Law>,
    jobs: Vec<ExactJob>,
}

impl Laws {
    /// The laws of these arms, by enumeration where that is due: at once, or as jobs, as the `reading` says. Where those of one
    /// kind would take too long or too much memory together, there are none.
    pub fn new(world: &dyn World, arms: impl Iterator<Item = Asked>, reading: &mut Reading) -> Self {
        let mut ranked = Vec::new();
        let mut seen = HashSet::new();
        let mut sizes: BTreeMap<u32, Vec<(String, Ask)>> = BTreeMap::new();
        for (choice, candidates, keep) in arms.filter(|(choice, ..)| !choice.is_random()) {
            let name = choice.canonical();
            if choice.rule.selector == Selector::Best {
                ranked.push((candidates, keep));
            } else if seen.insert((name.clone(), candidates, keep)) {
                let rule = world.attributes().and_then(|a| of_counts(&choice, a, candidates, keep));
                let weights = weights(&choice);
                let ask = rule.map(|rule| (name, Ask { rule, keep, weights }));
                sizes.entry(candidates).or_default().extend(ask);
            }
        }
        ranked.sort_unstable();
        ranked.dedup();
        let mut laws = Self::default();
        laws.take_best(world, &ranked, reading);
        laws.take_enumerated(world, sizes, reading);
        laws
    }

    /// Those that take long, known or not.
    pub fn jobs(&self) -> &[ExactJob] {
        &self.jobs
    }

    /// The law of the share by mode of the `keep` of `candidates` responses of a prompt that `choice` keeps; none where
    /// theory has no exact one, or it would be an enumeration for no arm of the scenario.
    pub fn of(&self, world: &dyn World, choice: &Choice, candidates: u32, keep: u32) -> Law {
        if choice.rule.selector != Selector::Best {
            let own = self.enumerated.get(&(choice.canonical(), candidates, keep));
            return own.cloned().unwrap_or(Law::None);
        }
        match self.best.get(&(candidates, keep)) {
            Some(law) => law.clone(),
            None => match of_best(world, candidates, keep) {
                Some(question) if question.nanoseconds() <= POINT => question.laws().pop().unwrap_or(Law::None),
                _ => Law::None,
            },
        }
    }

    /// The laws of Best-K-of-N at these N and K.
    fn take_best(&mut self, world: &dyn World, sizes: &[(u32, u32)], reading: &mut Reading) {
        let questions: Vec<Option<Question>> = sizes.iter().map(|&(n, k)| of_best(world, n, k)).collect();
        let takes = questions.iter().flatten().map(Question::nanoseconds);
        if takes.fold(0, u64::saturating_add) > LONGEST || !reading.hold(numbers(world, sizes.len())) {
            return self.best.extend(sizes.iter().map(|&size| (size, Law::None)));
        }
        for (&size, question) in sizes.iter().zip(questions) {
            let law = question.and_then(|own| self.answer(&own, reading).pop());
            self.best.insert(size, law.unwrap_or(Law::None));
        }
    }

    /// The laws of all questions about counts, by pool size.
    fn take_enumerated(&mut self, world: &dyn World, sizes: BTreeMap<u32, Vec<(String, Ask)>>, reading: &mut Reading) {
        let counted: Vec<Counted> = sizes
            .into_iter()
            .filter_map(|(n, asks)| Counted::new(world, n, asks))
            .collect();
        let takes = counted.iter().map(|own| own.question.nanoseconds());
        let asks = counted.iter().map(|own| own.names.len()).sum();
        if takes.fold(0, u64::saturating_add) > LONGEST || !reading.hold(numbers(world, asks)) {
            return;
        }
        for own in counted {
            let laws = self.answer(&own.question, reading);
            let candidates = own.question.pool.candidates();
            for (name, keep, place) in own.names {
                self.enumerated.insert((name, candidates, keep), laws[place].clone());
            }
        }
    }

    /// The answers to a question, as far as they are known.
    fn answer(&mut self, question: &Question, reading: &mut Reading) -> Vec<Law> {
        let job = question.job();
        match reading.meet(&job) {
            Met::AtOnce(numbers) => question.known(Some(&numbers)),
            Met::Left(numbers) => {
                self.jobs.push(job);
                question.known(numbers.as_deref())
            }
        }
    }
}

/// The question of all functions of counts that arms ask of pools of one size.
struct Counted {
    question: Question,
    /// Who asks: the choice's canonical text, K, and the place of the answer.
    names: Vec<(String, u32, usize)>,
}

impl Counted {
    /// None where theory answers nothing of it. What is asked stands in an order of its own, each once: so that other orders of
    /// arms ask the same question.
    fn new(world: &dyn World, candidates: u32, asks: Vec<(String, Ask)>) -> Option<Self> {
        let pool =
            pool(world, candidates).filter(|pool| count_vectors(candidates, pool.modes()) <= MOST_COUNT_VECTORS)?;
        let fit = asks.into_iter().filter(|(_, ask)| ask.check(&pool).is_ok());
        let mut texts: BTreeMap<String, (Ask, Vec<String>)> = BTreeMap::new();
        for (name, ask) in fit {
            texts
                .entry(asked(&ask))
                .or_insert_with(|| (ask, Vec::new()))
                .1
                .push(name);
        }
        let (mut names, mut asks) = (Vec::new(), Vec::new());
        for (ask, own) in texts.into_values() {
            names.extend(own.into_iter().map(|name| (name, ask.keep, asks.len())));
            asks.push(ask);
        }
        let about = About::Counts(asks);
        (!names.is_empty()).then_some(Self {
            question: Question { pool, about },
            names,
        })
    }
}

/// What `laws` of them hold.
fn numbers(world: &dyn World, laws: usize) -> u64 {
    let modes = world.mean().len() as u64;
    modes * modes * laws as u64
}

fn pool(world: &dyn World, candidates: u32) -> Option<PoolLaw> {
    PoolLaw::new(world.mean().to_vec(), world.concentration()?, candidates).ok()
}

/// What Best-K-of-N keeps, where theory may have an answer.
fn of_best(world: &dyn World, candidates: u32, keep: u32) -> Option<Question> {
    let rewards = &world.attributes()?.rewards;
    // Of noisy rewards on prompts that differ no exact law is known.
    let pool = pool(world, candidates).filter(|pool| rewards.noise == 0.0 || pool.concentration().is_infinite())?;
    Some(Question {
        pool,
        about: About::Best {
            rewards: rewards.values.clone(),
            noise: rewards.noise,
            keep,
        },
    })
}

fn weights(choice: &Choice) -> Weights {
    match (choice.rule.selector.weighted(), choice.rule.objective.ties) {
        (false, _) => Weights::Equal,
        (true, CoverageTies::Split) => Weights::SplitCoverage,
        (true, CoverageTies::First) => Weights::FirstCoverage,
    }
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

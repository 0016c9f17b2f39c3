//! Owns the exact laws of what the choices of a scenario keep: which there are, and each worked out once.
//!
//! Best-K-of-N and filters have closed forms and integrals. The diverse selectors are functions of the pool's counts where a mode's responses do not
//! differ and modes are orthogonal; those are enumerated, for all arms in one pass. Elsewhere there is no exact law.

mod crossing;
mod known;
mod question;
#[cfg(test)]
mod tests;
mod why;
#[cfg(test)]
mod why_tests;

pub(super) use known::KnownLaws;
pub(super) use question::Law;
use question::{About, Question, asked};

use super::chosen::Choice;
use crate::engine::{ExactBudget, ExactJob, NeededJob};
use crate::select::{Balance, CoverageTies, RewardScale, Selector};
use crate::theory::selected::enumerate::{MOST_COUNT_VECTORS, count_vectors};
use crate::theory::selected::{Ask, MOST_NOISY, PoolLaw, Rule, Scaling, Weights};
use crate::world::{Attributes, World};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The longest that the laws of one kind in one scenario may take together, in nanoseconds of one core: about a minute and a
/// half. Committed experiments take a second.
const LONGEST: u64 = 90_000_000_000;

/// The longest that a point of a curve between arms may take, in nanoseconds. A curve has up to some hundred.
const POINT: u64 = 20_000_000;

/// The longest that the enumerations of a scenario may take, in nanoseconds, if figures are to have the K between those of arms.
const WITH_BETWEEN: u64 = 10_000_000_000;

/// The most laws of a scenario's choices, if figures are to have the K between those of arms.
const MOST_WITH_BETWEEN: u64 = 4096;

/// What an arm keeps: the choice, N and K.
type Asked = (Choice, u32, u32);

/// What is asked of theory about a scenario's arms. Nothing of it is worked out here.
#[derive(Debug, Default)]
pub(super) struct Laws {
    /// Of selectors that see rewards alone, which depend on nothing else of a choice.
    ranked: HashMap<Ranked, Place>,
    /// By the choice's canonical text, N and K.
    enumerated: HashMap<(String, u32, u32), Place>,
    questions: Vec<(Question, NeededJob)>,
    crossings: Crossings,
}

/// What is kept by rewards alone: the threshold of a filter, infinite for Best-K-of-N, as its bits; N and K.
type Ranked = (u64, u32, u32);

/// The shares of errors beyond which such an arm is right: the job of each number, or why there is none.
type Crossings = BTreeMap<Ranked, Result<NeededJob, &'static str>>;

/// The threshold of a choice by rewards alone.
fn threshold(choice: &Choice) -> Option<f64> {
    match choice.rule.selector {
        Selector::Best => Some(f64::INFINITY),
        Selector::Filter => Some(choice.rule.objective.threshold),
        _ => None,
    }
}

/// Where an answer is found.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Theory has none, and why.
    None(&'static str),
    /// Among the answers to a question.
    Of { question: usize, answer: usize },
}

impl Laws {
    /// The laws of these arms, by enumeration where that is due. Where those of one kind would take too long or too much memory
    /// together, there are none.
    pub fn new(world: &dyn World, arms: impl Iterator<Item = Asked>, exact_budget: &mut ExactBudget) -> Self {
        let (mut ranked, mut others): (Vec<Ranked>, Vec<Asked>) = (Vec::new(), Vec::new());
        for asked in arms.filter(|(choice, ..)| !choice.is_random()) {
            match threshold(&asked.0) {
                Some(threshold) => ranked.push((threshold.to_bits(), asked.1, asked.2)),
                None => others.push(asked),
            }
        }
        ranked.sort_unstable();
        ranked.dedup();
        let mut laws = Self::default();
        laws.take_ranked(world, &ranked, exact_budget);
        laws.take_enumerated(world, &others, exact_budget);
        laws
    }

    /// What they rest on that is left to whoever runs the file.
    pub fn jobs(&self) -> impl Iterator<Item = &ExactJob> {
        let questions = self.questions.iter().map(|(_, needed)| needed);
        let crossings = self.crossings.values().flatten();
        questions.chain(crossings).filter_map(NeededJob::deferred)
    }

    /// The laws of what is kept by rewards alone.
    fn take_ranked(&mut self, world: &dyn World, asked: &[Ranked], exact_budget: &mut ExactBudget) {
        let questions: Vec<Result<Question, &str>> = asked.iter().map(|&asked| of_ranked(world, asked)).collect();
        let takes = questions.iter().flatten().map(Question::nanoseconds);
        let unfit = unfit(takes, numbers(world, asked.len()), exact_budget);
        for (&size, question) in asked.iter().zip(questions) {
            let place = match (question, unfit) {
                (Err(why), _) | (Ok(_), Some(why)) => Place::None(why),
                (Ok(own), None) => Place::Of {
                    question: self.ask(own, exact_budget),
                    answer: 0,
                },
            };
            self.ranked.insert(size, place);
        }
    }

    /// The laws of all questions about counts, by pool size; where figures draw them over K and that takes no long time, also
    /// those between the K of arms.
    fn take_enumerated(&mut self, world: &dyn World, asked: &[Asked], exact_budget: &mut ExactBudget) {
        let with_between = exact_budget.between.then(|| with_between(asked)).flatten();
        let with_between = with_between
            .map(|all| Questions::new(world, &all))
            .filter(|all| all.nanoseconds() <= WITH_BETWEEN);
        let questions = with_between.unwrap_or_else(|| Questions::new(world, asked));
        let takes = std::iter::once(questions.nanoseconds());
        let unfit = unfit(takes, numbers(world, questions.asks()), exact_budget);
        for (name, candidates, keep, why) in questions.none {
            self.enumerated.insert((name, candidates, keep), Place::None(why));
        }
        for own in questions.counted {
            let candidates = own.question.pool.candidates();
            let asked = match unfit {
                Some(why) => Err(why),
                None => Ok(self.ask(own.question, exact_budget)),
            };
            for (name, keep, answer) in own.names {
                let place = asked.map_or_else(Place::None, |question| Place::Of { question, answer });
                self.enumerated.insert((name, candidates, keep), place);
            }
        }
    }

    /// The index of a question.
    fn ask(&mut self, question: Question, exact_budget: &mut ExactBudget) -> usize {
        let needed = exact_budget.need(question.job());
        self.questions.push((question, needed));
        self.questions.len() - 1
    }
}

/// The questions about counts that are asked, by pool size, and what of them theory does not answer: who asks, N and K, and why.
#[derive(Default)]
struct Questions {
    counted: Vec<Counted>,
    none: Vec<(String, u32, u32, &'static str)>,
}

impl Questions {
    fn new(world: &dyn World, asked: &[Asked]) -> Self {
        let mut own = Self::default();
        let mut seen = HashSet::new();
        let mut sizes: BTreeMap<u32, Vec<(String, Ask)>> = BTreeMap::new();
        for (choice, candidates, keep) in asked.iter().copied() {
            let name = choice.canonical();
            if !seen.insert((name.clone(), candidates, keep)) {
                continue;
            }
            let weights = weights(&choice);
            match world.attributes().map(|a| of_counts(&choice, a, candidates, keep)) {
                Some(Ok(rule)) => {
                    let asks = sizes.entry(candidates).or_default();
                    asks.push((name, Ask { rule, keep, weights }));
                }
                Some(Err(why)) => own.none.push((name, candidates, keep, why)),
                None => {}
            }
        }
        sizes.into_iter().for_each(|(n, asks)| own.take(world, n, asks));
        own
    }

    /// Takes in what is asked of pools of one size.
    fn take(&mut self, world: &dyn World, candidates: u32, asks: Vec<(String, Ask)>) {
        let countable = |pool: &PoolLaw| count_vectors(candidates, pool.modes()) <= MOST_COUNT_VECTORS;
        let pool = pool(world, candidates).and_then(|pool| match countable(&pool) {
            true => Ok(pool),
            false => Err(why::TOO_MANY_COUNTS),
        });
        match pool {
            Err(why) => {
                let none = asks.into_iter().map(|(name, ask)| (name, candidates, ask.keep, why));
                self.none.extend(none);
            }
            Ok(pool) => {
                let (own, unfit) = Counted::new(pool, asks);
                let none = unfit.into_iter().map(|(name, keep, why)| (name, candidates, keep, why));
                self.none.extend(none);
                self.counted.extend(Some(own).filter(|own| !own.names.is_empty()));
            }
        }
    }

    /// How long they take together.
    fn nanoseconds(&self) -> u64 {
        let takes = self.counted.iter().map(|own| own.question.nanoseconds());
        takes.fold(0, u64::saturating_add)
    }

    /// How many laws they ask for.
    fn asks(&self) -> usize {
        self.counted.iter().map(|own| own.names.len()).sum()
    }
}

/// The question of all functions of counts that arms ask of pools of one size.
struct Counted {
    question: Question,
    /// Who asks: the choice's canonical text, K, and the place of the answer.
    names: Vec<(String, u32, usize)>,
}

impl Counted {
    /// Beside it what theory does not answer, by name and K, and why. What is asked stands in an order of its own, each once: so that
    /// other orders of arms ask the same question.
    fn new(pool: PoolLaw, asks: Vec<(String, Ask)>) -> (Self, Vec<(String, u32, &'static str)>) {
        let mut unfit = Vec::new();
        let mut texts: BTreeMap<String, (Ask, Vec<String>)> = BTreeMap::new();
        for (name, ask) in asks {
            if let Err(error) = ask.check(&pool) {
                unfit.push((name, ask.keep, why::of_error(&error)));
                continue;
            }
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
        let question = Question {
            pool,
            about: About::Counts(asks),
        };
        (Self { question, names }, unfit)
    }
}

/// What is asked, and every K between the smallest and the largest that is asked of a choice and pool size; none where these are
/// too many.
fn with_between(asked: &[Asked]) -> Option<Vec<Asked>> {
    let mut reach: BTreeMap<(String, u32), (Choice, u32, u32)> = BTreeMap::new();
    for (choice, candidates, keep) in asked {
        let own = reach
            .entry((choice.canonical(), *candidates))
            .or_insert((*choice, *keep, *keep));
        (own.1, own.2) = (own.1.min(*keep), own.2.max(*keep));
    }
    let sizes = reach.values().map(|(_, least, most)| u64::from(most - least) + 1);
    let all = |((_, candidates), (choice, least, most)): ((String, u32), (Choice, u32, u32))| {
        (least..=most).map(move |keep| (choice, candidates, keep))
    };
    (sizes.sum::<u64>() <= MOST_WITH_BETWEEN).then(|| reach.into_iter().flat_map(all).collect())
}

/// What `laws` of them hold.
fn numbers(world: &dyn World, laws: usize) -> u64 {
    let modes = world.mean().len() as u64;
    modes * modes * laws as u64
}

/// Why the laws of one kind are not worked out: together they would take too long, or too much memory.
fn unfit(takes: impl Iterator<Item = u64>, numbers: u64, exact_budget: &mut ExactBudget) -> Option<&'static str> {
    if takes.fold(0, u64::saturating_add) > LONGEST {
        return Some(why::RUNS_LONG);
    }
    (!exact_budget.reserve(numbers)).then_some(why::TAKES_MEMORY)
}

fn pool(world: &dyn World, candidates: u32) -> Result<PoolLaw, &'static str> {
    let law = world.pool_law(candidates).ok_or(why::NOT_OF_THE_POOL)?;
    law.map_err(|_| why::NOT_OF_THE_POOL)
}

/// What is kept by rewards alone, where theory may have an answer: of rewards without noise it is a function of counts, and of
/// Best-K-of-N of right responses there is a closed form.
fn of_ranked(world: &dyn World, (threshold, candidates, keep): Ranked) -> Result<Question, &'static str> {
    let rewards = &world.attributes().ok_or(why::NOT_OF_THE_POOL)?.rewards;
    let pool = pool(world, candidates)?;
    let (threshold, values) = (f64::from_bits(threshold), rewards.values.clone());
    let best = threshold == f64::INFINITY;
    let right = pool.wrong().is_none();
    let plain = best && right && (rewards.noise == 0.0 || pool.concentration().is_infinite());
    let about = match (plain, rewards.noise > 0.0) {
        (false, true) if candidates > MOST_NOISY => return Err(why::MANY_NOISY),
        (true, _) | (_, true) => About::Ranked {
            rewards: values,
            noise: rewards.noise,
            threshold,
            keep,
        },
        (false, false) if count_vectors(candidates, pool.modes()) > MOST_COUNT_VECTORS => {
            return Err(why::TOO_MANY_COUNTS);
        }
        (false, false) => About::Counts(vec![Ask {
            rule: match best {
                true => Rule::Best { rewards: values },
                false => Rule::Filter {
                    rewards: values,
                    threshold,
                },
            },
            keep,
            weights: Weights::Equal,
        }]),
    };
    Ok(Question { pool, about })
}

fn weights(choice: &Choice) -> Weights {
    match (choice.rule.selector.weighted(), choice.rule.objective.ties) {
        (false, _) => Weights::Equal,
        (true, CoverageTies::Split) => Weights::SplitCoverage,
        (true, CoverageTies::First) => Weights::FirstCoverage,
    }
}

/// The rule of a diverse selector as a function of counts, or why it is none.
fn of_counts(choice: &Choice, attributes: &Attributes, candidates: u32, keep: u32) -> Result<Rule, &'static str> {
    let rule = match choice.rule.selector {
        Selector::Diverse | Selector::DiverseWeighted => Rule::Diverse,
        Selector::DiverseMaxMin => Rule::DiverseMaxMin,
        Selector::DiverseBest | Selector::DiverseBestWeighted => diverse_best(choice, attributes, candidates, keep),
        Selector::Own(_) => return Err(why::OWN),
        _ => return Err(why::NO_LAW),
    };
    why::no_counts(choice, attributes).map_or(Ok(rule), Err)
}

fn diverse_best(choice: &Choice, attributes: &Attributes, candidates: u32, keep: u32) -> Rule {
    let objective = choice.rule.objective;
    let scaling = match objective.rewards {
        RewardScale::MinMax => Scaling::InPool,
        // Of z-scores there is no law.
        RewardScale::Raw | RewardScale::ZScore => Scaling::Raw,
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
    Rule::DiverseBest {
        rewards: attributes.rewards.values.clone(),
        lambda,
        scaling,
    }
}

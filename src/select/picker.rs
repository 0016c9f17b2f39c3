//! Owns the picks: one pool, one rule, K candidates in the order kept.

use super::compact::{self, Chain, Common, Table};
use super::greedy::{self, Kept, Scratch, Task};
use super::pool::{self, LARGEST};
use super::rank::Ranking;
use super::ties::{self, TOLERANCE};
use super::{Pool, Rule, SelectError, Selector};
use crate::numerics::lanes::dispatch;

/// Scratch for pools of at most a stated number of candidates: nothing is allocated per pool.
#[derive(Debug, Clone)]
pub struct Picker {
    room: usize,
    scratch: Scratch,
    ranking: Ranking,
    table: Box<Table>,
    chain: Box<Chain>,
    /// Which candidates a selector of one's own has kept.
    seen: Vec<bool>,
}

/// What was kept of a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Picks<'a> {
    /// Indices of the kept candidates, in the order kept.
    pub order: &'a [usize],
    /// What each added when it was kept. For `diverse`, `diverse-best` and their weighted forms: to the objective, so
    /// that the gains of all sum to it. For `best` and `filter`: its reward. For `diverse-max-min`: 1 less its similarity to the
    /// nearest already kept (the first, which has none: 1). For `random` and selectors of one's own: 0.
    pub gains: &'a [f64],
}

impl Picker {
    /// Room for pools of at most `room` candidates.
    pub fn new(room: usize) -> Self {
        Self {
            room,
            scratch: Scratch::new(room),
            ranking: Ranking::new(room),
            table: Box::new(Table::new()),
            chain: Box::new(Chain::new()),
            seen: Vec::new(),
        }
    }

    /// Keeps `keep` of a pool by a rule: their indices in the order kept, and what each added.
    ///
    /// Where [`Rule::nested`], the picks for K are the first K of these: one call with the largest K serves all.
    /// Ties fall by keys of the candidates' words: of rewards where they are equal, of what is worked out within [`TOLERANCE`].
    /// An error where K > N, a slice is too short, a number that the selector reads is not finite, or one of one's own does not keep K
    /// different candidates.
    pub fn pick(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<Picks<'_>, SelectError> {
        self.check(rule, pool, keep)?;
        self.run(rule, pool, keep)?;
        Ok(Picks::of(&self.scratch.kept))
    }

    fn check(&self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<(), SelectError> {
        if pool.candidates > self.room {
            return Err(SelectError::PoolTooLarge {
                candidates: pool.candidates,
                room: self.room,
            });
        }
        pool.check(rule.selector, keep)?;
        rule.effective().check()
    }

    /// Leaves what was kept in the scratch.
    fn run(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<(), SelectError> {
        self.scratch.kept.clear();
        match rule.selector {
            Selector::Random => self.random(pool, keep),
            Selector::Best => self.best(pool, keep),
            Selector::Filter => self.filter(pool, keep, rule.objective.threshold),
            Selector::DiverseMaxMin => self.farthest(pool, keep)?,
            Selector::Own(kind) => {
                let kept = &mut self.scratch.kept;
                kind.run(&pool.seen_by(kind), keep, &mut kept.order, &mut self.seen)?;
                kept.added.resize(keep, 0.0);
            }
            Selector::Diverse | Selector::DiverseBest | Selector::DiverseWeighted | Selector::DiverseBestWeighted => {
                self.covering(rule, pool, keep)?
            }
        }
        Ok(())
    }

    /// Greedy picks of coverage and rewards.
    fn covering(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<(), SelectError> {
        match pool.candidates <= compact::MOST {
            true => self.compact(rule, pool, keep),
            false => self.greedy(rule, pool, keep),
        }
    }

    /// The `keep` lowest keys, by key.
    fn random(&mut self, pool: &Pool<'_>, keep: usize) {
        let order = self.ranking.by_words(&pool.words[..pool.candidates]);
        self.scratch.kept.order.extend_from_slice(&order[..keep]);
        self.scratch.kept.added.resize(keep, 0.0);
    }

    /// The highest rewards, one after the other.
    fn best(&mut self, pool: &Pool<'_>, keep: usize) {
        let rewards = &pool.rewards[..pool.candidates];
        let order = self.ranking.by_rewards(rewards);
        let kept = &mut self.scratch.kept;
        kept.added.extend(order.iter().map(|&j| rewards[j]));
        // Sorted rewards are the picks unless two neighbours tie; then each pick looks for its own ties.
        let tied = |any: bool, two: &[f64]| any | (two[1] == two[0]);
        if kept.added[..order.len().min(keep + 1)].windows(2).fold(false, tied) {
            kept.clear();
            self.scratch.start(pool.candidates);
            self.scratch.gains[..rewards.len()].copy_from_slice(rewards);
            return best_of_ties::run(pool, keep, &mut self.scratch);
        }
        kept.order.extend_from_slice(&order[..keep]);
        kept.added.truncate(keep);
    }

    /// Those that pass by the keys of a random order, then the highest rewards of the others.
    fn filter(&mut self, pool: &Pool<'_>, keep: usize, threshold: f64) {
        let rewards = &pool.rewards[..pool.candidates];
        self.scratch.start(pool.candidates);
        self.scratch.gains[..rewards.len()].copy_from_slice(rewards);
        let order = self.ranking.by_words(&pool.words[..pool.candidates]);
        for &j in order.iter().filter(|&&j| rewards[j] > threshold).take(keep) {
            self.scratch.keep(j, rewards[j]);
        }
        best_of_ties::run(pool, keep, &mut self.scratch);
    }

    fn compact(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<(), SelectError> {
        let objective = rule.effective();
        let (rewards, coverage) = objective.factors(keep, pool.candidates);
        let own = self.chain.start(coverage, pool.candidates);
        if objective.reward_share > 0.0 {
            pool.scaled_rewards(objective.rewards, rewards, own)?;
        }
        let common = Common {
            matrix: pool.matrix(),
            symmetric: pool.computed,
            words: &pool.words[..pool.candidates],
            keep,
        };
        fit(pool, compact::one::run(&common, &mut self.table, &mut self.chain))?;
        self.chain.give(keep, &mut self.scratch.kept);
        Ok(())
    }

    fn farthest(&mut self, pool: &Pool<'_>, keep: usize) -> Result<(), SelectError> {
        if !pool::sound::run(pool.matrix(), LARGEST) {
            pool.bad_similarity().map_or(Ok(()), Err)?;
        }
        self.scratch.start(pool.candidates);
        farthest::run(pool, keep, &mut self.scratch);
        Ok(())
    }

    fn greedy(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<(), SelectError> {
        let objective = rule.effective();
        let (rewards, coverage) = objective.factors(keep, pool.candidates);
        self.scratch.start(pool.candidates);
        if objective.reward_share > 0.0 {
            pool.scaled_rewards(objective.rewards, rewards, &mut self.scratch.own)?;
        }
        let task = Task {
            matrix: pool.matrix(),
            symmetric: pool.computed,
            words: &pool.words[..pool.candidates],
            coverage,
            keep,
        };
        fit(pool, greedy::incremental::run(&task, &mut self.scratch))
    }
}

impl<'a> Picks<'a> {
    fn of(kept: &'a Kept) -> Self {
        Self {
            order: &kept.order,
            gains: &kept.added,
        }
    }
}

/// The error of a pool whose first gains were no numbers in range.
fn fit(pool: &Pool<'_>, done: bool) -> Result<(), SelectError> {
    if done {
        return Ok(());
    }
    // Never `Ok`: rewards give at most half of `LARGEST`, so a similarity must have given the rest.
    pool.bad_similarity().map_or(Ok(()), Err)
}

dispatch!(
    /// The highest rewards of those not kept yet, where some may be equal.
    mod best_of_ties = best_of_ties_kernel(pool: &Pool<'_>, keep: usize, scratch: &mut Scratch)
);

#[inline(always)]
fn best_of_ties_kernel(pool: &Pool<'_>, keep: usize, scratch: &mut Scratch) {
    let rewards = &pool.rewards[..pool.candidates];
    for t in scratch.kept.order.len()..keep {
        let least = ties::greatest(&scratch.gains);
        let j = ties::lowest_key(&scratch.gains, least, pool.words, t);
        scratch.keep(j, rewards[j]);
    }
}

dispatch!(
    /// A random start, then always the candidate least similar to its nearest kept one.
    mod farthest = farthest_kernel(pool: &Pool<'_>, keep: usize, scratch: &mut Scratch)
);

#[inline(always)]
fn farthest_kernel(pool: &Pool<'_>, keep: usize, scratch: &mut Scratch) {
    let width = if pool.computed { TOLERANCE } else { 0.0 };
    // What each is less similar than to its nearest kept: 1 less that similarity would round numbers that are given.
    scratch.gains[..pool.candidates].fill(0.0);
    for t in 0..keep {
        let least = ties::greatest(&scratch.gains) - width;
        let j = ties::lowest_key(&scratch.gains, least, pool.words, t);
        let nearest = scratch.gains[j];
        scratch.keep(j, 1.0 + nearest);
        if t == 0 {
            scratch.cover.fill(f64::NEG_INFINITY);
        }
        let nearest = scratch.cover[..pool.candidates]
            .iter_mut()
            .zip(&mut scratch.gains)
            .enumerate();
        for (i, (cover, gain)) in nearest {
            let near = pool.similarity[i * pool.stride + j];
            *cover = if near > *cover { near } else { *cover };
            *gain = if *gain > f64::NEG_INFINITY { -*cover } else { *gain };
        }
    }
}

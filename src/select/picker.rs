//! Owns the picks: one pool, one rule, K candidates in the order kept.

use super::cover;
use super::greedy::{self, Greedy, Scratch, Task};
use super::incremental;
use super::pool::{LARGEST, magnitude, span};
use super::ties::{self, RANDOM, TOLERANCE, mix, threshold};
use super::{Pool, Rule, SelectError, Selector};
use crate::numerics::lanes::dispatch;

/// Scratch for pools of at most a stated number of candidates: nothing is allocated per pool.
///
/// [`Greedy::Plain`] and [`Greedy::Lazy`] copy the similarities: from the first such pool on, it holds N^2 numbers.
#[derive(Debug, Clone)]
pub struct Picker {
    room: usize,
    scratch: Scratch,
    keys: Vec<(u64, usize)>,
}

/// What was kept of a pool.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Picks<'a> {
    /// Indices of the kept candidates, in the order kept.
    pub order: &'a [usize],
    /// What each added when it was kept. For `diverse`, `diverse-best` and their weighted forms: to the objective, so
    /// that the gains of all sum to it. For `best`: its reward. For `diverse-max-min`: 1 less its similarity to the
    /// nearest already kept (the first, which has none: 1). For `random`: 0.
    pub gains: &'a [f64],
}

impl Picker {
    /// Room for pools of at most `room` candidates.
    pub fn new(room: usize) -> Self {
        Self {
            room,
            scratch: Scratch::new(room),
            keys: Vec::with_capacity(room),
        }
    }

    /// Keeps `keep` of a pool by a rule: their indices in the order kept, and what each added.
    ///
    /// Where [`Rule::nested`], the picks for K are the first K of these: one call with the largest K serves all.
    /// Ties (values within [`TOLERANCE`] of the greatest) fall by keys of the candidates' words.
    /// An error where K > N, a slice is too short, or a number that the selector reads is not finite.
    pub fn pick(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<Picks<'_>, SelectError> {
        self.pick_by(rule, pool, keep, Greedy::Incremental)
    }

    /// [`Picker::pick`] with greedy picks found in a stated way.
    pub fn pick_by(
        &mut self,
        rule: &Rule,
        pool: &Pool<'_>,
        keep: usize,
        greedy: Greedy,
    ) -> Result<Picks<'_>, SelectError> {
        if pool.candidates > self.room {
            return Err(SelectError::PoolTooLarge {
                candidates: pool.candidates,
                room: self.room,
            });
        }
        pool.check(rule.selector, keep)?;
        rule.effective().check()?;
        self.scratch.start(pool.candidates);
        match rule.selector {
            Selector::Random => self.random(pool, keep),
            Selector::Best => self.best(pool, keep),
            Selector::DiverseMaxMin => self.farthest(pool, keep)?,
            _ => self.greedy(rule, pool, keep, greedy)?,
        }
        Ok(Picks {
            order: &self.scratch.order,
            gains: &self.scratch.added,
        })
    }

    /// The `keep` lowest keys, by key.
    fn random(&mut self, pool: &Pool<'_>, keep: usize) {
        let words = pool.words[..pool.candidates].iter();
        self.keys.clear();
        self.keys
            .extend(words.enumerate().map(|(j, &word)| (mix(word, RANDOM), j)));
        self.keys.sort_unstable();
        for &(_, j) in &self.keys[..keep] {
            self.scratch.keep(j, 0.0);
        }
    }

    /// The highest rewards, one after the other. Ties are within [`TOLERANCE`] of the largest magnitude in the pool.
    fn best(&mut self, pool: &Pool<'_>, keep: usize) {
        let rewards = &pool.rewards[..pool.candidates];
        let (least, greatest) = span(rewards);
        let tie = TOLERANCE * magnitude(least, greatest);
        self.keys.clear();
        self.keys
            .extend(rewards.iter().enumerate().map(|(j, &r)| (descending(r), j)));
        self.keys.sort_unstable();
        // Sorted rewards are the picks unless two neighbours tie; then each pick looks for its own ties.
        let tied = |two: &[(u64, usize)]| rewards[two[1].1] >= rewards[two[0].1] - tie;
        if self.keys[..pool.candidates.min(keep + 1)].windows(2).any(tied) {
            return best_of_ties::run(pool, tie, keep, &mut self.scratch);
        }
        for &(_, j) in &self.keys[..keep] {
            self.scratch.keep(j, rewards[j]);
        }
    }

    fn farthest(&mut self, pool: &Pool<'_>, keep: usize) -> Result<(), SelectError> {
        if !cover::sound::run(pool.matrix(), LARGEST) {
            pool.bad_similarity().map_or(Ok(()), Err)?;
        }
        farthest::run(pool, keep, &mut self.scratch);
        Ok(())
    }

    fn greedy(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize, greedy: Greedy) -> Result<(), SelectError> {
        let objective = rule.effective();
        let (rewards, coverage) = objective.factors(keep, pool.candidates);
        if objective.reward_share > 0.0 {
            pool.scaled_rewards(objective.rewards, rewards, &mut self.scratch.own)?;
        }
        let task = Task {
            matrix: pool.matrix(),
            words: &pool.words[..pool.candidates],
            coverage,
            keep,
            greedy,
        };
        let done = match greedy {
            Greedy::Incremental => incremental::incremental::run(&task, &mut self.scratch),
            Greedy::Plain | Greedy::Lazy => greedy::by_bounds::run(&task, &mut self.scratch),
        };
        if done {
            return Ok(());
        }
        // Never `Ok`: rewards give at most half of `LARGEST`, so a similarity must have given the rest.
        pool.bad_similarity().map_or(Ok(()), Err)
    }
}

/// Bits whose order as an integer is the reverse of the order of finite numbers.
fn descending(x: f64) -> u64 {
    // Adding 0 makes one of the two zeros of the other.
    let bits = (x + 0.0).to_bits();
    if bits >> 63 == 1 { bits } else { !bits & (u64::MAX >> 1) }
}

dispatch!(
    /// The highest rewards where some lie within `tie` of each other.
    mod best_of_ties = best_of_ties_kernel(pool: &Pool<'_>, tie: f64, keep: usize, scratch: &mut Scratch)
);

#[inline(always)]
fn best_of_ties_kernel(pool: &Pool<'_>, tie: f64, keep: usize, scratch: &mut Scratch) {
    let rewards = &pool.rewards[..pool.candidates];
    scratch.gains[..rewards.len()].copy_from_slice(rewards);
    for t in 0..keep {
        let least = ties::greatest(&scratch.gains) - tie;
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
    scratch.gains[..pool.candidates].fill(1.0);
    for t in 0..keep {
        let least = threshold(ties::greatest(&scratch.gains));
        let j = ties::lowest_key(&scratch.gains, least, pool.words, t);
        scratch.keep(j, scratch.gains[j]);
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
            *gain = if *gain > f64::NEG_INFINITY { 1.0 - *cover } else { *gain };
        }
    }
}

//! Owns the picks: one pool, one rule, K candidates in the order kept.

use super::cover;
use super::pool::{LARGEST, magnitude, span};
use super::ties::{RANDOM, TOLERANCE, lowest_key, mix, threshold};
use super::{Pool, Rule, SelectError, Selector};
use crate::numerics::lanes::dispatch;

/// Scratch for pools of at most a stated number of candidates: nothing is allocated per pool.
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

/// The arrays of one selection, each as long as the pool.
#[derive(Debug, Clone, Default)]
pub(super) struct Scratch {
    /// What each candidate adds by its own reward; minus infinity once kept.
    pub own: Vec<f64>,
    /// Similarity to the nearest kept.
    pub cover: Vec<f64>,
    /// What each would add.
    pub gains: Vec<f64>,
    /// Kept so far.
    pub order: Vec<usize>,
    /// What each kept one added.
    pub added: Vec<f64>,
}

/// One greedy selection: the pool, the factor of its coverage, and K.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    pub pool: &'a Pool<'a>,
    pub coverage: f64,
    pub keep: usize,
}

impl Picker {
    /// Room for pools of at most `room` candidates.
    pub fn new(room: usize) -> Self {
        let numbers = || Vec::with_capacity(room);
        Self {
            room,
            scratch: Scratch {
                own: numbers(),
                cover: numbers(),
                gains: numbers(),
                order: Vec::with_capacity(room),
                added: numbers(),
            },
            keys: Vec::with_capacity(room),
        }
    }

    /// Keeps `keep` of a pool by a rule: their indices in the order kept, and what each added.
    ///
    /// Where [`Rule::nested`], the picks for K are the first K of these: one call with the largest K serves all.
    /// Ties (values within [`TOLERANCE`] of the greatest) fall by keys of the candidates' words.
    /// An error where K > N, a slice is too short, or a number that the selector reads is not finite.
    pub fn pick(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<Picks<'_>, SelectError> {
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
            Selector::Best => best(pool, keep, &mut self.scratch),
            Selector::DiverseMaxMin => farthest(pool, keep, &mut self.scratch)?,
            _ => self.scratch.greedy(rule, pool, keep)?,
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
}

impl Scratch {
    fn start(&mut self, n: usize) {
        for numbers in [&mut self.own, &mut self.cover, &mut self.gains] {
            numbers.clear();
            numbers.resize(n, 0.0);
        }
        self.order.clear();
        self.added.clear();
    }

    #[inline(always)]
    fn keep(&mut self, j: usize, gain: f64) {
        self.order.push(j);
        self.added.push(gain);
    }

    fn greedy(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<(), SelectError> {
        let objective = rule.effective();
        let (rewards, coverage) = objective.factors(keep, pool.candidates);
        if objective.reward_share > 0.0 {
            pool.scaled_rewards(objective.rewards, rewards, &mut self.own)?;
        }
        if plain::run(&Task { pool, coverage, keep }, self) {
            return Ok(());
        }
        // Never `Ok`: rewards give at most half of `LARGEST`, so a similarity must have given the rest.
        pool.bad_similarity().map_or(Ok(()), Err)
    }
}

/// The highest rewards, one after the other. Ties are within [`TOLERANCE`] of the largest magnitude in the pool.
fn best(pool: &Pool<'_>, keep: usize, scratch: &mut Scratch) {
    let rewards = &pool.rewards[..pool.candidates];
    let (least, greatest) = span(rewards);
    let tie = TOLERANCE * magnitude(least, greatest);
    scratch.gains.copy_from_slice(rewards);
    for t in 0..keep {
        let top = top(&scratch.gains);
        let j = lowest_key(&scratch.gains, top - tie, pool.words, t);
        scratch.gains[j] = f64::NEG_INFINITY;
        scratch.keep(j, rewards[j]);
    }
}

/// A random start, then always the candidate least similar to its nearest kept one.
fn farthest(pool: &Pool<'_>, keep: usize, scratch: &mut Scratch) -> Result<(), SelectError> {
    if let Some(error) = pool.bad_similarity() {
        return Err(error);
    }
    for t in 0..keep {
        let top = top(&scratch.gains);
        let j = lowest_key(&scratch.gains, threshold(top), pool.words, t);
        scratch.keep(j, if t == 0 { 1.0 } else { scratch.gains[j] });
        scratch.own[j] = f64::NEG_INFINITY;
        cover::raise(pool.similarity, pool.stride, j, t == 0, &mut scratch.cover);
        for i in 0..pool.candidates {
            scratch.gains[i] = scratch.own[i] + (1.0 - scratch.cover[i]);
        }
    }
    Ok(())
}

#[inline(always)]
fn top(values: &[f64]) -> f64 {
    let mut top = f64::NEG_INFINITY;
    for &value in values {
        top = if value > top { value } else { top };
    }
    top
}

dispatch!(
    /// Plain greedy: the gain of every candidate before every pick. Whether every first gain was a number in range.
    pub(super) mod plain = plain_kernel(task: &Task<'_>, scratch: &mut Scratch) -> bool
);

#[inline(always)]
fn plain_kernel(task: &Task<'_>, scratch: &mut Scratch) -> bool {
    let Pool {
        similarity,
        stride,
        words,
        ..
    } = *task.pool;
    for t in 0..task.keep.max(1) {
        if t == 0 {
            cover::columns::<true>(similarity, stride, &scratch.cover, &mut scratch.gains);
        } else {
            cover::columns::<false>(similarity, stride, &scratch.cover, &mut scratch.gains);
        }
        for j in 0..scratch.gains.len() {
            scratch.gains[j] = scratch.own[j] + task.coverage * scratch.gains[j];
        }
        if t == 0 && !scratch.gains.iter().all(|gain| gain.abs() <= LARGEST) {
            return false;
        }
        if t == task.keep {
            break;
        }
        let j = lowest_key(&scratch.gains, threshold(top(&scratch.gains)), words, t);
        scratch.keep(j, scratch.gains[j]);
        scratch.own[j] = f64::NEG_INFINITY;
        cover::raise(similarity, stride, j, t == 0, &mut scratch.cover);
    }
    true
}

//! Owns orders by key: of candidates by the hash of their words, and by their rewards.

use super::ties::{RANDOM, mix};
use crate::numerics::lanes::{LANES, dispatch};

/// Halves of keys in the widest register.
const HALVES: usize = 2 * LANES;

/// Candidates in the order of their keys. Scratch: nothing is allocated per pool.
#[derive(Debug, Clone)]
pub(super) struct Ranking {
    keys: Vec<u64>,
    order: Vec<usize>,
}

impl Ranking {
    pub fn new(room: usize) -> Self {
        Self {
            keys: Vec::with_capacity(room),
            order: Vec::with_capacity(room),
        }
    }

    /// At random: by the keys of their words.
    pub fn by_words(&mut self, words: &[u64]) -> &[usize] {
        by_words::run(words, self.room(words.len()));
        self.sort()
    }

    /// The highest reward first. The rewards are finite.
    pub fn by_rewards(&mut self, rewards: &[f64]) -> &[usize] {
        by_rewards::run(rewards, self.room(rewards.len()));
        self.sort()
    }

    fn room(&mut self, n: usize) -> &mut [u64] {
        self.keys.resize(n, 0);
        self.order.resize(n, 0);
        &mut self.keys
    }

    /// By key, and by index where keys are equal.
    fn sort(&mut self) -> &[usize] {
        if !by_counts::run(&self.keys, &mut self.order) {
            self.order.clear();
            self.order.extend(0..self.keys.len());
            self.order.sort_unstable_by_key(|&j| (self.keys[j], j));
        }
        &self.order
    }
}

dispatch!(
    /// The keys of a random order.
    pub(super) mod by_words = by_words_kernel(words: &[u64], keys: &mut [u64])
);

#[inline(always)]
fn by_words_kernel(words: &[u64], keys: &mut [u64]) {
    for (key, &word) in keys.iter_mut().zip(words) {
        *key = mix(word, RANDOM);
    }
}

dispatch!(
    /// Keys whose order as integers is the reverse of the order of finite numbers.
    pub(super) mod by_rewards = by_rewards_kernel(rewards: &[f64], keys: &mut [u64])
);

#[inline(always)]
fn by_rewards_kernel(rewards: &[f64], keys: &mut [u64]) {
    for (key, &reward) in keys.iter_mut().zip(rewards) {
        // Adding 0 makes one of the two zeros of the other.
        let bits = (reward + 0.0).to_bits();
        *key = if bits >> 63 == 1 { bits } else { !bits & (u64::MAX >> 1) };
    }
}

dispatch!(
    /// Sorts by counting, for each key, those below it: n^2 work, but without a branch, and for some dozens of keys less than
    /// that of a sort. False, and no order, where they are more than 64 or two share their upper half.
    pub(super) mod by_counts = by_counts_kernel(keys: &[u64], order: &mut [usize]) -> bool
);

#[inline(always)]
fn by_counts_kernel(keys: &[u64], order: &mut [usize]) -> bool {
    match keys.len().div_ceil(HALVES) {
        0 | 1 => count::<1>(keys, order),
        2 => count::<2>(keys, order),
        3 | 4 => count::<4>(keys, order),
        _ => false,
    }
}

#[inline(always)]
fn count<const B: usize>(keys: &[u64], order: &mut [usize]) -> bool {
    let mut halves = [[u32::MAX; HALVES]; B];
    for (half, key) in halves.as_flattened_mut().iter_mut().zip(keys) {
        *half = (key >> 32) as u32;
    }
    let mut below = [[0; HALVES]; B];
    for &half in halves.as_flattened() {
        // The padding; or a key like it, and pairs are missed. A loop of unknown length keeps the keys in the lanes.
        if half == u32::MAX {
            break;
        }
        for b in 0..B {
            for l in 0..HALVES {
                below[b][l] += u32::from(half < halves[b][l]);
            }
        }
    }
    let mut pairs = 0;
    for (i, &below) in below.as_flattened()[..keys.len()].iter().enumerate() {
        pairs += below as usize;
        order[below as usize] = i;
    }
    // Of two equal keys neither is below the other, and a pair is missed.
    pairs == keys.len() * keys.len().saturating_sub(1) / 2
}

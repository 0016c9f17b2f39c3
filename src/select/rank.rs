//! Owns orders by key: of candidates by the hash of their words, and by their rewards.

use super::compact::MOST;
use super::ties::{RANDOM, mix};
use crate::numerics::lanes::{LANES, Lanes, dispatch};

/// Candidates in the order of their keys. Scratch: nothing is allocated per pool.
#[derive(Debug, Clone)]
pub(super) struct Ranking {
    keys: Vec<u64>,
    order: Vec<usize>,
}

impl Ranking {
    pub fn new(room: usize) -> Self {
        Self {
            keys: Vec::with_capacity(room.next_multiple_of(LANES)),
            order: Vec::with_capacity(room),
        }
    }

    /// At random: by the keys of their words.
    pub fn by_words(&mut self, words: &[u64]) -> &[usize] {
        by_words::run(words, self.room(words.len()));
        self.sort(words.len())
    }

    /// The highest reward first. The rewards are finite.
    pub fn by_rewards(&mut self, rewards: &[f64]) -> &[usize] {
        by_rewards::run(rewards, self.room(rewards.len()));
        self.sort(rewards.len())
    }

    fn room(&mut self, n: usize) -> &mut [u64] {
        self.keys.clear();
        self.keys.resize(n.next_multiple_of(LANES), u64::MAX);
        &mut self.keys[..n]
    }

    /// By key, and by index where keys are equal.
    fn sort(&mut self, n: usize) -> &[usize] {
        self.order.clear();
        self.order.resize(n, 0);
        if n > MOST || !by_counts::run(&self.keys, &mut self.order) {
            self.order.clear();
            self.order.extend(0..n);
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
    /// Sorts by counting, for each key, those below it; false, and no order, where two are equal. The work is n^2, but
    /// without a branch: for some dozens of keys less than that of a sort.
    pub(super) mod by_counts = by_counts_kernel(keys: &[u64], order: &mut [usize]) -> bool
);

#[inline(always)]
fn by_counts_kernel(keys: &[u64], order: &mut [usize]) -> bool {
    let n = order.len();
    let mut pairs = 0;
    for (b, eight) in keys.as_chunks::<LANES>().0.iter().enumerate() {
        let below = below(eight, &keys[..n]);
        for l in 0..LANES.min(n - b * LANES) {
            pairs += below[l];
            order[below[l] as usize] = b * LANES + l;
        }
    }
    // Of two equal keys neither is below the other, and a pair is missed.
    pairs == (n * n.saturating_sub(1) / 2) as u64
}

/// How many of all keys are below each of eight.
#[inline(always)]
fn below(eight: &Lanes<u64>, all: &[u64]) -> Lanes<u64> {
    let mut below = [0; LANES];
    for &key in all {
        for l in 0..LANES {
            below[l] += u64::from(key < eight[l]);
        }
    }
    below
}

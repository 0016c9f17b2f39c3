//! Owns the vectors of votes: how N drafts can fall on M modes, with multinomial probabilities, and who wins a plurality.
//!
//! The order is that of [`enumerate`](crate::theory::selected::enumerate): the first mode's count runs slowest, from 0 up.

use crate::theory::selected::enumerate::{MOST_COUNT_VECTORS, count_vectors};

/// The most modes: more would be a table of many vectors that few drafts could tell apart.
const MOST_MODES: u32 = 64;

/// All C(N + M - 1, M - 1) vectors of N votes over M modes; a vector's place among them is its state.
#[derive(Debug, Clone, PartialEq)]
pub struct Votes {
    width: u32,
    modes: usize,
    /// By state, M counts each.
    counts: Vec<u8>,
    /// By state, N!/(n_1! ... n_M!): how many sequences of drafts have these counts.
    sequences: Vec<f64>,
    /// `[k][left]`: how many vectors of `left` votes over k modes there are.
    vectors: Vec<u64>,
}

impl Votes {
    /// The vectors of `width` N votes over `modes` M modes.
    ///
    /// # Panics
    ///
    /// When M is not 1 to 64, N above 255, or there are more than three million vectors ([`Votes::states_of`] says how many).
    pub fn new(width: u32, modes: u32) -> Self {
        let states = Self::states_of(width, modes);
        assert!(
            (1..=MOST_MODES).contains(&modes) && width <= u32::from(u8::MAX) && states <= MOST_COUNT_VECTORS,
            "{states} vectors of {width} votes over {modes} modes"
        );
        let modes = modes as usize;
        let mut counts = Vec::with_capacity(states as usize * modes);
        list(width as u8, &mut vec![0; modes], 0, &mut counts);
        let sequences = counts.chunks_exact(modes).map(sequences_with).collect();
        let of_modes = |k: usize| (0..=width).map(move |left| count_vectors(left, k));
        Self {
            width,
            modes,
            counts,
            sequences,
            vectors: (0..=modes).flat_map(of_modes).collect(),
        }
    }

    /// How many vectors of `width` votes over `modes` modes there are; `u64::MAX` where it is larger.
    pub fn states_of(width: u32, modes: u32) -> u64 {
        count_vectors(width, modes as usize)
    }

    /// N.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// M.
    pub fn modes(&self) -> usize {
        self.modes
    }

    /// The number of states.
    #[expect(clippy::len_without_is_empty, reason = "there is always a vector")]
    pub fn len(&self) -> usize {
        self.sequences.len()
    }

    /// The votes of a state, M counts that add up to N.
    pub fn counts(&self, state: usize) -> &[u8] {
        &self.counts[state * self.modes..][..self.modes]
    }

    /// The state of some votes; none unless they are M counts that add up to N.
    pub fn state(&self, counts: &[u8]) -> Option<usize> {
        let total: u32 = counts.iter().copied().map(u32::from).sum();
        if counts.len() != self.modes || total != self.width {
            return None;
        }
        // Over k modes, vectors of `left` votes whose first count is lower are all but those that have so many fewer votes.
        let vectors = |k: usize, left: usize| self.vectors[k * (self.width as usize + 1) + left];
        let (mut left, mut state) = (self.width as usize, 0);
        for (&count, k) in counts.iter().zip((1..=self.modes).rev()) {
            let less = left - usize::from(count);
            // The last mode has what is left.
            if k > 1 {
                state += vectors(k, left) - vectors(k, less);
            }
            left = less;
        }
        Some(state as usize)
    }

    /// The probability of each state when N drafts are independent with policy `p`, M probabilities. Relative error of some N roundings.
    ///
    /// # Panics
    ///
    /// When `p` is not one number per mode.
    pub fn multinomial(&self, p: &[f64]) -> Vec<f64> {
        let mut law = vec![0.0; self.len()];
        self.add_drafts([1.0], [p], &mut law);
        self.finish_drafts(&mut law);
        law
    }

    /// Adds to `law`, by state, the probability of each one sequence of N drafts from each of L policies, times its weight. After the
    /// last, [`Votes::finish_drafts`] is due.
    pub(super) fn add_drafts<const L: usize>(&self, weights: [f64; L], policies: [&[f64]; L], law: &mut [f64]) {
        assert!(policies.iter().all(|p| p.len() == self.modes), "a probability per mode");
        let powers = |m: usize| {
            let p = policies.map(|policy| policy[m]);
            std::iter::successors(Some([1.0; L]), move |power| Some(product(power, &p)))
        };
        let rows = self.width as usize + 1;
        let factors: Vec<[f64; L]> = (0..self.modes).flat_map(|m| powers(m).take(rows)).collect();
        self.add_products(weights, &factors, law);
    }

    /// From the probability of one sequence to that of all with the same counts.
    pub(super) fn finish_drafts(&self, law: &mut [f64]) {
        law.iter_mut().zip(&self.sequences).for_each(|(p, n)| *p *= n);
    }

    /// Adds to `sums`, by state n, the product over modes of `factors[m * (N + 1) + n_m]`, weighted and summed over L tables: side by side,
    /// tables fill vector registers.
    pub(super) fn add_products<const L: usize>(&self, weights: [f64; L], factors: &[[f64; L]], sums: &mut [f64]) {
        let rows = self.width as usize + 1;
        assert_eq!(factors.len(), self.modes * rows, "a row per mode");
        for (sum, counts) in sums.iter_mut().zip(self.counts.chunks_exact(self.modes)) {
            let of_modes = counts.iter().zip(factors.chunks_exact(rows));
            let all = of_modes.fold(weights, |sofar, (&n, row)| product(&sofar, &row[usize::from(n)]));
            *sum += all.iter().sum::<f64>();
        }
    }

    /// The probability that each mode has the most of N independent drafts with policy `p`; among several with as many, one is drawn.
    pub fn plurality(&self, p: &[f64]) -> Vec<f64> {
        let mut wins = vec![0.0; self.modes];
        for (state, probability) in self.multinomial(p).into_iter().enumerate() {
            let counts = self.counts(state);
            let top = counts.iter().max();
            let winners = || (0..self.modes).filter(|&m| counts.get(m) == top);
            let share = probability / winners().count() as f64;
            winners().for_each(|m| wins[m] += share);
        }
        wins
    }
}

/// Appends all vectors that begin as `counts` does before `mode` and have `left` votes from it on.
fn list(left: u8, counts: &mut [u8], mode: usize, all: &mut Vec<u8>) {
    if mode + 1 == counts.len() {
        counts[mode] = left;
        all.extend_from_slice(counts);
        return;
    }
    for count in 0..=left {
        counts[mode] = count;
        list(left - count, counts, mode + 1, all);
    }
}

/// The product of each two entries.
#[inline(always)]
fn product<const L: usize>(a: &[f64; L], b: &[f64; L]) -> [f64; L] {
    std::array::from_fn(|l| a[l] * b[l])
}

/// N!/(n_1! ... n_M!) as a product of binomials; exact while it is below 2^53.
fn sequences_with(counts: &[u8]) -> f64 {
    let (mut total, mut sequences) = (0.0, 1.0);
    for &count in counts {
        for i in 1..=count {
            total += 1.0;
            // C(total, i) grows by a factor that divides without rest.
            sequences = sequences * total / f64::from(i);
        }
    }
    sequences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::aggregation::checks::{assert_near, count, sequences};

    const POLICY: [f64; 3] = [0.5, 0.2, 0.3];

    #[test]
    fn states_are_all_vectors_once_and_in_order() {
        for (width, modes, states) in [
            (2, 8, 36),
            (3, 8, 120),
            (5, 8, 792),
            (0, 4, 1),
            (7, 1, 1),
            (255, 2, 256),
        ] {
            let votes = Votes::new(width, modes);
            assert_eq!((votes.len() as u64, Votes::states_of(width, modes)), (states, states));
            for state in 0..votes.len() {
                let counts = votes.counts(state);
                assert_eq!(votes.state(counts), Some(state));
                assert_eq!(counts.iter().map(|&n| u32::from(n)).sum::<u32>(), width);
                assert!(state == 0 || votes.counts(state - 1) < counts, "in order");
            }
        }
        assert_eq!(Votes::states_of(400, 400), u64::MAX);
        let votes = Votes::new(3, 2);
        assert_eq!(votes.counts(1), [1, 2]);
        assert_eq!((votes.state(&[2, 2]), votes.state(&[3])), (None, None));
    }

    #[test]
    #[should_panic(expected = "30045015 vectors of 20 votes over 11 modes")]
    fn too_many_vectors_are_refused() {
        Votes::new(20, 11);
    }

    /// Every sequence of drafts, one by one.
    fn enumerated(width: u32, p: &[f64], mut visit: impl FnMut(Vec<u8>, f64)) {
        for sequence in sequences(p.len(), width) {
            let probability = sequence.iter().map(|&m| p[m]).product();
            visit(count(&sequence, p.len()), probability);
        }
    }

    #[test]
    fn probabilities_are_those_of_all_sequences() {
        for width in 0..=6 {
            let votes = Votes::new(width, 3);
            let mut right = vec![0.0; votes.len()];
            enumerated(width, &POLICY, |counts, p| right[votes.state(&counts).unwrap()] += p);
            assert_near(&votes.multinomial(&POLICY), &right);
        }
        // The mean of so many votes is N p, which the binomials beyond 2^53 must keep.
        let votes = Votes::new(255, 2);
        let law = votes.multinomial(&[0.3, 0.7]);
        let mean: f64 = law.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
        assert!((mean / 76.5 - 1.0).abs() < 1e-12, "{mean}");
    }

    /// Of 2 modes at .6, three drafts: .648 = .216 + .432; four: .4752 and half of the ties' .3456.
    #[test]
    fn pluralities_are_those_of_all_sequences() {
        assert_near(&Votes::new(3, 2).plurality(&[0.6, 0.4]), &[0.648, 0.352]);
        assert_near(&Votes::new(4, 2).plurality(&[0.6, 0.4]), &[0.648, 0.352]);
        for width in 1..=6 {
            let mut right = [0.0; 3];
            let mut first_wins = [0.0; 3];
            enumerated(width, &POLICY, |counts, p| {
                let most = *counts.iter().max().unwrap();
                let tied: Vec<usize> = (0..3).filter(|&m| counts[m] == most).collect();
                tied.iter().for_each(|&m| right[m] += p / tied.len() as f64);
                first_wins[tied[0]] += p;
            });
            let found = Votes::new(width, 3).plurality(&POLICY);
            assert_near(&found, &right);
            // A tie that goes to the first of its modes is another law, but for one draft.
            assert!(width == 1 || (found[0] - first_wins[0]).abs() > 1e-2, "{width}");
        }
    }
}

//! Owns the vectors of votes: how N drafts can fall on M modes, with multinomial probabilities, and who wins a plurality.
//!
//! The order is that of [`enumerate`](crate::theory::selected::enumerate): the first mode's count runs slowest, from 0 up.

use crate::theory::selected::enumerate::{MOST_COUNT_VECTORS, count_vectors};

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
    /// When M is 0, N above 255, or there are more than three million vectors ([`Votes::states_of`] says how many).
    pub fn new(width: u32, modes: u32) -> Self {
        let states = Self::states_of(width, modes);
        assert!(
            modes > 0 && width <= u32::from(u8::MAX) && states <= MOST_COUNT_VECTORS,
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
    pub fn multinomial(&self, p: &[f64]) -> Vec<f64> {
        let mut law = vec![0.0; self.len()];
        self.add_drafts(1.0, p, &mut law);
        self.finish_drafts(&mut law);
        law
    }

    /// Adds to `law`, by state, `weight` times the probability of each one sequence of N drafts from `p`. After the last,
    /// [`Votes::finish_drafts`] is due.
    pub(super) fn add_drafts(&self, weight: f64, p: &[f64], law: &mut [f64]) {
        let power = |p: f64| std::iter::successors(Some(1.0), move |power| Some(power * p));
        let rows = self.width as usize + 1;
        let powers: Vec<f64> = p.iter().flat_map(|&p| power(p).take(rows)).collect();
        self.add_products(weight, &powers, law);
    }

    /// From the probability of one sequence to that of all with the same counts.
    pub(super) fn finish_drafts(&self, law: &mut [f64]) {
        law.iter_mut().zip(&self.sequences).for_each(|(p, n)| *p *= n);
    }

    /// Adds to `sums`, by state n, `weight` times the product over modes of `factors[m * (N + 1) + n_m]`.
    pub(super) fn add_products(&self, weight: f64, factors: &[f64], sums: &mut [f64]) {
        assert_eq!(factors.len(), self.modes * (self.width as usize + 1), "a row per mode");
        assert_eq!(sums.len(), self.len(), "a sum per state");
        add_products(
            self.width as usize,
            weight,
            factors,
            self.width as usize,
            &mut sums.iter_mut(),
        );
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

/// Visits states in the same order, with the product of the factors so far: a walk shares them among all states that begin alike.
fn add_products(width: usize, product: f64, factors: &[f64], left: usize, sums: &mut std::slice::IterMut<f64>) {
    let (row, later) = factors.split_at(width + 1);
    if later.is_empty() {
        // Cannot fail: there is a sum for each state.
        *sums.next().expect("a sum per state") += product * row[left];
        return;
    }
    for count in 0..=left {
        add_products(width, product * row[count], later, left - count, sums);
    }
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

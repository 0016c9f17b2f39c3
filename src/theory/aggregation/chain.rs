//! Owns the chain of layers: votes of one layer given those of the layer before, exactly.
//!
//! mu_1 = Mult(N; pi(. | no drafts)), K(n, n') = Mult(n'; N, pi(. | n)), and after L layers the head answers m with probability
//! sum_n (mu_1 K^(L-1))(n) pi(m | n). K has (number of states)^2 entries and is never stored: a step works out its rows in passing, eight
//! side by side.

use super::Votes;
use crate::numerics::lanes::LANES;

/// Layers of N drafts, each drawn from the policy that the votes of the layer before give.
#[derive(Debug, Clone, Copy)]
pub struct Chain<'a> {
    votes: &'a Votes,
    policies: &'a [f64],
}

impl<'a> Chain<'a> {
    /// The chain in which `policies[state * M + m]` is pi(m | votes of the state).
    ///
    /// # Panics
    ///
    /// When `policies` is not one row of M probabilities per state.
    pub fn new(votes: &'a Votes, policies: &'a [f64]) -> Self {
        assert_eq!(policies.len(), votes.len() * votes.modes(), "a policy per state");
        Self { votes, policies }
    }

    /// The law of the first layer's votes, by state, when its drafts come from `p_none`, M probabilities.
    pub fn start(&self, p_none: &[f64]) -> Vec<f64> {
        self.votes.multinomial(p_none)
    }

    /// The law of the next layer's votes, by state, from that of this layer's.
    pub fn step(&self, law: &[f64]) -> Vec<f64> {
        let mut next = vec![0.0; self.votes.len()];
        let rows: Vec<(f64, &[f64])> = self.rows(law).filter(|(weight, _)| *weight > 0.0).collect();
        for some in rows.chunks(LANES) {
            // A lane without a row has no weight.
            let row = |l: usize| some.get(l).map_or((0.0, some[0].1), |row| *row);
            let (weights, policies) = (std::array::from_fn(|l| row(l).0), std::array::from_fn(|l| row(l).1));
            self.votes.add_drafts::<LANES>(weights, policies, &mut next);
        }
        self.votes.finish_drafts(&mut next);
        next
    }

    /// The law of the head's mode, M probabilities, when the last layer's votes have this law by state.
    pub fn answer(&self, law: &[f64]) -> Vec<f64> {
        let mut answer = vec![0.0; self.votes.modes()];
        for (weight, policy) in self.rows(law) {
            answer.iter_mut().zip(policy).for_each(|(sum, p)| *sum += weight * p);
        }
        answer
    }

    /// The law of the head's mode after `depth` L layers of which the first draws from `p_none`; for no layers that is `p_none`.
    pub fn after(&self, p_none: &[f64], depth: u32) -> Vec<f64> {
        if depth == 0 {
            return p_none.to_vec();
        }
        let last = (1..depth).fold(self.start(p_none), |law, _| self.step(&law));
        self.answer(&last)
    }

    fn rows<'b>(&'b self, law: &'b [f64]) -> impl Iterator<Item = (f64, &'b [f64])> {
        assert_eq!(law.len(), self.votes.len(), "a probability per state");
        let policies = self.policies.chunks_exact(self.votes.modes());
        law.iter().copied().zip(policies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::elementary::{exp, powi};
    use crate::numerics::softmax::softmax;
    use crate::numerics::stream::Streams;
    use crate::theory::aggregation::checks::{Checks, Frequency, assert_near, count, draw, sequences};

    const NONE: [f64; 3] = [0.5, 0.3, 0.2];

    /// A policy that sharpens votes and has tastes of its own, so that no symmetry hides a mistake.
    fn policy(counts: &[u8]) -> Vec<f64> {
        let mut row: Vec<f64> = counts
            .iter()
            .enumerate()
            .map(|(m, &n)| 0.7 * f64::from(n) - 0.4 * m as f64)
            .collect();
        softmax(&mut row);
        row
    }

    fn table(votes: &Votes) -> Vec<f64> {
        (0..votes.len()).flat_map(|state| policy(votes.counts(state))).collect()
    }

    /// N = 2, M = 2 by hand: states (0,2), (1,1), (2,0), with the probability of mode 0 a, b, c; drafts from (p, q).
    #[test]
    fn two_drafts_of_two_modes_are_those_worked_out_by_hand() {
        let (a, b, c, p) = (0.1, 0.4, 0.8, 0.6);
        let votes = Votes::new(2, 2);
        let table = [a, b, c].map(|x| [x, 1.0 - x]).concat();
        let chain = Chain::new(&votes, &table);
        let first = [0.16, 0.48, 0.36];
        assert_near(&chain.start(&[p, 1.0 - p]), &first);
        assert_near(&chain.after(&[p, 1.0 - p], 1), &[0.496, 0.504]);
        let row = |x: f64| [(1.0 - x) * (1.0 - x), 2.0 * x * (1.0 - x), x * x];
        let second: Vec<f64> = (0..3)
            .map(|to| first[0] * row(a)[to] + first[1] * row(b)[to] + first[2] * row(c)[to])
            .collect();
        assert_near(&chain.step(&first), &second);
        // .1 x .3168 + .4 x .3744 + .8 x .3088.
        assert_near(&chain.after(&[p, 1.0 - p], 2), &[0.42848, 0.57152]);
        // One layer more or less is another number.
        assert!((chain.after(&[p, 1.0 - p], 3)[0] - 0.42848).abs() > 1e-2);
    }

    /// The chain for M = 2 over the number of drafts of mode 0 alone, with binomials written out.
    #[test]
    fn two_modes_are_a_chain_of_one_number() {
        let binomial = |n: i32, k: i32, x: f64| {
            let choose = (0..k).fold(1.0, |c, i| c * f64::from(n - i) / f64::from(i + 1));
            choose * powi(x, k) * powi(1.0 - x, n - k)
        };
        for n in 1..=6_i32 {
            let of = |k: i32| 1.0 / (1.0 + exp(0.9 - 0.5 * f64::from(k)));
            let votes = Votes::new(n as u32, 2);
            let table: Vec<f64> = (0..=n).flat_map(|k| [of(k), 1.0 - of(k)]).collect();
            let chain = Chain::new(&votes, &table);
            let mut law: Vec<f64> = (0..=n).map(|k| binomial(n, k, 0.35)).collect();
            for depth in 1..=4 {
                let right: f64 = (0..=n).map(|k| law[k as usize] * of(k)).sum();
                assert_near(&chain.after(&[0.35, 0.65], depth), &[right, 1.0 - right]);
                law = (0..=n)
                    .map(|to| (0..=n).map(|k| law[k as usize] * binomial(n, to, of(k))).sum())
                    .collect();
            }
        }
    }

    /// One draft per layer: the law after L layers is p Q^L, Q the M x M matrix of policies given one vote.
    #[test]
    fn one_draft_is_a_power_of_the_matrix_of_modes() {
        let votes = Votes::new(1, 3);
        let (table, mut law) = (table(&votes), NONE.to_vec());
        for depth in 0..=5 {
            assert_near(&Chain::new(&votes, &table).after(&NONE, depth), &law);
            let given = |m: usize| policy(&count(&[m], 3));
            law = (0..3).map(|to| (0..3).map(|m| law[m] * given(m)[to]).sum()).collect();
        }
    }

    /// All sequences of three drafts in each of two layers.
    #[test]
    fn layers_are_those_of_all_sequences() {
        let votes = Votes::new(3, 3);
        let table = table(&votes);
        let probability = |p: &[f64], s: &[usize]| s.iter().map(|&m| p[m]).product::<f64>();
        let mut right = [0.0; 3];
        for first in sequences(3, 3) {
            let given = policy(&count(&first, 3));
            for second in sequences(3, 3) {
                let weight = probability(&NONE, &first) * probability(&given, &second);
                let head = policy(&count(&second, 3));
                right.iter_mut().zip(head).for_each(|(sum, p)| *sum += weight * p);
            }
        }
        assert_near(&Chain::new(&votes, &table).after(&NONE, 2), &right);
    }

    #[test]
    fn simulated_layers_answer_as_often() {
        let votes = Votes::new(3, 3);
        let table = table(&votes);
        let chain = Chain::new(&votes, &table);
        let mut checks = Checks::default();
        for depth in 1..=4_u32 {
            let mut stream = Streams::new("chain").purpose("drafts").stream(0, depth);
            let mut hits = Frequency::default();
            for _ in 0..20_000 {
                let mut given = NONE.to_vec();
                for _ in 0..depth {
                    let drafts: Vec<usize> = (0..3).map(|_| draw(&given, stream.uniform())).collect();
                    given = policy(&count(&drafts, 3));
                }
                hits.add(draw(&given, stream.uniform()) == 0);
            }
            let score = |depth| hits.score(chain.after(&NONE, depth)[0]);
            checks.add(score(depth), score(depth - 1));
        }
        checks.finish();
    }
}

//! Owns the Bayes-optimal reader of drafts that does not recall the query: which modes are valid, by the votes and by verification alone.
//!
//! A priori every set S of V of the M modes is as likely to be the valid one. The votes n have the likelihood
//! L(n | S) = E Mult(n; N, pi), the mean over the queries of a world whose valid set is S; verification adds a log-likelihood ratio l_j for
//! each mode j among the drafts. Then P(m valid | n, l) is the share, in the sum over S of L(n | S) prod_{j in S, n_j > 0} exp(l_j), of sets with m.
//!
//! Modes are exchangeable among the valid and among the others, so L(n | S) depends on the votes of both only up to their order: the table
//! has one entry per such class of states and learns from every query, whatever its valid set.

use super::Votes;
use crate::numerics::elementary::exp;
use std::collections::BTreeMap;

/// The most modes whose sets are enumerated.
const MOST_MODES: usize = 20;

/// The table of L(n | S) in the making: queries are recorded one by one.
#[derive(Debug, Clone)]
pub struct VotesGivenValid {
    votes: Votes,
    valid: usize,
    /// By state with the valid modes first: its class.
    classes: Vec<u32>,
    /// By class: its probability, summed over queries.
    sums: Vec<f64>,
    queries: f64,
}

/// What votes and verification say of each mode.
#[derive(Debug, Clone)]
pub struct Posterior {
    votes: Votes,
    classes: Vec<u32>,
    /// By class: L(n | S).
    likelihood: Vec<f64>,
    /// Every possible valid set.
    sets: Vec<u32>,
}

impl VotesGivenValid {
    /// An empty table for these `votes` over M modes, `valid` V of them valid.
    ///
    /// # Panics
    ///
    /// When V is above M, or M above 20.
    pub fn new(votes: Votes, valid: u32) -> Self {
        let valid = valid as usize;
        assert!(
            valid <= votes.modes() && votes.modes() <= MOST_MODES,
            "{valid} valid of {} modes",
            votes.modes()
        );
        let mut known = BTreeMap::new();
        let classes: Vec<u32> = (0..votes.len())
            .map(|state| {
                let (own, others) = votes.counts(state).split_at(valid);
                let [mut own, mut others] = [own.to_vec(), others.to_vec()];
                own.sort_unstable();
                others.sort_unstable();
                let next = known.len() as u32;
                *known.entry((own, others)).or_insert(next)
            })
            .collect();
        Self {
            votes,
            valid,
            classes,
            sums: vec![0.0; known.len()],
            queries: 0.0,
        }
    }

    /// Records a query whose drafts come from `policy`, M probabilities, and whose valid modes are those marked in `valid`.
    ///
    /// # Panics
    ///
    /// When not V of M modes are marked.
    pub fn record(&mut self, policy: &[f64], valid: &[bool]) {
        let marked = valid.iter().filter(|v| **v).count();
        assert_eq!(
            (marked, valid.len()),
            (self.valid, self.votes.modes()),
            "valid modes, modes"
        );
        let law = self.votes.multinomial(&valid_first(policy, |m| valid[m]));
        for (class, p) in self.classes.iter().zip(law) {
            self.sums[*class as usize] += p;
        }
        self.queries += 1.0;
    }

    /// The table of all queries recorded; None of none.
    pub fn finish(self) -> Option<Posterior> {
        let mut sizes = vec![0.0; self.sums.len()];
        self.classes.iter().for_each(|&class| sizes[class as usize] += 1.0);
        let each = |(sum, size): (f64, f64)| sum / (size * self.queries);
        let likelihood = self.sums.into_iter().zip(sizes).map(each).collect();
        let all = 0..1_u32 << self.votes.modes();
        (self.queries > 0.0).then(|| Posterior {
            sets: all.filter(|set| set.count_ones() as usize == self.valid).collect(),
            votes: self.votes,
            classes: self.classes,
            likelihood,
        })
    }
}

impl Posterior {
    /// The probability that each mode is valid, given the votes `counts` and the log-likelihood ratio of its verification, `llr[m]`
    /// (finite; of modes without a vote it is not read). The Bayes-optimal answer is the largest.
    ///
    /// None for counts that are no votes of this table, or that no recorded query could give.
    pub fn validity(&self, counts: &[u8], llr: &[f64]) -> Option<Vec<f64>> {
        self.votes.state(counts)?;
        let has = |set: u32, m: usize| set >> m & 1 == 1;
        let evidence = |set: u32| -> f64 {
            let read = (0..counts.len()).filter(|&m| has(set, m) && counts[m] > 0);
            read.map(|m| llr[m]).sum()
        };
        let most = self
            .sets
            .iter()
            .map(|&set| evidence(set))
            .fold(f64::NEG_INFINITY, f64::max);
        let (mut total, mut validity) = (0.0, vec![0.0; counts.len()]);
        for &set in &self.sets {
            let weight = self.likelihood_of(counts, set)? * exp(evidence(set) - most);
            total += weight;
            (0..counts.len())
                .filter(|&m| has(set, m))
                .for_each(|m| validity[m] += weight);
        }
        validity.iter_mut().for_each(|v| *v /= total);
        (total > 0.0).then_some(validity)
    }

    fn likelihood_of(&self, counts: &[u8], set: u32) -> Option<f64> {
        let state = self.votes.state(&valid_first(counts, |m| set >> m & 1 == 1))?;
        Some(self.likelihood[self.classes[state] as usize])
    }
}

/// Values by mode, those of valid modes first.
fn valid_first<T: Copy>(values: &[T], valid: impl Fn(usize) -> bool + Copy) -> Vec<T> {
    let of = |own: bool| (0..values.len()).filter(move |&m| valid(m) == own).map(|m| values[m]);
    of(true).chain(of(false)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::elementary::ln;
    use crate::numerics::softmax::softmax;
    use crate::numerics::special::normal_density;
    use crate::theory::aggregation::checks::{assert_near, count, sequences};

    const KAPPA: f64 = 1.5;

    /// Three modes, one valid and one, valid or not, that the model likes: nine worlds, all as likely.
    fn worlds() -> Vec<(usize, Vec<f64>)> {
        let world = |valid: usize, liked: usize| {
            let mut p = vec![0.0; 3];
            p[valid] += 1.0;
            p[liked] += 0.6;
            softmax(&mut p);
            (valid, p)
        };
        (0..9).map(|i| world(i / 3, i % 3)).collect()
    }

    fn tiny(worlds: &[(usize, Vec<f64>)]) -> Posterior {
        let mut table = VotesGivenValid::new(Votes::new(2, 3), 1);
        for (valid, p) in worlds {
            let mask: Vec<bool> = (0..3).map(|m| m == *valid).collect();
            table.record(p, &mask);
        }
        table.finish().unwrap()
    }

    /// Bayes' rule over worlds, with the density of each verification written out.
    fn by_hand(sequence: &[usize], signal: &[f64; 3], read: bool) -> Vec<f64> {
        let mut validity = [0.0; 3];
        for (valid, p) in worlds() {
            let drafts: f64 = sequence.iter().map(|&m| p[m]).product();
            let density = |m: usize| normal_density(signal[m] - if m == valid { KAPPA } else { 0.0 });
            let seen = (0..3).filter(|m| read && sequence.contains(m));
            validity[valid] += drafts * seen.map(density).product::<f64>();
        }
        let total: f64 = validity.iter().sum();
        validity.iter().map(|v| v / total).collect()
    }

    fn llr(signal: &[f64; 3]) -> [f64; 3] {
        signal.map(|s| KAPPA * s - 0.5 * KAPPA * KAPPA)
    }

    #[test]
    fn validity_is_that_of_bayes_rule_over_all_worlds() {
        let posterior = tiny(&worlds());
        for signal in [[0.0, 0.0, 0.0], [1.2, -0.3, 0.8], [-2.0, 2.5, 0.1]] {
            for sequence in sequences(3, 2) {
                let found = posterior.validity(&count(&sequence, 3), &llr(&signal)).unwrap();
                assert_near(&found, &by_hand(&sequence, &signal, true));
                let unread = by_hand(&sequence, &signal, false);
                assert!((found[0] - unread[0]).abs() > 1e-3, "verification is noticed");
            }
        }
    }

    /// Worlds of one valid mode say the same as all: the table knows that names of modes mean nothing.
    #[test]
    fn worlds_of_one_valid_mode_are_enough() {
        let (all, some) = (tiny(&worlds()), tiny(&worlds()[3..6]));
        for sequence in sequences(3, 2) {
            let of = |table: &Posterior| table.validity(&count(&sequence, 3), &[0.3, -0.2, 0.9]).unwrap();
            assert_near(&of(&all), &of(&some));
        }
        let fewer = tiny(&worlds()[3..5]).validity(&[2, 0, 0], &[0.0; 3]).unwrap();
        let right = all.validity(&[2, 0, 0], &[0.0; 3]).unwrap();
        assert!((fewer[0] - right[0]).abs() > 1e-3, "other worlds are other likelihoods");
    }

    /// One policy that prefers a valid or an invalid mode, and the same with modes of a kind exchanged.
    #[test]
    fn names_of_modes_mean_nothing() {
        let table = |policy: [f64; 4]| {
            let mut table = VotesGivenValid::new(Votes::new(3, 4), 2);
            table.record(&policy, &[true, true, false, false]);
            table.finish().unwrap()
        };
        let first = table([0.4, 0.1, 0.2, 0.3]);
        for (other, same) in [
            ([0.1, 0.4, 0.2, 0.3], true),
            ([0.4, 0.1, 0.3, 0.2], true),
            ([0.2, 0.1, 0.4, 0.3], false),
        ] {
            for counts in [[3, 0, 0, 0], [2, 0, 1, 0], [0, 1, 1, 1]] {
                let of = |table: &Posterior| table.validity(&counts, &[0.2, 0.7, -0.1, -0.4]).unwrap();
                let (found, right) = (of(&table(other)), of(&first));
                if same {
                    assert_near(&found, &right);
                } else {
                    assert!((found[0] - right[0]).abs() > 1e-3, "kinds mean something");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_known_is_none() {
        assert!(VotesGivenValid::new(Votes::new(2, 3), 1).finish().is_none());
        let posterior = tiny(&[(0, vec![1.0, 0.0, 0.0])]);
        assert_eq!(posterior.validity(&[2, 0, 0], &[0.0; 3]), Some(vec![1.0, 0.0, 0.0]));
        assert_eq!(
            posterior.validity(&[1, 1, 0], &[0.0; 3]),
            None,
            "no query gives two modes"
        );
        assert_eq!(posterior.validity(&[1, 0, 0], &[0.0; 3]), None, "one draft of two");
        // Ratios that overflow one by one.
        let found = tiny(&worlds())
            .validity(&[1, 1, 0], &[900.0, 900.0 + ln(2.0), 5e3])
            .unwrap();
        assert!((found[1] / found[0] - 2.0).abs() < 1e-12, "{found:?}");
    }
}

//! Owns the best of n candidates by a score that is known of every mode of every slot, by enumeration of all answers: for few slots, and
//! to test faster routes against. A reward model that reads the same evidence as the aggregator is such a score.

use crate::numerics::elementary::power;

/// The most answers that are enumerated.
pub const MOST_ANSWERS: u64 = 1_000_000;

/// A slot of an answer: by mode, how probable it is, what the selector sees of it, and what it is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredSlot {
    /// M probabilities.
    pub p: Vec<f64>,
    /// M scores; a candidate's score is their sum over slots.
    pub score: Vec<f64>,
    /// M rewards; a candidate's reward is their mean over slots.
    pub reward: Vec<f64>,
}

/// The expected reward of the candidate of the highest score among `n` >= 1 independent ones, of equal scores (as doubles, summed in the order
/// of slots) one at random. None without slots, or for more than [`MOST_ANSWERS`] answers.
pub fn best_of_scored(slots: &[ScoredSlot], n: u32) -> Option<f64> {
    let size = |all: u64, slot: &ScoredSlot| all.checked_mul(slot.p.len() as u64);
    let all = slots.iter().try_fold(1, size)?;
    if slots.is_empty() || all > MOST_ANSWERS {
        return None;
    }
    let mut answers = slots.iter().fold(vec![(0.0, 1.0, 0.0)], |shorter, slot| {
        let longer = |(score, p, reward): (f64, f64, f64)| {
            (0..slot.p.len()).map(move |m| (score + slot.score[m], p * slot.p[m], reward + slot.reward[m]))
        };
        shorter.into_iter().flat_map(longer).collect()
    });
    answers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0.0, 0.0);
    for tied in answers.chunk_by(|a, b| a.0 == b.0) {
        let mass: f64 = tied.iter().map(|(_, p, _)| p).sum();
        if mass > 0.0 {
            let reward = tied.iter().map(|(_, p, reward)| p * reward).sum::<f64>() / mass;
            sum += reward * (power(below + mass, u64::from(n)) - power(below, u64::from(n)));
        }
        below += mass;
    }
    Some(sum / slots.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::aggregation::best_of::{best_of, poisson_binomial};
    use crate::theory::aggregation::checks::sequences;

    fn slot(p: [f64; 3], score: [f64; 3], reward: [f64; 3]) -> ScoredSlot {
        let [p, score, reward] = [p, score, reward].map(Vec::from);
        ScoredSlot { p, score, reward }
    }

    /// A score that is the reward is a reward without noise, ties and all.
    #[test]
    fn the_reward_as_score_is_the_best_of_n_without_noise() {
        let right = [[1.0, 0.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]];
        let p = [[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.25, 0.25, 0.5]];
        let slots: Vec<ScoredSlot> = (0..3).map(|t| slot(p[t], right[t], right[t])).collect();
        let pmf = poisson_binomial(&[0.5, 0.4, 0.25]);
        for n in [1, 2, 5, 40] {
            let found = best_of_scored(&slots, n).unwrap();
            assert!((found - best_of(&pmf, n, 0.0)).abs() < 1e-14, "{n}: {found}");
        }
    }

    /// All pairs of candidates of two slots, one by one, with a score that misleads and ties.
    #[test]
    fn choices_of_two_are_those_of_all_pairs() {
        let slots = [
            slot([0.5, 0.3, 0.2], [1.0, 0.5, 0.5], [0.0, 1.0, 0.3]),
            slot([0.2, 0.2, 0.6], [0.25, 2.0, 0.25], [1.0, 0.0, 0.5]),
        ];
        let (mut ties_split, mut ties_first) = (0.0, 0.0);
        for pair in sequences(3, 4) {
            let of = |values: fn(&ScoredSlot) -> &Vec<f64>, candidate: &[usize]| {
                [values(&slots[0])[candidate[0]], values(&slots[1])[candidate[1]]]
            };
            let (a, b) = pair.split_at(2);
            let chance: f64 = [a, b].iter().flat_map(|c| of(|s| &s.p, c)).product();
            let score = |c| of(|s| &s.score, c).iter().sum::<f64>();
            let reward = |c| 0.5 * of(|s| &s.reward, c).iter().sum::<f64>();
            let better = if score(a) > score(b) { a } else { b };
            let tied = score(a) == score(b);
            let mean = 0.5 * (reward(a) + reward(b));
            ties_split += chance * if tied { mean } else { reward(better) };
            ties_first += chance * if tied { reward(a).max(reward(b)) } else { reward(better) };
        }
        let found = best_of_scored(&slots, 2).unwrap();
        assert!((found - ties_split).abs() < 1e-15, "{found} {ties_split}");
        assert!((found - ties_first).abs() > 1e-3, "ties by reward are another rule");
    }

    #[test]
    fn too_many_answers_are_left() {
        let one = slot([0.5, 0.25, 0.25], [0.0; 3], [1.0, 0.0, 0.0]);
        assert!(best_of_scored(&vec![one.clone(); 12], 2).is_some());
        assert_eq!(best_of_scored(&vec![one.clone(); 13], 2), None);
        assert_eq!(best_of_scored(&vec![one; 200], 2), None);
        assert_eq!(best_of_scored(&[], 2), None);
    }
}

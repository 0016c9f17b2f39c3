//! Owns random subsets of drafts: each draft of the next layer reads K of the N before it, drawn without replacement and afresh.

use super::Votes;

/// The probability of each state of `kept` (votes of K) when K of the drafts with these `counts` (N in all, K <= N) are drawn without
/// replacement: multivariate hypergeometric.
///
/// # Panics
///
/// When `counts` is not one count per mode, or there are fewer drafts than are kept.
pub fn subset_law(kept: &Votes, counts: &[u8]) -> Vec<f64> {
    let total: u32 = counts.iter().copied().map(u32::from).sum();
    assert!(kept.width() <= total, "{} kept of {total} drafts", kept.width());
    let ways = |&n: &u8| binomials(u32::from(n), kept.width()).into_iter().map(|ways| [ways]);
    let factors: Vec<[f64; 1]> = counts.iter().flat_map(ways).collect();
    let all = binomials(total, kept.width())[kept.width() as usize];
    let mut law = vec![0.0; kept.len()];
    kept.add_products([1.0 / all], &factors, &mut law);
    law
}

/// The policies of drafts that each read a fresh random subset of K of N drafts: one row of M probabilities per state of `all` (votes of
/// N), from `policies_of_kept`, a row per state of `kept` (votes of K).
///
/// Subsets of different drafts are independent, so given all votes drafts are independent draws from the mixture over
/// subsets: with these policies [`Chain`](super::Chain) is exact, its head reading a random subset too.
///
/// # Panics
///
/// When `policies_of_kept` is not one row per state, or `kept` has more votes than `all` or another number of modes.
pub fn through_subsets(all: &Votes, kept: &Votes, policies_of_kept: &[f64]) -> Vec<f64> {
    let modes = kept.modes();
    assert_eq!(policies_of_kept.len(), kept.len() * modes, "a policy per state");
    let mut policies = vec![0.0; all.len() * modes];
    for (state, row) in policies.chunks_exact_mut(modes).enumerate() {
        let law = subset_law(kept, all.counts(state));
        let rows = law.iter().zip(policies_of_kept.chunks_exact(modes));
        for (weight, policy) in rows.filter(|(weight, _)| **weight > 0.0) {
            row.iter_mut().zip(policy).for_each(|(sum, p)| *sum += weight * p);
        }
    }
    policies
}

/// C(n, k) for k = 0, ..., `most`; 0 beyond n.
fn binomials(n: u32, most: u32) -> Vec<f64> {
    let next = |value: &mut f64, k: u32| {
        let now = *value;
        *value = now * f64::from(n.saturating_sub(k)) / f64::from(k + 1);
        Some(now)
    };
    (0..=most).scan(1.0, next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::softmax::softmax;
    use crate::theory::aggregation::Chain;
    use crate::theory::aggregation::checks::{assert_near, count, sequences};

    fn policy(counts: &[u8]) -> Vec<f64> {
        let mut row: Vec<f64> = (0..counts.len())
            .map(|m| 1.1 * f64::from(counts[m]) - 0.3 * m as f64)
            .collect();
        softmax(&mut row);
        row
    }

    /// All sets of `keep` of the drafts.
    fn subsets(drafts: &[usize], keep: u32) -> Vec<Vec<usize>> {
        let chosen = |set: usize| (0..drafts.len()).filter(move |i| set >> i & 1 == 1);
        (0..1_usize << drafts.len())
            .filter(|set| set.count_ones() == keep)
            .map(|set| chosen(set).map(|i| drafts[i]).collect())
            .collect()
    }

    #[test]
    fn the_law_of_a_subset_is_that_of_all_subsets() {
        for (drafts, keep) in [
            (vec![0, 0, 1, 2], 2),
            (vec![0, 1, 1, 1, 2], 3),
            (vec![2, 2], 2),
            (vec![1, 0, 0], 0),
        ] {
            let kept = Votes::new(keep, 3);
            let all = subsets(&drafts, keep);
            let mut right = vec![0.0; kept.len()];
            for subset in &all {
                right[kept.state(&count(subset, 3)).unwrap()] += 1.0 / all.len() as f64;
            }
            let counts = count(&drafts, 3);
            assert_near(&subset_law(&kept, &counts), &right);
            if keep == 3 {
                // Drawing with replacement is another law.
                let shares: Vec<f64> = counts.iter().map(|&n| f64::from(n) / drafts.len() as f64).collect();
                assert!((kept.multinomial(&shares)[0] - right[0]).abs() > 1e-3);
            }
        }
    }

    #[test]
    fn a_subset_of_all_drafts_is_all_drafts() {
        let all = Votes::new(4, 3);
        let table: Vec<f64> = (0..all.len()).flat_map(|state| policy(all.counts(state))).collect();
        assert_near(&through_subsets(&all, &all, &table), &table);
    }

    /// Three drafts, two read: every first layer, every choice of a subset by each draft of the second, every second layer, every
    /// subset of the head.
    #[test]
    fn layers_are_those_of_all_drafts_and_all_subsets() {
        let (all, kept) = (Votes::new(3, 2), Votes::new(2, 2));
        let table: Vec<f64> = (0..kept.len()).flat_map(|state| policy(kept.counts(state))).collect();
        let start = [0.55, 0.45];
        let (mut fresh, mut shared) = (0.0, 0.0);
        for first in sequences(2, 3) {
            let weight: f64 = first.iter().map(|&m| start[m]).product();
            let given: Vec<Vec<f64>> = subsets(&first, 2).iter().map(|s| policy(&count(s, 2))).collect();
            for choice in sequences(3, 3) {
                for second in sequences(2, 3) {
                    let chance: f64 = (0..3).map(|i| given[choice[i]][second[i]]).product();
                    let heads = subsets(&second, 2);
                    let head: f64 = heads.iter().map(|s| policy(&count(s, 2))[0] / 3.0).sum();
                    fresh += weight / 27.0 * chance * head;
                    if choice.iter().all(|&c| c == choice[0]) {
                        shared += weight / 3.0 * chance * head;
                    }
                }
            }
        }
        let policies = through_subsets(&all, &kept, &table);
        let found = Chain::new(&all, &policies).after(&start, 2);
        assert_near(&found, &[fresh, 1.0 - fresh]);
        assert!(
            (shared - fresh).abs() > 1e-3,
            "one subset for a whole layer is another law"
        );
    }
}

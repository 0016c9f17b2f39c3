//! Owns neutral drift: what layers do that copy a random draft of the layer before, neither sharpening nor checking.
//!
//! It is the Wright-Fisher model of population genetics (Ewens 2004, section 1.2). Each mode keeps its probability, and the
//! heterozygosity, the probability that two drafts drawn with replacement from a layer differ, falls by 1 - 1/N a layer: no selection,
//! no gain, only loss of diversity.

use super::Votes;
use crate::numerics::elementary::power;

/// H_L = (1 - 1/N)^L H_0 after `depth` L layers of `width` N drafts (at least 1), where H_0 = `start` is 1 - sum_m p_m^2 of the policy of
/// the first.
pub fn heterozygosity(start: f64, width: u32, depth: u32) -> f64 {
    start * power(1.0 - 1.0 / f64::from(width), u64::from(depth))
}

/// The expected heterozygosity of a layer whose votes have this law by state: E (1 - sum_m (n_m/N)^2), N at least 1.
pub fn expected_heterozygosity(votes: &Votes, law: &[f64]) -> f64 {
    let share = |n: u8| f64::from(n) / f64::from(votes.width());
    let alike = |state: usize| votes.counts(state).iter().map(|&n| share(n) * share(n)).sum::<f64>();
    law.iter().enumerate().map(|(state, p)| p * (1.0 - alike(state))).sum()
}

/// The policies of copying, n_m/N for each state and mode, N at least 1.
pub fn copying(votes: &Votes) -> Vec<f64> {
    let shares = |state: usize| {
        votes
            .counts(state)
            .iter()
            .map(|&n| f64::from(n) / f64::from(votes.width()))
    };
    (0..votes.len()).flat_map(shares).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::aggregation::Chain;
    use crate::theory::aggregation::checks::assert_near;

    const POLICY: [f64; 4] = [0.4, 0.3, 0.2, 0.1];

    #[test]
    fn copying_keeps_probabilities_and_loses_diversity() {
        let start: f64 = 1.0 - POLICY.iter().map(|p| p * p).sum::<f64>();
        for width in [1, 2, 5, 8] {
            let votes = Votes::new(width, 4);
            let table = copying(&votes);
            let chain = Chain::new(&votes, &table);
            let mut law = chain.start(&POLICY);
            for depth in 1..=4 {
                assert_near(&chain.answer(&law), &POLICY);
                let (found, right) = (
                    expected_heterozygosity(&votes, &law),
                    heterozygosity(start, width, depth),
                );
                assert!((found - right).abs() < 1e-14, "{width} {depth}: {found} {right}");
                let late = heterozygosity(start, width, depth + 1);
                assert!(width == 1 || (found - late).abs() > 1e-2, "a layer more is noticed");
                law = chain.step(&law);
            }
        }
        assert_eq!(heterozygosity(start, 5, 0), start);
    }

    /// A pseudo-count, as fresh drafts among the copies, feeds diversity and moves probabilities to equal ones.
    #[test]
    fn copying_with_a_pseudo_count_is_no_neutral_drift() {
        let votes = Votes::new(5, 4);
        let table: Vec<f64> = copying(&votes).iter().map(|p| 0.9 * p + 0.1 * 0.25).collect();
        let chain = Chain::new(&votes, &table);
        let answer = chain.after(&POLICY, 3);
        assert!((answer[0] - POLICY[0]).abs() > 1e-2, "{answer:?}");
        let found = expected_heterozygosity(&votes, &chain.step(&chain.start(&POLICY)));
        assert!((found - heterozygosity(0.7, 5, 2)).abs() > 1e-2, "{found}");
    }
}

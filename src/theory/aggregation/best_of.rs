//! Owns the best of n independent candidates by a reward that is seen with noise.
//!
//! A candidate's reward is the share of its T slots that are valid, v = j/T, j Poisson-binomial; a selector sees v + sd epsilon, epsilon
//! standard normal and independent, and keeps the largest of n. With f the probabilities of v, its expected reward is the integral over
//! the largest seen value s of n sum_v v f_v phi((s - v)/sd)/sd [sum_w f_w Phi((s - w)/sd)]^(n-1).

use super::line::{END, integral};
use crate::numerics::elementary::power;
use crate::numerics::special::{normal_cdf, normal_density};

/// Rewards so many standard deviations of the noise apart are never confused: Phi(-12/sqrt 2) is 1e-17.
const CLEAR: f64 = 12.0;

/// The probabilities of 0 to T successes in T independent trials with probabilities `p`: T + 1 of them.
pub fn poisson_binomial(p: &[f64]) -> Vec<f64> {
    let mut pmf = vec![0.0; p.len() + 1];
    pmf[0] = 1.0;
    for (trial, p) in p.iter().enumerate() {
        for j in (1..=trial + 1).rev() {
            pmf[j] = pmf[j] * (1.0 - p) + pmf[j - 1] * p;
        }
        pmf[0] *= 1.0 - p;
    }
    pmf
}

/// The expected reward of the best of `n` >= 1 candidates (ties at random) whose reward is j/T with probability `pmf[j]`, j = 0, ..., T, when
/// rewards are seen with normal noise of standard deviation `noise` >= 0, which may be infinite. Absolute error below 1e-12 for n up to
/// 1000.
pub fn best_of(pmf: &[f64], n: u32, noise: f64) -> f64 {
    let slots = pmf.len().saturating_sub(1).max(1) as f64;
    if noise * slots * CLEAR <= 1.0 {
        return best_of_seen(pmf, n) / slots;
    }
    let others = u64::from(n.saturating_sub(1));
    // In units of the noise.
    let gap = 1.0 / (slots * noise);
    let largest = |s: f64| {
        let (mut here, mut below) = (0.0, 0.0);
        for (j, f) in pmf.iter().enumerate() {
            let from = s - j as f64 * gap;
            here += j as f64 * f * normal_density(from);
            below += f * normal_cdf(from);
        }
        f64::from(n) * here * power(below, others)
    };
    integral(-END, slots * gap + END, largest) / slots
}

/// E max j when rewards are seen as they are: the sum over j < T of P(max > j).
fn best_of_seen(pmf: &[f64], n: u32) -> f64 {
    let up_to = pmf.iter().scan(0.0, |sum: &mut f64, f| {
        *sum += f;
        Some(sum.min(1.0))
    });
    let beyond = up_to.map(|below| 1.0 - power(below, u64::from(n)));
    beyond.take(pmf.len().saturating_sub(1)).sum()
}

/// The probability that rewards seen with this noise order two candidates of different rewards rightly; None where no two rewards differ.
///
/// It depends on T: with the same noise, more slots bring rewards closer together.
pub fn pair_accuracy(pmf: &[f64], noise: f64) -> Option<f64> {
    let slots = pmf.len().saturating_sub(1) as f64;
    let (mut pairs, mut right) = (0.0, 0.0);
    for (j, better) in pmf.iter().enumerate() {
        for (i, worse) in pmf[..j].iter().enumerate() {
            let apart = (j - i) as f64 / slots;
            pairs += better * worse;
            right += better * worse * normal_cdf(apart / (2.0_f64.sqrt() * noise));
        }
    }
    (pairs > 0.0).then(|| right / pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::special::normal_from_uniform;
    use crate::numerics::stream::Streams;
    use crate::theory::aggregation::checks::{Checks, Frequency, Mean, assert_near, draw, sequences};
    use crate::theory::selected::{PoolLaw, best_noisy};

    const P: [f64; 4] = [0.9, 0.4, 0.65, 0.2];

    #[test]
    fn successes_are_those_of_all_outcomes() {
        let mut right = vec![0.0; 5];
        for outcome in sequences(2, 4) {
            let chance = |(p, &hit): (&f64, &usize)| if hit == 1 { *p } else { 1.0 - p };
            let probability: f64 = P.iter().zip(&outcome).map(chance).product();
            right[outcome.iter().sum::<usize>()] += probability;
        }
        assert_near(&poisson_binomial(&P), &right);
        assert_eq!(poisson_binomial(&[]), [1.0]);
    }

    /// All candidates, one by one; noise too small to matter is none.
    #[test]
    fn without_noise_the_best_is_that_of_all_candidates() {
        let pmf = poisson_binomial(&P);
        for n in 1..=4 {
            let reward = |s: &[usize]| *s.iter().max().unwrap() as f64 / 4.0;
            let probability = |s: &[usize]| s.iter().map(|&j| pmf[j]).product::<f64>();
            let right: f64 = sequences(5, n).iter().map(|s| probability(s) * reward(s)).sum();
            for noise in [0.0, 1e-9, 0.02] {
                assert!((best_of(&pmf, n, noise) - right).abs() < 1e-14, "{n} {noise}");
            }
            assert!(
                (best_of(&pmf, n + 1, 0.0) - right).abs() > 1e-2,
                "a candidate more is noticed"
            );
        }
    }

    #[test]
    fn one_candidate_and_endless_noise_give_the_mean() {
        let pmf = poisson_binomial(&P);
        let mean = P.iter().sum::<f64>() / 4.0;
        for (n, noise) in [(1, 0.0), (1, 0.1), (1, 3.0), (7, f64::INFINITY), (50, f64::INFINITY)] {
            let found = best_of(&pmf, n, noise);
            assert!((found - mean).abs() < 1e-12, "{n} {noise}: {found}");
        }
        assert_eq!((best_of(&[1.0], 5, 0.3), best_of(&[1.0], 5, 0.0)), (0.0, 0.0));
    }

    /// The law of Best-1-of-N over modes, one mode per reward, by another integral.
    #[test]
    fn noisy_choices_are_those_of_the_law_over_modes() {
        let eight = poisson_binomial(&[0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2]);
        for pmf in [poisson_binomial(&P), eight, vec![0.3, 0.7]] {
            let slots = (pmf.len() - 1) as f64;
            let rewards: Vec<f64> = (0..pmf.len()).map(|j| j as f64 / slots).collect();
            for n in [1, 2, 11, 101] {
                for noise in [0.011, 0.05, 0.2, 1.0] {
                    let law = PoolLaw::new(pmf.clone(), f64::INFINITY, n).unwrap();
                    let kept = best_noisy(&law, &rewards, noise, 1).unwrap();
                    let right: f64 = kept.mean.iter().zip(&rewards).map(|(q, v)| q * v).sum();
                    let found = best_of(&pmf, n, noise);
                    assert!((found - right).abs() < 2e-12, "{slots} {n} {noise}: {found} {right}");
                }
            }
        }
    }

    #[test]
    fn simulated_choices_are_as_good_and_simulated_pairs_as_well_ordered() {
        let pmf = poisson_binomial(&P);
        let mut checks = Checks::default();
        for (item, (n, noise)) in [(2, 0.2), (5, 0.1), (11, 0.4), (3, 1.0)].into_iter().enumerate() {
            let mut stream = Streams::new("best of").purpose("candidates").stream(0, item as u32);
            let mut candidate = || {
                let v = draw(&pmf, stream.uniform()) as f64 / 4.0;
                (v + noise * normal_from_uniform(stream.uniform()), v)
            };
            let (mut best, mut ordered) = (Mean::default(), Frequency::default());
            for _ in 0..20_000 {
                let all: Vec<(f64, f64)> = (0..n).map(|_| candidate()).collect();
                best.add(all.iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap().1);
                if all[0].1 != all[1].1 {
                    ordered.add((all[0].0 > all[1].0) == (all[0].1 > all[1].1));
                }
            }
            let accuracy = |noise| ordered.score(pair_accuracy(&pmf, noise).unwrap());
            checks.add(
                best.score(best_of(&pmf, n, noise)),
                best.score(best_of(&pmf, n + 1, noise)),
            );
            checks.add(accuracy(noise), accuracy(1.1 * noise));
        }
        checks.finish();
    }

    #[test]
    fn pairs_without_noise_are_ordered_and_equal_rewards_have_no_order() {
        assert_eq!(pair_accuracy(&[0.2, 0.3, 0.5], 0.0), Some(1.0));
        assert_eq!(pair_accuracy(&[0.2, 0.3, 0.5], f64::INFINITY), Some(0.5));
        assert_eq!(
            (pair_accuracy(&[0.0, 1.0, 0.0], 0.1), pair_accuracy(&[1.0], 0.1)),
            (None, None)
        );
        let two = pair_accuracy(&[0.5, 0.5], 0.7).unwrap();
        assert!((two - normal_cdf(1.0 / (0.7 * 2.0_f64.sqrt()))).abs() < 1e-15);
    }
}

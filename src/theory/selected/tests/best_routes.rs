//! Best-K-of-N by several routes.

use super::best::{blocks, by_rivals, places_left};
use super::noisy::at_nodes;
use super::weight::rows;
use super::*;

/// One case of the committed rational values.
struct Case {
    law: PoolLaw,
    keep: u32,
    rewards: Vec<f64>,
    exact: Vec<f64>,
}

fn cases() -> Vec<Case> {
    let case = |row: &Vec<f64>| {
        let modes = (row.len() - 3) / 3;
        let part = |i: usize| row[3 + i * modes..3 + (i + 1) * modes].to_vec();
        Case {
            law: PoolLaw::new(part(0), row[0], row[1] as u32).unwrap(),
            keep: row[2] as u32,
            rewards: part(1),
            exact: part(2),
        }
    };
    rows("mean").iter().map(case).collect()
}

fn worst(mean: impl Fn(&Case) -> Vec<f64>) -> f64 {
    let error = |case: &Case| {
        let found = mean(case);
        let errors = found.iter().zip(&case.exact).map(|(q, exact)| (q / exact - 1.0).abs());
        errors.fold(0.0, f64::max)
    };
    cases().iter().map(error).fold(0.0, f64::max)
}

/// The mean by the complementary form, [E (K - C_{j-1})+ - E (K - C_j)+]/K.
fn complementary(law: &PoolLaw, rewards: &[f64], keep: u32) -> Vec<f64> {
    let blocks = blocks(law.weights(), rewards);
    let left = places_left(law, keep, &blocks);
    let mut mean = vec![0.0; law.modes()];
    for (j, block) in blocks.iter().enumerate().filter(|(_, b)| b.mass > 0.0) {
        for &m in &block.modes {
            mean[m] = (left[j].0 - left[j + 1].0) / f64::from(keep) * (law.weights()[m] / block.mass);
        }
    }
    mean
}

/// The textbook form, [E min(K, C_j) - E min(K, C_{j-1})]/K.
fn textbook(law: &PoolLaw, rewards: &[f64], keep: u32) -> Vec<f64> {
    let blocks = blocks(law.weights(), rewards);
    let k = f64::from(keep);
    let kept = |p: f64, rest: f64| {
        let counts = super::urn::pmf(law.candidates(), p, rest, law.spread());
        let kept = |(c, p): (usize, &f64)| (c as f64).min(k) * p;
        counts.iter().enumerate().map(kept).sum::<f64>()
    };
    let mut mean = vec![0.0; law.modes()];
    for block in &blocks {
        let before = kept(block.better, block.mass + block.worse);
        let after = kept(block.better + block.mass, block.worse);
        for &m in &block.modes {
            mean[m] = (after - before) / k * (law.weights()[m] / block.mass);
        }
    }
    mean
}

/// Both main routes keep their relative precision, down to the smallest of the committed values.
/// A tail mass rounded by 2^-53 moves v^(N-1) by 255 times as much at N = 256: 2.8e-14.
#[test]
fn means_have_the_relative_precision_of_rational_arithmetic() {
    let smallest = cases().iter().flat_map(|c| c.exact.clone()).fold(1.0, f64::min);
    assert!(smallest < 1e-64, "{smallest:e}");
    let found = worst(|c| best_mean(&c.law, &c.rewards, c.keep).unwrap());
    assert!(found < 3e-14, "{found:e}");
    let by_rivals_alone = worst(|c| {
        let blocks = blocks(c.law.weights(), &c.rewards);
        let masses = by_rivals(&c.law, c.keep, &blocks);
        let mut mean = vec![0.0; c.law.modes()];
        for (block, mass) in blocks.iter().zip(masses) {
            block
                .modes
                .iter()
                .for_each(|&m| mean[m] = mass * (c.law.weights()[m] / block.mass));
        }
        mean
    });
    assert!(by_rivals_alone < 3e-14, "{by_rivals_alone:e}");
    // Refused: one more kept, and both forms that subtract.
    assert!(worst(|c| best_mean(&c.law, &c.rewards, (c.keep + 1).min(c.law.candidates())).unwrap()) > 0.1);
    assert!(worst(|c| complementary(&c.law, &c.rewards, c.keep)) > 1e-6);
    assert!(worst(|c| textbook(&c.law, &c.rewards, c.keep)) > 1e-3);
}

/// The pitfall of the reference: N = 64, K = 1 and a worst mode of mass 0.1 give 1e-64, which the textbook form loses.
#[test]
fn the_textbook_form_loses_what_the_positive_one_keeps() {
    let law = law(&[0.5, 0.4, 0.1], f64::INFINITY, 64);
    let rewards = [3.0, 2.0, 1.0];
    let positive = best_mean(&law, &rewards, 1).unwrap()[2];
    let exact = crate::numerics::elementary::powi(0.1, 64);
    assert!((positive / exact - 1.0).abs() < 1e-14, "{positive:e}");
    let lost = textbook(&law, &rewards, 1)[2];
    assert!(lost.abs() < 1e-14 && (lost / exact - 1.0).abs() > 0.5, "{lost:e}");
}

#[test]
fn the_routes_agree_for_every_concentration_and_pool() {
    let alternating = [1.0, 0.0, 1.0, 0.5, 0.5, 2.0, -1.0, 2.0];
    for alpha in [0.01, 1.0, 4.0, 20.0, 1e6, f64::INFINITY] {
        for (n, k) in [
            (1, 1),
            (16, 1),
            (16, 4),
            (16, 8),
            (16, 16),
            (32, 4),
            (256, 8),
            (256, 255),
        ] {
            for rewards in [&R8, &alternating] {
                let law = pi8(alpha, n);
                let main = best_mean(&law, rewards, k).unwrap();
                let within = 4e-16 * f64::from(n + 16);
                assert!(
                    apart(&main, &complementary(&law, rewards, k)) < within,
                    "{alpha} {n} {k}"
                );
                assert!((main.iter().sum::<f64>() - 1.0).abs() < within);
                let more = complementary(&law, rewards, k % n + 1);
                assert!(n == 1 || apart(&main, &more) > 100.0 * within, "{alpha} {n} {k}");
            }
        }
    }
}

/// A huge concentration is nearly none: the two routes meet to first order in 1/alpha.
#[test]
fn dirichlet_prompts_tend_to_prompts_that_are_all_alike() {
    let alike = best(&pi8(f64::INFINITY, 64), &R8, 8).unwrap();
    let error = |alpha| moments_apart(&best(&pi8(alpha, 64), &R8, 8).unwrap(), &alike);
    let ratio = error(1e6) / error(1e7);
    assert!((ratio - 10.0).abs() < 0.01, "{ratio}");
}

/// Rows of E f f^T add up to E f, because f adds up to 1, and the diagonal is no variance below 0.
#[test]
fn second_moments_are_consistent_with_means() {
    let check = |found: &Selected, what: &str| {
        for (row, q) in found.second.chunks_exact(8).zip(&found.mean) {
            assert!((row.iter().sum::<f64>() - q).abs() < 1e-13, "{what}");
        }
        assert!(found.variance_trace() > -1e-14, "{what}");
    };
    for alpha in [1.0, 20.0, f64::INFINITY] {
        for k in [1, 3, 16] {
            let law = pi8(alpha, 16);
            check(&best(&law, &R8, k).unwrap(), "best");
            check(&best(&law, &[0.0; 8], k).unwrap(), "one block");
            check(&random(&law, k), "random");
        }
    }
    check(&best_noisy(&pi8(f64::INFINITY, 16), &R8, 0.2, 4).unwrap(), "noisy");
}

/// With one reward for all modes the best are random ones, in mean and second moment.
#[test]
fn equal_rewards_keep_what_random_keeps() {
    for alpha in [1.0, f64::INFINITY] {
        let law = pi8(alpha, 16);
        let same = best(&law, &[0.3; 8], 4).unwrap();
        assert!(moments_apart(&same, &random(&law, 4)) < 1e-14);
        assert!(moments_apart(&same, &random(&law, 5)) > 1e-3);
    }
}

#[test]
fn noise_tends_to_no_noise_and_to_a_random_choice() {
    let law = pi8(f64::INFINITY, 16);
    let noisy = |sd| best_noisy(&law, &R8, sd, 4).unwrap();
    // Rewards are 0.1 apart: at sd 1e-3 a swap has a probability below 1e-300, so only the trapezoid rule's own error is left.
    assert!(moments_apart(&noisy(1e-3), &best(&law, &R8, 4).unwrap()) < 1e-12);
    assert!(moments_apart(&noisy(f64::MIN_POSITIVE), &best(&law, &R8, 4).unwrap()) < 1e-12);
    let far = moments_apart(&noisy(1e9), &random(&law, 4));
    assert!(far < 1e-8, "{far:e}");
    assert!(moments_apart(&noisy(0.2), &random(&law, 4)) > 1e-2);
}

/// 129 nodes serve up to N = 64, 257 up to 256: the reference's error of 2e-13, and fewer nodes that do not reach it.
#[test]
fn the_trapezoid_rule_has_settled() {
    for (n, k, enough, too_few) in [(16, 4, 129, 17), (64, 8, 129, 33), (256, 8, 257, 33)] {
        for sd in [0.02, 0.05, 0.2, 1.0, 5.0] {
            let law = pi8(f64::INFINITY, n);
            let fine = at_nodes(&law, &R8, sd, k, 1025);
            let error = |nodes| moments_apart(&at_nodes(&law, &R8, sd, k, nodes), &fine);
            assert!(error(enough) < 1e-12, "{n} {sd}: {:e}", error(enough));
            assert!(error(too_few) > 1e-12, "{n} {sd}: {:e}", error(too_few));
        }
    }
}

/// The second route: 20001 points of the textbook integral on a wider interval, without the complement.
#[test]
fn the_noisy_mean_is_the_textbook_integral() {
    use crate::numerics::elementary::exp;
    use crate::numerics::special::{beta_inc, normal_cdf};
    let law = pi8(f64::INFINITY, 16);
    for sd in [0.02, 0.2, 5.0] {
        let found = best_noisy(&law, &R8, sd, 4).unwrap();
        for m in 0..8 {
            let at = |i: u32| {
                let epsilon = 0.001 * f64::from(i) - 10.0;
                let reward = R8[m] + sd * epsilon;
                let beaten: f64 = (0..8).map(|j| PI8[j] * normal_cdf((R8[j] - reward) / sd)).sum();
                exp(-0.5 * epsilon * epsilon) * 4.0 * beta_inc(12.0, 4.0, 1.0 - beaten)
            };
            let integral = PI8[m] * (0..=20_000).map(at).sum::<f64>() * 0.001 / (2.0 * std::f64::consts::PI).sqrt();
            assert!(
                (found.mean[m] - integral).abs() < 1e-12,
                "{m}: {} {integral}",
                found.mean[m]
            );
        }
    }
}

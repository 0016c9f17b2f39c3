//! Pools with wrong responses and noisy rewards where prompts differ: by identities, against enumeration, against plain pools, and the
//! numbers of a second, independent code.

use super::enumerate::for_each_count_vector;
use super::plain::{Sample, draw_pool, share};
use super::*;
use crate::numerics::special::normal_quantile;

fn with_wrong(law: PoolLaw, share: f64, modes: usize, clustering: f64) -> PoolLaw {
    let wrong = Wrong {
        share,
        modes,
        clustering,
    };
    law.with_wrong(wrong).unwrap()
}

fn small(alpha: f64, share: f64, modes: usize, clustering: f64) -> PoolLaw {
    with_wrong(law(&[0.5, 0.3, 0.2], alpha, 6), share, modes, clustering)
}

/// Counts have the means N pi_m and the second moments N (N - 1) P(a, b) + [a=b] N pi_a of any exchangeable candidates, P(a, b) by the two
/// stages: both right, one of them, none.
#[test]
fn enumerated_counts_have_the_moments_of_pairs() {
    for (alpha, eps, modes, r) in [(4.0, 0.2, 1, 0.0), (0.7, 0.4, 2, 0.3), (f64::INFINITY, 0.1, 3, 1.0)] {
        let law = small(alpha, eps, modes, r);
        let all = law.modes();
        let (mut total, mut second) = (0.0, vec![0.0; all * all]);
        for_each_count_vector(&law, |counts, p| {
            assert_eq!(counts.iter().sum::<u32>(), 6);
            total += p;
            for a in 0..all {
                for b in 0..all {
                    second[a * all + b] += p * f64::from(counts[a] * counts[b]);
                }
            }
        })
        .unwrap();
        assert!((total - 1.0).abs() < 1e-14, "{total}");
        let own = [0.5, 0.3, 0.2];
        let spread = 1.0 / alpha;
        let both = (1.0 - eps) * (1.0 - eps) + r * eps * (1.0 - eps);
        let one = eps * (1.0 - eps) * (1.0 - r);
        let none = eps * eps + r * eps * (1.0 - eps);
        let pair = |a: usize, b: usize| match (a < 3, b < 3) {
            (true, true) => both * own[a] * (own[b] + if a == b { spread } else { 0.0 }) / (1.0 + spread),
            (true, false) => one * own[a] / modes as f64,
            (false, true) => one * own[b] / modes as f64,
            (false, false) => none / (modes * modes) as f64,
        };
        for a in 0..all {
            for b in 0..all {
                let same = if a == b { 6.0 * law.weights()[a] } else { 0.0 };
                let expected = 30.0 * pair(a, b) + same;
                let found = second[a * all + b];
                assert!((found - expected).abs() < 1e-12, "{alpha} {a} {b}: {found} {expected}");
            }
        }
    }
    // Control: errors that gather in prompts are not those that fall alike on all.
    let variance = |r: f64| {
        let mut sum = 0.0;
        for_each_count_vector(&small(4.0, 0.2, 1, r), |counts, p| {
            sum += p * f64::from(counts[3] * counts[3])
        })
        .unwrap();
        sum
    };
    assert!(variance(0.3) > variance(0.0) + 0.5);
}

/// What is kept is one distribution: means add up to 1, and rows of the second moment to the mean.
#[test]
fn kept_shares_add_up() {
    for law in [
        pi8(4.0, 16),
        with_wrong(pi8(0.5, 16), 0.3, 2, 0.4),
        with_wrong(pi8(f64::INFINITY, 9), 0.1, 1, 1.0),
    ] {
        let rewards: Vec<f64> = R8.into_iter().chain([0.0, 0.1]).take(law.modes()).collect();
        for (threshold, keep) in [(f64::INFINITY, 1), (f64::INFINITY, 4), (0.5, 4), (1.5, 7), (-3.0, 2)] {
            let found = filter_noisy(&law, &rewards, 0.4, threshold, keep).unwrap();
            let total: f64 = found.mean.iter().sum();
            assert!((total - 1.0).abs() < 1e-11, "{threshold} {keep}: {total}");
            for (row, mean) in found.second.chunks_exact(law.modes()).zip(&found.mean) {
                let sum: f64 = row.iter().sum();
                assert!((sum - mean).abs() < 1e-11, "{threshold} {keep}: {sum} {mean}");
            }
        }
    }
}

#[test]
fn what_nothing_passes_is_the_best_and_what_all_pass_is_random() {
    for keep in [1, 3, 8] {
        let alike = pi8(f64::INFINITY, 16);
        for sd in [0.05, 0.5, 3.0] {
            let trapezoid = best_noisy(&alike, &R8, sd, keep).unwrap();
            let found = filter_noisy(&alike, &R8, sd, f64::INFINITY, keep).unwrap();
            assert!(moments_apart(&found, &trapezoid) < 1e-11, "{sd} {keep}");
        }
        for alpha in [0.3, 4.0, f64::INFINITY] {
            let law = pi8(alpha, 16);
            let found = filter_noisy(&law, &R8, 0.5, f64::NEG_INFINITY, keep).unwrap();
            assert!(moments_apart(&found, &random(&law, keep)) < 1e-12, "{alpha} {keep}");
        }
    }
    let law = pi8(4.0, 16);
    let one = filter_noisy(&law, &R8, 0.5, f64::INFINITY, 4).unwrap();
    assert!(moments_apart(&one, &best_noisy(&pi8(6.0, 16), &R8, 0.5, 4).unwrap()) > 1e-3);
}

/// With noise far below every gap between rewards and the threshold, what is kept is the function of counts without any.
#[test]
fn little_noise_is_none() {
    const REWARDS: [f64; 5] = [0.9, 0.3, 0.6, 0.1, 0.0];
    for (alpha, eps, r) in [
        (4.0, 0.2, 0.0),
        (0.7, 0.5, 0.3),
        (f64::INFINITY, 0.3, 1.0),
        (2.0, 0.0, 0.0),
    ] {
        let law = small(alpha, eps, 2, r);
        for keep in [1, 2, 4, 6] {
            let rules = [
                (
                    f64::INFINITY,
                    Rule::Best {
                        rewards: REWARDS.to_vec(),
                    },
                ),
                (
                    0.5,
                    Rule::Filter {
                        rewards: REWARDS.to_vec(),
                        threshold: 0.5,
                    },
                ),
            ];
            for (threshold, rule) in rules {
                let found = filter_noisy(&law, &REWARDS, 1e-3, threshold, keep).unwrap();
                let counted = by_counts(&law, &[ask(rule, keep, Equal)]).unwrap().remove(0);
                let apart = moments_apart(&found, &counted);
                assert!(apart < 1e-11, "{alpha} {eps} {keep} {threshold}: {apart:e}");
                // Control: another threshold.
                let other = filter_noisy(&law, &REWARDS, 1e-3, 0.2, keep).unwrap();
                assert!(
                    keep == 6 || moments_apart(&other, &counted) > 1e-4,
                    "{alpha} {eps} {keep} {threshold}"
                );
            }
        }
    }
}

/// A pool of plain draws: right ones from gamma weights, and each wrong with a probability that is Beta by two gamma variables.
fn pool(right: &PoolLaw, wrong: Wrong, rng: &mut Stream) -> Vec<usize> {
    let mut gate = law(
        &[1.0 - wrong.share, wrong.share],
        1.0 / wrong.clustering - 1.0,
        right.candidates(),
    );
    if wrong.clustering == 0.0 {
        gate = law(&[1.0 - wrong.share, wrong.share], f64::INFINITY, right.candidates());
    }
    let gates = draw_pool(&gate, rng);
    let mut modes = draw_pool(right, rng);
    for (mode, gate) in modes.iter_mut().zip(gates) {
        if gate == 1 {
            *mode = right.modes() + (rng.uniform() * wrong.modes as f64) as usize;
        }
    }
    modes
}

/// No entry of either moment is more than 5 standard errors off: about 100 of each of 4 settings, a false alarm below 400 * 5.7e-7. Another
/// threshold, clustering or share is.
#[test]
fn filtered_shares_are_those_of_sorted_pools() {
    let mut rng = stream("pools with wrong responses");
    let rewards: Vec<f64> = R8.iter().map(|r| 1.0 + 0.5 * (r - 0.55)).chain([0.0, 0.0]).collect();
    for (alpha, share_wrong, clustering, threshold, keep) in [
        (4.0, 0.2, 0.0, f64::INFINITY, 4),
        (1.0, 0.4, 0.3, f64::INFINITY, 2),
        (4.0, 0.3, 0.0, 0.5, 4),
        (2.0, 0.6, 0.2, 0.8, 8),
    ] {
        let wrong = Wrong {
            share: share_wrong,
            modes: 2,
            clustering,
        };
        let right = pi8(alpha, 16);
        let mut sample = Sample::new(10);
        for _ in 0..60_000 {
            let modes = pool(&right, wrong, &mut rng);
            let mut ranked: Vec<(bool, f64, usize)> = modes
                .iter()
                .map(|&mode| {
                    let reward = rewards[mode] + 0.5 * normal_quantile(rng.uniform().max(1e-300));
                    let order = if reward > threshold { rng.uniform() } else { reward };
                    (reward > threshold, order, mode)
                })
                .collect();
            ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
            let kept: Vec<usize> = ranked[..keep as usize].iter().map(|own| own.2).collect();
            let all: Vec<usize> = (0..kept.len()).collect();
            sample.add(&share(&kept, &all, 10, Equal));
        }
        let z = |wrong: Wrong, threshold: f64| {
            let law = right.clone().with_wrong(wrong).unwrap();
            sample.worst_z(&filter_noisy(&law, &rewards, 0.5, threshold, keep).unwrap())
        };
        assert!(z(wrong, threshold) < 5.0, "{alpha} {keep}: {}", z(wrong, threshold));
        let other = if threshold.is_finite() { threshold - 0.8 } else { 1.0 };
        assert!(z(wrong, other) > 5.0, "another threshold");
        assert!(
            z(
                Wrong {
                    clustering: clustering + 0.2,
                    ..wrong
                },
                threshold
            ) > 5.0,
            "another clustering"
        );
        let share = share_wrong + 0.02;
        assert!(z(Wrong { share, ..wrong }, threshold) > 5.0, "another share");
    }
}

const TURNING: [f64; 8] = [0.5, 1.0, 0.3, 0.7, 0.2, 0.6, 0.1, 0.4];

/// geo8 at alpha = 4 with a share of one wrong mode, of 16 candidates.
fn geo8_with(share: f64) -> PoolLaw {
    with_wrong(law(&geo8(), 4.0, 16), share, 1, 0.0)
}

/// 1 + s (order - mean) for right modes, 0 for so many wrong ones.
fn rewards(s: f64, wrong: usize) -> Vec<f64> {
    let mean = TURNING.iter().sum::<f64>() / 8.0;
    let right = TURNING.iter().map(|r| 1.0 + s * (r - mean));
    right.chain(std::iter::repeat_n(0.0, wrong)).collect()
}

/// KL(geo8 || q) of what the best of 16 leaves on right modes.
fn lost(share: f64, s: f64, sd: f64, keep: u32) -> f64 {
    let kept = best_noisy(&geo8_with(share), &rewards(s, 1), sd, keep).unwrap();
    divergence(&geo8(), &kept.mean[..8])
}

/// Numbers of a second, independent code, for a population of 400 sampled Dirichlet(4) prompts: within 6% of the law over all prompts (its mean
/// weights are off by about .5/sqrt(400) of themselves).
#[test]
fn the_best_loses_what_a_second_code_says() {
    for (keep, share, expected) in [
        (4, 0.05, 0.0325),
        (4, 0.1, 0.0318),
        (4, 0.3, 0.0346),
        (4, 0.5, 0.0690),
        (8, 0.05, 0.0144),
        (8, 0.3, 0.0534),
        (8, 0.5, 0.199),
    ] {
        let found = lost(share, 0.5, 0.5, keep);
        assert!(
            (found / expected - 1.0).abs() < 0.06,
            "{keep} {share}: {found} {expected}"
        );
    }
    // Control: with twice the taste it is another number.
    assert!((lost(0.05, 1.0, 0.5, 4) / 0.0325 - 1.0).abs() > 0.5);
}

/// Its shares of errors beyond which the best is right, within 8% and .001; where right responses have one reward, 0.
#[test]
fn the_best_is_right_beyond_the_shares_of_a_second_code() {
    let crossing = |s: f64, sd: f64, keep: u32| {
        let mean = |law: &PoolLaw| Some(best_noisy(law, &rewards(s, 1), sd, keep).ok()?.mean);
        crossing_share(&geo8_with(0.1), mean).unwrap()
    };
    for (s, sd, keep, expected) in [(0.5, 0.5, 4, 0.032), (1.0, 1.0, 4, 0.039), (0.0, 0.5, 4, 0.0)] {
        let found = crossing(s, sd, keep);
        assert!(
            (found - expected).abs() < 0.08 * expected + 0.001,
            "{s} {sd} {keep}: {found} {expected}"
        );
        if s > 0.0 {
            let there = lost(found, s, sd, keep) + ln(1.0 - found);
            assert!(there.abs() < 1e-8, "{there}");
            // About 1 - exp(-what is lost without errors), within a fifth.
            let about = 1.0 - crate::numerics::elementary::exp(-lost(0.0, s, sd, keep));
            assert!((found / about - 1.0).abs() < 0.2, "{found} {about}");
        }
    }
}

/// Wrong responses that are a uniform mode and have reward 0, folded onto the modes: where the best loses as much as random, which loses little.
#[test]
fn on_the_support_the_best_is_right_later() {
    let fold = |kept: &[f64]| (0..8).map(|m| kept[m] + kept[8 + m]).collect::<Vec<f64>>();
    let difference = |share: f64, s: f64| {
        let law = with_wrong(law(&geo8(), 4.0, 16), share, 8, 0.0);
        let kept = best_noisy(&law, &rewards(s, 8), 0.5, 4).unwrap();
        divergence(&geo8(), &fold(law.weights())) - divergence(&geo8(), &fold(&kept.mean))
    };
    // A second code has .211 at s = .5: the sign changes within 8% of it.
    assert!(difference(0.211 * 0.92, 0.5) < 0.0 && difference(0.211 * 1.08, 0.5) > 0.0);
}

/// Farthest first keeps errors above their share while they are rare: by the closed form of inclusion, which shares nothing with enumeration.
#[test]
fn diverse_selections_amplify_errors_as_a_second_code_says() {
    let amplified = |modes: usize, share: f64| {
        let law = with_wrong(law(&geo8(), f64::INFINITY, 16), share, modes, 0.0);
        let mean = inclusion::max_min_mean(&law, 4);
        mean[8..].iter().sum::<f64>() / share
    };
    for (share, expected) in [
        (0.02, [1.65, 1.68, 1.69]),
        (0.05, [1.48, 1.56, 1.59]),
        (0.1, [1.26, 1.39, 1.45]),
        (0.2, [0.95, 1.16, 1.26]),
        // The second code has .59 for one mode: it leaves out the places that fall to all where fewer than four modes are present.
        (0.4, [0.60, 0.91, 1.05]),
    ] {
        for (modes, expected) in [1, 2, 4].into_iter().zip(expected) {
            let found = amplified(modes, share);
            assert!((found - expected).abs() < 0.0051, "{share} {modes}: {found} {expected}");
        }
    }
    let law = with_wrong(law(&[0.5, 0.3, 0.2], f64::INFINITY, 8), 0.1, 2, 0.0);
    let counted = by_counts(&law, &[ask(Rule::DiverseMaxMin, 3, Equal)])
        .unwrap()
        .remove(0);
    assert!(apart(&counted.mean, &inclusion::max_min_mean(&law, 3)) < 1e-12);
}

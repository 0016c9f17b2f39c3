//! The share by a second route, by hand, and how much work it is.

use super::*;
use std::cell::Cell;

fn geometric(modes: usize) -> Vec<f64> {
    let weights: Vec<f64> = std::iter::successors(Some(1.0), |w| Some(w * 0.637_628_151_621_773_3))
        .take(modes)
        .collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// For two modes and one response each the share is pi^N + (1-pi)^N.
#[test]
fn the_share_of_fits_with_a_missing_mode_is_that_of_a_binomial() {
    let found = missing_share(&[0.3, 0.7], 5.0, 6, 1).unwrap();
    let by_hand = 0.3_f64 * 0.3 * 0.3 * 0.3 * 0.3 * 0.3 + 0.7 * 0.7 * 0.7 * 0.7 * 0.7 * 0.7;
    assert!((found - by_hand).abs() < 1e-15);
}

/// science.md, correction 3: N_p = 117, K = 1, alpha = 4: in 21% of replicates a mode is missing.
#[test]
fn the_share_is_that_of_the_reference() {
    let found = missing_share(&geometric(8), 4.0, 117, 1).unwrap();
    assert!((found - 0.21).abs() < 0.01, "{found}");
    assert_eq!(missing_share(&[1.0 / 17.0; 17], 4.0, 117, 1), None);
}

/// The shares of the issue: 64 prompts; 256 responses in all; a budget of 1,000 where a prompt costs 4. Stated to the digits there.
#[test]
fn the_lottery_has_the_stated_odds() {
    let share = |prompts: u64, responses: u64| missing_share(&geometric(8), 4.0, prompts, responses).unwrap();
    let near = |prompts: u64, responses: u64, stated: f64, half: f64| {
        let found = share(prompts, responses);
        assert!(
            (found - stated).abs() <= half,
            "{prompts} x {responses}: {found}, not {stated}"
        );
    };
    for (responses, stated) in [(1, 0.536), (2, 0.211), (4, 0.051), (8, 0.008)] {
        near(64, responses, stated, 0.0005);
    }
    near(256, 1, 0.018, 0.0005);
    near(32, 8, 0.109, 0.0005);
    for (responses, stated, half) in [
        (1, 0.046, 0.0005),
        (2, 0.0087, 0.00005),
        (4, 0.0023, 0.00005),
        (8, 0.0018, 0.00005),
        (16, 0.0043, 0.00005),
    ] {
        near(1000 / (4 + responses), responses, stated, half);
    }
}

/// Seven responses cannot show eight modes, whatever rounding leaves of the sum.
#[test]
fn too_few_responses_always_miss_a_mode() {
    for (prompts, responses) in [(7, 1), (1, 7), (3, 2)] {
        assert_eq!(missing_share(&geometric(8), 4.0, prompts, responses), Some(1.0));
        assert_eq!(
            missing_share_of_copies(&geometric(8), 4.0, 0.3, prompts, responses),
            Some(1.0)
        );
    }
    assert!(missing_share(&geometric(8), 4.0, 8, 1).unwrap() < 1.0);
}

/// Second route to the modes that one prompt's K responses show: the urn one response after the other. A response is of a mode
/// not seen before with the probability that the weights of the modes not seen have; summed over all sequences.
#[test]
fn modes_seen_are_those_of_every_sequence() {
    let base = geometric(4);
    for concentration in [0.3, 4.0, 1e6] {
        for responses in 1..=6_u64 {
            let mut expected = 0.0;
            let sequences = 4_u64.pow(responses as u32);
            for code in 0..sequences {
                let (mut probability, mut counts, mut code) = (1.0, [0_u32; 4], code);
                for drawn in 0..responses {
                    let mode = (code % 4) as usize;
                    code /= 4;
                    probability *=
                        (concentration * base[mode] + f64::from(counts[mode])) / (concentration + drawn as f64);
                    counts[mode] += 1;
                }
                expected += probability * counts.iter().filter(|&&count| count > 0).count() as f64;
            }
            let found = modes_seen(&base, concentration, 1, responses);
            assert!(
                (found - expected).abs() < 1e-12,
                "{concentration} {responses}: {found} {expected}"
            );
            // Copies that never copy change nothing; copies that always do show one mode.
            let copied = |p| modes_seen_of_copies(&base, concentration, p, 1, responses).unwrap();
            assert!((copied(0.0) - expected).abs() < 1e-12 && (copied(1.0) - 1.0).abs() < 1e-12);
            // Control: of two prompts.
            let two = modes_seen(&base, concentration, 2, responses);
            assert!(two > expected + 0.05, "{two} {expected}");
        }
    }
}

/// Sets avoided with the probability of the urn give what masses give.
#[test]
fn shares_by_sets_are_those_by_masses() {
    let base = geometric(6);
    let mass = |set: u32| (0..6).filter(|m| set >> m & 1 == 1).map(|m| base[m]).sum::<f64>();
    for (prompts, responses) in [(1, 3), (20, 1), (30, 4)] {
        let avoided = |set: u32| none_within(mass(set), 2.0, responses);
        let missing = missing_share_of_sets(6, prompts, avoided).unwrap();
        let expected = missing_share(&base, 2.0, prompts, responses).unwrap();
        assert!((missing - expected).abs() < 1e-13, "{missing} {expected}");
        let seen = modes_seen_of_sets(6, prompts, avoided);
        assert!((seen - modes_seen(&base, 2.0, prompts, responses)).abs() < 1e-13);
    }
    assert_eq!(missing_share_of_sets(17, 1, |_| 0.5), None);
}

/// The sum of ln((alpha (1-s) + j)/(alpha + j)) one by one, with the rounding of the sum carried along (Neumaier 1974).
fn ln_none_within(mass: f64, concentration: f64, responses: u64) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for j in 0..responses {
        let term = ln_1p(-concentration * mass / (concentration + j as f64));
        let next = sum + term;
        lost += if sum.abs() >= term.abs() {
            (sum - next) + term
        } else {
            (term - next) + sum
        };
        sum = next;
    }
    sum + lost
}

/// Two routes to q, of which the second multiplies nothing: logarithms of all K factors one by one. The first rounds 64
/// factors, at most six times each, and Stirling's terms, a dozen times relative to the smaller of alpha s and K; the second
/// the logarithm itself.
#[test]
fn the_probability_that_modes_are_avoided_is_that_of_the_factors_one_by_one() {
    let (mut compared, mut noticed) = (0, 0);
    for concentration in [0.05, 1.0, 30.0, 4e3, 1e7] {
        for mass in [1e-6, 0.01, 0.3, 0.9] {
            for responses in [1, 63, 64, 65, 66, 100, 1_000, 30_000] {
                let found = none_within(mass, concentration, responses);
                let expected = ln_none_within(mass, concentration, responses);
                if expected < -600.0 {
                    continue;
                }
                let stirling = (concentration * mass).min(responses as f64);
                let tolerance = f64::EPSILON * (200.0 + 12.0 * stirling + 4.0 * expected.abs());
                let difference = |q: f64| (crate::numerics::elementary::ln(q) - expected).abs();
                let what = format!("alpha {concentration} s {mass} K {responses}: {found} exp({expected})");
                assert!(difference(found) <= tolerance, "{what}");
                compared += 1;
                // The control: a mass that is off by a millionth.
                noticed += u32::from(difference(none_within(mass * 1.000_001, concentration, responses)) > tolerance);
            }
        }
    }
    assert_eq!(
        (compared, noticed),
        (154, 154),
        "compared, and of these sensitive to the mass"
    );
}

/// All sets, each with all of its factors, and the sum of the terms' sizes: what their rounding is relative to.
fn plainly(base: &[f64], concentration: f64, prompts: u64, responses: u64) -> (f64, f64) {
    let mut sums = (0.0, 0.0);
    for set in 1..(1_u32 << base.len()) - 1 {
        let mass: f64 = (0..base.len()).filter(|m| set >> m & 1 == 1).map(|m| base[m]).sum();
        let q: f64 = (0..responses).map(|j| factor(mass, concentration, j)).product();
        let value = power(q, prompts);
        sums.0 += if set.count_ones() % 2 == 1 { value } else { -value };
        sums.1 += value;
    }
    sums
}

/// A factor rounds six times at most, a power N_p times more; leaving out what is negligible changes less than that.
#[test]
fn the_share_is_that_of_all_sets_with_all_factors() {
    for modes in [2, 5, 8] {
        let base = geometric(modes);
        for (concentration, prompts, responses) in [
            (4.0, 117, 1),
            (0.05, 40, 300),
            (0.5, 12, 64),
            (0.5, 12, 65),
            (16.0, 5, 129),
            (3.0, 1, 5_000),
            (200.0, 40, 2),
        ] {
            let found = missing_share(&base, concentration, prompts, responses).unwrap();
            let (expected, size) = plainly(&base, concentration, prompts, responses);
            let tolerance = 0.5 * f64::EPSILON * (6.0 * (responses * prompts) as f64 + 300.0) * size;
            let what = format!("{modes} modes, alpha {concentration} N_p {prompts} K {responses}: {found} {expected}");
            assert!((found - expected).abs() <= tolerance, "{what}");
            // The control: one response more of thousands shows.
            let more = missing_share(&base, concentration, prompts, responses + 1).unwrap();
            assert!((more - expected).abs() > tolerance, "{what} {more}");
        }
    }
}

/// Sixteen modes have 65,535 sets; of a usual design a few matter, and none takes K factors.
#[test]
fn sixteen_modes_and_a_million_responses_are_little_work() {
    let base = geometric(16);
    let calls = Cell::new(0);
    let absent = |mass| {
        calls.set(calls.get() + 1);
        power(none_within(mass, 4.0, 16), 200)
    };
    let share = some_absent(&base, absent).unwrap();
    assert!((0.01..0.9).contains(&share), "{share}");
    assert!(calls.get() < 6_000, "{} of 65,535 sets were looked at", calls.get());
    // Every set counts here: a prompt has hardly more than one mode.
    let all = missing_share(&base, 0.01, 1, 1 << 20).unwrap();
    assert!(all > 1.0 - 1e-9, "{all}");
}

#[test]
fn prompts_beyond_32_bits_are_counted_in_full() {
    // (1 - 2^-30)^(2^32) = exp(-4) but for terms of 2^-30; a rounding of x counts 2^32 times.
    let found = power(1.0 - powi(0.5, 30), 1 << 32);
    assert!((found / exp(-4.0) - 1.0).abs() < 5e-7, "{found}");
    assert_eq!(power(-1.0, (1 << 32) + 1), -1.0);
}

/// Without copies it is the share of World A; where all responses are copies K = 1 says it all.
#[test]
fn copies_range_from_independent_responses_to_a_single_one() {
    let base = geometric(6);
    for (prompts, responses) in [(30, 1), (12, 5), (4, 100)] {
        let of = |c| missing_share_of_copies(&base, 2.5, c, prompts, responses).unwrap();
        let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-11;
        let plain = |k| missing_share(&base, 2.5, prompts, k).unwrap();
        assert!(close(of(0.0), plain(responses)), "{} {}", of(0.0), plain(responses));
        assert!(close(of(1.0), plain(1)), "{} {}", of(1.0), plain(1));
        assert!(responses == 1 || of(0.3) > 1.001 * of(0.0), "{} {}", of(0.3), of(0.0));
    }
    assert_eq!(missing_share_of_copies(&base, 2.5, 0.5, 4, MOST_COPIED + 1), None);
}

/// Two modes, one prompt, two responses: both are absent at once never, and one is where the two are equal. They are with
/// probability 1 if both are the common draw, else as two draws of the urn: c^2 + (1 - c^2) P, P = sum pi (alpha pi + 1)/(alpha + 1).
#[test]
fn the_share_of_two_responses_that_copy_is_that_of_the_hand_calculation() {
    let (c, alpha) = (0.4, 3.0);
    let equal: f64 = [0.3, 0.7].iter().map(|p| p * (alpha * p + 1.0) / (alpha + 1.0)).sum();
    let by_hand = c * c + (1.0 - c * c) * equal;
    let found = missing_share_of_copies(&[0.3, 0.7], alpha, c, 1, 2).unwrap();
    assert!((found - by_hand).abs() < 1e-15, "{found} {by_hand}");
}

//! Against every outcome of a pilot, moments of the Dirichlet law, and numbers that an independent prototype gave.

use super::*;
use crate::numerics::elementary::exp;
use crate::numerics::special::ln_gamma;

/// Geometric over eight modes with ratio exp(-.45).
fn geo8() -> Vec<f64> {
    let weights: Vec<f64> = (0..8).map(|m| exp(-0.45 * f64::from(m))).collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// Every vector of counts of so many responses.
fn counts(responses: u64, modes: usize) -> Vec<Vec<u64>> {
    if modes == 1 {
        return vec![vec![responses]];
    }
    let with = |first: u64| {
        let rest = counts(responses - first, modes - 1).into_iter();
        rest.map(move |rest| [&[first][..], &rest].concat())
    };
    (0..=responses).flat_map(with).collect()
}

/// ln of the probability of counts, Dirichlet-multinomial with these weights.
fn ln_probability(counts: &[u64], weights: &[f64]) -> f64 {
    let (n, all) = (counts.iter().sum::<u64>() as f64, weights.iter().sum::<f64>());
    let of_mode = |(&n, w): (&u64, &f64)| ln_gamma(w + n as f64) - ln_gamma(*w) - ln_gamma(n as f64 + 1.0);
    let modes: f64 = counts.iter().zip(weights).map(of_mode).sum();
    ln_gamma(n + 1.0) + ln_gamma(all) - ln_gamma(all + n) + modes
}

/// Mean, second moment and responses by every pilot and every later count: nothing of the closed form.
fn by_enumeration(own: &TwoStage, base: &[f64], alpha: f64) -> (Vec<f64>, Vec<f64>, f64) {
    let prior: Vec<f64> = base.iter().map(|pi| alpha * pi).collect();
    let (mut mean, mut square, mut responses) = (vec![0.0; base.len()], vec![0.0; base.len()], 0.0);
    for pilot in counts(own.pilot, base.len()) {
        let k = if pilot.contains(&own.pilot) {
            own.agreed
        } else {
            own.open
        };
        let first = ln_probability(&pilot, &prior);
        responses += exp(first) * k as f64;
        let weights: Vec<f64> = prior.iter().zip(&pilot).map(|(w, n)| w + *n as f64).collect();
        for later in counts(k - own.pilot, base.len()) {
            let p = exp(first + ln_probability(&later, &weights));
            for (m, (n, f)) in pilot.iter().zip(&later).enumerate() {
                let y = match own.pooling {
                    Pooling::Reused => (n + f) as f64 / k as f64,
                    Pooling::Weighted(a) => {
                        a * *n as f64 / own.pilot as f64 + (1.0 - a) * *f as f64 / (k - own.pilot) as f64
                    }
                };
                mean[m] += p * y;
                square[m] += p * y * y;
            }
        }
    }
    (mean, square, responses)
}

/// Logarithms of gamma functions are good to some 1e-14, of numbers up to 20.
#[test]
fn the_law_of_a_pilot_is_that_of_all_its_outcomes() {
    let base = [0.6, 0.3, 0.1];
    for (pilot, agreed, open) in [(1, 2, 2), (2, 2, 5), (2, 4, 6), (3, 4, 7), (4, 4, 5)] {
        for pooling in [Pooling::Reused, Pooling::Weighted(0.0), Pooling::Weighted(0.35)] {
            if pooling != Pooling::Reused && agreed == pilot {
                continue;
            }
            let own = TwoStage {
                pilot,
                agreed,
                open,
                pooling,
            };
            let found = own.of_prompt(&base, 2.5);
            let (mean, square, responses) = by_enumeration(&own, &base, 2.5);
            assert!((found.responses - responses).abs() < 1e-12, "{own:?}");
            for m in 0..3 {
                assert!((found.bias[m] - (mean[m] - base[m])).abs() < 1e-12, "{own:?} {m}");
                let variance = square[m] - mean[m] * mean[m];
                assert!((found.variance[m] - variance).abs() < 1e-12, "{own:?} {m}");
            }
            if pooling != Pooling::Reused {
                assert!(
                    found.bias.iter().all(|bias| bias.abs() < 1e-14),
                    "fixed weights: {found:?}"
                );
            }
        }
    }
}

/// The bias by Dirichlet moments, for a pilot of two.
#[test]
fn a_pilot_that_is_reused_is_biased_as_the_reference_says() {
    let (base, alpha) = (geo8(), 16.0);
    let own = TwoStage {
        pilot: 2,
        agreed: 2,
        open: 12,
        pooling: Pooling::Reused,
    };
    let found = own.of_prompt(&base, alpha);
    let second = |pi: f64| pi * (alpha * pi + 1.0) / (alpha + 1.0);
    // E pi_m pi_j^2 = a_m a_j (a_j + 1)/(alpha (alpha + 1) (alpha + 2)) for j other than m, a = alpha pi.
    let rising = alpha * (alpha + 1.0) * (alpha + 2.0);
    let third = |m: usize| -> f64 {
        let a = |j: usize| alpha * base[j];
        let of = |j: usize| match j == m {
            true => a(m) * (a(m) + 1.0) * (a(m) + 2.0) / rising,
            false => a(m) * a(j) * (a(j) + 1.0) / rising,
        };
        (0..8).map(of).sum()
    };
    for (m, (&bias, &pi)) in found.bias.iter().zip(&base).enumerate() {
        let stated = (1.0 - 2.0 / 12.0) * (second(pi) - third(m));
        assert!((bias - stated).abs() < 1e-14, "{m}: {bias} {stated}");
    }
    assert!((found.bias[0] - 0.036).abs() < 5e-4 && (found.bias_squared(&base) - 0.0074).abs() < 5e-5);
}

/// Variance of one open prompt times cost of a prompt where a fifth is open, C_p = C_r = 1; those of the reference came from a coarse grid
/// of K_o and a, and its fresh-only designs had pilots of other sizes.
#[test]
fn pilots_realise_a_part_of_what_knowing_the_kind_would_save() {
    let (base, alpha) = (geo8(), 16.0);
    let cost = |open: f64, closed: u64| 1.0 + 0.2 * open + 0.8 * closed as f64;
    let value = |pilot: u64, agreed: u64, open: u64, pooling: Pooling| {
        let own = TwoStage {
            pilot,
            agreed,
            open,
            pooling,
        };
        let law = own.of_prompt(&base, alpha);
        law.spread(&base) * cost(law.responses, agreed)
    };
    let known = |open: f64, closed: u64| 7.0 / 17.0 * (1.0 + 16.0 / open) * cost(open, closed);
    let (constant, oracle) = (known(4.0, 4), known(12.0, 1));
    assert!(
        (constant - 10.29).abs() < 5e-3 && (oracle - 4.04).abs() < 5e-3,
        "{constant} {oracle}"
    );
    let range = |pilot: u64| {
        let all = (8..=20).map(|open| value(pilot, pilot, open, Pooling::Reused));
        all.fold((f64::INFINITY, 0.0_f64), |(low, high), own| {
            (low.min(own), high.max(own))
        })
    };
    for (pilot, low, high) in [(2, 7.77, 9.3), (3, 6.56, 6.89), (4, 6.58, 7.41)] {
        let own = range(pilot);
        assert!(
            (own.0 / low - 1.0).abs() < 0.01 && (own.1 / high - 1.0).abs() < 0.01,
            "{pilot}: {own:?}"
        );
    }
    let best_weighted = |pilot: u64| {
        let designs = (8..=20).flat_map(|open| (1..=3).map(move |more| (pilot + more, open)));
        let weights = |(agreed, open)| (1..10).map(move |a| (agreed, open, 0.05 * f64::from(a)));
        let all = designs.flat_map(weights);
        all.map(|(agreed, open, a)| value(pilot, agreed, open, Pooling::Weighted(a)))
            .fold(f64::INFINITY, f64::min)
    };
    assert!((best_weighted(4) - 7.62).abs() < 0.03 && (best_weighted(3) - 7.82).abs() < 0.03);
    // Of the saving of the oracle: 43% unbiased, 60% reused.
    let part = |value: f64| (constant - value) / (constant - oracle);
    assert!(
        (part(best_weighted(4)) - 0.43).abs() < 0.01,
        "{}",
        part(best_weighted(4))
    );
    assert!((part(range(3).0) - 0.60).abs() < 0.01, "{}", part(range(3).0));
}

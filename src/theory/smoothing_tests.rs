//! Label smoothing: the mean by convolution and by another integral's limit, the first order against it, and printed values.

use super::*;
use crate::numerics::stream::Streams;
use nalgebra::{DMatrix, DVector};

fn geo8() -> Vec<f64> {
    let weights: Vec<f64> = (0..8).map(|m| exp(-0.45 * f64::from(m))).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// P(c of `responses` are of a mode), by the urn, c = 0 .. K.
fn beta_binomial(own: f64, other: f64, responses: u64) -> Vec<f64> {
    let mut law = vec![1.0];
    for drawn in 0..responses {
        let mut next = vec![0.0; law.len() + 1];
        for (c, p) in law.iter().enumerate() {
            let hit = (own + c as f64) / (own + other + drawn as f64);
            next[c + 1] += p * hit;
            next[c] += p * (1.0 - hit);
        }
        law = next;
    }
    law
}

/// The mean by the law of each mode's count: convolutions, one prompt after the other.
fn convolved(base: &[f64], alpha: f64, prompts: u64, responses: u64, s: f64) -> f64 {
    let n = (prompts * responses) as f64;
    let of_mode = |mass: &f64| {
        let one = beta_binomial(alpha * mass, alpha * (1.0 - mass), responses);
        let mut law = vec![1.0];
        for _ in 0..prompts {
            let mut next = vec![0.0; law.len() + one.len() - 1];
            for (c, p) in law.iter().enumerate() {
                one.iter().enumerate().for_each(|(d, q)| next[c + d] += p * q);
            }
            law = next;
        }
        let share = |c: usize| (1.0 - s) * c as f64 / n + s / base.len() as f64;
        let log: f64 = law.iter().enumerate().map(|(c, p)| p * ln(share(c))).sum();
        mass * (ln(*mass) - log)
    };
    base.iter().map(of_mode).sum()
}

fn mean(base: &[f64], alpha: f64, prompts: u64, responses: u64, s: f64) -> f64 {
    SmoothedFits::new(base, alpha, prompts, responses, s)
        .expect("a mean")
        .excess_nll()
}

/// A convolution of positive terms is right to some 1e-14 of each probability, and a logarithm of a share is at most 12.
#[test]
fn the_mean_is_that_of_the_convolved_law() {
    for (alpha, prompts, responses, s) in [
        (16.0, 40, 1, 0.011),
        (16.0, 20, 8, 0.1),
        (0.5, 9, 3, 1e-4),
        (4.0, 1, 1, 0.9),
    ] {
        let (found, plain) = (
            mean(&geo8(), alpha, prompts, responses, s),
            convolved(&geo8(), alpha, prompts, responses, s),
        );
        assert!(
            (found - plain).abs() < 2e-13,
            "{alpha} {prompts} x {responses} at {s}: {found} {plain}"
        );
        let other = mean(&geo8(), alpha, prompts + 1, responses, s);
        assert!((other - plain).abs() > 1e-6, "one prompt more is seen: {other}");
    }
}

/// With ever less smoothing the mean over fits that saw every mode is left, where all but one in 10^9 did: the uniform base, 100 x 16.
#[test]
fn without_smoothing_it_is_the_mean_of_complete_fits() {
    let base = [0.25; 4];
    let complete = super::super::complete::CompleteFits::new(&base, 8.0, 100, 16).expect("a mean");
    let (plain, smoothed) = (complete.excess_nll(), mean(&base, 8.0, 100, 16, 1e-9));
    assert!((plain - smoothed).abs() < 1e-8 * plain, "{plain} {smoothed}");
}

/// alpha = 16, C_p = 4, C_r = 1, B = 2000: one response of each of 400 prompts, eight of each of 166. Printed digits are right to half the last.
#[test]
fn first_order_is_that_of_the_reference() {
    let error = |prompts: f64, responses: f64| 7.0 / 17.0 * (1.0 / prompts + 16.0 / (prompts * responses));
    let (one, eight, away) = (error(400.0, 1.0), error(166.0, 8.0), chi_square_from_uniform(&geo8()));
    assert!((away - 1.6271).abs() < 0.5e-4, "{away}");
    let best = best_smoothing(one, away);
    assert!((best - 0.011).abs() < 0.5e-3, "{best}");
    for (s, error, loss) in [
        (0.0, one, 0.00875),
        (best, one, 0.00866),
        (0.0, eight, 0.00372),
        (0.1, one, 0.0152),
    ] {
        let found = smoothed_first_order(s, error, away);
        assert!(
            (found - loss).abs() < 0.5e-5 + if s == 0.1 { 0.5e-4 } else { 0.0 },
            "{s}: {found} {loss}"
        );
    }
    // The gain is a factor of 1 + W/chi^2, and s* is where the derivative is 0.
    let gain = smoothed_first_order(0.0, one, away) / smoothed_first_order(best, one, away);
    assert!((gain - (1.0 + one / away)).abs() < 1e-12);
    let beside = |by: f64| smoothed_first_order(best * by, one, away);
    assert!(beside(0.99) > beside(1.0) && beside(1.01) > beside(1.0));
}

/// Smoothed K = 1 beats K* under the same budget where W_1 > (g - 1) chi^2: N_p below 3.2 (alpha = 16, C_p = 4) or 39 (alpha = 4, C_p = 1).
#[test]
fn smoothing_replaces_responses_only_where_data_are_almost_absent() {
    let away = chi_square_from_uniform(&geo8());
    for (alpha, cp, most) in [(16.0_f64, 4.0_f64, 3.2), (4.0, 1.0, 39.0)] {
        let roots = cp.sqrt() + alpha.sqrt();
        let g = (1.0 + alpha) * (cp + 1.0) / (roots * roots);
        // W_1 = 7/N_p.
        let prompts = 7.0 / ((g - 1.0) * away);
        assert!((prompts / most - 1.0).abs() < 0.02, "{prompts} {most}");
        let smoothed = |error: f64| smoothed_first_order(best_smoothing(error, away), error, away);
        let (few, many) = (7.0 / (0.9 * prompts), 7.0 / (1.1 * prompts));
        assert!(smoothed(few) < 0.5 * few / g && smoothed(many) > 0.5 * many / g);
    }
}

/// Near pi both agree: the next order is of W^2, and smaller than W/N_p here.
#[test]
fn the_first_order_is_that_of_the_mean_of_many_data() {
    let (base, alpha, s) = (geo8(), 16.0, 0.01);
    let away = chi_square_from_uniform(&base);
    let error = 7.0 / 17.0 * (1.0 / 40_000.0 + 16.0 / 320_000.0);
    let (exact, first) = (mean(&base, alpha, 40_000, 8, s), smoothed_first_order(s, error, away));
    // What is left out is s^3 times the third moment beside chi^2, some 3 s.
    assert!((exact / first - 1.0).abs() < 0.03, "{exact} {first}");
    let none = smoothed_first_order(0.0, error, away);
    assert!((exact / none - 1.0).abs() > 0.5, "{none}");
}

/// m' H^-1 m with nalgebra's matrices, as it is defined; of a policy without features it is chi^2 from the uniform.
#[test]
fn the_component_is_its_definition() {
    let (prompts, modes, parameters) = (5, 3, 4);
    let mut stream = Streams::new("smoothing").purpose("case").stream(1, 0);
    let jacobians: Vec<f64> = (0..prompts * modes * parameters)
        .map(|_| stream.uniform() - 0.4)
        .collect();
    let mut p: Vec<f64> = (0..prompts * modes).map(|_| stream.uniform() + 0.1).collect();
    for row in p.chunks_exact_mut(modes) {
        let total: f64 = row.iter().sum();
        row.iter_mut().for_each(|p| *p /= total);
    }
    let size = modes * parameters;
    let found = smoothing_component(prompts, modes, parameters, &p, |x, out| {
        out.copy_from_slice(&jacobians[x * size..][..size]);
    });
    let (mut h, mut m) = (DMatrix::zeros(parameters, parameters), DVector::zeros(parameters));
    for x in 0..prompts {
        let j = DMatrix::from_row_slice(modes, parameters, &jacobians[x * size..][..size]);
        let own = DVector::from_row_slice(&p[x * modes..][..modes]);
        let fisher = DMatrix::from_diagonal(&own) - &own * own.transpose();
        h += j.transpose() * fisher * &j / prompts as f64;
        m += j.transpose() * own.map(|p| p - 1.0 / modes as f64) / prompts as f64;
    }
    let solved = h.lu().solve(&m).expect("a regular matrix");
    assert!((found.expect("one") - m.dot(&solved)).abs() < 1e-10 * m.dot(&solved));
    // One row of p for all, logits the parameters: the last is 0.
    let base = geo8();
    let alone = smoothing_component(1, 8, 7, &base, |_, out| {
        out.fill(0.0);
        (0..7).for_each(|mode| out[mode * 7 + mode] = 1.0);
    });
    assert!((alone.expect("one") - chi_square_from_uniform(&base)).abs() < 1e-12);
}

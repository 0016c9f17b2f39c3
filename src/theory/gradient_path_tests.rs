//! Tests of the path: the slope of the loss by differences, a recursion of another form, angles by inner products, and the
//! table of the settings in which the misalignment was first measured.

use super::*;
use crate::numerics::elementary::exp;
use crate::numerics::stream::Streams;
use crate::theory::selected::{PoolLaw, best};

/// A distribution over `modes`, drawn.
fn drawn(item: u64, modes: usize) -> Vec<f64> {
    let mut stream = Streams::new("gradient path").purpose("distribution").stream(item, 0);
    let weights: Vec<f64> = (0..modes).map(|_| 0.02 + stream.uniform()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

/// The loss -sum_m q_m ln p_m by its definition.
fn loss(logits: &[f64], q: &[f64]) -> f64 {
    let total: f64 = logits.iter().map(|&theta| exp(theta)).sum();
    q.iter().zip(logits).map(|(q, theta)| -q * (theta - ln(total))).sum()
}

/// The logits after some steps whose gradients are central differences of `loss`.
fn by_differences(steps: u32, drift: &[f64], rate: f64) -> Vec<f64> {
    let mut logits = vec![0.0; drift.len()];
    let h = 1e-5;
    for _ in 0..steps {
        let slope = |m: usize| {
            let at = |shift: f64| {
                let mut moved = logits.clone();
                moved[m] += shift;
                loss(&moved, drift)
            };
            (at(h) - at(-h)) / (2.0 * h)
        };
        let gradient: Vec<f64> = (0..drift.len()).map(slope).collect();
        for (theta, slope) in logits.iter_mut().zip(gradient) {
            *theta -= rate * slope;
        }
    }
    logits
}

/// A difference errs by h^2/6 times a third derivative (below 1) and rounding 1e-16/h, 2e-11 in all; at rates below 2 a
/// step does not enlarge errors, so that after 40 steps of rate 1.5 logits err by less than 40 x 1.5 x 3e-11.
#[test]
fn a_path_is_descent_of_the_loss_by_its_slope() {
    for (item, modes) in [(0, 2), (1, 5), (2, 9)] {
        let (drift, rate) = (drawn(item, modes), 1.5);
        let policy = Descended::after(40, &drift, rate);
        let logits = by_differences(40, &drift, rate);
        let total: f64 = logits.iter().map(|&theta| exp(theta)).sum();
        for (p, theta) in policy.probabilities().iter().zip(&logits) {
            assert!((p - exp(*theta) / total).abs() < 2e-9, "{p} {}", exp(*theta) / total);
        }
        // The control: descent along the other sign.
        let wrong = Descended::after(40, &drift, -rate);
        assert!(wrong.distance(&drift) > 10.0 * policy.distance(&drift));
        assert!((wrong.probabilities()[0] - exp(logits[0]) / total).abs() > 1e-3);
    }
}

/// Probabilities by factors: p_{t+1} is proportional to p_t exp(-rate (p_t - drift)).
#[test]
fn the_same_path_by_factors_of_probabilities() {
    let (drift, truth) = (drawn(3, 6), drawn(4, 6));
    let mut p = vec![1.0 / 6.0; 6];
    for step in 0..200 {
        let policy = Descended::after(step, &drift, 1.0);
        for (own, p) in policy.probabilities().iter().zip(&p) {
            assert!((own - p).abs() < 1e-13, "step {step}");
        }
        let kl: f64 = truth.iter().zip(&p).map(|(t, p)| t * ln(t / p)).sum();
        assert!((policy.divergence(&truth) - kl).abs() < 1e-12, "step {step}");
        let moved: Vec<f64> = p.iter().zip(&drift).map(|(p, q)| p * exp(-(p - q))).collect();
        let total: f64 = moved.iter().sum();
        p = moved.iter().map(|p| p / total).collect();
    }
}

/// The textbook cosine, by inner products.
fn cosine(p: &[f64], q: &[f64], truth: &[f64]) -> f64 {
    let inner = |a: &[f64], b: &[f64]| -> f64 {
        let terms = p.iter().zip(a).zip(b).map(|((p, a), b)| (p - a) * (p - b));
        terms.sum()
    };
    inner(q, truth) / (inner(q, q).sqrt() * inner(truth, truth).sqrt())
}

#[test]
fn the_angle_by_chords_is_that_by_inner_products() {
    for item in 0..100 {
        let (q, truth) = (drawn(2 * item, 7), drawn(2 * item + 1, 7));
        for (drift, other, steps) in [(&q, &truth, 3), (&truth, &q, 30)] {
            let policy = Descended::after(steps, drift, 1.0);
            let found = policy.misalignment(&q, &truth).unwrap();
            let expected = 1.0 - cosine(policy.probabilities(), &q, &truth);
            assert!((found - expected).abs() < 1e-13, "{item}: {found} {expected}");
            // The control: on the other path the angle is another one.
            let swapped = Descended::after(steps, other, 1.0).misalignment(&q, &truth).unwrap();
            assert!((found - swapped).abs() > 1e-6, "{item}: {found} {swapped}");
        }
    }
}

/// For an angle of 1e-6, 1 - cos is 5e-13, of which a subtraction from 1 keeps three digits.
#[test]
fn a_small_angle_keeps_its_digits() {
    let truth = drawn(11, 5);
    let policy = Descended::after(2, &truth, 1.0);
    let norm = policy.distance(&truth);
    // In two coordinates, orthogonal to g.
    let g: Vec<f64> = policy.probabilities().iter().zip(&truth).map(|(p, t)| p - t).collect();
    let size = 1e-6 * norm / (g[0] * g[0] + g[1] * g[1]).sqrt();
    let mut q = truth.clone();
    (q[0], q[1]) = (q[0] + size * g[1], q[1] - size * g[0]);
    let found = policy.misalignment(&q, &truth).unwrap();
    // 1 - cos(atan x) = x^2/2 (1 - 3 x^2/4 + ...); x itself has ten digits.
    assert!((found / 5e-13 - 1.0).abs() < 1e-8, "{found:e}");
}

#[test]
fn what_is_not_selected_is_aligned_and_what_is_learned_has_no_angle() {
    let truth = drawn(5, 8);
    for steps in [0, 1, 50] {
        let policy = Descended::after(steps, &truth, 1.0);
        assert_eq!(policy.misalignment(&truth, &truth), Some(0.0));
    }
    let other = drawn(6, 8);
    let learned = Descended::after(4000, &truth, 1.0);
    assert!(learned.distance(&truth) < LEAST_NORM);
    assert_eq!(learned.misalignment(&other, &truth), None);
    assert_eq!(
        learned.misalignment(&truth, &other),
        None,
        "nor has a selected gradient of 0"
    );
    let mut chord = vec![0.0; 8];
    assert!(!learned.chord(&other, &truth, &mut chord) && chord.iter().all(|c| c.is_nan()));
}

#[test]
fn extremes_stay_numbers() {
    // A drift without a mode: its logit falls for ever.
    let policy = Descended::after(10_000, &[1.0, 0.0], 1000.0);
    assert!(policy.probabilities().iter().all(|p| p.is_finite()));
    assert!(policy.divergence(&[0.5, 0.5]) > 1.0);
    assert!(policy.divergence(&[1.0, 0.0]).abs() < 1e-12);
    assert_eq!(Descended::start(1).distance(&[1.0]), 0.0);
}

/// World A: 8 modes with weights proportional to exp(-0.45 m), alpha = 4.
fn geo8() -> Vec<f64> {
    let weights: Vec<f64> = (0..8).map(|m| exp(-0.45 * f64::from(m))).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}

const STEPS: [u32; 9] = [0, 1, 2, 5, 10, 20, 50, 100, 200];

/// Cosines at `STEPS` where K of 16 are kept by these rewards.
fn row(rewards: &[f64], keep: u32, along: Along) -> Vec<f64> {
    let truth = geo8();
    let law = PoolLaw::new(truth.clone(), 4.0, 16).unwrap();
    let q = best(&law, rewards, keep).unwrap().mean;
    let drift = if along == Along::Own { &q } else { &truth };
    let at = |&steps: &u32| {
        let policy = Descended::after(steps, drift, 1.0);
        1.0 - policy.misalignment(&q, &truth).unwrap()
    };
    STEPS.iter().map(at).collect()
}

/// Rewards opposed to probability, aligned with it, and mixed.
fn rewards() -> [Vec<f64>; 3] {
    let opposed: Vec<f64> = (0..8).map(|m| f64::from(m) / 7.0).collect();
    let aligned = opposed.iter().map(|r| 1.0 - r).collect();
    [opposed, aligned, vec![0.5, 1.0, 0.3, 0.7, 0.2, 0.6, 0.1, 0.4]]
}

/// A second implementation, in another language, gave these four digits: selected distributions by the beta-binomial law
/// from log-gamma functions, the recursion of logits, angles by inner products.
#[test]
fn the_cosines_are_those_of_a_second_implementation() {
    let [opposed, aligned, mixed] = rewards();
    for (rewards, keep, along, expected) in [
        (
            &opposed,
            1,
            Along::Own,
            [
                -0.8063, -0.8315, -0.8537, -0.9061, -0.9522, -0.9528, -0.8647, -0.7870, -0.7800,
            ],
        ),
        (
            &opposed,
            1,
            Along::Truth,
            [
                -0.8063, -0.8656, -0.8945, -0.8880, -0.7464, -0.5348, -0.3154, -0.2073, -0.1399,
            ],
        ),
        (
            &opposed,
            4,
            Along::Own,
            [
                -0.2164, -0.2807, -0.3372, -0.4680, -0.6003, -0.7246, -0.8675, -0.8964, -0.8916,
            ],
        ),
        (
            &opposed,
            4,
            Along::Truth,
            [
                -0.2164, -0.4180, -0.5430, -0.6228, -0.4702, -0.2716, -0.1348, -0.0869, -0.0589,
            ],
        ),
        (
            &opposed,
            8,
            Along::Own,
            [0.4646, 0.4011, 0.3412, 0.1992, 0.0961, 0.1153, 0.1436, 0.0786, 0.0532],
        ),
        (
            &opposed,
            8,
            Along::Truth,
            [
                0.4646, 0.2749, 0.0777, -0.2244, -0.1741, -0.0655, -0.0366, -0.0314, -0.0246,
            ],
        ),
        (
            &aligned,
            4,
            Along::Own,
            [
                0.8841, 0.7314, 0.1600, -0.5647, -0.2999, -0.1928, -0.2691, -0.1708, -0.1693,
            ],
        ),
        (
            &aligned,
            4,
            Along::Truth,
            [0.8841, 0.8680, 0.8437, 0.7137, 0.4165, 0.1540, 0.0487, 0.0241, 0.0138],
        ),
        (
            &mixed,
            4,
            Along::Own,
            [
                0.5612, 0.3492, 0.0606, -0.2804, -0.0863, -0.1377, -0.2585, -0.2561, -0.2090,
            ],
        ),
        (
            &mixed,
            4,
            Along::Truth,
            [0.5612, 0.5072, 0.4557, 0.3598, 0.3225, 0.1887, 0.0764, 0.0467, 0.0307],
        ),
    ] {
        let found = row(rewards, keep, along);
        for (found, expected) in found.iter().zip(expected) {
            // Half a unit of the fourth digit.
            assert!(
                (found - expected).abs() < 5.001e-5,
                "K = {keep}, {along:?}: {found} {expected}"
            );
        }
    }
}

/// Rewards aligned with probability: KL to the truth .40, .16, .94 at steps 0, 2 and 3000 of the reference.
#[test]
fn the_loss_on_its_own_path_falls_and_rises() {
    let law = PoolLaw::new(geo8(), 4.0, 16).unwrap();
    let q = best(&law, &rewards()[1], 4).unwrap().mean;
    for (steps, expected) in [(0, 0.401), (2, 0.162), (200, 0.785), (3000, 0.939)] {
        let found = Descended::after(steps, &q, 1.0).divergence(&geo8());
        assert!((found - expected).abs() < 5.001e-4, "{steps}: {found}");
    }
}

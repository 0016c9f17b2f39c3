//! The score of a squared norm: its parts by hand and by matrices, its ends, and what has no noise or one group.

use super::*;
use crate::inference::jackknife::joint;
use crate::inference::testing::{SplitMix, grouped};

/// The mean vector of `len` slots over `count` groups, drawn with the given mean in slot 0 and unit variances per replicate.
fn drawn(rng: &mut SplitMix, count: usize, len: usize, mean: f64) -> Joint {
    let groups = grouped(count, 1, len, |out| {
        out.iter_mut().for_each(|value| *value = rng.normal());
        out[0] += mean;
    });
    joint(&groups, len, |means, out| {
        out.iter_mut()
            .enumerate()
            .for_each(|(slot, value)| *value = means.mean(slot));
    })
}

#[test]
fn the_parts_are_those_of_the_covariance_matrix() {
    let mut rng = SplitMix::new(21);
    // 3 coordinates of 25 groups go by coordinates, 30 by rows: both against the matrix.
    for len in [3, 30] {
        let vector = drawn(&mut rng, 25, len, 0.4);
        let norm = SquaredNorm::of(&vector);
        let matrix = nalgebra::DMatrix::from_fn(len, len, |i, j| vector.covariance(i, j));
        let d = nalgebra::DVector::from_column_slice(vector.values());
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
        close(norm.trace, matrix.trace());
        close(norm.squared, d.norm_squared());
        close(norm.along, (d.transpose() * &matrix * &d)[0] / d.norm_squared());
        close(squared_frobenius(&vector), matrix.norm_squared());
    }
}

#[test]
fn one_coordinate_by_hand() {
    // Groups alternate between m + 1 and m - 1 (m = 2, then 0): the variance of the mean is v = 30/29/30 = 1/29.
    let v = 1.0 / 29.0;
    for mean in [2.0, 0.0] {
        let mut sign = -1.0;
        let groups = grouped(30, 1, 1, |out| {
            sign = -sign;
            out[0] = mean + sign;
        });
        let vector = joint(&groups, 1, |means, out| out[0] = means.mean(0));
        let estimate = SquaredNorm::of(&vector).estimate();
        assert!((estimate.value - (mean * mean - v)).abs() < 1e-14);
        // Of one coordinate tr S^2 is v^2, the bound that the unbiased estimate is held to, and e = sqrt(2) v^2.
        let unbiased = v * mean * mean - v * v;
        let seen = if mean > 0.0 {
            unbiased - 8.0 * v * v * v * v / unbiased
        } else {
            0.0
        };
        let square = 4.0 * seen + 2.0 * v * v * (1.0 + 1.0 / 29.0);
        assert!((estimate.mcse * estimate.mcse / square - 1.0).abs() < 1e-12);
        assert_eq!((estimate.df, estimate.replicates), (29.0, 30));
    }
}

#[test]
fn the_closed_form_solves_the_score_equation() {
    let norm = SquaredNorm::of(&drawn(&mut SplitMix::new(22), 40, 3, 0.9));
    let interval = norm.closed_form(0.95);
    let t = student_quantile(0.975, 39.0);
    assert!(interval.low > 0.0);
    for delta in [interval.low, interval.high] {
        let left = (norm.estimate().value - delta) * (norm.estimate().value - delta);
        assert!((left / (t * t * norm.variance_at(delta)) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn the_ends_of_the_interval_are_where_the_tests_turn() {
    let norm = SquaredNorm::of(&drawn(&mut SplitMix::new(23), 40, 3, 0.9));
    let interval = norm.interval(0.9);
    assert!((norm.p_above(interval.low) - 0.05).abs() < 1e-9);
    assert!((norm.p_below(interval.high) - 0.05).abs() < 1e-9);
    assert!(interval.contains(norm.estimate().value));
    // The closed lower end is the more daring one.
    assert!(interval.low < norm.closed_form(0.9).low);
}

#[test]
fn a_factor_scales_estimate_and_interval_and_leaves_the_tests() {
    let norm = SquaredNorm::of(&drawn(&mut SplitMix::new(24), 40, 3, 0.9));
    let scaled = norm.scaled(0.25);
    let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    close(scaled.estimate().value, 0.25 * norm.estimate().value);
    close(scaled.estimate().mcse, 0.25 * norm.estimate().mcse);
    close(scaled.interval(0.95).low, 0.25 * norm.interval(0.95).low);
    close(scaled.interval(0.95).high, 0.25 * norm.interval(0.95).high);
    close(scaled.p_above(0.05), norm.p_above(0.2));
    close(scaled.p_below(0.5), norm.p_below(2.0));
}

#[test]
fn a_zero_vector_takes_the_mean_direction() {
    // Groups of +1 and -1 in both slots: the mean is exactly 0, the covariance is not.
    let mut sign = -1.0;
    let groups = grouped(30, 1, 2, |out| {
        sign = -sign;
        out.copy_from_slice(&[sign, sign]);
    });
    let norm = SquaredNorm::of(&joint(&groups, 2, |means, out| {
        out.copy_from_slice(&[means.mean(0), means.mean(1)]);
    }));
    assert_eq!(norm.squared, 0.0);
    // One direction carries all variance v: s = tr S^2 / tr S, and the unbiased v^2 from n = 29 is n/(n + 2) of the squared estimate.
    assert!((norm.along / norm.trace - 29.0 / 31.0).abs() < 1e-12);
    let interval = norm.interval(0.95);
    assert_eq!(interval.low, 0.0);
    assert!(interval.high > 0.0 && norm.p_above(0.0) > 0.9);
}

#[test]
fn no_noise_leaves_an_exact_number() {
    let groups = grouped(30, 1, 2, |out| out.copy_from_slice(&[3.0, 4.0]));
    let norm = SquaredNorm::of(&joint(&groups, 2, |means, out| {
        out.copy_from_slice(&[means.mean(0), means.mean(1)]);
    }));
    assert_eq!((norm.estimate().value, norm.estimate().mcse), (25.0, 0.0));
    let interval = norm.interval(0.95);
    assert_eq!((interval.low, interval.high), (25.0, 25.0));
}

#[test]
fn one_group_knows_no_error() {
    let norm = SquaredNorm::of(&drawn(&mut SplitMix::new(25), 1, 2, 0.0));
    assert!(norm.estimate().mcse.is_nan());
    assert!(norm.interval(0.95).low.is_nan() && norm.interval(0.95).high.is_nan());
}

//! Tests of the special functions against arbitrary-precision values, against statrs, and against each other.

use super::*;
use crate::numerics::elementary::ln;
use crate::numerics::stream::uniform_from_bits;

const FIXTURES: &str = include_str!("fixtures.csv");

/// The worst error over the committed values of one function, absolute below 1 and relative above, or relative
/// everywhere.
fn worst(name: &str, relative: bool, f: impl Fn(&[f64]) -> f64) -> f64 {
    let mut worst = 0.0;
    let mut rows = 0;
    for line in FIXTURES.lines() {
        let Some(rest) = line.strip_prefix(name).and_then(|r| r.strip_prefix(',')) else {
            continue;
        };
        let cells: Vec<f64> = rest.split(',').map(|cell| cell.parse().unwrap()).collect();
        let (exact, arguments) = (cells[0], &cells[1..]);
        let unit = if relative { exact.abs() } else { exact.abs().max(1.0) };
        let error = (f(arguments) - exact).abs() / unit;
        assert!(!error.is_nan(), "{line}");
        worst = f64::max(worst, error);
        rows += 1;
    }
    assert!(rows >= 90, "{name}: {rows}");
    worst
}

#[test]
fn values_agree_with_arbitrary_precision() {
    let near = |name: &str, relative: bool, within: f64, f: fn(&[f64]) -> f64| {
        let worst = worst(name, relative, f);
        assert!(worst < within, "{name}: {worst:e}");
    };
    near("ln_gamma", false, 1e-14, |x| ln_gamma(x[0]));
    near("digamma", false, 1e-14, |x| digamma(x[0]));
    near("ln_beta", false, 1e-13, |x| ln_beta(x[0], x[1]));
    near("beta_inc", false, 1e-13, |x| beta_inc(x[0], x[1], x[2]));
    near("normal_cdf", true, 2e-15, |x| normal_cdf(x[0]));
    near("normal_quantile", true, 2e-15, |x| normal_quantile(x[0]));
}

#[test]
fn a_wrong_function_is_noticed() {
    assert!(worst("ln_gamma", false, |x| ln_gamma(x[0] * (1.0 + 1e-12))) > 1e-14);
    assert!(worst("digamma", false, |x| digamma(x[0]) + 1e-13) > 1e-14);
    let textbook = |x: &[f64]| ln_gamma(x[0]) + ln_gamma(x[1]) - ln_gamma(x[0] + x[1]);
    assert!(worst("ln_beta", false, textbook) > 1e-13);
    assert!(worst("beta_inc", false, |x| beta_inc(x[0], x[1], x[2] + 1e-13)) > 1e-13);
    assert!(worst("normal_cdf", true, |x| 1.0 - normal_cdf(-x[0])) > 1e-14);
    assert!(worst("normal_quantile", true, |x| -normal_quantile(1.0 - x[0])) > 1e-14);
}

#[test]
fn values_agree_with_statrs() {
    use statrs::distribution::{Continuous, ContinuousCDF, Normal};
    use statrs::function::{beta, gamma};
    let normal = Normal::standard();
    for i in 1..400 {
        let x = f64::from(i) * 0.137;
        let near = |ours: f64, theirs: f64, within: f64| {
            let unit = theirs.abs().max(1.0);
            assert!((ours - theirs).abs() < within * unit, "{x}: {ours} {theirs}");
        };
        near(ln_gamma(x), gamma::ln_gamma(x), 1e-12);
        near(digamma(x), gamma::digamma(x), 1e-11);
        let (a, b, p) = (x, f64::from(401 - i) * 0.07, f64::from(i) / 400.0);
        near(ln_beta(a, b), beta::ln_beta(a, b), 1e-12);
        near(beta_inc(a, b, p), beta::beta_reg(a, b, p), 1e-12);
        near(normal_cdf(x - 20.0), normal.cdf(x - 20.0), 1e-10);
        near(normal_quantile(p), normal.inverse_cdf(p), 1e-9);
        // By logarithms, so that small values count as large ones do.
        near(ln(normal_density(x - 20.0)), normal.ln_pdf(x - 20.0), 1e-14);
    }
}

#[test]
fn edges() {
    assert_eq!(ln_gamma(0.0), f64::INFINITY);
    assert_eq!(ln_gamma(f64::INFINITY), f64::INFINITY);
    assert_eq!(ln_gamma(f64::MAX), f64::INFINITY);
    assert!(ln_gamma(-0.5).is_nan() && ln_gamma(f64::NAN).is_nan());
    assert_eq!(digamma(0.0), f64::NEG_INFINITY);
    assert_eq!(digamma(f64::INFINITY), f64::INFINITY);
    assert!(digamma(-0.5).is_nan() && ln_beta(0.0, 1.0).is_nan());
    assert_eq!(beta_inc(2.0, 3.0, 0.0), 0.0);
    assert_eq!(beta_inc(2.0, 3.0, 1.0), 1.0);
    assert!(beta_inc(0.0, 3.0, 0.5).is_nan() && beta_inc(1.0, 1.0, f64::NAN).is_nan());
    assert_eq!(normal_cdf(0.0), 0.5);
    assert_eq!(normal_cdf(f64::INFINITY), 1.0);
    assert_eq!(normal_cdf(f64::NEG_INFINITY), 0.0);
    assert_eq!(normal_quantile(0.5), 0.0);
    assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(normal_quantile(1.0), f64::INFINITY);
    assert!(normal_quantile(-0.1).is_nan() && normal_quantile(1.5).is_nan());
}

#[test]
fn the_incomplete_beta_function_is_symmetric_and_monotone() {
    for (a, b) in [(0.3, 7.0), (2.0, 2.0), (40.0, 3.0), (12.0, 900.0), (5e4, 3e4)] {
        let mut last = 0.0;
        for i in 1..200 {
            let x = f64::from(i) / 200.0;
            let value = beta_inc(a, b, x);
            assert!((value + beta_inc(b, a, 1.0 - x) - 1.0).abs() < 2e-13, "{a} {b} {x}");
            assert!(value >= last - 2e-13);
            last = value;
        }
    }
}

#[test]
fn normal_draws_are_symmetric_and_the_quantile_of_their_cell() {
    const STEP: f64 = 1.0 / 4_503_599_627_370_496.0;
    let last = 1.0 - STEP;
    assert_eq!(normal_from_uniform(0.0), -normal_from_uniform(last));
    assert!(normal_from_uniform(last) > 8.1 && normal_from_uniform(last) < 8.3);
    assert!(normal_from_uniform(STEP) > normal_from_uniform(0.0));
    let word = |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let (mut sum, mut square) = (0.0, 0.0);
    let n = 100_000;
    for u in (1..=n).map(|i| uniform_from_bits(word(i))) {
        let z = normal_from_uniform(u);
        assert_eq!(z, -normal_from_uniform(last - u));
        assert!((normal_cdf(z) - (u + 0.5 * STEP)).abs() < 1e-15);
        sum += z;
        square += z * z;
    }
    // A Weyl sequence: far closer to 0 and 1 than random words would be.
    assert!((sum / n as f64).abs() < 1e-3);
    assert!((square / n as f64 - 1.0).abs() < 1e-3);
}

/// Against tables of Student's t (Fisher and Yates), and against its own tail.
#[test]
fn what_a_student_stays_within_leaves_its_tails_beyond() {
    for (level, df, printed) in [
        (0.95, 1.0, 12.706),
        (0.95, 9.0, 2.262),
        (0.95, 120.0, 1.980),
        (0.99, 4.0, 4.604),
        (0.5, 10.0, 0.700),
    ] {
        let t = student_within(level, df);
        assert!((t - printed).abs() < 5.1e-4, "{t} for {printed}");
        assert!((student_beyond(t, df) - (1.0 - level)).abs() < 1e-14);
    }
}

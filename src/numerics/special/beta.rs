//! Owns the regularised incomplete beta function, from which the distribution functions of Student's t, F, beta and
//! the binomial follow.

use super::gamma::{HALF_LN_2PI, STIRLING, ln_beta, stirling_tail};
use crate::numerics::elementary::{exp, ln, ln_1p};

/// The regularised incomplete beta function I_x(a, b) for a, b > 0; 0 for x <= 0, 1 for x >= 1, NaN for other a, b
/// and for NaN.
///
/// Absolute error below 1e-13 for a, b <= 1e5, tested there. A continued fraction
/// times x^a (1 - x)^b / B(a, b), which for large a and b is taken as a deviance from the mode (Loader 2000), so
/// that no large logarithms cancel. About sqrt(max(a, b)) steps near the mean.
pub fn beta_inc(a: f64, b: f64, x: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && a + b < f64::INFINITY) || x.is_nan() {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let density = power_term(a, b, x);
    if x < (a + 1.0) / (a + b + 2.0) {
        density * fraction(a, b, x, 1.0 - x)
    } else {
        1.0 - density * fraction(b, a, 1.0 - x, x)
    }
}

/// P(|T| >= |t|) of Student's t on `df` > 0 degrees of freedom: I_x(df/2, 1/2) at x = df/(df + t^2). NaN for NaN.
pub fn student_beyond(t: f64, df: f64) -> f64 {
    beta_inc(0.5 * df, 0.5, df / (df + t * t))
}

/// The t > 0 that |T| of Student's t on `df` > 0 degrees of freedom stays below with probability `level`, in (0, 1): the inverse of
/// [`student_beyond`], by bisection to the last bit of x = df/(df + t^2).
pub fn student_within(level: f64, df: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    loop {
        let x = 0.5 * (low + high);
        if x <= low || x >= high {
            return (df * (1.0 - high) / high).sqrt();
        }
        match beta_inc(0.5 * df, 0.5, x) >= 1.0 - level {
            true => high = x,
            false => low = x,
        }
    }
}

/// x^a (1 - x)^b / B(a, b).
fn power_term(a: f64, b: f64, x: f64) -> f64 {
    let y = 1.0 - x;
    if a < STIRLING || b < STIRLING {
        // Below a half 1 - x is rounded, above it is exact.
        let ln_y = if x < 0.5 { ln_1p(-x) } else { ln(y) };
        return exp(a * ln(x) + b * ln_y - ln_beta(a, b));
    }
    let n = a + b;
    let excess = a * y - b * x;
    let tails = stirling_tail(n) - stirling_tail(a) - stirling_tail(b);
    let deviances = deviance(a, a - excess, excess) + deviance(b, b + excess, -excess);
    exp(tails - deviances - HALF_LN_2PI) * (a / n * b).sqrt()
}

/// k ln(k / mean) + mean - k where `excess` = k - mean, without cancellation near 0 (Loader 2000).
fn deviance(k: f64, mean: f64, excess: f64) -> f64 {
    let v = excess / (k + mean);
    if v.abs() > 0.1 {
        return k * ln(k / mean) - excess;
    }
    // ln(k / mean) = 2 atanh(v), whose leading term cancels the excess but for excess * v.
    let square = v * v;
    let mut power = 2.0 * k * v;
    let mut sum = excess * v;
    let mut odd = 3.0;
    loop {
        power *= square;
        let next = sum + power / odd;
        if next == sum {
            return sum;
        }
        sum = next;
        odd += 2.0;
    }
}

/// More steps than any a, b below 1e9 need.
const MOST_STEPS: u32 = 100_000;

/// I_x(a, b) over [`power_term`], as a continued fraction in terms of the excess a y - b x, y = 1 - x, so that it loses
/// no digits where x or y is close to 1 (Didonato and Morris 1992, algorithm 708, function BFRAC).
fn fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    let c = 1.0 + (a * y - b * x);
    let c1 = 1.0 + 1.0 / a;
    // Numerators and denominators of two convergents in turn, the latest denominator scaled to 1.
    let (mut top, mut bottom) = (0.0, c1 / c);
    let (mut value, mut p, mut s) = (c1 / c, 1.0, a + 1.0);
    for n in 1..MOST_STEPS {
        let n = f64::from(n);
        let t = n / a;
        let w = n * (b - n) * x;
        let e = a / s;
        let alpha = p * (p + b / a) * e * e * (w * x);
        let beta = n + w / s + (1.0 + t) / (c1 + t + t) * (c + n * (y + 1.0));
        p = 1.0 + t;
        s += 2.0;
        let next_top = alpha * top + beta * value;
        let next_bottom = alpha * bottom + beta;
        let before = value;
        value = next_top / next_bottom;
        if (value - before).abs() <= f64::EPSILON * value {
            break;
        }
        (top, bottom) = (before / next_bottom, 1.0 / next_bottom);
    }
    value
}

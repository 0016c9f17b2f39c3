//! Owns the gamma family: `ln_gamma`, `digamma` and `ln_beta`, all by Stirling's series, to whose range small
//! arguments are shifted by the recurrence. Positive arguments only: nothing here needs the reflection.

use crate::numerics::elementary::{ln, ln_1p};

/// ln(2 pi) / 2.
pub(super) const HALF_LN_2PI: f64 = 0.918_938_533_204_672_8;

/// From here on seven terms of each series leave less than 5e-17.
pub(super) const STIRLING: f64 = 10.0;

/// B_2k / (2k (2k - 1)), k = 1, ..., 7 (Abramowitz and Stegun 1964, 6.1.40).
const LN_GAMMA_SERIES: [f64; 7] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
];

/// B_2k / 2k, k = 1, ..., 7 (Abramowitz and Stegun 1964, 6.3.18).
const DIGAMMA_SERIES: [f64; 7] = [
    1.0 / 12.0,
    -1.0 / 120.0,
    1.0 / 252.0,
    -1.0 / 240.0,
    1.0 / 132.0,
    -691.0 / 32_760.0,
    1.0 / 12.0,
];

/// Horner's scheme, the constant coefficient first.
fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// ln Gamma(x) less (x - 1/2) ln x - x + ln(2 pi) / 2, for x >= [`STIRLING`]: small, and the only part of a ratio of
/// gamma functions that is not elementary.
pub(super) fn stirling_tail(x: f64) -> f64 {
    horner(&LN_GAMMA_SERIES, 1.0 / (x * x)) / x
}

/// The logarithm of the gamma function for x > 0; infinite at 0 and infinity, NaN for negative numbers and NaN.
///
/// Error below 1e-14 max(1, |ln Gamma(x)|): the absolute one counts near the zeros at 1 and 2.
pub fn ln_gamma(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 || x == f64::INFINITY {
        return f64::INFINITY;
    }
    let mut product = 1.0;
    let mut shifted = x;
    while shifted < STIRLING {
        product *= shifted;
        shifted += 1.0;
    }
    // Written so that a huge argument does not make infinity less infinity.
    let stirling = (shifted - 0.5) * (ln(shifted) - 1.0) + (HALF_LN_2PI - 0.5);
    let value = stirling + stirling_tail(shifted);
    if x < STIRLING { value - ln(product) } else { value }
}

/// The digamma function, the derivative of [`ln_gamma`], for x > 0; negative infinity at 0, NaN for negative numbers
/// and NaN.
///
/// Error below 1e-14 max(1, |digamma(x)|): the absolute one counts near the zero at 1.46.
pub fn digamma(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    let mut sum = 0.0;
    let mut shifted = x;
    while shifted < STIRLING {
        sum += 1.0 / shifted;
        shifted += 1.0;
    }
    let square = 1.0 / (shifted * shifted);
    let series = square * horner(&DIGAMMA_SERIES, square);
    ln(shifted) - (0.5 / shifted + series) - sum
}

/// The logarithm of the beta function for a, b > 0; NaN otherwise.
///
/// Error below 1e-13 max(1, |ln B(a, b)|), for arguments of any size: where one is large, the leading parts of the
/// three gamma functions are cancelled on paper (Didonato and Morris 1992, algorithm 708).
pub fn ln_beta(a: f64, b: f64) -> f64 {
    if !(a > 0.0 && b > 0.0) {
        return f64::NAN;
    }
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    if b < STIRLING {
        return ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    }
    let ratio = a / b;
    if a < STIRLING {
        return ln_gamma(a) + ln_gamma_ratio(a, b, ratio);
    }
    let tails = stirling_tail(a) + stirling_tail(b) - stirling_tail(a + b);
    let lead = (a - 0.5) * ln(ratio / (1.0 + ratio)) - b * ln_1p(ratio);
    lead - 0.5 * ln(b) + HALF_LN_2PI + tails
}

/// ln(Gamma(b) / Gamma(a + b)) for b >= [`STIRLING`] and small a.
fn ln_gamma_ratio(a: f64, b: f64, ratio: f64) -> f64 {
    let lead = a - a * ln(b) - (a + b - 0.5) * ln_1p(ratio);
    lead + stirling_tail(b) - stirling_tail(a + b)
}

//! Owns the logarithms: `ln`, `ln_1p` and `log10`. The kernel never branches on the argument, so that a loop over a
//! slice becomes vector code and each lane does what the scalar function does.
//!
//! Reduction: x = 2^k m with m in [sqrt(1/2), sqrt(2)), f = m - 1 exact, s = f / (2 + f), z = s^2. As in fdlibm
//! (Sun Microsystems 1993), ln m = 2 atanh(s) = f - f^2/2 + s (f^2/2 + z P(z)), which keeps the large parts exact;
//! P is a minimax polynomial of degree 6 (relative error 2^-59, `scripts/minimax.py`).

use super::exp::{LN2_HIGH, LN2_LOW, TINY, head};
use crate::numerics::lanes::dispatch;

/// P, from `scripts/minimax.py`.
const P: [f64; 7] = [
    0.6666666666666734,
    0.39999999999414815,
    0.28571428742397015,
    0.22222198568381998,
    0.1818356476560856,
    0.15314034655273845,
    0.14796153503027573,
];

/// 1 / ln 10 with 27 trailing zero bits, and the rest of it.
const INV_LN10_HIGH: f64 = 0.4342944845557213;
const INV_LN10_LOW: f64 = -2.6524694553078553e-09;

/// The bits of sqrt(1/2), from which significands are counted.
const SQRT_HALF: u64 = 0x3FE6_A09E_667F_3BCD;
const FRACTION: u64 = (1 << 52) - 1;
/// Keeps the exponent positive while it is shifted, because vector units have no arithmetic shift of 64 bits.
const BIAS: u64 = 1024;
/// An integer below 2^52 in the low bits of this one makes the number 2^52 + that integer.
const TWO_52: u64 = 0x4330_0000_0000_0000;
const TWO_54: f64 = 18_014_398_509_481_984.0;

/// ln x as a leading part and a correction, for finite x > 0; without meaning for other x.
#[inline(always)]
fn ln_parts(p: &[f64; 7], x: f64) -> (f64, f64) {
    let subnormal = x < f64::MIN_POSITIVE;
    let normal = if subnormal { x * TWO_54 } else { x };
    let shift = if subnormal { 54.0 } else { 0.0 };
    let offset = normal.to_bits().wrapping_sub(SQRT_HALF).wrapping_add(BIAS << 52);
    let biased = f64::from_bits((offset >> 52) | TWO_52);
    let k = biased - (4_503_599_627_370_496.0 + BIAS as f64) - shift;
    let f = f64::from_bits((offset & FRACTION) + SQRT_HALF) - 1.0;

    let s = f / (2.0 + f);
    let half_square = 0.5 * f * f;
    let rest = s * (half_square + tail(s * s, p));
    let whole = k * LN2_HIGH;
    let sum = whole + f;
    // Exact: k = 0, or |k ln 2| > |f|.
    let lost = f - (sum - whole);
    (sum, (lost + (rest + k * LN2_LOW)) - half_square)
}

/// z P(z), by Estrin's scheme.
#[inline(always)]
fn tail(z: f64, p: &[f64; 7]) -> f64 {
    let z2 = z * z;
    let low = (p[0] + p[1] * z) + (p[2] + p[3] * z) * z2;
    let high = (p[4] + p[5] * z) + p[6] * z2;
    z * (low + high * (z2 * z2))
}

/// ln with the coefficients `p`; the tests also pass wrong ones.
#[inline(always)]
fn ln_with(p: &[f64; 7], x: f64) -> f64 {
    let (lead, rest) = ln_parts(p, x);
    let value = lead + rest;
    let value = if x > 0.0 { value } else { f64::NAN };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x == f64::INFINITY { x } else { value }
}

/// [`ln`] for kernels.
#[inline(always)]
pub(crate) fn ln_kernel(x: f64) -> f64 {
    ln_with(&P, x)
}

#[inline(always)]
fn ln_slice_kernel(x: &mut [f64]) {
    super::map_in_place(x, ln_kernel);
}

dispatch!(
    /// The natural logarithm over a slice, compiled per level.
    pub mod ln_lanes = ln_slice_kernel(x: &mut [f64])
);

/// The natural logarithm, over the whole range, subnormals too: negative infinity at zero of either sign, NaN for
/// negative numbers and NaN. `ln(1)` is 0.
///
/// Error below 0.9 ulp. The worst case is |ln x| near 0.35 (ulp 2^-54), where f^2/2 <= 0.086 and its sum with the
/// smaller terms each round by 2^-57, the term s(...) <= 0.018 is known to four roundings of 2^-53 relative, and the
/// last addition gives 0.5: 0.5 + 0.125 + 0.125 + 0.14, if all conspired. `k * LN2_HIGH + f` is kept exactly.
#[inline]
pub fn ln(x: f64) -> f64 {
    ln_kernel(x)
}

/// [`ln`] of every element, in place: the same bits at any length and on any vector unit.
pub fn ln_slice(x: &mut [f64]) {
    ln_lanes::run(x);
}

/// `ln(1 + x)` without cancellation near 0: negative infinity at -1, NaN below it, keeps the sign of zero.
///
/// Error below 2 ulp: what rounding 1 + x loses enters, divided by 1 + x, the correction term of [`ln`].
pub fn ln_1p(x: f64) -> f64 {
    if x.abs() < TINY || x == f64::INFINITY {
        return x;
    }
    let sum = 1.0 + x;
    if sum.is_nan() || sum <= 0.0 {
        return ln(sum);
    }
    let lost = if x > 1.0 { 1.0 - (sum - x) } else { x - (sum - 1.0) };
    let (lead, rest) = ln_parts(&P, sum);
    lead + (rest + lost / sum)
}

/// The logarithm to base ten; special values as for [`ln`]. Exact at 10^0, ..., 10^22, the powers of ten that are
/// doubles, so that the ticks of a log axis fall on integers.
///
/// Error below 2 ulp elsewhere: the two parts of ln x times the two parts of 1 / ln 10, the product of the leading
/// parts being exact.
pub fn log10(x: f64) -> f64 {
    if !(x > 0.0 && x < f64::INFINITY) {
        return ln(x);
    }
    let (lead, rest) = ln_parts(&P, x);
    let high = head(lead);
    let low = (lead - high) + rest;
    let value = high * INV_LN10_HIGH + (high * INV_LN10_LOW + low * (INV_LN10_HIGH + INV_LN10_LOW));
    // 2^52 added and subtracted rounds to an integer.
    let nearest = (value + 4_503_599_627_370_496.0) - 4_503_599_627_370_496.0;
    let whole = (0.0..=22.0).contains(&nearest) && super::powi(10.0, nearest as i32) == x;
    if whole { nearest } else { value }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{ln_1p_worst, ln_worst, positive_bits, spread};
    use super::*;

    #[test]
    fn dense_sample_stays_in_the_bound() {
        let worst = ln_worst(ln, spread(0.5, 2.0, 1 << 22));

        assert!(worst < 0.9, "{worst}");
        let anywhere = ln_worst(ln, positive_bits(1 << 20));

        assert!(anywhere < 0.9, "{anywhere}");
        let near_one = ln_worst(ln, spread(0.999, 1.001, 1 << 20));

        assert!(near_one < 0.9, "{near_one}");
    }

    #[test]
    fn ln_1p_stays_in_its_bound() {
        let worst = ln_1p_worst(ln_1p, spread(-0.999, 4.0, 1 << 20));

        assert!(worst < 1.5, "{worst}");
    }

    #[test]
    fn a_perturbed_coefficient_is_noticed() {
        for i in 0..7 {
            let mut wrong = P;
            wrong[i] *= 1.0 + 1e-3;
            let worst = ln_worst(|x| ln_with(&wrong, x), spread(0.6, 1.7, 1 << 16));
            assert!(worst > 1.0, "coefficient {i}: {worst}");
        }
    }

    #[test]
    fn edges_of_the_range() {
        assert_eq!(ln(1.0).to_bits(), 0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert_eq!(ln(-0.0), f64::NEG_INFINITY);
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        for x in [-1.0, -5e-324, f64::NEG_INFINITY, f64::NAN, -f64::NAN] {
            assert_eq!(ln(x).to_bits(), f64::NAN.to_bits(), "{x}");
            assert!(log10(x).is_nan());
        }
        assert_eq!(log10(0.0), f64::NEG_INFINITY);
        assert_eq!(log10(f64::INFINITY), f64::INFINITY);
        assert_eq!(ln_1p(-1.0), f64::NEG_INFINITY);
        assert_eq!(ln_1p(f64::INFINITY), f64::INFINITY);
        assert!(ln_1p(-1.5).is_nan() && ln_1p(f64::NAN).is_nan());
        for x in [0.0, -0.0, 5e-324, -5e-324, 1e-300, f64::MIN_POSITIVE] {
            assert_eq!(ln_1p(x).to_bits(), x.to_bits());
        }
    }

    #[test]
    fn powers_of_ten_have_whole_logarithms() {
        let mut power = 1.0;
        for n in 0..=22 {
            assert_eq!(log10(power), f64::from(n));
            power *= 10.0;
        }
    }
}

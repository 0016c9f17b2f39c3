//! Owns `exp` and what shares its reduction: `exp_m1`. It never branches on the argument inside a kernel,
//! so that a loop over a slice becomes vector code and each lane does what the scalar function does.
//!
//! Reduction (Cody and Waite 1980): x = k ln 2 + r + c with |r| <= 0.3466, where `k * LN2_HIGH` and the subtraction
//! from x are exact and c is what rounding r loses. Then expm1(r) = r + r^2 Q(r), Q a minimax polynomial of degree 10
//! (relative error 2^-59, `scripts/minimax.py`), and exp(x) = 2^k (1 + expm1(r)).

use crate::numerics::lanes::dispatch;
use std::f64::consts::LOG2_E;

/// Q, from `scripts/minimax.py`.
const Q: [f64; 11] = [
    0.5,
    0.16666666666666677,
    0.04166666666666658,
    0.008333333333322162,
    0.0013888888888942662,
    0.00019841269884938385,
    2.4801587198222333e-05,
    2.7557245298926504e-06,
    2.7557387049843467e-07,
    2.510868462399471e-08,
    2.0878908391447353e-09,
];

/// ln 2 with 21 trailing zero bits: its product with any exponent is exact.
pub(super) const LN2_HIGH: f64 = 0.6931471806019545;
/// ln 2 - [`LN2_HIGH`].
pub(super) const LN2_LOW: f64 = -4.2009150726810846e-11;

/// Adding it rounds to an integer k and leaves k + 2046 in the low twelve bits: twice the exponent bias, so that
/// halving those bits gives the biased exponents of two factors whose product is 2^k.
const ROUND: f64 = 1.5 * 4_503_599_627_370_496.0 + 2046.0;

/// Above, exp is infinite; [`LEAST`] below, zero. Past them k would leave the range of the two factors.
const GREATEST: f64 = 710.0;
const LEAST: f64 = -746.0;

/// x = k ln 2 + r + c, with k also as the bits of `k + ROUND`.
struct Reduced {
    k: f64,
    bits: u64,
    r: f64,
    c: f64,
}

#[inline(always)]
fn reduce(x: f64) -> Reduced {
    let rounded = x * LOG2_E + ROUND;
    let k = rounded - ROUND;
    let high = x - k * LN2_HIGH;
    let low = k * LN2_LOW;
    let r = high - low;
    Reduced {
        k,
        bits: rounded.to_bits(),
        r,
        c: (high - r) - low,
    }
}

/// expm1(r) - r for a reduced r: r^2 Q(r), by Estrin's scheme, whose short chains fill a pipeline.
#[inline(always)]
fn curvature(r: f64, q: &[f64; 11]) -> f64 {
    let r2 = r * r;
    let r4 = r2 * r2;
    let low = (q[0] + q[1] * r) + (q[2] + q[3] * r) * r2;
    let middle = (q[4] + q[5] * r) + (q[6] + q[7] * r) * r2;
    let high = (q[8] + q[9] * r) + q[10] * r2;
    r2 * ((low + middle * r4) + high * (r4 * r4))
}

/// The two powers of two, each a normal number, whose product is 2^k.
#[inline(always)]
fn scales(bits: u64) -> (f64, f64) {
    let half = bits >> 1;
    let rest = bits.wrapping_sub(half);
    (f64::from_bits(half << 52), f64::from_bits(rest << 52))
}

/// exp with the coefficients `q`; the tests also pass wrong ones.
#[inline(always)]
fn exp_with(q: &[f64; 11], x: f64) -> f64 {
    // Written so that NaN passes both and each is one instruction.
    let clamped = if x > GREATEST { GREATEST } else { x };
    let clamped = if clamped < LEAST { LEAST } else { clamped };
    let Reduced { bits, r, c, .. } = reduce(clamped);
    let sum = 1.0 + r;
    let lost = r - (sum - 1.0);
    let mantissa = sum + ((lost + c) + curvature(r, q));
    let (first, second) = scales(bits);
    let value = mantissa * first * second;
    // The payload of a computed NaN differs between processors.
    if x.is_nan() { f64::NAN } else { value }
}

#[inline(always)]
fn exp_kernel(x: f64) -> f64 {
    exp_with(&Q, x)
}

#[inline(always)]
fn exp_slice_kernel(x: &mut [f64]) {
    super::map_in_place(x, exp_kernel);
}

dispatch!(
    /// The natural exponential over a slice, compiled per level.
    pub mod exp_lanes = exp_slice_kernel(x: &mut [f64])
);

/// The natural exponential, over the whole range: infinite above 709.78, subnormal below -708.39 and zero
/// below -745.13, NaN for NaN. `exp(0)` is 1.
///
/// Error below 0.75 ulp where the result is normal and below 1 ulp where it is subnormal; 0.68 is the largest seen.
/// The worst case is a result just above 0.707 * 2^k, in units of 2^-53: 0.5 from the last addition; `1 + r` keeps
/// its rounding error; r^2 Q(r), at most 0.06, is known to three roundings and added with one more, 0.2 together; the
/// polynomial's error is 2^-59 of expm1(r), below 0.01. The first scaling is exact; the second rounds a subnormal
/// result once more, by half its ulp, of which the error before is then a small part.
#[inline]
pub fn exp(x: f64) -> f64 {
    exp_kernel(x)
}

/// [`exp`] of every element, in place: the same bits at any length and on any vector unit.
pub fn exp_slice(x: &mut [f64]) {
    exp_lanes::run(x);
}

/// expm1 as a leading part and a correction, for |x| <= 709.
#[inline(always)]
pub(super) fn exp_m1_parts(x: f64) -> (f64, f64) {
    let Reduced { k, bits, r, c } = reduce(x);
    debug_assert!(k.is_nan() || k.abs() <= 1023.0);
    // 2^k and not the two factors: k is in the normal range here.
    let power = f64::from_bits(bits.wrapping_sub(1023) << 52);
    let base = power - 1.0;
    let lead = power * r;
    let sum = base + lead;
    // Exact: |base| >= |lead|, or base is 0.
    let lost = lead - (sum - base);
    (sum, lost + power * (c + curvature(r, &Q)))
}

/// `exp(x) - 1` without cancellation near 0. -1 at negative infinity, NaN for NaN, keeps the sign of zero.
///
/// Error below 2 ulp: 2^k - 1 + 2^k r is kept with its rounding error, and 2^k r^2 Q(r), known to four roundings,
/// is at most 0.06 * 2^k beside a result of at least 0.29 * 2^k.
pub fn exp_m1(x: f64) -> f64 {
    if x.abs() < TINY {
        return x;
    }
    if x.is_nan() || x > 40.0 {
        return exp(x);
    }
    if x < -40.0 {
        return -1.0;
    }
    let (sum, rest) = exp_m1_parts(x);
    sum + rest
}

/// Below it x itself is the nearest double to exp(x) - 1 and ln(1 + x).
pub(super) const TINY: f64 = 1.0 / 18_014_398_509_481_984.0;

/// Clears the low 27 bits, so that a product of two such numbers is exact.
#[inline(always)]
pub(super) fn head(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & !((1 << 27) - 1))
}

#[cfg(test)]
mod tests {
    use super::super::checks::{exp_m1_worst, exp_worst, spread};
    use super::*;

    #[test]
    fn dense_sample_stays_in_the_bound() {
        let worst = exp_worst(exp, spread(-745.13, 709.78, 1 << 22));

        assert!(worst < 1.0, "{worst}");
        let normal = exp_worst(exp, spread(-708.39, 709.78, 1 << 20));

        assert!(normal < 0.7, "{normal}");
        let near_zero = exp_worst(exp, spread(-1.0, 1.0, 1 << 20));

        assert!(near_zero < 0.7, "{near_zero}");
    }

    #[test]
    fn the_kin_stay_in_their_bounds() {
        let worst = exp_m1_worst(exp_m1, spread(-39.0, 39.0, 1 << 20));

        assert!(worst < 1.5, "{worst}");
        let worst = exp_m1_worst(exp_m1, spread(-2.0, 2.0, 1 << 20));

        assert!(worst < 1.5, "{worst}");
    }

    #[test]
    fn a_perturbed_coefficient_is_noticed() {
        for i in 0..6 {
            let mut wrong = Q;
            wrong[i] *= 1.0 + 1e-9;
            let worst = exp_worst(|x| exp_with(&wrong, x), spread(-700.0, 700.0, 1 << 16));
            assert!(worst > 1.0, "coefficient {i}: {worst}");
        }
    }

    #[test]
    fn edges_of_the_range() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
        assert_eq!(exp(f64::INFINITY), f64::INFINITY);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert_eq!(exp(-f64::NAN).to_bits(), f64::NAN.to_bits());
        assert_eq!(exp(709.782712893384), 1.797_693_134_862_273_2e308);
        assert_eq!(exp(709.782712893385), f64::INFINITY);
        assert_eq!(exp(-745.133), 5e-324);
        assert_eq!(exp(-745.134), 0.0);
        assert_eq!(exp(f64::MAX), f64::INFINITY);
        assert_eq!(exp(-f64::MAX), 0.0);
    }

    #[test]
    fn edges_of_the_kin() {
        assert_eq!(exp_m1(f64::NEG_INFINITY), -1.0);
        assert_eq!(exp_m1(f64::INFINITY), f64::INFINITY);
        assert!(exp_m1(f64::NAN).is_nan());
        for x in [0.0, -0.0, 5e-324, -5e-324, 1e-300, f64::MIN_POSITIVE] {
            assert_eq!(exp_m1(x).to_bits(), x.to_bits());
        }
    }
}

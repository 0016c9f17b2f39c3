//! Owns 2^x for softmax: of a range that its caller keeps to, without a branch, a clamp or a select, and half the work of
//! [`exp`](super::exp). It is no general power of two: outside its range its values are wrong, though never undefined.
//!
//! x = k + r with k an integer and |r| <= 1/2, both exact, and 2^r = 1 + r Q(r), Q a minimax polynomial of degree 10
//! (relative error 2^-56.6, `scripts/minimax.py`). Logits kept in base 2 so need no multiplication by ln 2 and no second
//! part of r.

use std::f64::consts::LN_2;

/// Q, from `scripts/minimax.py`. The first is ln 2 rounded, which the others make up for.
const Q: [f64; 11] = [
    LN_2,
    0.24022650695910108,
    0.05550410866482172,
    0.0096181291076012,
    0.0013333558146546372,
    0.0001540353044947599,
    1.5252733634461876e-05,
    1.321543864135879e-06,
    1.0178159661470459e-07,
    7.073263264350777e-09,
    4.4389415138691097e-10,
];

/// Adding it rounds to an integer k and leaves k + 1023, the biased exponent of 2^k, in the low bits.
const ROUND: f64 = 1.5 * 4_503_599_627_370_496.0 + 1023.0;

/// 2^x with the coefficients `q`; the tests also pass wrong ones.
#[inline(always)]
fn exp2_with(q: &[f64; 11], x: f64) -> f64 {
    let rounded = x + ROUND;
    let r = x - (rounded - ROUND);
    let r2 = r * r;
    let r4 = r2 * r2;
    // Quarters of Q, whose chains are short enough for the next rows' to fill the pipeline; 1 comes last and so adds
    // the only error of half an ulp.
    let low = q[0] * r + (q[1] + q[2] * r) * r2;
    let middle = (q[3] + q[4] * r) + (q[5] + q[6] * r) * r2;
    let high = (q[7] + q[8] * r) + (q[9] + q[10] * r) * r2;
    let mantissa = (low + (middle + high * r4) * r4) + 1.0;
    mantissa * f64::from_bits(rounded.to_bits() << 52)
}

/// 2^x for |x| <= 1022; a NaN of any payload for NaN. `exp2_kernel(0.0)` is 1, and so is every other integer's
/// value exact.
///
/// Error below 1.5 ulp; 1.36 is the largest seen. The worst case is a result just above 0.707 * 2^k, in units of 2^-53:
/// 0.5 from the last addition; r Q(r), up to 0.293 there, is rounded when its last two sums are taken and in its leading
/// product, 0.25 each; what is added to that product is below 0.06 and known to four roundings, 0.1 together; the
/// polynomial's error is 2^-56.6 of the result, 0.06. Scaling is exact.
#[inline(always)]
pub(crate) fn exp2_kernel(x: f64) -> f64 {
    exp2_with(&Q, x)
}

#[cfg(test)]
mod tests {
    use super::super::checks::{exp2_worst, spread};
    use super::super::exp;
    use super::*;

    #[test]
    fn a_dense_sample_stays_in_the_bound() {
        for (low, high) in [(-1022.0, 1022.0), (-8.0, 0.0), (-0.5, -0.4)] {
            let worst = exp2_worst(exp2_kernel, spread(low, high, 1 << 20));
            assert!(worst < 1.5, "{low} to {high}: {worst}");
        }
    }

    #[test]
    fn a_perturbed_coefficient_is_noticed() {
        for i in 0..8 {
            let mut wrong = Q;
            wrong[i] *= 1.0 + 1e-7;
            let worst = exp2_worst(|x| exp2_with(&wrong, x), spread(-20.0, 20.0, 1 << 16));
            assert!(worst > 1.5, "coefficient {i}: {worst}");
        }
    }

    #[test]
    fn integers_are_exact_and_nan_stays_nan() {
        for k in -1022..=1022_i32 {
            let power = f64::from_bits(((k + 1023) as u64) << 52);
            assert_eq!(exp2_kernel(f64::from(k)), power, "{k}");
        }
        assert_eq!(exp2_kernel(-0.0), 1.0);
        assert!(exp2_kernel(f64::NAN).is_nan());
    }

    /// 2^x = exp(x ln 2): the product's rounding moves the exponential by at most 2^-53 |x| ln 2, which is below 6 ulp here.
    #[test]
    fn it_agrees_with_exp() {
        for x in spread(-16.0, 16.0, 1 << 12) {
            let other = exp(x * LN_2);
            assert!((exp2_kernel(x) / other - 1.0).abs() < 8.0 * f64::EPSILON, "{x}");
        }
    }
}

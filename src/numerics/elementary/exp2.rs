//! Owns 2^x for softmax: of a range that its caller keeps to, without a branch, a clamp or a select, and half the work of
//! [`exp`](super::exp). It is no general power of two: outside its range its values are wrong, though never undefined.
//!
//! x = k + r with k an integer and |r| <= 1/2, both exact, and 2^r = 1 + r Q(r), Q a minimax polynomial of degree 10
//! (relative error 2^-56.6, `scripts/minimax.py`). Logits kept in base 2 so need no multiplication by ln 2 and no second
//! part of r.
//!
//! Where a power is multiplied by 2^x for a small x, the first terms of the series of 2^x - 1 do: a third of the work.

use crate::numerics::lanes::{LANES, Lanes};
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

/// The most terms of a series for 2^x - 1.
const MOST: usize = 9;

/// The terms that all lanes have.
const FEW: usize = 4;

/// (ln 2)^k/k!: 2^x is the sum of these times x^k.
const SERIES: [f64; MOST + 1] = {
    let mut terms = [1.0; MOST + 1];
    let mut k = 1;
    while k <= MOST {
        terms[k] = terms[k - 1] * LN_2 / k as f64;
        k += 1;
    }
    terms
};

/// Up to this |x|, so many terms of the series give 2^x - 1: what follows is below 2^-57. Of fewer than four nobody asks.
pub(crate) const EXP2_M1_WITHIN: [f64; MOST + 1] = [
    0.0,
    0.0,
    0.0,
    0.0,
    1.0 / 1024.0,
    1.0 / 256.0,
    1.0 / 64.0,
    1.0 / 32.0,
    1.0 / 16.0,
    1.0 / 8.0,
];

/// Factors of the fifth and later terms of 2^x - 1 in eight lanes, whose |x| are at most `sizes`: 0 where a lane does without.
#[inline(always)]
pub(crate) fn exp2_m1_terms(sizes: &Lanes<f64>) -> [Lanes<f64>; MOST - FEW] {
    let mut terms = [[0.0; LANES]; MOST - FEW];
    for k in 0..terms.len() {
        for l in 0..LANES {
            terms[k][l] = if sizes[l] > EXP2_M1_WITHIN[FEW + k] {
                SERIES[FEW + 1 + k]
            } else {
                0.0
            };
        }
    }
    terms
}

/// 2^x - 1 by at most `TERMS` terms, 5 to 9, of which the fifth and later have the factors `more`, one lane of [`exp2_m1_terms`]. It has the
/// same bits whatever `TERMS` is, where that is enough: a sum that begins with zeros is the same. Terms go in pairs, which makes the chain of
/// what waits for each other half as long.
#[inline(always)]
pub(crate) fn exp2_m1_kernel<const TERMS: usize>(more: [f64; MOST - FEW], x: f64) -> f64 {
    let mut terms = SERIES;
    let mut k = FEW;
    while k < MOST {
        terms[k + 1] = if k < TERMS { more[k - FEW] } else { 0.0 };
        k += 1;
    }
    let square = x * x;
    // The first of the last pair.
    let mut k = TERMS - (TERMS + 1) % 2;
    let mut sum = if k == TERMS {
        terms[k]
    } else {
        terms[k] + terms[k + 1] * x
    };
    while k > 1 {
        k -= 2;
        sum = (terms[k] + terms[k + 1] * x) + square * sum;
    }
    sum * x
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

    /// 1 + (2^x - 1), where |x| is said to be at most `size`.
    fn near_one<const TERMS: usize>(x: f64, size: f64) -> f64 {
        1.0 + exp2_m1_kernel::<TERMS>(exp2_m1_terms(&[size; LANES]).map(|term| term[3]), x)
    }

    /// Half an ulp of the sum with 1, a quarter for 2^x - 1, at most .09 and known to 2 ulp. The control: a term less than the size asks for.
    #[test]
    fn small_powers_stay_in_the_bound_with_as_many_terms_as_they_need() {
        let worst = |size: f64, said: f64| exp2_worst(|x| near_one::<MOST>(x, said), spread(-size, size, 1 << 18));
        for (k, &size) in EXP2_M1_WITHIN.iter().enumerate().skip(FEW) {
            assert!(worst(size, size) < 0.8, "{k}: {}", worst(size, size));
            let less = EXP2_M1_WITHIN[k - 1];
            assert!(k == FEW || worst(size, less) > 1.5, "{k}: {}", worst(size, less));
        }
    }

    #[test]
    fn a_lane_has_the_same_bits_with_more_terms_than_it_needs() {
        for x in spread(-1.0 / 256.0, 1.0 / 256.0, 1 << 10) {
            let few = near_one::<5>(x, x.abs());
            let more = [
                near_one::<6>(x, x.abs()),
                near_one::<7>(x, x.abs()),
                near_one::<9>(x, x.abs()),
            ];
            assert_eq!(more, [few; 3], "{x}");
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

//! Owns the hyperbolic tangent, with one division and without a branch.
//!
//! Reduction: x = k (ln 2)/2 + r with |r| <= 0.1733, so that e^2x = 2^k e^2r. With tanh r = r p/q, p and q polynomials in r^2 of degree 2
//! that are 1 at 0 (relative error 2^-57.3, `scripts/minimax.py`), tanh x = ((2^k - 1) q + (2^k + 1) r p) / ((2^k + 1) q + (2^k - 1) r p).
//! For k = 0 that is r p/q, which keeps its digits near 0.

use crate::numerics::lanes::{Aligned, LANES, dispatch};
use std::f64::consts::LOG2_E;
use std::hint::black_box;

/// Of p and q, from `scripts/minimax.py`: what r^2 and r^4 are multiplied by.
const P: [f64; 2] = [0.1110993810849587, 0.0010574196194812046];
const Q: [f64; 2] = [0.4444327144182863, 0.015868324427440586];

/// ln 2 with 21 trailing zero bits, so that its product with k is exact, and what is left of it. It is rounded down, as -0 asks: -0 - 0 is -0.
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

/// From 19.07 on the nearest double is 1.
const GREATEST: f64 = 20.0;

/// Adding it rounds to an integer k and leaves k + 1023, the biased exponent of 2^k, in the low bits.
const ROUND: f64 = 1.5 * 4_503_599_627_370_496.0 + 1023.0;

/// r, and 2^k.
#[inline(always)]
fn reduce(x: f64) -> (f64, f64) {
    // Written so that NaN passes both and each is one instruction.
    let clamped = if x > GREATEST { GREATEST } else { x };
    let clamped = if clamped < -GREATEST { -GREATEST } else { clamped };
    let rounded = clamped * (2.0 * LOG2_E) + ROUND;
    let k = rounded - ROUND;
    let r = (clamped - k * (0.5 * LN2_HIGH)) - k * (0.5 * LN2_LOW);
    (r, f64::from_bits(rounded.to_bits() << 52))
}

/// tanh of x, which was reduced to r and 2^k.
#[inline(always)]
fn ratio(p: &[f64; 2], q: &[f64; 2], x: f64, (r, power): (f64, f64)) -> f64 {
    let square = r * r;
    // r p and q - 1; what is near 1 is added last.
    let over = r + r * square * (p[0] + square * p[1]);
    let rest = square * (q[0] + square * q[1]);
    let (more, less) = (1.0 + power, 1.0 - power);
    // In this order -0 stays what it is.
    let value = ((more * over - less * rest) - less) / (more + (more * rest - less * over));
    // The payload of a computed NaN differs between processors.
    if x.is_nan() { f64::NAN } else { value }
}

#[inline(always)]
pub(crate) fn tanh_kernel(x: f64) -> f64 {
    ratio(&P, &Q, x, reduce(x))
}

/// The same of many, all of which are reduced first: a processor that finds one long chain of operations after another does not look far enough
/// ahead to begin the next while it waits.
#[inline(always)]
fn tanh_slice_kernel(x: &mut [f64]) {
    const MANY: usize = 8 * LANES;
    let (chunks, rest) = x.as_chunks_mut::<MANY>();
    let (mut r, mut power) = (Aligned([0.0; MANY]), Aligned([0.0; MANY]));
    for x in chunks {
        for i in 0..MANY {
            (r.0[i], power.0[i]) = reduce(x[i]);
        }
        let (r, power) = black_box((&r.0, &power.0));
        for i in 0..MANY {
            x[i] = ratio(&P, &Q, x[i], (r[i], power[i]));
        }
    }
    super::map_in_place(rest, tanh_kernel);
}

dispatch!(
    /// The hyperbolic tangent over a slice, compiled per level: the bits of [`tanh`].
    pub mod tanh_lanes = tanh_slice_kernel(x: &mut [f64])
);

/// The hyperbolic tangent: odd to the bit, 1 from 19.07 on and never beyond, NaN for NaN, keeps the sign of zero.
///
/// Error below 3.5 ulp; 3.2 is the largest seen, just above 0.173. There the numerator is what is left of 1 when a product with 2^k + 1 takes half
/// of it away, so that the roundings of both count double. Below, r p and q are known to one rounding each, and the quotient to another.
#[inline]
pub fn tanh(x: f64) -> f64 {
    tanh_kernel(x)
}

#[cfg(test)]
mod tests {
    use super::super::checks::{spread, tanh_worst};
    use super::super::exp;
    use super::*;

    #[test]
    fn a_dense_sample_stays_in_the_bound() {
        for (low, high) in [(-19.0, 19.0), (-1.0, 1.0), (1e-4, 0.01), (0.17, 0.2)] {
            let worst = tanh_worst(tanh, spread(low, high, 1 << 20).filter(|x| x.abs() > 4e-5));
            assert!(worst < 3.5, "{low} to {high}: {worst}");
        }
    }

    #[test]
    fn a_route_that_cancels_is_noticed() {
        let plain = |x: f64| 1.0 - 2.0 / (exp(2.0 * x) + 1.0);
        assert!(tanh_worst(plain, spread(0.01, 0.1, 1 << 10)) > 3.5);
        let near = |x: f64| tanh(x * (1.0 + 4.0 * f64::EPSILON));
        assert!(tanh_worst(near, spread(0.01, 0.1, 1 << 10)) > 3.5);
    }

    #[test]
    fn edges_of_the_range() {
        for x in [0.0, -0.0, 5e-324, -5e-324, 1e-300, f64::MIN_POSITIVE] {
            assert_eq!(tanh(x).to_bits(), x.to_bits());
        }
        for x in [19.1, 20.0, 1e300, f64::INFINITY] {
            assert_eq!((tanh(x), tanh(-x)), (1.0, -1.0));
        }
        assert!(tanh(18.3) < 1.0);
        assert_eq!(tanh(-f64::NAN).to_bits(), f64::NAN.to_bits());
        assert!(spread(18.0, 20.0, 1 << 16).all(|x| tanh(x) <= 1.0 && tanh(-x) == -tanh(x)));
    }

    #[test]
    fn a_perturbed_coefficient_is_noticed() {
        for i in 0..4 {
            let (mut p, mut q) = (P, Q);
            *p.iter_mut().chain(&mut q).nth(i).unwrap() *= 1.0 + 1e-8;
            let worst = tanh_worst(|x| ratio(&p, &q, x, reduce(x)), spread(0.1, 0.1733, 1 << 12));
            assert!(worst > 3.5, "coefficient {i}: {worst}");
        }
    }
}

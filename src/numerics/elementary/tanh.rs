//! Owns the hyperbolic tangent: tanh |x| = E / (E + 2) with E = expm1(2 |x|), which keeps its digits near 0. The kernel
//! never branches on the argument.

use super::exp::exp_m1_parts;
use crate::numerics::lanes::dispatch;

/// From 19.07 on the nearest double is 1.
const GREATEST: f64 = 20.0;

#[inline(always)]
pub(crate) fn tanh_kernel(x: f64) -> f64 {
    let size = x.abs();
    // Written so that NaN passes.
    let clamped = if size > GREATEST { GREATEST } else { size };
    let (sum, rest) = exp_m1_parts(clamped + clamped);
    let growth = sum + rest;
    let value = (growth / (growth + 2.0)).copysign(x);
    // The payload of a computed NaN differs between processors.
    if x.is_nan() { f64::NAN } else { value }
}

#[inline(always)]
fn tanh_slice_kernel(x: &mut [f64]) {
    super::map_in_place(x, tanh_kernel);
}

dispatch!(
    /// The hyperbolic tangent over a slice, compiled per level: the bits of [`tanh`].
    pub mod tanh_lanes = tanh_slice_kernel(x: &mut [f64])
);

/// The hyperbolic tangent: odd to the bit, 1 from 19.07 on, NaN for NaN, keeps the sign of zero.
///
/// Error below 3 ulp; 2.4 is the largest seen. expm1 errs by less than 2^-52 in relative size near 0, and farther from it
/// that is divided by 1 + E/2; the sum E + 2 is rounded by 2^-53, the quotient by half an ulp.
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
        for (low, high) in [(-19.0, 19.0), (-1.0, 1.0), (1e-4, 0.01), (0.3, 0.4)] {
            let worst = tanh_worst(tanh, spread(low, high, 1 << 20).filter(|x| x.abs() > 4e-5));
            assert!(worst < 3.0, "{low} to {high}: {worst}");
        }
    }

    #[test]
    fn a_route_that_cancels_is_noticed() {
        let plain = |x: f64| 1.0 - 2.0 / (exp(2.0 * x) + 1.0);
        assert!(tanh_worst(plain, spread(0.01, 0.1, 1 << 10)) > 3.0);
        let near = |x: f64| tanh(x * (1.0 + 4.0 * f64::EPSILON));
        assert!(tanh_worst(near, spread(0.01, 0.1, 1 << 10)) > 3.0);
    }

    #[test]
    fn edges_of_the_range() {
        for x in [0.0, -0.0, 5e-324, -5e-324, 1e-300, f64::MIN_POSITIVE] {
            assert_eq!(tanh(x).to_bits(), x.to_bits());
        }
        for x in [19.1, 20.0, 1e300, f64::INFINITY] {
            assert_eq!((tanh(x), tanh(-x)), (1.0, -1.0));
        }
        assert!(tanh(18.9) < 1.0);
        assert_eq!(tanh(-f64::NAN).to_bits(), f64::NAN.to_bits());
    }
}

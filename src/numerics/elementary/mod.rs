//! Owns the elementary functions that a stored number may pass through: the same bits on every machine (law 1).
//!
//! They use only +, -, *, /, comparisons and the bits of a double, never the platform's maths library, a fused
//! operation or a table. A slice version runs the scalar function's kernel in vector code, so both give the same bits.
//!
//! | function | error below, in ulp |
//! |---|---|
//! | [`exp`] | 0.75 (1 where the result is subnormal) |
//! | [`ln`] | 0.9 |
//! | [`log10`], [`ln_1p`], [`exp_m1`] | 2 |
//! | [`tanh`] | 3.5 |
//! | `exp2_kernel` and its kin, of softmax only | 1.5 |

mod exp;
mod exp2;
mod ln;
mod tanh;

#[cfg(test)]
mod checks;
#[cfg(test)]
mod tests;

pub use exp::{exp, exp_lanes, exp_m1, exp_slice};
pub(crate) use exp2::{EXP2_M1_WITHIN, exp2_kernel, exp2_m1_kernel, exp2_m1_terms};
pub(crate) use ln::ln_kernel;
pub use ln::{ln, ln_1p, ln_lanes, ln_slice, log10};
pub(crate) use tanh::tanh_kernel;
pub use tanh::{tanh, tanh_lanes};

use super::lanes::LANES;
use std::hint::black_box;

/// x to an integer power by repeated squaring, from the lowest bit of |n| upwards; a negative power is the reciprocal
/// of the positive one. `powi(x, 0)` is 1, even for NaN.
///
/// Relative error below 2^-53 (|n| + 1), exact while the powers are doubles. Where x^|n| overflows, x^-|n| is zero
/// although it may be a subnormal.
pub fn powi(x: f64, n: i32) -> f64 {
    let mut value = 1.0;
    let mut square = x;
    let mut left = n.unsigned_abs();
    while left > 0 {
        if left & 1 == 1 {
            value *= square;
        }
        left >>= 1;
        if left > 0 {
            square *= square;
        }
    }
    if n < 0 { 1.0 / value } else { value }
}

/// x^n as [`powi`], also where n is beyond its range.
pub fn power(x: f64, n: u64) -> f64 {
    match i32::try_from(n) {
        Ok(n) => powi(x, n),
        Err(_) => {
            let half = power(x, n / 2);
            half * half * if n % 2 == 1 { x } else { 1.0 }
        }
    }
}

/// Applies a branch-free kernel to every element. Chunks of a fixed length let the compiler fill vector registers, four of the widest side by side:
/// of one, the next would wait outside for the chain of operations. It is kept from knowing how far apart chunks are, else it makes vectors
/// of chunks where the kernel is short, by gathers and scatters that cost more than the rest.
#[inline(always)]
fn map_in_place(x: &mut [f64], kernel: impl Fn(f64) -> f64) {
    let (chunks, rest) = x.as_chunks_mut::<{ 2 * LANES }>();
    for chunk in chunks {
        for value in black_box(chunk) {
            *value = kernel(*value);
        }
    }
    for value in rest {
        *value = kernel(*value);
    }
}

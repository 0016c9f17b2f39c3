//! Owns slopes of responses one by one.

use super::kernels::{highest, power};
use crate::numerics::elementary::exp2_kernel;
use crate::numerics::lanes::{Aligned, LANES, Lanes, add, dispatch};
use std::f64::consts::LOG2_E;
use std::hint::black_box;

/// Logits within this need no shift before they become powers of e: in base 2 they are within 996, and sums of a million stay finite.
const NEAR: f64 = 690.0;

/// Examples whose divisions wait while the powers of the next are taken.
const EXAMPLES: usize = 16;

/// Turns the logits of examples into the slopes of their cross-entropies, times `weight`, where each is one response of the mode
/// in its row of `of`: (p - 1) weight at its mode and p weight at others. `reach` is what no logit of a lane is beyond in size.
#[inline(always)]
fn response_slopes_kernel(logits: &mut [Lanes<f64>], of: &[Lanes<f64>], modes: usize, weight: f64, reach: &Lanes<f64>) {
    let mut far = 0_u8;
    for l in 0..LANES {
        far |= u8::from(reach[l] > NEAR) << l;
    }
    for (logits, of) in logits.chunks_mut(EXAMPLES * modes).zip(of.chunks(EXAMPLES)) {
        let mut scales = Aligned([[0.0; LANES]; EXAMPLES]);
        for (logits, scale) in logits.chunks_exact_mut(modes).zip(&mut scales.0) {
            let total = if far == 0 {
                near_powers(logits)
            } else {
                shifted_powers(logits, reach)
            };
            *scale = total.map(|total| weight / total);
        }
        for ((logits, of), scale) in logits.chunks_exact_mut(modes).zip(of).zip(&scales.0) {
            to_slopes(logits, *of, *scale, weight);
        }
    }
}

/// Powers of one example, times `scale`, less `weight` at its mode.
#[inline(always)]
fn to_slopes(powers: &mut [Lanes<f64>], of: Lanes<f64>, scale: Lanes<f64>, weight: f64) {
    let mut mode = 0.0;
    for row in powers {
        // Rows from who knows where, lest the compiler make vectors of them and not of lanes.
        let row = black_box(row);
        let mut slope = *row;
        for l in 0..LANES {
            slope[l] = slope[l] * scale[l] - if of[l] == mode { weight } else { 0.0 };
        }
        *row = slope;
        mode += 1.0;
    }
}

/// Turns logits of one example into powers of e; returns their sum.
#[inline(always)]
fn near_powers(logits: &mut [Lanes<f64>]) -> Lanes<f64> {
    let mut total = [0.0; LANES];
    let (parts, rest) = logits.as_chunks_mut::<4>();
    for part in parts {
        let mut x = *part;
        for x in x.as_flattened_mut() {
            *x = exp2_kernel(*x * LOG2_E);
        }
        *part = x;
        for row in &x {
            add(&mut total, row);
        }
    }
    for row in rest {
        for l in 0..LANES {
            row[l] = exp2_kernel(row[l] * LOG2_E);
        }
        add(&mut total, row);
    }
    total
}

/// The same with the highest subtracted in lanes that are far; others keep their bits.
#[inline(always)]
fn shifted_powers(logits: &mut [Lanes<f64>], reach: &Lanes<f64>) -> Lanes<f64> {
    let (mut top, mut total) = (highest(logits), [0.0; LANES]);
    for l in 0..LANES {
        top[l] = if reach[l] > NEAR { top[l] } else { 0.0 };
    }
    for row in logits {
        *row = power(row, &top);
        add(&mut total, row);
    }
    total
}

dispatch!(pub(super) mod response_slopes = response_slopes_kernel(
    logits: &mut [Lanes<f64>],
    of: &[Lanes<f64>],
    modes: usize,
    weight: f64,
    reach: &Lanes<f64>,
));

/// The largest of |b_m| + sum_u |w_mu|: what no logit is beyond whose units are within 1. A lane with a NaN has failed, whatever is said of it.
#[inline(always)]
fn reach_kernel(b: &[Lanes<f64>], w: &[Lanes<f64>], units: usize) -> Lanes<f64> {
    let mut reach = [0.0; LANES];
    for (b, w) in b.iter().zip(w.chunks_exact(units)) {
        let mut sum = *b;
        for l in 0..LANES {
            sum[l] = sum[l].abs();
        }
        for w in w {
            for l in 0..LANES {
                sum[l] += w[l].abs();
            }
        }
        for l in 0..LANES {
            reach[l] = if reach[l] > sum[l] { reach[l] } else { sum[l] };
        }
    }
    reach
}

dispatch!(pub(super) mod reach = reach_kernel(b: &[Lanes<f64>], w: &[Lanes<f64>], units: usize) -> Lanes<f64>);

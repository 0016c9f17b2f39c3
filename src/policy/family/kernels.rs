//! Owns the arithmetic of families on rows of lanes beside products: softmax, slopes, sums.
//!
//! A row of lanes is one or more whole registers, so that an element is never taken apart and strides cost nothing.

use crate::numerics::elementary::{exp2_kernel, ln_kernel};
use crate::numerics::lanes::{LANES, Lanes, add, dispatch};
use std::f64::consts::LOG2_E;
use std::hint::black_box;

pub(in crate::policy) use super::product::{Matrix, add_product_kernel};
pub(super) use super::product::{add_product, product};

/// Further than this below the highest logit, in base 2, a logit counts as that far.
const LEAST: f64 = -1000.0;

/// What is the same for all rows of a loop, as if it might be another in each. Else, where rows hand nothing on, the compiler
/// makes vectors of rows and not of lanes, by gathers and scatters that cost as much as all the rest.
#[inline(always)]
pub(in crate::policy) fn anew(x: &Lanes<f64>) -> &Lanes<f64> {
    black_box(x)
}

/// out = by x.
#[inline(always)]
fn scale_kernel(out: &mut [Lanes<f64>], x: &[Lanes<f64>], by: f64) {
    for (out, x) in out.as_flattened_mut().iter_mut().zip(x.as_flattened()) {
        *out = by * x;
    }
}

dispatch!(pub(super) mod scale = scale_kernel(out: &mut [Lanes<f64>], x: &[Lanes<f64>], by: f64));

/// The highest logit of one prompt.
#[inline(always)]
pub(in crate::policy) fn highest(logits: &[Lanes<f64>]) -> Lanes<f64> {
    let mut top = [f64::NEG_INFINITY; LANES];
    for row in logits {
        for l in 0..LANES {
            top[l] = if top[l] > row[l] { top[l] } else { row[l] };
        }
    }
    top
}

/// e^(row - top).
#[inline(always)]
pub(in crate::policy) fn power(row: &Lanes<f64>, top: &Lanes<f64>) -> Lanes<f64> {
    let mut power = [0.0; LANES];
    for l in 0..LANES {
        let below = (row[l] - top[l]) * LOG2_E;
        // Written so that NaN passes.
        power[l] = exp2_kernel(if LEAST > below { LEAST } else { below });
    }
    power
}

/// Turns the logits of one prompt into powers of e; returns what makes them add up to `whole`.
#[inline(always)]
pub(in crate::policy) fn powers(logits: &mut [Lanes<f64>], whole: f64) -> Lanes<f64> {
    let (top, mut total) = (highest(logits), [0.0; LANES]);
    for row in logits {
        *row = power(row, &top);
        add(&mut total, row);
    }
    total.map(|total| whole / total)
}

/// Turns the logits of prompts into probabilities.
#[inline(always)]
fn softmax_kernel(logits: &mut [Lanes<f64>], modes: usize) {
    for logits in logits.chunks_exact_mut(modes) {
        let scale = powers(logits, 1.0);
        for row in logits {
            let scale = anew(&scale);
            for l in 0..LANES {
                row[l] *= scale[l];
            }
        }
    }
}

dispatch!(pub(crate) mod softmax = softmax_kernel(logits: &mut [Lanes<f64>], modes: usize));

/// Turns the logits of prompts into the slopes of their cross-entropies, times `weight`: (p - target) weight.
#[inline(always)]
fn slopes_kernel(logits: &mut [Lanes<f64>], target: &[Lanes<f64>], modes: usize, weight: f64) {
    for (logits, target) in logits.chunks_exact_mut(modes).zip(target.chunks_exact(modes)) {
        let scale = powers(logits, weight);
        for (row, target) in logits.iter_mut().zip(target) {
            let scale = anew(&scale);
            for l in 0..LANES {
                row[l] = row[l] * scale[l] - weight * target[l];
            }
        }
    }
}

dispatch!(pub(super) mod slopes = slopes_kernel(
    logits: &mut [Lanes<f64>],
    target: &[Lanes<f64>],
    modes: usize,
    weight: f64,
));

/// The same of prompts that count as `weights` says, whose targets sum to that: (weight p - target) share.
#[inline(always)]
fn weighted_slopes_kernel(
    logits: &mut [Lanes<f64>],
    target: &[Lanes<f64>],
    weights: &[Lanes<f64>],
    modes: usize,
    share: f64,
) {
    let prompts = logits.chunks_exact_mut(modes).zip(target.chunks_exact(modes));
    for ((logits, target), weight) in prompts.zip(weights) {
        let mut scale = powers(logits, 1.0);
        for l in 0..LANES {
            scale[l] *= weight[l];
        }
        for (row, target) in logits.iter_mut().zip(target) {
            let scale = anew(&scale);
            for l in 0..LANES {
                row[l] = share * (row[l] * scale[l] - target[l]);
            }
        }
    }
}

dispatch!(pub(super) mod weighted_slopes = weighted_slopes_kernel(
    logits: &mut [Lanes<f64>],
    target: &[Lanes<f64>],
    weights: &[Lanes<f64>],
    modes: usize,
    share: f64,
));

/// Multiplies the rows of each prompt, `each` of them, by its weight.
#[inline(always)]
fn scale_prompts_kernel(rows: &mut [Lanes<f64>], weights: &[Lanes<f64>], each: usize) {
    for (rows, weight) in rows.chunks_exact_mut(each).zip(weights) {
        for row in rows {
            for l in 0..LANES {
                row[l] *= weight[l];
            }
        }
    }
}

dispatch!(pub(super) mod scale_prompts = scale_prompts_kernel(rows: &mut [Lanes<f64>], weights: &[Lanes<f64>], each: usize));

/// Turns the logits of prompts into the logarithms of probabilities.
#[inline(always)]
fn log_softmax_kernel(logits: &mut [Lanes<f64>], modes: usize) {
    for logits in logits.chunks_exact_mut(modes) {
        let (top, mut total) = (highest(logits), [0.0; LANES]);
        for row in logits.iter() {
            add(&mut total, &power(row, &top));
        }
        for l in 0..LANES {
            total[l] = ln_kernel(total[l]);
        }
        for row in logits {
            let (top, total) = (anew(&top), anew(&total));
            for l in 0..LANES {
                row[l] = (row[l] - top[l]) - total[l];
            }
        }
    }
}

dispatch!(pub(super) mod log_softmax = log_softmax_kernel(logits: &mut [Lanes<f64>], modes: usize));

/// sum += sum_i x[i] y[i].
#[inline(always)]
fn add_dot_kernel(sum: &mut Lanes<f64>, x: &[Lanes<f64>], y: &[Lanes<f64>]) {
    for (x, y) in x.iter().zip(y) {
        let mut product = *x;
        for l in 0..LANES {
            product[l] *= y[l];
        }
        add(sum, &product);
    }
}

dispatch!(pub(super) mod add_dot = add_dot_kernel(sum: &mut Lanes<f64>, x: &[Lanes<f64>], y: &[Lanes<f64>]));

/// The largest |x|; NaN where any is no finite number.
#[inline(always)]
fn largest_kernel(x: &[Lanes<f64>]) -> Lanes<f64> {
    let (mut largest, mut failed) = ([0.0; LANES], [0.0; LANES]);
    for x in x {
        for l in 0..LANES {
            let size = x[l].abs();
            largest[l] = if largest[l] > size { largest[l] } else { size };
        }
        for l in 0..LANES {
            failed[l] += x[l] * 0.0;
        }
    }
    add(&mut largest, &failed);
    largest
}

dispatch!(pub(super) mod largest = largest_kernel(x: &[Lanes<f64>]) -> Lanes<f64>);

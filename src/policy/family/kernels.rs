//! Owns the arithmetic of families on rows of lanes: products of matrices whose elements are eight numbers, and softmax.
//!
//! A row of lanes is one or more whole registers, so that an element is never taken apart and strides cost nothing.

use crate::numerics::elementary::{exp2_kernel, ln_kernel};
use crate::numerics::lanes::{LANES, Lanes, add, dispatch};
use std::f64::consts::LOG2_E;
use std::hint::black_box;

/// Further than this below the highest logit, in base 2, a logit counts as that far.
const LEAST: f64 = -1000.0;

/// Columns of a product that are summed together: as many as let sums stay in registers, also where a row takes two.
const TILE: usize = 4;

/// What is the same for all rows of a loop, as if it might be another in each. Else, where rows hand nothing on, the compiler
/// makes vectors of rows and not of lanes, by gathers and scatters that cost as much as all the rest.
#[inline(always)]
pub(in crate::policy) fn anew(x: &Lanes<f64>) -> &Lanes<f64> {
    black_box(x)
}

/// Element (i, k) is row i `down` + k `along`.
#[derive(Clone, Copy)]
pub(in crate::policy) struct Matrix<'a> {
    pub rows: &'a [Lanes<f64>],
    pub down: usize,
    pub along: usize,
}

impl<'a> Matrix<'a> {
    /// Rows one after the other, `down` elements apart.
    pub fn of(rows: &'a [Lanes<f64>], down: usize) -> Self {
        Self { rows, down, along: 1 }
    }

    /// The transpose of [`of`](Self::of).
    pub fn transposed(rows: &'a [Lanes<f64>], along: usize) -> Self {
        Self { rows, down: 1, along }
    }
}

/// out[i][j] += sum_k a[i][k] b[k][j], with the k in order; `size` is the numbers of i, j and k, rows of `out` are `down`
/// elements apart, and b[k][j] is row k `b.down` + j.
#[inline(always)]
pub(in crate::policy) fn add_product_kernel(
    out: &mut [Lanes<f64>],
    down: usize,
    a: Matrix<'_>,
    b: Matrix<'_>,
    size: [usize; 3],
) {
    let [rows, columns, depth] = size;
    let mut j = 0;
    while j < columns {
        // Tiles of about equal width: one column alone would wait for its sum.
        let left = columns - j;
        let width = left.div_ceil(left.div_ceil(TILE));
        let (out, b) = (
            &mut out[j..],
            Matrix {
                rows: &b.rows[j.min(b.rows.len())..],
                ..b
            },
        );
        match width {
            1 => add_panel::<1>(out, down, a, b, rows, depth),
            2 => add_panel::<2>(out, down, a, b, rows, depth),
            3 => add_panel::<3>(out, down, a, b, rows, depth),
            _ => add_panel::<TILE>(out, down, a, b, rows, depth),
        }
        j += width;
    }
}

#[inline(always)]
fn add_panel<const J: usize>(
    out: &mut [Lanes<f64>],
    down: usize,
    a: Matrix<'_>,
    b: Matrix<'_>,
    rows: usize,
    depth: usize,
) {
    for i in 0..rows {
        let Some(out) = out[i * down..].first_chunk_mut::<J>() else {
            return;
        };
        let mut sum = *out;
        for k in 0..depth {
            let x = a.rows[i * a.down + k * a.along];
            let Some(y) = b.rows[k * b.down..].first_chunk::<J>() else {
                return;
            };
            for j in 0..J {
                for l in 0..LANES {
                    sum[j][l] += x[l] * y[j][l];
                }
            }
        }
        *out = sum;
    }
}

dispatch!(
    /// `out` += a b.
    pub(super) mod add_product = add_product_kernel(
        out: &mut [Lanes<f64>],
        down: usize,
        a: Matrix<'_>,
        b: Matrix<'_>,
        size: [usize; 3],
    )
);

/// Adds up the rows of a matrix.
#[inline(always)]
fn add_rows_kernel(out: &mut [Lanes<f64>], rows: &[Lanes<f64>]) {
    for row in rows.chunks_exact(out.len().max(1)) {
        for (sum, x) in out.iter_mut().zip(row) {
            add(sum, x);
        }
    }
}

dispatch!(pub(super) mod add_rows = add_rows_kernel(out: &mut [Lanes<f64>], rows: &[Lanes<f64>]));

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

/// slope *= 1 - unit^2: from slopes in tanh to slopes in its argument.
#[inline(always)]
fn through_tanh_kernel(slopes: &mut [Lanes<f64>], units: &[Lanes<f64>]) {
    for (slope, unit) in slopes.as_flattened_mut().iter_mut().zip(units.as_flattened()) {
        *slope *= 1.0 - unit * unit;
    }
}

dispatch!(pub(super) mod through_tanh = through_tanh_kernel(slopes: &mut [Lanes<f64>], units: &[Lanes<f64>]));

//! Owns what nets are made of: the tree of prefixes that they read, and on rows of lanes products with small matrices and their slopes, and logits read out of states.

use crate::numerics::elementary::{ln_kernel, tanh_kernel};
use crate::numerics::lanes::{LANES, Lanes, add};
use crate::policy::family::kernels::{highest, power, powers};

/// Numbers of a state.
pub(super) const WIDTH: usize = 6;

/// The responses that a net reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// V.
    pub tokens: usize,
    /// n.
    pub length: usize,
}

impl Shape {
    /// Prefixes of 0 to n - 1 increments, saturating.
    pub fn prefixes(self) -> usize {
        let longer = |count: usize, _| count.saturating_mul(self.tokens).saturating_add(1);
        (0..self.length).fold(0, longer)
    }

    /// Prefixes that can be gone on with by one that is read too: all but the longest.
    pub fn parents(self) -> usize {
        (self.prefixes() - 1) / self.tokens
    }
}

/// The most tokens of a net.
const MOST_TOKENS: usize = 16;

/// Six numbers of eight nets.
pub(super) type Vector = [Lanes<f64>; WIDTH];

pub(super) const ZERO: Vector = [[0.0; LANES]; WIDTH];

/// x + y.
#[inline(always)]
pub(super) fn plus(x: &Vector, y: &Vector) -> Vector {
    let mut sum = *x;
    for i in 0..WIDTH {
        add(&mut sum[i], &y[i]);
    }
    sum
}

/// A row of parameters that is a vector.
#[inline(always)]
pub(super) fn vector(rows: &[Lanes<f64>]) -> Vector {
    let mut found = ZERO;
    found.copy_from_slice(&rows[..WIDTH]);
    found
}

/// out += x y.
#[inline(always)]
fn add_times(out: &mut Lanes<f64>, x: &Lanes<f64>, y: &Lanes<f64>) {
    for l in 0..LANES {
        out[l] += x[l] * y[l];
    }
}

/// The sum over i of x_i y_i.
#[inline(always)]
pub(super) fn dot(x: &Vector, y: &Vector) -> Lanes<f64> {
    let mut sum = [0.0; LANES];
    for i in 0..WIDTH {
        add_times(&mut sum, &x[i], &y[i]);
    }
    sum
}

/// out += by x.
#[inline(always)]
pub(super) fn add_scaled(out: &mut Vector, by: &Lanes<f64>, x: &Vector) {
    for i in 0..WIDTH {
        add_times(&mut out[i], by, &x[i]);
    }
}

/// out += M x, M six rows of six.
#[inline(always)]
pub(super) fn add_product(out: &mut Vector, matrix: &[Lanes<f64>], x: &Vector) {
    for (out, row) in out.iter_mut().zip(matrix.chunks_exact(WIDTH)) {
        for (m, x) in row.iter().zip(x) {
            add_times(out, m, x);
        }
    }
}

/// out += M' y.
#[inline(always)]
pub(super) fn add_transposed(out: &mut Vector, matrix: &[Lanes<f64>], y: &Vector) {
    for (y, row) in y.iter().zip(matrix.chunks_exact(WIDTH)) {
        for (out, m) in out.iter_mut().zip(row) {
            add_times(out, m, y);
        }
    }
}

/// The slopes of a matrix: M += y x'.
#[inline(always)]
pub(super) fn add_outer(matrix: &mut [Lanes<f64>], y: &Vector, x: &Vector) {
    for (y, row) in y.iter().zip(matrix.chunks_exact_mut(WIDTH)) {
        for (m, x) in row.iter_mut().zip(x) {
            add_times(m, y, x);
        }
    }
}

/// The slopes of a shift.
#[inline(always)]
pub(super) fn add_rows(rows: &mut [Lanes<f64>], y: &Vector) {
    for (row, y) in rows.iter_mut().zip(y) {
        add(row, y);
    }
}

#[inline(always)]
pub(super) fn tanh(x: &Vector) -> Vector {
    let mut found = ZERO;
    for i in 0..WIDTH {
        for l in 0..LANES {
            found[i][l] = tanh_kernel(x[i][l]);
        }
    }
    found
}

/// 1/(1 + e^-x), as (1 + tanh(x/2))/2.
#[inline(always)]
pub(super) fn logistic(x: &Vector) -> Vector {
    let mut found = ZERO;
    for i in 0..WIDTH {
        for l in 0..LANES {
            found[i][l] = 0.5 + 0.5 * tanh_kernel(0.5 * x[i][l]);
        }
    }
    found
}

/// Logits of a state: a matrix of a row per token, then as many shifts.
#[inline(always)]
fn logits(tokens: usize, last: &[Lanes<f64>], state: &Vector) -> [Lanes<f64>; MOST_TOKENS] {
    let mut found = [[0.0; LANES]; MOST_TOKENS];
    for (d, out) in found[..tokens].iter_mut().enumerate() {
        *out = last[tokens * WIDTH + d];
        let row = &last[d * WIDTH..][..WIDTH];
        for (m, x) in row.iter().zip(state) {
            add_times(out, m, x);
        }
    }
    found
}

/// Adds the slopes of the loss in the layer that is read out, and writes those in states.
#[inline(always)]
pub(super) fn read_out(
    tokens: usize,
    last: &[Lanes<f64>],
    cells: &[Lanes<f64>],
    states: &[Vector],
    slopes: &mut [Vector],
    out: &mut [Lanes<f64>],
) {
    for ((state, slope), cells) in states.iter().zip(slopes).zip(cells.chunks_exact(tokens)) {
        let mut p = logits(tokens, last, state);
        let p = &mut p[..tokens];
        let mut visits = [0.0; LANES];
        for cell in cells {
            add(&mut visits, cell);
        }
        let scale = powers(p, 1.0);
        *slope = ZERO;
        for d in 0..tokens {
            let mut own = [0.0; LANES];
            for l in 0..LANES {
                own[l] = visits[l] * (p[d][l] * scale[l]) - cells[d][l];
            }
            add(&mut out[tokens * WIDTH + d], &own);
            for i in 0..WIDTH {
                add_times(&mut out[d * WIDTH + i], &own, &state[i]);
                add_times(&mut slope[i], &own, &last[d * WIDTH + i]);
            }
        }
    }
}

/// Writes ln p of each token in each state.
#[inline(always)]
pub(super) fn log_softmax(tokens: usize, last: &[Lanes<f64>], states: &[Vector], out: &mut [Lanes<f64>]) {
    for (state, out) in states.iter().zip(out.chunks_exact_mut(tokens)) {
        let own = logits(tokens, last, state);
        let own = &own[..tokens];
        let (top, mut total) = (highest(own), [0.0; LANES]);
        for row in own {
            add(&mut total, &power(row, &top));
        }
        for l in 0..LANES {
            total[l] = ln_kernel(total[l]);
        }
        for (out, own) in out.iter_mut().zip(own) {
            for l in 0..LANES {
                out[l] = (own[l] - top[l]) - total[l];
            }
        }
    }
}

//! Owns the Cholesky factor of eight symmetric matrices, one per lane, and solutions by it.
//!
//! A matrix is its lower triangle, row by row. Its factor takes its place, with the inverses of the diagonal's elements.

use super::kernels::anew;
use crate::numerics::lanes::{LANES, Lanes, dispatch};

/// Below this part of 1 + its diagonal element, a pivot counts as that.
const LEAST_PIVOT: f64 = 1e-14;

/// Rows whose products with one other are summed together.
const TILE: usize = 4;

/// Where element (i, j), j <= i, of a lower triangle stands.
#[inline(always)]
pub(super) fn place(i: usize, j: usize) -> usize {
    i * (i + 1) / 2 + j
}

/// Row `i` of a lower triangle.
#[inline(always)]
fn row(triangle: &[Lanes<f64>], i: usize) -> &[Lanes<f64>] {
    &triangle[place(i, 0)..=place(i, i)]
}

/// x -= a b.
#[inline(always)]
fn subtract(x: &mut Lanes<f64>, a: &Lanes<f64>, b: &Lanes<f64>) {
    for l in 0..LANES {
        x[l] -= a[l] * b[l];
    }
}

/// Row by row: L_ij = (A_ij - sum_{k<j} L_ik L_jk) / L_jj.
#[inline(always)]
fn factor_kernel(a: &mut [Lanes<f64>], n: usize) {
    for i in 0..n {
        let (above, rest) = a.split_at_mut(place(i, 0));
        let own = &mut rest[..=i];
        let mut j = 0;
        while j + TILE <= i {
            subtract_products(own, above, j);
            for q in j..j + TILE {
                finish(own, row(above, q), j, q);
            }
            j += TILE;
        }
        for q in j..i {
            finish(own, row(above, q), 0, q);
        }
        let mut pivot = own[i];
        for k in 0..i {
            let x = own[k];
            subtract(&mut pivot, &x, &x);
        }
        for l in 0..LANES {
            let least = LEAST_PIVOT * (1.0 + own[i][l]);
            pivot[l] = 1.0 / if pivot[l] < least { least } else { pivot[l] }.sqrt();
        }
        own[i] = pivot;
    }
}

/// Takes from elements j to j + TILE of a row what the columns before j say.
#[inline(always)]
fn subtract_products(own: &mut [Lanes<f64>], above: &[Lanes<f64>], j: usize) {
    let [r0, r1, r2, r3] = [0, 1, 2, 3].map(|q| &row(above, j + q)[..j]);
    let [mut x0, mut x1, mut x2, mut x3] = [0, 1, 2, 3].map(|q| own[j + q]);
    for ((((x, r0), r1), r2), r3) in own[..j].iter().zip(r0).zip(r1).zip(r2).zip(r3) {
        subtract(&mut x0, x, r0);
        subtract(&mut x1, x, r1);
        subtract(&mut x2, x, r2);
        subtract(&mut x3, x, r3);
    }
    own[j..j + TILE].copy_from_slice(&[x0, x1, x2, x3]);
}

/// Takes from element `q` of a row what columns `from..q` say, and divides by the diagonal.
#[inline(always)]
fn finish(own: &mut [Lanes<f64>], other: &[Lanes<f64>], from: usize, q: usize) {
    let mut x = own[q];
    for k in from..q {
        subtract(&mut x, &own[k], &other[k]);
    }
    for l in 0..LANES {
        x[l] *= other[q][l];
    }
    own[q] = x;
}

dispatch!(
    /// Turns a matrix of `n` rows into its factor. A pivot that is not positive is made so.
    pub(super) mod factor = factor_kernel(a: &mut [Lanes<f64>], n: usize)
);

#[inline(always)]
fn solve_kernel(factor: &[Lanes<f64>], x: &mut [Lanes<f64>]) {
    for i in 0..x.len() {
        finish_solution(row(factor, i), x, i);
    }
    for i in (0..x.len()).rev() {
        let own = row(factor, i);
        let mut at = x[i];
        for l in 0..LANES {
            at[l] *= own[i][l];
        }
        x[i] = at;
        for (x, a) in x[..i].iter_mut().zip(own) {
            subtract(x, a, anew(&at));
        }
    }
}

/// Element `i` of the solution of L x = b, where those before it are known.
#[inline(always)]
fn finish_solution(own: &[Lanes<f64>], x: &mut [Lanes<f64>], i: usize) {
    let mut at = x[i];
    for (a, x) in own[..i].iter().zip(x.iter()) {
        subtract(&mut at, a, x);
    }
    for l in 0..LANES {
        at[l] *= own[i][l];
    }
    x[i] = at;
}

dispatch!(
    /// Replaces `x` by the solution of A y = x, given the factor of A.
    pub(super) mod solve = solve_kernel(factor: &[Lanes<f64>], x: &mut [Lanes<f64>])
);

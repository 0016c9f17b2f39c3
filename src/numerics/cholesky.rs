//! Owns the Cholesky factor of a positive definite matrix, and what it solves.
//!
//! Only sums, products, quotients and square roots occur, all correctly rounded, in one fixed order: the bits are the same on every machine
//! (law 1). Ready-made routines hand their products to kernels that are fused where the processor can. Rows are eliminated in blocks, and
//! many right-hand sides are solved for together, so that matrices of a thousand rows stay in caches.

use super::gram::{Gram, add_products};
use super::lanes::{LANES, dispatch};

/// Rows that are eliminated before the rest of the matrix is brought up to date: a multiple of a tile of [`Gram`].
const BLOCK: usize = 32;

/// Chunks of right-hand sides that are solved for together: their sums fit into registers.
const CHUNKS: usize = 4;

/// A = L L'. Both L and its transpose are stored, in the triangles of one square, so that either kind of substitution reads rows.
#[derive(Debug, Clone)]
pub struct Cholesky {
    order: usize,
    width: usize,
    factor: Vec<f64>,
}

impl Cholesky {
    /// The factor of a matrix; none where it is not positive definite, or not beyond rounding: where elimination leaves of an entry of the
    /// diagonal no more than n roundings of it.
    pub fn of(matrix: Gram) -> Option<Self> {
        let (order, width, mut factor) = matrix.into_parts();
        let rounding = order as f64 * f64::EPSILON;
        let least: Vec<f64> = (0..order).map(|i| rounding * factor[i * width + i]).collect();
        for first in (0..order).step_by(BLOCK) {
            let end = order.min(first + BLOCK);
            eliminate(&mut factor, width, first..end, &least)?;
            if end < order {
                let block = factor[first * width..end * width].to_vec();
                add_products::run(&mut factor, width, end, &block, -1.0);
            }
        }
        for i in 0..order {
            for j in i + 1..order {
                factor[j * width + i] = factor[i * width + j];
            }
        }
        Some(Self { order, width, factor })
    }

    /// Rows of the matrix.
    pub fn order(&self) -> usize {
        self.order
    }

    /// Turns each column b of `x` into L^-1 b. `x` has a row for each row of the matrix, of `columns` numbers: a multiple of [`LANES`].
    pub fn forward(&self, x: &mut [f64], columns: usize) {
        substitute::run(&self.factor, self.order, self.width, x, columns, false);
    }

    /// Turns each column b of `x` into L'^-1 b: after [`forward`](Self::forward), into A^-1 times what it was.
    pub fn backward(&self, x: &mut [f64], columns: usize) {
        substitute::run(&self.factor, self.order, self.width, x, columns, true);
    }

    /// A^-1 b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = vec![0.0; self.order * LANES];
        for (row, b) in x.chunks_exact_mut(LANES).zip(b) {
            row[0] = *b;
        }
        self.forward(&mut x, LANES);
        self.backward(&mut x, LANES);
        x.chunks_exact(LANES).map(|row| row[0]).collect()
    }
}

/// Makes some rows, from which all rows above are eliminated, rows of L'. None at a pivot that is not above the least.
fn eliminate(matrix: &mut [f64], width: usize, rows: std::ops::Range<usize>, least: &[f64]) -> Option<()> {
    for k in rows.clone() {
        let (above, below) = matrix.split_at_mut((k + 1) * width);
        let row = &mut above[k * width..];
        let pivot = row[k];
        if !(pivot > least[k] && pivot.is_finite()) {
            return None;
        }
        let root = pivot.sqrt();
        row[k..].iter_mut().for_each(|x| *x /= root);
        for i in k + 1..rows.end {
            let other = &mut below[(i - k - 1) * width..][..width];
            for (x, y) in other[i..].iter_mut().zip(&row[i..]) {
                *x -= row[i] * y;
            }
        }
    }
    Some(())
}

dispatch!(
    /// Forward substitution with L, or backward with its transpose.
    mod substitute = substitute_kernel(factor: &[f64], order: usize, width: usize, x: &mut [f64], columns: usize, backward: bool)
);

#[inline(always)]
fn substitute_kernel(factor: &[f64], order: usize, width: usize, x: &mut [f64], columns: usize, backward: bool) {
    assert!(
        columns.is_multiple_of(LANES) && x.len() == order * columns,
        "{order} rows of whole lanes"
    );
    let whole = columns / (CHUNKS * LANES) * (CHUNKS * LANES);
    for at in (0..whole).step_by(CHUNKS * LANES) {
        substitute_chunks::<CHUNKS>(factor, order, width, x, columns, at, backward);
    }
    for at in (whole..columns).step_by(LANES) {
        substitute_chunks::<1>(factor, order, width, x, columns, at, backward);
    }
}

/// Substitution in `C` chunks of columns from `at` on.
#[inline(always)]
fn substitute_chunks<const C: usize>(
    factor: &[f64],
    order: usize,
    width: usize,
    x: &mut [f64],
    columns: usize,
    at: usize,
    backward: bool,
) {
    for step in 0..order {
        let (i, known) = match backward {
            true => (order - 1 - step, order - step..order),
            false => (step, 0..step),
        };
        let row = &factor[i * width..(i + 1) * width];
        let mut sums = [[0.0; LANES]; C];
        for (c, sum) in sums.iter_mut().enumerate() {
            sum.copy_from_slice(&x[i * columns + at + c * LANES..][..LANES]);
        }
        for k in known {
            let solved = &x[k * columns + at..][..C * LANES];
            for c in 0..C {
                for l in 0..LANES {
                    sums[c][l] -= row[k] * solved[c * LANES + l];
                }
            }
        }
        for (c, sum) in sums.iter_mut().enumerate() {
            sum.iter_mut().for_each(|x| *x /= row[i]);
            x[i * columns + at + c * LANES..][..LANES].copy_from_slice(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::lanes::Level;
    use crate::numerics::stream::Streams;

    /// Scatter of 2n random vectors: positive definite.
    fn random(n: usize) -> Gram {
        let mut stream = Streams::new("cholesky").purpose("entries").stream(n as u64, 0);
        let mut gram = Gram::new(n);
        let mut row = vec![0.0; gram.width()];
        for _ in 0..2 * n {
            row[..n].fill_with(|| stream.uniform() - 0.5);
            gram.add(&row);
        }
        gram
    }

    fn oracle(gram: &Gram, n: usize) -> nalgebra::DMatrix<f64> {
        nalgebra::DMatrix::from_fn(n, n, |i, j| gram.at(i, j))
    }

    /// The factor of a well-conditioned matrix is known to some n roundings; beyond one block and at its edges.
    #[test]
    fn the_factor_is_that_of_another_algorithm() {
        for n in [1, 2, 7, 31, 32, 33, 65, 100] {
            let matrix = random(n);
            let other = nalgebra::linalg::Cholesky::new(oracle(&matrix, n)).unwrap().l();
            let own = Cholesky::of(matrix).unwrap();
            for i in 0..n {
                for j in 0..=i {
                    for found in [own.factor[i * own.width + j], own.factor[j * own.width + i]] {
                        let far = (found - other[(i, j)]).abs();
                        assert!(
                            far < 10.0 * n as f64 * f64::EPSILON * other[(0, 0)],
                            "{n}: {i} {j} {far}"
                        );
                    }
                }
            }
        }
    }

    /// A x = b to n roundings of |A| |x|, in chunks of columns together and alone.
    #[test]
    fn what_is_solved_for_solves_the_equation() {
        for n in [1, 5, 40, 70] {
            let matrix = random(n);
            let columns = 48;
            let b: Vec<f64> = (0..n * columns).map(|i| ((i * 7) % 11) as f64 - 5.0).collect();
            let factor = Cholesky::of(matrix.clone()).unwrap();
            let mut x = b.clone();
            factor.forward(&mut x, columns);
            factor.backward(&mut x, columns);
            let most = x.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            for c in 0..columns {
                for i in 0..n {
                    let product: f64 = (0..n).map(|j| matrix.at(i, j) * x[j * columns + c]).sum();
                    let tolerance = 10.0 * n as f64 * f64::EPSILON * most * matrix.at(i, i).max(matrix.at(0, 0));
                    assert!((product - b[i * columns + c]).abs() < tolerance, "{n}: {i} {c}");
                }
                let own: Vec<f64> = (0..n).map(|i| b[i * columns + c]).collect();
                let alone = factor.solve(&own);
                assert!((0..n).all(|i| alone[i] == x[i * columns + c]), "{n}: column {c}");
            }
        }
    }

    /// Indefinite, singular to rounding, or no number: no factor; a hair above singular: one.
    #[test]
    fn what_is_not_positive_definite_has_no_factor() {
        let of = |entries: [f64; 3]| {
            let mut gram = Gram::new(2);
            gram.add_to(0, 0, entries[0]);
            gram.add_to(0, 1, entries[1]);
            gram.add_to(1, 1, entries[2]);
            Cholesky::of(gram)
        };
        assert!(of([1.0, 2.0, 1.0]).is_none());
        assert!(of([3.0, 1.0, 1.0 / 3.0]).is_none());
        assert!(of([0.0, 0.0, 1.0]).is_none());
        assert!(of([1.0, 0.0, f64::NAN]).is_none());
        assert!(of([1.0, 0.0, f64::INFINITY]).is_none());
        assert!(of([3.0, 1.0, (1.0 + 1e-14) / 3.0]).is_some());
        // Of rank 34.
        let mut gram = random(35);
        for i in 0..35 {
            let twice: Vec<f64> = (0..35).map(|j| gram.at(i.min(33), j.min(33))).collect();
            let (own, last) = (gram.at(i, 34), twice[34]);
            gram.add_to(i, 34, last - own);
        }
        assert!(Cholesky::of(gram).is_none());
        assert_eq!(Cholesky::of(Gram::new(0)).unwrap().solve(&[]), Vec::<f64>::new());
    }

    #[test]
    fn every_vector_level_gives_the_same_bits() {
        let factor = Cholesky::of(random(37)).unwrap();
        let at = |level, backward| {
            let mut x: Vec<f64> = (0..37 * 40).map(|i| 1.0 / (1 + i) as f64).collect();
            substitute::run_at(level, &factor.factor, 37, factor.width, &mut x, 40, backward);
            x
        };
        for level in Level::available() {
            for backward in [false, true] {
                assert_eq!(at(level, backward), at(Level::Baseline, backward), "{level:?}");
            }
        }
    }

    /// A change of any bit of this moves exact values: pinned.
    #[test]
    fn the_bits_are_pinned() {
        let solved = Cholesky::of(random(3)).unwrap().solve(&[1.0, 2.0, 3.0]);
        assert_eq!(
            solved.iter().map(|x| x.to_bits()).collect::<Vec<_>>(),
            PINNED,
            "{solved:?}"
        );
    }

    const PINNED: [u64; 3] = [
        13_828_033_013_248_153_737,
        4_617_361_953_494_362_807,
        4_625_914_157_072_662_328,
    ];
}

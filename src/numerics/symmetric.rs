//! Owns the eigenvalues and eigenvectors of small symmetric matrices, by Jacobi's rotations.
//!
//! Only sums, products, quotients and square roots occur, all correctly rounded, in one fixed order: the bits are the same
//! on every machine (law 1). Ready-made routines hand their products to kernels that are fused where the processor can.
//! It does not look for speed: a matrix of a few hundred rows takes a fraction of a second.

use super::elementary::{exp, ln};

/// More sweeps than any matrix of finite numbers needs: convergence is quadratic, and ten are rare.
const MOST_SWEEPS: usize = 60;

/// Off-diagonal squares below this share of all squares are rounding.
const NEGLIGIBLE: f64 = 1e-31;

/// The spectrum of a symmetric matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    /// Eigenvalues, the greatest first; of equal ones that of the lower column.
    pub values: Vec<f64>,
    /// Unit eigenvectors in the same order. The entry of greatest magnitude is positive, the first of several.
    pub vectors: Vec<Vec<f64>>,
}

/// The spectrum of a symmetric matrix of `n` rows, row-major, by cyclic Jacobi (Golub and Van Loan, Matrix Computations,
/// section 8.5). Entries should lie between 1e-140 and 1e140 in magnitude, or be 0: their squares are added up.
///
/// Only the upper triangle is read.
///
/// # Panics
///
/// Where `matrix` does not have n * n entries.
pub fn spectrum(matrix: &[f64], n: usize) -> Spectrum {
    assert_eq!(matrix.len(), n * n, "a matrix of {n} rows");
    let mut a: Vec<f64> = (0..n * n)
        .map(|at| matrix[(at / n).min(at % n) * n + (at / n).max(at % n)])
        .collect();
    // Row k of `v` becomes the eigenvector of the k-th diagonal entry.
    let mut v: Vec<f64> = (0..n * n).map(|at| f64::from(u8::from(at / n == at % n))).collect();
    let all: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..MOST_SWEEPS {
        let off: f64 = (0..n * n).filter(|at| at / n != at % n).map(|at| a[at] * a[at]).sum();
        if off <= NEGLIGIBLE * all || !all.is_finite() {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, n, p, q);
            }
        }
    }
    sorted(&a, &v, n)
}

/// An effective number of eigenvalues: the exponential of their entropy, those of a symmetric matrix with trace 1 and none below 0. Where the
/// matrix holds similarities this is the Vendi score (Friedman and Dieng 2023).
///
/// # Panics
///
/// As [`spectrum`].
pub fn effective_number(matrix: &[f64], n: usize) -> f64 {
    let values = spectrum(matrix, n).values;
    // Rounding may leave an eigenvalue of 0 below it.
    let terms = values
        .iter()
        .filter(|&&value| value > 0.0)
        .map(|&value| -value * ln(value));
    exp(terms.sum())
}

/// Turns the plane of p and q so that the entry between them becomes 0.
fn rotate(a: &mut [f64], v: &mut [f64], n: usize, p: usize, q: usize) {
    let between = a[p * n + q];
    if between == 0.0 {
        return;
    }
    let half = (a[q * n + q] - a[p * n + p]) / (2.0 * between);
    // The smaller root of t^2 + 2 half t = 1: a turn of at most 45 degrees. An infinite `half` makes no turn.
    let t = half.signum() / (half.abs() + (half * half + 1.0).sqrt());
    let cosine = 1.0 / (t * t + 1.0).sqrt();
    let sine = t * cosine;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        a[k * n + p] = cosine * x - sine * y;
        a[k * n + q] = sine * x + cosine * y;
    }
    for rows in [&mut *a, v] {
        for k in 0..n {
            let (x, y) = (rows[p * n + k], rows[q * n + k]);
            rows[p * n + k] = cosine * x - sine * y;
            rows[q * n + k] = sine * x + cosine * y;
        }
    }
    (a[p * n + q], a[q * n + p]) = (0.0, 0.0);
}

fn sorted(a: &[f64], v: &[f64], n: usize) -> Spectrum {
    let mut order: Vec<usize> = (0..n).collect();
    // A stable sort: equal values stay in the order of their columns.
    order.sort_by(|&i, &j| a[j * n + j].total_cmp(&a[i * n + i]));
    Spectrum {
        values: order.iter().map(|&k| a[k * n + k]).collect(),
        vectors: order.iter().map(|&k| upright(&v[k * n..(k + 1) * n])).collect(),
    }
}

/// The vector or its opposite, whichever has its greatest entry positive.
fn upright(vector: &[f64]) -> Vec<f64> {
    let greatest = vector
        .iter()
        .fold(0.0_f64, |most, &x| if x.abs() > most.abs() { x } else { most });
    let sign = if greatest < 0.0 { -1.0 } else { 1.0 };
    vector.iter().map(|x| sign * x).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::stream::Streams;

    /// Scatter of 2n random vectors: symmetric, with distinct eigenvalues.
    fn random(n: usize, seed: u64) -> Vec<f64> {
        let mut stream = Streams::new("matrices").purpose("entries").stream(seed, 0);
        let rows: Vec<f64> = (0..2 * n * n).map(|_| stream.uniform() - 0.5).collect();
        let dot = |i: usize, j: usize| rows.chunks_exact(n).map(|row| row[i] * row[j]).sum();
        (0..n * n).map(|at| dot(at / n, at % n)).collect()
    }

    #[test]
    fn a_matrix_by_hand() {
        // Eigenvalues 3 and 1 along the diagonals, 2 along the third axis.
        let found = spectrum(&[2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 2.0], 3);
        let half = 0.5_f64.sqrt();
        let expected = [[half, half, 0.0], [0.0, 0.0, 1.0], [half, -half, 0.0]];
        for (value, expected) in found.values.iter().zip([3.0, 2.0, 1.0]) {
            assert!((value - expected).abs() < 4.0 * f64::EPSILON, "{found:?}");
        }
        for (vector, expected) in found.vectors.iter().zip(expected) {
            let opposite = vector.iter().zip(expected).map(|(x, y)| (x.abs() - f64::abs(y)).abs());
            assert!(opposite.fold(0.0, f64::max) < 4.0 * f64::EPSILON, "{found:?}");
        }
        assert!(found.vectors[2][0] * found.vectors[2][1] < 0.0);
    }

    /// The residual of A v = value v is a few roundings of the largest eigenvalue per row; so is orthogonality.
    #[test]
    fn vectors_are_orthonormal_and_solve_their_equation() {
        for n in [1, 2, 5, 24, 60] {
            let matrix = random(n, n as u64);
            let Spectrum { values, vectors } = spectrum(&matrix, n);
            let tolerance = 10.0 * n as f64 * f64::EPSILON;
            for (k, (value, vector)) in values.iter().zip(&vectors).enumerate() {
                for row in 0..n {
                    let product: f64 = (0..n).map(|j| matrix[row * n + j] * vector[j]).sum();
                    assert!((product - value * vector[row]).abs() < tolerance * values[0], "n {n}");
                }
                for (l, other) in vectors.iter().enumerate() {
                    let dot: f64 = vector.iter().zip(other).map(|(x, y)| x * y).sum();
                    assert!((dot - f64::from(u8::from(k == l))).abs() < tolerance, "n {n}");
                }
            }
            assert!(values.windows(2).all(|pair| pair[0] >= pair[1]));
        }
    }

    /// The second route: nalgebra's tridiagonal QR, which shares nothing with rotations.
    #[test]
    fn eigenvalues_are_those_of_another_algorithm() {
        for n in [2, 3, 8, 24, 40] {
            let matrix = random(n, 100 + n as u64);
            let mut other: Vec<f64> = nalgebra::DMatrix::from_row_slice(n, n, &matrix)
                .symmetric_eigen()
                .eigenvalues
                .iter()
                .copied()
                .collect();
            other.sort_by(|a, b| b.total_cmp(a));
            let own = spectrum(&matrix, n).values;
            let far = own.iter().zip(&other).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
            assert!(far < 10.0 * n as f64 * f64::EPSILON * own[0], "n {n}: {far}");
        }
    }

    #[test]
    fn equal_eigenvalues_keep_the_order_of_their_columns_and_signs_are_fixed() {
        let identity = [1.0, 0.0, 0.0, 1.0];
        assert_eq!(spectrum(&identity, 2).vectors, [[1.0, 0.0], [0.0, 1.0]]);
        let turned = spectrum(&[1.0, -0.9, -0.9, 1.0], 2);
        assert!(turned.vectors.iter().all(|v| v[0] > 0.0 || v[1] > 0.0), "{turned:?}");
        let Spectrum { vectors, .. } = spectrum(&random(12, 7), 12);
        for vector in vectors {
            let greatest = vector
                .iter()
                .copied()
                .fold(0.0, |m: f64, x| if x.abs() > m.abs() { x } else { m });
            assert!(greatest > 0.0);
        }
    }

    #[test]
    fn nothing_zero_and_what_is_no_number_come_to_an_end() {
        assert_eq!(spectrum(&[], 0).values, Vec::<f64>::new());
        assert_eq!(spectrum(&[0.0; 9], 3).values, [0.0; 3]);
        assert_eq!(spectrum(&[f64::NAN; 9], 3).values.len(), 3);
        assert_eq!(spectrum(&[f64::INFINITY; 4], 2).values.len(), 2);
    }

    /// A change of any bit of this moves figures: pinned, as for every sampler.
    #[test]
    fn the_bits_are_pinned() {
        let found = spectrum(&random(4, 1), 4);
        let bits: Vec<u64> = found.values.iter().map(|x| x.to_bits()).collect();
        assert_eq!(bits, PINNED, "{found:?}");
    }

    const PINNED: [u64; 4] = [
        4_606_398_054_846_124_907,
        4_605_276_839_248_697_380,
        4_604_629_985_252_254_517,
        4_599_561_452_650_241_848,
    ];
}

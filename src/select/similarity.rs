//! Owns similarity matrices: how alike the embeddings of a pool are.

use super::SelectError;
use crate::numerics::elementary::exp_lanes;
use crate::numerics::lanes::dispatch;

/// How alike two embeddings are. Symmetric, and exactly 1 of a candidate with itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Similarity {
    /// max(0, cosine), in [0, 1].
    Cosine,
    /// The cosine, in [-1, 1]. Negative values void the greedy guarantee.
    RawCosine,
    /// exp(-|x - y|^2 / (2 bandwidth^2)), in [0, 1].
    Rbf {
        /// The distance at which it is exp(-1/2), in units of the embedding: positive.
        bandwidth: f64,
    },
}

/// Squared lengths between this and its inverse leave room for products of two.
const LEAST_SQUARE: f64 = 1e-150;

impl Similarity {
    /// Fills `out[i * n + j]` with the similarity of embeddings i and j, n = `embeddings.len() / coordinates`.
    ///
    /// `embeddings` is row-major, one row of `coordinates` numbers per candidate; `scratch` is grown to its size.
    /// Unit vectors along the axes give exactly 0 and 1. An error where a number is not finite, a cosine has no
    /// direction, a bandwidth is not positive, or `out` is too short.
    pub fn fill(
        self,
        embeddings: &[f64],
        coordinates: usize,
        scratch: &mut Vec<f64>,
        out: &mut [f64],
    ) -> Result<(), SelectError> {
        let n = embeddings.len().checked_div(coordinates).unwrap_or(0);
        if out.len() < n * n {
            return Err(SelectError::Short {
                what: "places for similarities",
                have: out.len(),
                need: n * n,
            });
        }
        check_finite(embeddings, coordinates)?;
        let out = &mut out[..n * n];
        scratch.clear();
        scratch.resize(n * coordinates, 0.0);
        match self {
            Similarity::Rbf { bandwidth } => rbf(embeddings, bandwidth, coordinates, scratch, out)?,
            Similarity::Cosine => cosine(embeddings, 0.0, coordinates, scratch, out)?,
            Similarity::RawCosine => cosine(embeddings, -1.0, coordinates, scratch, out)?,
        }
        (0..n).for_each(|i| out[i * n + i] = 1.0);
        Ok(())
    }
}

fn check_finite(embeddings: &[f64], coordinates: usize) -> Result<(), SelectError> {
    match embeddings.iter().position(|x| !x.is_finite()) {
        None => Ok(()),
        Some(at) => Err(SelectError::Embedding {
            candidate: at / coordinates,
            coordinate: at % coordinates,
            value: embeddings[at],
        }),
    }
}

fn cosine(e: &[f64], least: f64, q: usize, columns: &mut [f64], out: &mut [f64]) -> Result<(), SelectError> {
    let n = columns.len() / q;
    for (candidate, row) in e.chunks_exact(q).enumerate() {
        let squared: f64 = row.iter().map(|x| x * x).sum();
        if !(LEAST_SQUARE..=1.0 / LEAST_SQUARE).contains(&squared) {
            return Err(SelectError::Length { candidate, squared });
        }
        let length = squared.sqrt();
        for (d, x) in row.iter().enumerate() {
            columns[d * n + candidate] = x / length;
        }
    }
    dots::run(columns, n, least, out);
    Ok(())
}

fn rbf(e: &[f64], bandwidth: f64, q: usize, columns: &mut [f64], out: &mut [f64]) -> Result<(), SelectError> {
    if !(bandwidth.is_finite() && bandwidth > 0.0) {
        return Err(SelectError::Bandwidth(bandwidth));
    }
    let n = columns.len() / q;
    for (candidate, row) in e.chunks_exact(q).enumerate() {
        for (d, x) in row.iter().enumerate() {
            columns[d * n + candidate] = x / bandwidth;
        }
    }
    exponents::run(columns, n, out);
    exp_lanes::run(out);
    Ok(())
}

dispatch!(
    /// Dot products of the columns of a q x n matrix, clipped to [least, 1].
    pub(super) mod dots = dots_kernel(columns: &[f64], n: usize, least: f64, out: &mut [f64])
);

#[inline(always)]
fn dots_kernel(columns: &[f64], n: usize, least: f64, out: &mut [f64]) {
    for (i, row) in out.chunks_exact_mut(n.max(1)).enumerate() {
        row.fill(0.0);
        for column in columns.chunks_exact(n) {
            let x = column[i];
            for (sum, y) in row.iter_mut().zip(column) {
                *sum += x * y;
            }
        }
        for sum in row {
            let low = if *sum > least { *sum } else { least };
            *sum = if low < 1.0 { low } else { 1.0 };
        }
    }
}

dispatch!(
    /// Minus half the squared distances of the columns of a q x n matrix.
    pub(super) mod exponents = exponents_kernel(columns: &[f64], n: usize, out: &mut [f64])
);

#[inline(always)]
fn exponents_kernel(columns: &[f64], n: usize, out: &mut [f64]) {
    for (i, row) in out.chunks_exact_mut(n.max(1)).enumerate() {
        row.fill(0.0);
        for column in columns.chunks_exact(n) {
            let x = column[i];
            for (sum, y) in row.iter_mut().zip(column) {
                *sum += (x - y) * (x - y);
            }
        }
        for sum in row {
            *sum *= -0.5;
        }
    }
}

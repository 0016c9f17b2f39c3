//! Owns similarity matrices: how alike the embeddings of a pool are.

use super::SelectError;
use crate::numerics::elementary::exp_lanes;
use crate::numerics::lanes::{LANES, Lanes, dispatch};

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
        scratch.resize(n.next_multiple_of(LANES) * coordinates, 0.0);
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
    if embeddings.iter().fold(true, |all, x| all & x.is_finite()) {
        return Ok(());
    }
    let bad = embeddings.iter().position(|x| !x.is_finite());
    let at = bad.unwrap_or(0);
    Err(SelectError::Embedding {
        candidate: at / coordinates,
        coordinate: at % coordinates,
        value: embeddings[at],
    })
}

/// Columns of length q, one per coordinate, of embeddings times a factor each; padded with 0 to whole lanes.
fn transpose(row: &[f64], factor: f64, candidate: usize, columns: &mut [f64]) {
    let depth = columns.len() / row.len();
    for (column, x) in columns.chunks_exact_mut(depth).zip(row) {
        column[candidate] = x * factor;
    }
}

fn cosine(e: &[f64], least: f64, q: usize, columns: &mut [f64], out: &mut [f64]) -> Result<(), SelectError> {
    for (candidate, row) in e.chunks_exact(q).enumerate() {
        let squared: f64 = row.iter().map(|x| x * x).sum();
        if !(LEAST_SQUARE..=1.0 / LEAST_SQUARE).contains(&squared) {
            return Err(SelectError::Length { candidate, squared });
        }
        transpose(row, 1.0 / squared.sqrt(), candidate, columns);
    }
    dots::run(columns, e.len() / q, least, out);
    Ok(())
}

fn rbf(e: &[f64], bandwidth: f64, q: usize, columns: &mut [f64], out: &mut [f64]) -> Result<(), SelectError> {
    if !(bandwidth.is_finite() && bandwidth > 0.0) {
        return Err(SelectError::Bandwidth(bandwidth));
    }
    for (candidate, row) in e.chunks_exact(q).enumerate() {
        transpose(row, 1.0 / bandwidth, candidate, columns);
    }
    exponents::run(columns, e.len() / q, out);
    exp_lanes::run(out);
    Ok(())
}

dispatch!(
    /// Dot products of the first n columns of a matrix with whole lanes of columns, clipped to [least, 1].
    pub(super) mod dots = dots_kernel(columns: &[f64], n: usize, least: f64, out: &mut [f64])
);

#[inline(always)]
fn dots_kernel(columns: &[f64], n: usize, least: f64, out: &mut [f64]) {
    pairs(
        columns,
        n,
        out,
        |x, y| x * y,
        |sum| {
            let low = if sum > least { sum } else { least };
            if low < 1.0 { low } else { 1.0 }
        },
    );
}

dispatch!(
    /// Minus half the squared distances of the first n columns of a matrix with whole lanes of columns.
    pub(super) mod exponents = exponents_kernel(columns: &[f64], n: usize, out: &mut [f64])
);

#[inline(always)]
fn exponents_kernel(columns: &[f64], n: usize, out: &mut [f64]) {
    pairs(columns, n, out, |x, y| (x - y) * (x - y), |sum| -0.5 * sum);
}

/// `last` of the sum over coordinates of `term`, for all pairs of columns: tiles of eight by eight on and above the
/// diagonal, each written twice. Sums run over the coordinates in order.
#[inline(always)]
fn pairs(columns: &[f64], n: usize, out: &mut [f64], term: impl Fn(f64, f64) -> f64, last: impl Fn(f64) -> f64) {
    let depth = n.next_multiple_of(LANES);
    for top in (0..depth).step_by(LANES) {
        for left in (top..depth).step_by(LANES) {
            let mut tile = [[0.0; LANES]; LANES];
            for column in columns.chunks_exact(depth) {
                let (Some(x), Some(y)) = (column[top..].first_chunk(), column[left..].first_chunk()) else {
                    continue;
                };
                add_pairs(&mut tile, x, y, &term);
            }
            for line in &mut tile {
                for l in 0..LANES {
                    line[l] = last(line[l]);
                }
            }
            write(&tile, n, top, left, out);
        }
    }
}

#[inline(always)]
fn add_pairs(tile: &mut [Lanes<f64>; LANES], x: &Lanes<f64>, y: &Lanes<f64>, term: impl Fn(f64, f64) -> f64) {
    for r in 0..LANES {
        for l in 0..LANES {
            tile[r][l] += term(x[r], y[l]);
        }
    }
}

/// Writes a tile and its mirror image, without the padding.
#[inline(always)]
fn write(tile: &[Lanes<f64>; LANES], n: usize, top: usize, left: usize, out: &mut [f64]) {
    let (rows, width) = (LANES.min(n - top), LANES.min(n - left));
    for r in 0..rows {
        out[(top + r) * n + left..][..width].copy_from_slice(&tile[r][..width]);
    }
    for l in 0..width {
        for r in 0..rows {
            out[(left + l) * n + top + r] = tile[r][l];
        }
    }
}

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
        if embeddings.len() > n * coordinates {
            check_finite(embeddings, coordinates)?;
        }
        let (out, embeddings) = (&mut out[..n * n], &embeddings[..n * coordinates]);
        self.columns(embeddings, coordinates, scratch)?;
        let columns = scratch.as_chunks().0;
        match self {
            _ if n == 0 => {}
            Similarity::Rbf { .. } => {
                exponents::run(columns, coordinates, n, out);
                exp_lanes::run(out);
            }
            Similarity::Cosine => dots::run(columns, coordinates, n, 0.0, out),
            Similarity::RawCosine => dots::run(columns, coordinates, n, -1.0, out),
        }
        (0..n).for_each(|i| out[i * n + i] = 1.0);
        Ok(())
    }

    /// What pairs are worked out from, in one column per coordinate and blocks of eight candidates: unit vectors, or embeddings in units
    /// of the bandwidth.
    pub(super) fn columns(
        self,
        embeddings: &[f64],
        coordinates: usize,
        scratch: &mut Vec<f64>,
    ) -> Result<(), SelectError> {
        let n = embeddings.len().checked_div(coordinates).unwrap_or(0);
        scratch.resize(n.next_multiple_of(LANES) * coordinates, 0.0);
        let columns = scratch.as_chunks_mut().0;
        match self {
            Similarity::Rbf { bandwidth } => in_bandwidths(embeddings, bandwidth, coordinates, columns),
            Similarity::Cosine | Similarity::RawCosine => units(embeddings, coordinates, columns),
        }
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

fn units(e: &[f64], q: usize, columns: &mut [Lanes<f64>]) -> Result<(), SelectError> {
    if !e.is_empty() && !directions::run(e, q, columns) {
        check_finite(e, q)?;
        check_lengths(e, q)?;
    }
    Ok(())
}

fn check_lengths(e: &[f64], q: usize) -> Result<(), SelectError> {
    for (candidate, row) in e.chunks_exact(q).enumerate() {
        let squared: f64 = row.iter().map(|x| x * x).sum();
        if !fit_to_divide(squared) {
            return Err(SelectError::Length { candidate, squared });
        }
    }
    Ok(())
}

/// Never of infinity or what is no number.
#[inline(always)]
fn fit_to_divide(squared: f64) -> bool {
    (LEAST_SQUARE..=1.0 / LEAST_SQUARE).contains(&squared)
}

fn in_bandwidths(e: &[f64], bandwidth: f64, q: usize, columns: &mut [Lanes<f64>]) -> Result<(), SelectError> {
    check_finite(e, q)?;
    if !(bandwidth.is_finite() && bandwidth > 0.0) {
        return Err(SelectError::Bandwidth(bandwidth));
    }
    if e.is_empty() {
        return Ok(());
    }
    transpose(e, q, columns);
    columns
        .as_flattened_mut()
        .iter_mut()
        .for_each(|x| *x *= 1.0 / bandwidth);
    Ok(())
}

/// One column per coordinate, in blocks of eight candidates. The last candidate stands in for those beyond.
#[inline(always)]
fn transpose(e: &[f64], q: usize, columns: &mut [Lanes<f64>]) {
    let (blocks, last) = (columns.len() / q, e.len() / q - 1);
    let row = |i: usize| &e[i.min(last) * q..][..q];
    // Two candidates at a time, so that numbers go in pairs.
    for i in (0..blocks * LANES).step_by(2) {
        let (b, l) = (i / LANES, i % LANES);
        for (d, (&x, &y)) in row(i).iter().zip(row(i + 1)).enumerate() {
            let eight = &mut columns[d * blocks + b];
            eight[l] = x;
            eight[l + 1] = y;
        }
    }
}

dispatch!(
    /// Columns of the rows of `e` divided by their lengths; false where a row has no direction.
    pub(super) mod directions = directions_kernel(e: &[f64], q: usize, columns: &mut [Lanes<f64>]) -> bool
);

#[inline(always)]
fn directions_kernel(e: &[f64], q: usize, columns: &mut [Lanes<f64>]) -> bool {
    transpose(e, q, columns);
    let blocks = columns.len() / q;
    let mut all = true;
    for b in 0..blocks {
        let mut squared = [0.0; LANES];
        for d in 0..q {
            let x = &columns[d * blocks + b];
            for l in 0..LANES {
                squared[l] += x[l] * x[l];
            }
        }
        let mut factors = [0.0; LANES];
        for l in 0..LANES {
            all &= fit_to_divide(squared[l]);
            factors[l] = 1.0 / squared[l].sqrt();
        }
        for d in 0..q {
            let x = &mut columns[d * blocks + b];
            for l in 0..LANES {
                x[l] *= factors[l];
            }
        }
    }
    all
}

dispatch!(
    /// Dot products of the first n candidates, clipped to [least, 1].
    pub(super) mod dots = dots_kernel(columns: &[Lanes<f64>], q: usize, n: usize, least: f64, out: &mut [f64])
);

#[inline(always)]
fn dots_kernel(columns: &[Lanes<f64>], q: usize, n: usize, least: f64, out: &mut [f64]) {
    pairs(columns, q, n, out, |x, y| x * y, |sum| clipped(sum, least));
}

#[inline(always)]
pub(super) fn clipped(sum: f64, least: f64) -> f64 {
    let low = if sum > least { sum } else { least };
    if low < 1.0 { low } else { 1.0 }
}

dispatch!(
    /// Minus half the squared distances of the first n candidates.
    pub(super) mod exponents = exponents_kernel(columns: &[Lanes<f64>], q: usize, n: usize, out: &mut [f64])
);

#[inline(always)]
fn exponents_kernel(columns: &[Lanes<f64>], q: usize, n: usize, out: &mut [f64]) {
    pairs(columns, q, n, out, |x, y| (x - y) * (x - y), |sum| -0.5 * sum);
}

/// `last` of the sum over coordinates of `term`, for all pairs of candidates: tiles of eight by eight on and above the
/// diagonal, each written twice. Sums run over the coordinates in order.
#[inline(always)]
fn pairs(
    columns: &[Lanes<f64>],
    q: usize,
    n: usize,
    out: &mut [f64],
    term: impl Fn(f64, f64) -> f64,
    last: impl Fn(f64) -> f64,
) {
    let blocks = columns.len() / q;
    let columns = columns.chunks_exact(blocks);
    for top in 0..blocks {
        for left in top..blocks {
            let mut tile = [[0.0; LANES]; LANES];
            for column in columns.clone() {
                add_pairs(&mut tile, &column[top], &column[left], &term);
            }
            for sum in tile.as_flattened_mut() {
                *sum = last(*sum);
            }
            write(&tile, n, top * LANES, left * LANES, out);
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
    for (line, row) in out[top * n..].chunks_exact_mut(n).zip(&tile[..rows]) {
        match line[left..].first_chunk_mut() {
            Some(places) if width == LANES => *places = *row,
            _ => line[left..].copy_from_slice(&row[..width]),
        }
    }
    // A tile on the diagonal is its own mirror image.
    if top == left {
        return;
    }
    // Off the diagonal, the rows of a tile are whole.
    for (line, l) in out[left * n..].chunks_exact_mut(n).zip(0..width) {
        if let Some(places) = line[top..].first_chunk_mut::<LANES>() {
            for r in 0..LANES {
                places[r] = tile[r][l];
            }
        }
    }
}

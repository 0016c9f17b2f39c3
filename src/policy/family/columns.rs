//! Owns sums down the columns of rows of lanes, four of which stay in registers meanwhile.

use crate::numerics::lanes::{LANES, Lanes, add, dispatch};

/// Columns that are added up side by side.
const PANEL: usize = 4;

/// Adds up the rows of a matrix.
#[inline(always)]
fn add_rows_kernel(out: &mut [Lanes<f64>], rows: &[Lanes<f64>]) {
    let columns = out.len();
    let mut first = 0;
    while first < columns {
        match columns - first {
            PANEL.. => add_panel::<PANEL>(out, rows, columns, first),
            _ => add_panel::<1>(out, rows, columns, first),
        }
        first += if first + PANEL <= columns { PANEL } else { 1 };
    }
}

#[inline(always)]
fn add_panel<const J: usize>(out: &mut [Lanes<f64>], rows: &[Lanes<f64>], columns: usize, first: usize) {
    let mut sums = [[0.0; LANES]; J];
    sums.copy_from_slice(&out[first..][..J]);
    for row in rows.chunks_exact(columns) {
        let row: &[Lanes<f64>; J] = row[first..].first_chunk().expect("columns of a panel");
        for j in 0..J {
            add(&mut sums[j], &row[j]);
        }
    }
    out[first..][..J].copy_from_slice(&sums);
}

dispatch!(pub(super) mod add_rows = add_rows_kernel(out: &mut [Lanes<f64>], rows: &[Lanes<f64>]));

/// slope *= 1 - unit^2: from slopes in tanh to slopes in its argument, which add up to those in constants, one per unit, `down` apart. Rows of
/// prompts are `stride` apart.
#[inline(always)]
fn through_tanh_kernel(
    slopes: &mut [Lanes<f64>],
    units: &[Lanes<f64>],
    stride: usize,
    constants: &mut [Lanes<f64>],
    down: usize,
) {
    let count = constants.len() / down;
    let mut first = 0;
    while first < count {
        let constants = &mut constants[first * down..];
        match count - first {
            PANEL.. => bend_panel::<PANEL>(slopes, units, stride, first, constants, down),
            _ => bend_panel::<1>(slopes, units, stride, first, constants, down),
        }
        first += if first + PANEL <= count { PANEL } else { 1 };
    }
}

#[inline(always)]
fn bend_panel<const J: usize>(
    slopes: &mut [Lanes<f64>],
    units: &[Lanes<f64>],
    stride: usize,
    first: usize,
    constants: &mut [Lanes<f64>],
    down: usize,
) {
    let mut sums = [[0.0; LANES]; J];
    for j in 0..J {
        sums[j] = constants[j * down];
    }
    for (slopes, units) in slopes.chunks_exact_mut(stride).zip(units.chunks_exact(stride)) {
        let slopes: &mut [Lanes<f64>; J] = slopes[first..].first_chunk_mut().expect("units of a panel");
        let units: &[Lanes<f64>; J] = units[first..].first_chunk().expect("units of a panel");
        let mut bent = *slopes;
        for j in 0..J {
            for l in 0..LANES {
                bent[j][l] *= 1.0 - units[j][l] * units[j][l];
            }
            add(&mut sums[j], &bent[j]);
        }
        *slopes = bent;
    }
    for j in 0..J {
        constants[j * down] = sums[j];
    }
}

dispatch!(pub(super) mod through_tanh = through_tanh_kernel(
    slopes: &mut [Lanes<f64>],
    units: &[Lanes<f64>],
    stride: usize,
    constants: &mut [Lanes<f64>],
    down: usize,
));

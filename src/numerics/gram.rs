//! Owns sums of squares and products: the upper triangle of sum_r b_r b_r' over many rows b_r.
//!
//! Rows are padded with zeros to whole lanes. Each entry adds its products in the order of the rows, so its bits depend neither on the
//! vector unit nor on how rows are split over calls.

use super::lanes::{LANES, dispatch};

/// Rows of the matrix that one pass over the rows serves: with one chunk of lanes each, sums that fit into registers.
const TILE: usize = 4;

/// A symmetric matrix in the making. Of its entries those right of the diagonal, and on it, count.
#[derive(Debug, Clone)]
pub struct Gram {
    order: usize,
    width: usize,
    entries: Vec<f64>,
}

impl Gram {
    /// Zeros, `order` rows and columns.
    pub fn new(order: usize) -> Self {
        let width = order.next_multiple_of(LANES);
        Self {
            order,
            width,
            entries: vec![0.0; width * width],
        }
    }

    /// Numbers of a row as [`add`](Self::add) wants it: `order`, and zeros up to whole lanes.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Adds b b' for each of the rows b, of [`width`](Self::width) numbers each.
    pub fn add(&mut self, rows: &[f64]) {
        add_products::run(&mut self.entries, self.width, 0, rows, 1.0);
    }

    /// Adds to an entry whose row is not beyond its column.
    pub fn add_to(&mut self, row: usize, column: usize, x: f64) {
        debug_assert!(row <= column && column < self.order);
        self.entries[row * self.width + column] += x;
    }

    /// Multiplies every entry.
    pub fn scale(&mut self, by: f64) {
        self.entries.iter_mut().for_each(|x| *x *= by);
    }

    /// Adds a number to each entry of the diagonal.
    pub fn add_to_diagonal(&mut self, x: f64) {
        (0..self.order).for_each(|i| self.entries[i * self.width + i] += x);
    }

    /// An entry, whichever triangle it is of.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[i.min(j) * self.width + i.max(j)]
    }

    /// Rows, numbers of a stored row, and the stored rows, as many as these numbers.
    pub(super) fn into_parts(self) -> (usize, usize, Vec<f64>) {
        (self.order, self.width, self.entries)
    }
}

dispatch!(
    /// Adds `sign` b b' of each row b to the rows of a padded square matrix, from row `first` on: at the diagonal and right of it; left of
    /// it, within a chunk of lanes, anything. `first` is a multiple of four.
    pub(super) mod add_products = add_products_kernel(matrix: &mut [f64], width: usize, first: usize, rows: &[f64], sign: f64)
);

#[inline(always)]
fn add_products_kernel(matrix: &mut [f64], width: usize, first: usize, rows: &[f64], sign: f64) {
    for i in (first..width).step_by(TILE) {
        for j in (i / LANES * LANES..width).step_by(LANES) {
            let mut sums = [[0.0; LANES]; TILE];
            for (t, sum) in sums.iter_mut().enumerate() {
                sum.copy_from_slice(&matrix[(i + t) * width + j..][..LANES]);
            }
            for row in rows.chunks_exact(width) {
                let left = &row[i..i + TILE];
                let right = &row[j..j + LANES];
                for t in 0..TILE {
                    let factor = sign * left[t];
                    for l in 0..LANES {
                        sums[t][l] += factor * right[l];
                    }
                }
            }
            for (t, sum) in sums.iter().enumerate() {
                matrix[(i + t) * width + j..][..LANES].copy_from_slice(sum);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::lanes::Level;
    use crate::numerics::stream::Streams;

    /// Rows of `order` numbers in [-1/2, 1/2), padded.
    fn rows(count: usize, order: usize) -> Vec<f64> {
        let mut stream = Streams::new("gram").purpose("rows").stream(0, 0);
        let width = order.next_multiple_of(LANES);
        let mut rows = vec![0.0; count * width];
        for row in rows.chunks_exact_mut(width) {
            row[..order].fill_with(|| stream.uniform() - 0.5);
        }
        rows
    }

    /// The definition, entry by entry: the same products in the same order.
    #[test]
    fn entries_are_those_of_the_definition_to_the_bit() {
        for order in [1, 3, 8, 13, 35] {
            let rows = rows(20, order);
            let mut gram = Gram::new(order);
            let width = gram.width();
            // In two calls.
            gram.add(&rows[..7 * width]);
            gram.add(&rows[7 * width..]);
            for i in 0..order {
                for j in 0..order {
                    let products = rows.chunks_exact(width).map(|row| row[i.min(j)] * row[i.max(j)]);
                    assert_eq!(gram.at(i, j), products.fold(0.0, |sum, x| sum + x), "{order}: {i} {j}");
                }
            }
        }
    }

    #[test]
    fn every_vector_level_gives_the_same_bits() {
        let rows = rows(9, 30);
        let at = |level| {
            let mut matrix = vec![0.25; 32 * 32];
            add_products::run_at(level, &mut matrix, 32, 4, &rows, -1.0);
            matrix
        };
        for level in Level::available() {
            assert_eq!(at(level), at(Level::Baseline), "{level:?}");
        }
    }
}

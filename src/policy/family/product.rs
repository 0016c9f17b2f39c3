//! Owns products of matrices whose elements are rows of lanes.
//!
//! Sums of a tile of the product stay in registers while k goes on. What is read for a term then serves several, and enough sums wait for
//! themselves at once to fill the adders. The order of k is that of a plain loop, so that no tile changes a bit.

use crate::numerics::lanes::{LANES, Lanes, Level, dispatch};
use std::array::from_fn;

/// The most rows or columns whose sums a tile keeps in registers.
const TILE: usize = 4;

/// The same of columns, where a tile has several rows.
const WIDEST: usize = 7;

/// Terms that a tile of several rows adds up without asking between them.
const PART: usize = 4;

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

    /// The first elements of row `k`.
    #[inline(always)]
    fn row<const J: usize>(&self, k: usize) -> &'a [Lanes<f64>; J] {
        self.rows[k * self.down..].first_chunk().expect("columns of a panel")
    }

    /// From row `i` and column `k` on.
    #[inline(always)]
    fn from(self, i: usize, k: usize) -> Self {
        let first = i * self.down + k * self.along;
        Self {
            rows: &self.rows[first.min(self.rows.len())..],
            ..self
        }
    }
}

/// What sums begin with that have no other start.
static ZEROS: [Lanes<f64>; WIDEST] = [[0.0; LANES]; WIDEST];

/// How many of what is left a tile takes: about as many as those after it, because a small one waits for its sums.
#[inline(always)]
fn part(left: usize) -> usize {
    match left {
        0..=TILE => left,
        5 | 6 | 9 => 3,
        _ => TILE,
    }
}

/// The same of tiles of several rows: as even as they can be.
#[inline(always)]
fn even_part(left: usize) -> usize {
    left.div_ceil(left.div_ceil(WIDEST).max(1))
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
    narrow_panels::<false>(out, down, None, a, b, size);
}

/// out[i][j] = start[j] + the same; without a start it begins with 0.
#[inline(always)]
fn product_narrow(
    out: &mut [Lanes<f64>],
    down: usize,
    start: Option<&[Lanes<f64>]>,
    a: Matrix<'_>,
    b: Matrix<'_>,
    size: [usize; 3],
) {
    narrow_panels::<true>(out, down, start, a, b, size);
}

/// The same by tiles of several rows, for which AVX-512 alone has registers: an element is one of 32 there, elsewhere two or four of 16.
#[inline(always)]
fn product_wide(
    out: &mut [Lanes<f64>],
    down: usize,
    start: Option<&[Lanes<f64>]>,
    a: Matrix<'_>,
    b: Matrix<'_>,
    size: [usize; 3],
) {
    wide_panels::<true>(out, down, start, a, b, size);
}

/// [`add_product_kernel`] by the same tiles.
#[inline(always)]
fn add_product_wide(out: &mut [Lanes<f64>], down: usize, a: Matrix<'_>, b: Matrix<'_>, size: [usize; 3]) {
    wide_panels::<false>(out, down, None, a, b, size);
}

/// Columns in panels as wide as a tile, and each of these row by row. `FRESH` are those that do not add to what is there.
#[inline(always)]
fn narrow_panels<const FRESH: bool>(
    out: &mut [Lanes<f64>],
    down: usize,
    start: Option<&[Lanes<f64>]>,
    a: Matrix<'_>,
    b: Matrix<'_>,
    [rows, columns, depth]: [usize; 3],
) {
    let mut j = 0;
    while j < columns {
        let width = part(columns - j);
        let (out, b) = (&mut out[j..], b.from(0, j));
        let start = start.map_or(&ZEROS[..], |start| &start[j..]);
        match width {
            1 => product_panel::<1, 1, FRESH>(out, down, start, a, b, [rows, depth]),
            2 => product_panel::<1, 2, FRESH>(out, down, start, a, b, [rows, depth]),
            3 => product_panel::<1, 3, FRESH>(out, down, start, a, b, [rows, depth]),
            _ => product_panel::<1, TILE, FRESH>(out, down, start, a, b, [rows, depth]),
        }
        j += width;
    }
}

/// The same by tiles of several rows. The larger a tile, the less its loads and its loop stand in the way of its sums; up to 21 of these leave
/// registers for what they are made of.
#[inline(always)]
fn wide_panels<const FRESH: bool>(
    out: &mut [Lanes<f64>],
    down: usize,
    start: Option<&[Lanes<f64>]>,
    a: Matrix<'_>,
    b: Matrix<'_>,
    [rows, columns, depth]: [usize; 3],
) {
    let mut j = 0;
    while j < columns {
        let width = even_part(columns - j);
        let (out, b) = (&mut out[j..], b.from(0, j));
        let start = start.map_or(&ZEROS[..], |start| &start[j..]);
        match width {
            1 => product_panel::<4, 1, FRESH>(out, down, start, a, b, [rows, depth]),
            2 => product_panel::<4, 2, FRESH>(out, down, start, a, b, [rows, depth]),
            3 => product_panel::<4, 3, FRESH>(out, down, start, a, b, [rows, depth]),
            4 => product_panel::<4, 4, FRESH>(out, down, start, a, b, [rows, depth]),
            5 => product_panel::<4, 5, FRESH>(out, down, start, a, b, [rows, depth]),
            6 => product_panel::<3, 6, FRESH>(out, down, start, a, b, [rows, depth]),
            _ => product_panel::<3, 7, FRESH>(out, down, start, a, b, [rows, depth]),
        }
        j += width;
    }
}

#[inline(always)]
fn product_panel<const I: usize, const J: usize, const FRESH: bool>(
    out: &mut [Lanes<f64>],
    down: usize,
    start: &[Lanes<f64>],
    a: Matrix<'_>,
    b: Matrix<'_>,
    [rows, depth]: [usize; 2],
) {
    let mut i = 0;
    while i + I <= rows {
        product_tile::<I, J, FRESH>(&mut out[i * down..], down, start, a.from(i, 0), b, depth);
        i += I;
    }
    let (out, a) = (&mut out[(i * down).min(rows.saturating_sub(1) * down)..], a.from(i, 0));
    match rows - i {
        1 if I > 1 => product_tile::<1, J, FRESH>(out, down, start, a, b, depth),
        2 if I > 2 => product_tile::<2, J, FRESH>(out, down, start, a, b, depth),
        3 if I > 3 => product_tile::<3, J, FRESH>(out, down, start, a, b, depth),
        _ => {}
    }
}

/// Columns of a one by one, each of `I` rows next to one another, or else `I` rows that go along it.
#[inline(always)]
fn product_tile<const I: usize, const J: usize, const FRESH: bool>(
    out: &mut [Lanes<f64>],
    down: usize,
    start: &[Lanes<f64>],
    a: Matrix<'_>,
    b: Matrix<'_>,
    depth: usize,
) {
    let mut sums = if FRESH {
        Sums::<I, J>::alike(start)
    } else {
        Sums::<I, J>::of(out, down)
    };
    let mut k = 0;
    // Fresh products have rows that go along.
    if a.down == 1 && !FRESH {
        while I > 1 && k + PART <= depth {
            for at in k..k + PART {
                sums.add_column(a, b, at);
            }
            k += PART;
        }
        for at in k..depth {
            sums.add_column(a, b, at);
        }
    } else {
        // Of one length, which is asked once and not by element; in parts, whose places are known.
        let mut rows: [&[Lanes<f64>]; I] = from_fn(|i| &a.rows[i * a.down..][..depth]);
        while I > 1 && k + PART <= depth {
            let parts: [&[Lanes<f64>; PART]; I] = from_fn(|i| rows[i].first_chunk().expect("as many are left"));
            for at in 0..PART {
                sums.add(from_fn(|i| &parts[i][at]), b.row(k + at));
            }
            rows = from_fn(|i| &rows[i][PART..]);
            k += PART;
        }
        for at in 0..depth - k {
            sums.add(from_fn(|i| &rows[i][at]), b.row(k + at));
        }
    }
    sums.write(out, down);
}

/// Sums of up to four rows, each in an array of its own: the compiler keeps short ones in registers and leaves a long one in memory.
struct Sums<const I: usize, const J: usize> {
    first: [Lanes<f64>; J],
    second: [Lanes<f64>; J],
    third: [Lanes<f64>; J],
    fourth: [Lanes<f64>; J],
}

impl<const I: usize, const J: usize> Sums<I, J> {
    #[inline(always)]
    fn of(out: &[Lanes<f64>], down: usize) -> Self {
        let row = |i: usize| {
            let mut row = [[0.0; LANES]; J];
            if i < I {
                row.copy_from_slice(&out[i * down..][..J]);
            }
            row
        };
        Self {
            first: row(0),
            second: row(1),
            third: row(2),
            fourth: row(3),
        }
    }

    /// All rows the same.
    #[inline(always)]
    fn alike(start: &[Lanes<f64>]) -> Self {
        let row: &[Lanes<f64>; J] = start.first_chunk().expect("columns of a panel");
        Self {
            first: *row,
            second: *row,
            third: *row,
            fourth: *row,
        }
    }

    #[inline(always)]
    fn add(&mut self, x: [&Lanes<f64>; I], y: &[Lanes<f64>; J]) {
        add_row(&mut self.first, x[0], y);
        if I > 1 {
            add_row(&mut self.second, x[1 % I], y);
        }
        if I > 2 {
            add_row(&mut self.third, x[2 % I], y);
        }
        if I > 3 {
            add_row(&mut self.fourth, x[3 % I], y);
        }
    }

    /// The terms of column `k` of a, whose rows are next to one another.
    #[inline(always)]
    fn add_column(&mut self, a: Matrix<'_>, b: Matrix<'_>, k: usize) {
        let x: &[Lanes<f64>; I] = a.rows[k * a.along..].first_chunk().expect("rows of a tile");
        self.add(x.each_ref(), b.row(k));
    }

    #[inline(always)]
    fn write(&self, out: &mut [Lanes<f64>], down: usize) {
        let sums = [&self.first, &self.second, &self.third, &self.fourth];
        for (i, sum) in sums.into_iter().enumerate().take(I) {
            out[i * down..][..J].copy_from_slice(sum);
        }
    }
}

/// sum[j] += x y[j].
#[inline(always)]
fn add_row<const J: usize>(sum: &mut [Lanes<f64>; J], x: &Lanes<f64>, y: &[Lanes<f64>; J]) {
    for j in 0..J {
        for l in 0..LANES {
            sum[j][l] += x[l] * y[j][l];
        }
    }
}

dispatch!(mod add_narrow = add_product_kernel(
    out: &mut [Lanes<f64>],
    down: usize,
    a: Matrix<'_>,
    b: Matrix<'_>,
    size: [usize; 3],
));

dispatch!(mod add_wide = add_product_wide(
    out: &mut [Lanes<f64>],
    down: usize,
    a: Matrix<'_>,
    b: Matrix<'_>,
    size: [usize; 3],
));

dispatch!(mod narrow = product_narrow(
    out: &mut [Lanes<f64>],
    down: usize,
    start: Option<&[Lanes<f64>]>,
    a: Matrix<'_>,
    b: Matrix<'_>,
    size: [usize; 3],
));

dispatch!(mod wide = product_wide(
    out: &mut [Lanes<f64>],
    down: usize,
    start: Option<&[Lanes<f64>]>,
    a: Matrix<'_>,
    b: Matrix<'_>,
    size: [usize; 3],
));

/// `out` += a b, by the tiles of a level, which change no bit.
pub(super) fn add_product(
    level: Level,
    out: &mut [Lanes<f64>],
    down: usize,
    a: Matrix<'_>,
    b: Matrix<'_>,
    size: [usize; 3],
) {
    match level {
        Level::Avx512 => add_wide::run_at(Level::Avx512, out, down, a, b, size),
        _ => add_narrow::run_at(level, out, down, a, b, size),
    }
}

/// `out` = a b, each row added to `start`, likewise.
pub(super) fn product(
    level: Level,
    out: &mut [Lanes<f64>],
    down: usize,
    start: Option<&[Lanes<f64>]>,
    a: Matrix<'_>,
    b: Matrix<'_>,
    size: [usize; 3],
) {
    match level {
        Level::Avx512 => wide::run_at(Level::Avx512, out, down, start, a, b, size),
        _ => narrow::run_at(level, out, down, start, a, b, size),
    }
}

//! Products of matrices, and solutions of linear equations.

use super::super::cholesky::{factor, place, solve};
use super::super::kernels::{Matrix, add_product, product};
use super::*;
use crate::numerics::lanes::Level;

fn random(count: usize, stream: &mut Stream) -> Vec<Lanes<f64>> {
    (0..count)
        .map(|_| std::array::from_fn(|_| stream.uniform() - 0.5))
        .collect()
}

/// To the bit: sums are taken in the order of k, whatever the tiles are.
#[test]
fn products_are_sums_in_order_at_every_level() {
    let [mut stream, ..] = streams("products");
    for size @ [rows, columns, depth] in [
        [1, 1, 1],
        [3, 5, 4],
        [2, 9, 7],
        [4, 13, 3],
        [2, 3, 0],
        [0, 4, 2],
        [2, 0, 3],
        [7, 9, 5],
        [6, 7, 4],
        [9, 6, 2],
        [16, 8, 3],
        [8, 14, 3],
    ] {
        let (a, b) = (
            random(rows * depth, &mut stream),
            random(depth * (columns + 2), &mut stream),
        );
        let before = random(rows * (columns + 1), &mut stream);
        for turned in [false, true] {
            let a_of = |i: usize, k: usize| if turned { k * rows + i } else { i * depth + k };
            let mut plain = before.clone();
            for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
                let at = i * (columns + 1) + j;
                for k in 0..depth {
                    for l in 0..LANES {
                        plain[at][l] += a[a_of(i, k)][l] * b[k * (columns + 2) + j][l];
                    }
                }
            }
            let left = if turned {
                Matrix::transposed(&a, rows)
            } else {
                Matrix::of(&a, depth)
            };
            for level in Level::available() {
                let mut out = before.clone();
                let right = Matrix::of(&b, columns + 2);
                add_product(level, &mut out, columns + 1, left, right, size);
                assert_eq!(bits(&out), bits(&plain), "{size:?} {turned} {level:?}");
                if !turned {
                    begins_with_a_row(level, columns + 1, left, right, size);
                }
            }
        }
    }
}

/// What is in the places of a product that begins with a row does not matter.
fn begins_with_a_row(level: Level, down: usize, a: Matrix<'_>, b: Matrix<'_>, size: [usize; 3]) {
    let [rows, columns, _] = size;
    let start: Vec<Lanes<f64>> = (0..columns).map(|j| [0.3 + j as f64; LANES]).collect();
    for start in [None, Some(&start[..])] {
        let mut expected = vec![[0.0; LANES]; rows * down];
        for row in expected.chunks_exact_mut(down) {
            row[..columns].copy_from_slice(start.unwrap_or(&vec![[0.0; LANES]; columns]));
        }
        add_product(level, &mut expected, down, a, b, size);
        let mut out = vec![[7.0; LANES]; rows * down];
        product(level, &mut out, down, start, a, b, size);
        for row in out.chunks_exact_mut(down) {
            row[columns..].fill([0.0; LANES]);
        }
        assert_eq!(bits(&out), bits(&expected), "{size:?} {level:?}");
    }
}

/// A = B B' + 1 has a condition below 20; eleven rows are two tiles and more.
#[test]
fn equations_are_solved() {
    let n = 11;
    let [mut stream, ..] = streams("equations");
    let (b, x) = (random(n * n, &mut stream), random(n, &mut stream));
    let element = |i: usize, j: usize, l: usize| {
        let dot: f64 = (0..n).map(|k| b[i * n + k][l] * b[j * n + k][l]).sum();
        dot + if i == j { 1.0 } else { 0.0 }
    };
    let mut triangle = vec![[0.0; LANES]; place(n, 0)];
    let mut found = vec![[0.0; LANES]; n];
    for l in 0..LANES {
        for i in 0..n {
            (0..=i).for_each(|j| triangle[place(i, j)][l] = element(i, j, l));
            found[i][l] = (0..n).map(|j| element(i, j, l) * x[j][l]).sum();
        }
    }
    let before = column(&found, 1);
    factor::run(&mut triangle, n);
    solve::run(&triangle, &mut found);
    for l in 0..LANES {
        assert!(furthest(&column(&found, l), &column(&x, l)) < 1e-13);
    }
    assert!(furthest(&before, &column(&x, 1)) > 1e-13);
}

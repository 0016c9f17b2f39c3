//! Owns the plane in which a pool is shown: the two directions in which its embeddings differ most.
//!
//! Principal components by the eigenvectors of the Gram matrix of the centred embeddings: with N candidates it has N rows
//! however many coordinates there are, and its eigenvectors are the candidates' coordinates but for a factor.

use crate::numerics::symmetric::spectrum;

/// Positions of candidates in the plane of their first two principal components.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// One per embedding, in units of the embedding; centred.
    pub points: Vec<[f64; 2]>,
    /// The share of all variance along each direction, in [0, 1]; 0 where nothing varies.
    pub shares: [f64; 2],
}

/// The plane of these embeddings, all of as many coordinates.
///
/// Pearson 1901. Signs and order of directions are those of [`spectrum`].
pub fn plane(embeddings: &[&[f64]]) -> Plane {
    let n = embeddings.len();
    let mut rows: Vec<Vec<f64>> = embeddings.iter().map(|one| one.to_vec()).collect();
    centre(&mut rows);
    let dot = |i: usize, j: usize| rows[i].iter().zip(&rows[j]).map(|(x, y)| x * y).sum();
    let gram: Vec<f64> = (0..n * n).map(|at| dot(at / n, at % n)).collect();
    let found = spectrum(&gram, n);
    let all: f64 = (0..n).map(|i| gram[i * n + i]).sum();
    // One candidate has no second direction; rounding may leave an eigenvalue a little below 0.
    let value = |k: usize| found.values.get(k).copied().unwrap_or(0.0).max(0.0);
    let along = |k: usize, i: usize| found.vectors.get(k).map_or(0.0, |v| v[i] * value(k).sqrt());
    Plane {
        points: (0..n).map(|i| [along(0, i), along(1, i)]).collect(),
        shares: [0, 1].map(|k| if all > 0.0 { value(k) / all } else { 0.0 }),
    }
}

fn centre(rows: &mut [Vec<f64>]) {
    let n = rows.len() as f64;
    for coordinate in 0..rows.first().map_or(0, Vec::len) {
        let mean = rows.iter().map(|row| row[coordinate]).sum::<f64>() / n;
        rows.iter_mut().for_each(|row| row[coordinate] -= mean);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::stream::Streams;

    fn slices(rows: &[Vec<f64>]) -> Vec<&[f64]> {
        rows.iter().map(Vec::as_slice).collect()
    }

    /// A plane put into five dimensions by two orthonormal directions: the picture is the plane, turned or mirrored.
    #[test]
    fn distances_of_points_that_lie_in_a_plane_are_kept() {
        let flat = [
            [3.0, 0.5],
            [-2.0, 1.0],
            [0.0, -1.5],
            [1.0, 0.25],
            [-4.0, 0.0],
            [2.0, -0.25],
        ];
        let directions = [[0.5, 0.5, 0.5, 0.5, 0.0], [0.5, -0.5, 0.5, -0.5, 0.0]];
        let row = |p: &[f64; 2]| {
            (0..5)
                .map(|c| 7.0 + p[0] * directions[0][c] + p[1] * directions[1][c])
                .collect()
        };
        let rows: Vec<Vec<f64>> = flat.iter().map(row).collect();
        let found = plane(&slices(&rows));
        let distance =
            |p: &[f64; 2], q: &[f64; 2]| ((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1])).sqrt();
        for (i, p) in flat.iter().enumerate() {
            for (j, q) in flat.iter().enumerate() {
                let shown = distance(&found.points[i], &found.points[j]);
                assert!((shown - distance(p, q)).abs() < 1e-12, "{i} {j}: {shown}");
            }
        }
        assert!((found.shares[0] + found.shares[1] - 1.0).abs() < 1e-12 && found.shares[0] > found.shares[1]);
    }

    /// The second route: directions from nalgebra's decomposition of the q x q scatter matrix instead of the Gram matrix.
    #[test]
    fn positions_are_projections_on_the_eigenvectors_of_the_scatter_matrix() {
        let (n, q) = (24, 6);
        let mut stream = Streams::new("plane").purpose("points").stream(3, 0);
        let scale = |c: usize| 1.0 + c as f64;
        let rows: Vec<Vec<f64>> = (0..n)
            .map(|_| (0..q).map(|c| scale(c) * (stream.uniform() - 0.5)).collect())
            .collect();
        let found = plane(&slices(&rows));
        let mut centred = rows.clone();
        centre(&mut centred);
        let all = nalgebra::DMatrix::from_fn(n, q, |i, c| centred[i][c]);
        let eigen = (all.transpose() * &all).symmetric_eigen();
        let mut order: Vec<usize> = (0..q).collect();
        order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
        for (k, &of) in order[..2].iter().enumerate() {
            let projected = &all * eigen.eigenvectors.column(of);
            let sign = if projected[0] * found.points[0][k] < 0.0 {
                -1.0
            } else {
                1.0
            };
            for i in 0..n {
                assert!((sign * projected[i] - found.points[i][k]).abs() < 1e-10, "{k} {i}");
            }
            let share = eigen.eigenvalues[of] / eigen.eigenvalues.sum();
            assert!((share - found.shares[k]).abs() < 1e-12);
        }
    }

    #[test]
    fn a_pool_of_one_or_of_equals_lies_on_a_point() {
        let one = plane(&[&[1.0, 2.0]]);
        assert_eq!((one.points, one.shares), (vec![[0.0; 2]], [0.0; 2]));
        let equal = plane(&[&[1.0, 2.0], &[1.0, 2.0]]);
        assert_eq!(equal.points, [[0.0; 2]; 2]);
        assert_eq!(plane(&[]).points, Vec::<[f64; 2]>::new());
    }
}

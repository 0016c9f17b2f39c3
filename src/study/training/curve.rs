//! Owns the curves that are fitted to a mean excess over K, and where they are lowest.

use crate::numerics::elementary::{exp, ln};
use nalgebra::{Matrix3, Vector3};

/// One arm as a point: K, what it costs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub responses: f64,
    pub cost: f64,
    pub arm: usize,
}

/// The lowest point of a curve through points and the mean excess at each, near the K* of theory.
pub(super) type OfPoints = fn(&[(Point, f64)], f64) -> f64;

/// K at the vertex of the parabola through ln(excess x cost) over ln(K/K*). NaN where it has no minimum.
pub(super) fn vertex(points: &[(Point, f64)], best: f64) -> f64 {
    let rows = points.iter().map(|(p, excess)| {
        let x = ln(p.responses / best);
        ([1.0, x, x * x], ln(excess * p.cost), 1.0)
    });
    let [_, b, c] = least_squares(rows);
    if c > 0.0 { best * exp(-b / (2.0 * c)) } else { f64::NAN }
}

/// sqrt(c/b) of excess x cost = a + b K + c/K, each point weighted by the inverse square of its value: errors are relative.
pub(super) fn three_term(points: &[(Point, f64)], _: f64) -> f64 {
    let rows = points.iter().map(|(p, excess)| {
        let y = excess * p.cost;
        ([1.0, p.responses, 1.0 / p.responses], y, 1.0 / (y * y))
    });
    let [_, b, c] = least_squares(rows);
    (c / b).sqrt()
}

/// The coefficients of three terms by weighted least squares. NaN where the points do not determine them.
fn least_squares(rows: impl Iterator<Item = ([f64; 3], f64, f64)>) -> [f64; 3] {
    let mut normal = Matrix3::zeros();
    let mut right = Vector3::zeros();
    for (terms, y, weight) in rows {
        for i in 0..3 {
            right[i] += weight * terms[i] * y;
            for j in 0..3 {
                normal[(i, j)] += weight * terms[i] * terms[j];
            }
        }
    }
    normal.lu().solve(&right).map_or([f64::NAN; 3], |x| [x[0], x[1], x[2]])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The law itself, so that any difference is the fit's: a + K + best^2/K has its minimum at K = best.
    fn law(ks: &[f64], best: f64) -> Vec<(Point, f64)> {
        let point = |&responses: &f64| Point {
            responses,
            cost: 1.0,
            arm: 0,
        };
        ks.iter().map(|k| (point(k), 3.0 + k + best * best / k)).collect()
    }

    #[test]
    fn a_window_symmetric_about_the_optimum_gives_the_optimum() {
        let found = vertex(&law(&[2.0, 4.0, 8.0, 16.0, 32.0], 8.0), 8.0);
        assert!((found - 8.0).abs() < 1e-9, "{found}");
    }

    /// Correction 4 of the reference: over K = 1..64 an optimum of 2 is fitted well below, at 0.83 of it.
    #[test]
    fn a_lopsided_window_does_not() {
        let ks = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];
        let found = vertex(&law(&ks, 2.0), 2.0);
        assert!(found / 2.0 < 0.9, "{found}");
    }

    #[test]
    fn the_three_terms_give_the_optimum_on_any_grid() {
        for ks in [&[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0][..], &[2.0, 3.0, 5.0, 40.0]] {
            let found = three_term(&law(ks, 2.0), 2.0);
            assert!((found - 2.0).abs() < 1e-9, "{found}");
        }
    }
}

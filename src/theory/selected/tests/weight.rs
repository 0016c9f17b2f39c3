//! The density w of what Best-K-of-N keeps.

use super::legendre::Legendre;
use super::urn::at_most;
use crate::numerics::special::beta_inc;

const FIXTURES: &str = include_str!("fixtures.csv");

/// The rows of one kind, as numbers.
pub(super) fn rows(kind: &str) -> Vec<Vec<f64>> {
    let of_kind = FIXTURES
        .lines()
        .filter_map(|line| line.strip_prefix(kind)?.strip_prefix(','));
    let rows: Vec<Vec<f64>> = of_kind
        .map(|row| row.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    assert!(rows.len() > 40, "{kind}: {}", rows.len());
    rows
}

/// w(u), v = 1 - u.
fn density(n: u32, k: u32, u: f64, v: f64) -> f64 {
    f64::from(n) / f64::from(k) * at_most(n - 1, k - 1, u, v)
}

/// w(1 - v): it keeps its relative precision however small v is.
fn at_tail(n: u32, k: u32, v: f64) -> f64 {
    density(n, k, 1.0 - v, v)
}

/// The worst relative error over the rational values of w.
fn worst(weight: impl Fn(u32, u32, f64) -> f64) -> f64 {
    let error = |row: &Vec<f64>| (weight(row[0] as u32, row[1] as u32, row[2]) / row[3] - 1.0).abs();
    rows("weight").iter().map(error).fold(0.0, f64::max)
}

/// Each of up to 1024 steps of a ratio rounds three times, and they add up like a random walk or, at worst, in line: 2e-13.
#[test]
fn the_weight_keeps_its_relative_precision_in_the_tail() {
    let found = worst(at_tail);
    assert!(found < 2e-14, "{found:e}");
    // Refused: one more kept; a tail of 1 part in 1e13 more; the incomplete beta function, which is absolute.
    assert!(worst(|n, k, v| at_tail(n, (k + 1).min(n), v)) > 0.1);
    assert!(worst(|n, k, v| at_tail(n, k, v * (1.0 + 1e-13))) > 2e-14);
    assert!(worst(|n, k, v| f64::from(n) / f64::from(k) * (1.0 - beta_inc(k.into(), (n - k).into(), 1.0 - v))) > 1e-3);
}

#[test]
fn the_weight_is_the_incomplete_beta_function_and_integrates_to_one() {
    for (n, k) in [(2, 1), (16, 1), (16, 4), (32, 31), (64, 8), (256, 16), (1000, 400)] {
        let w = |u: f64| density(n, k, u, 1.0 - u);
        for i in 1..20 {
            let u = f64::from(i) / 20.0;
            let other = f64::from(n) / f64::from(k) * beta_inc((n - k).into(), k.into(), 1.0 - u);
            assert!(
                (w(u) - other).abs() < 3e-13 * f64::from(n),
                "{n} {k} {u}: {} {other}",
                w(u)
            );
        }
        let integral = |nodes: usize| Legendre::new(nodes).integrate(1.0, w) - 1.0;
        assert!(integral(n.div_ceil(2) as usize).abs() < 1e-14);
        let too_few = integral((n as usize).div_ceil(2) / 8 + 1);
        assert!(n < 16 || too_few.abs() > 1e-14, "{n} {k}: {too_few:e}");
    }
    assert_eq!(density(7, 7, 0.3, 0.7), 1.0);
}

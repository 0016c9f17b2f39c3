//! The spectral weight and the reward-free bounds.

use super::legendre::Legendre;
use super::spectral::{Spectral, divergence};
use crate::numerics::elementary::ln;
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

/// The worst relative error over the rational values of w.
fn worst(weight: impl Fn(u32, u32, f64) -> f64) -> f64 {
    let error = |row: &Vec<f64>| (weight(row[0] as u32, row[1] as u32, row[2]) / row[3] - 1.0).abs();
    rows("weight").iter().map(error).fold(0.0, f64::max)
}

/// Each of up to 1024 steps of a ratio rounds three times, and they add up like a random walk or, at worst, in line: 2e-13.
#[test]
fn the_weight_keeps_its_relative_precision_in_the_tail() {
    let found = worst(|n, k, v| Spectral::new(n, k).unwrap().at_tail(v));
    assert!(found < 2e-14, "{found:e}");
    // Refused: one more kept; a tail of 1 part in 1e13 more; the incomplete beta function, which is absolute.
    assert!(worst(|n, k, v| Spectral::new(n, (k + 1).min(n)).unwrap().at_tail(v)) > 0.1);
    assert!(worst(|n, k, v| Spectral::new(n, k).unwrap().at_tail(v * (1.0 + 1e-13))) > 2e-14);
    assert!(worst(|n, k, v| f64::from(n) / f64::from(k) * (1.0 - beta_inc(k.into(), (n - k).into(), 1.0 - v))) > 1e-3);
}

#[test]
fn the_weight_is_the_incomplete_beta_function_and_integrates_to_one() {
    for (n, k) in [(2, 1), (16, 1), (16, 4), (32, 31), (64, 8), (256, 16), (1000, 400)] {
        let w = Spectral::new(n, k).unwrap();
        for i in 1..20 {
            let u = f64::from(i) / 20.0;
            let other = f64::from(n) / f64::from(k) * beta_inc((n - k).into(), k.into(), 1.0 - u);
            assert!(
                (w.at(u) - other).abs() < 3e-13 * f64::from(n),
                "{n} {k} {u}: {} {other}",
                w.at(u)
            );
        }
        let integral = |nodes: usize| Legendre::new(nodes).integrate(1.0, |u| w.at(u)) - 1.0;
        assert!(integral(n.div_ceil(2) as usize).abs() < 1e-14);
        let too_few = integral((n as usize).div_ceil(2) / 8 + 1);
        assert!(n < 16 || too_few.abs() > 1e-14, "{n} {k}: {too_few:e}");
    }
    assert_eq!(Spectral::new(7, 7).unwrap().at(0.3), 1.0);
}

#[test]
fn the_bounds_are_closed_forms_at_one_kept() {
    for n in [1, 2, 16, 256, 1024] {
        let w = Spectral::new(n, 1).unwrap();
        let size = f64::from(n);
        assert!(
            (w.forward_bound() - (ln(size) - (size - 1.0) / size)).abs() < 1e-13,
            "{n}"
        );
        assert!(
            (w.reverse_bound() - (size - 1.0 - ln(size))).abs() < 1e-12 * size,
            "{n}"
        );
    }
}

/// The second route: the integrands themselves by the midpoint rule, whose error is of the order of the step.
#[test]
fn the_bounds_are_the_integrals_of_the_weight() {
    for (n, k) in [(16, 4), (16, 8), (64, 8), (8, 8), (9, 8)] {
        let w = Spectral::new(n, k).unwrap();
        let steps = 20_000;
        let midpoints = (0..steps).map(|i| w.at_tail((f64::from(i) + 0.5) / f64::from(steps)));
        let (mut forward, mut reverse) = (0.0, 0.0);
        for value in midpoints {
            forward += value * ln(value) / f64::from(steps);
            reverse -= ln(value) / f64::from(steps);
        }
        // The singularity (N - K) ln v is integrated with an error of (N - K) ln(2)/2 steps.
        let within = 0.5 * f64::from(n - k + 1) / f64::from(steps);
        assert!(
            (w.forward_bound() - forward).abs() < within,
            "{n} {k}: {} {forward}",
            w.forward_bound()
        );
        assert!(
            (w.reverse_bound() - reverse).abs() < within,
            "{n} {k}: {} {reverse}",
            w.reverse_bound()
        );
        let other = Spectral::new(n + 1, k).unwrap();
        assert!((other.forward_bound() - forward).abs() > within && (other.reverse_bound() - reverse).abs() > within);
    }
}

#[test]
fn divergences_are_those_of_the_definition() {
    assert_eq!(divergence(&[0.5, 0.5], &[0.5, 0.5]), 0.0);
    assert!((divergence(&[0.5, 0.5], &[0.25, 0.75]) - 0.5 * ln(4.0 / 3.0)).abs() < 1e-15);
    assert_eq!(divergence(&[0.5, 0.5], &[1.0, 0.0]), f64::INFINITY);
    assert_eq!(divergence(&[1.0, 0.0], &[0.5, 0.5]), ln(2.0));
}

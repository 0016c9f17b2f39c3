//! Tests over all functions: correctly rounded values (`scripts/numerics_fixtures.py`), and equal bits of scalar and
//! slice versions at every level.

use super::checks::words;
use super::*;
use crate::numerics::lanes::Level;

const FIXTURES: &str = include_str!("fixtures.csv");

/// Arguments and correctly rounded values of one function.
fn fixtures(name: &str) -> Vec<(f64, f64)> {
    let number = |hex: &str| f64::from_bits(u64::from_str_radix(hex, 16).unwrap());
    let rows = FIXTURES.lines().filter_map(|line| {
        let mut cells = line.split(',');
        let wanted = cells.next() == Some(name);
        wanted.then(|| (number(cells.next().unwrap()), number(cells.next().unwrap())))
    });
    rows.collect()
}

/// Doubles between the two, counting one of them.
fn steps(a: f64, b: f64) -> u64 {
    let order = |x: f64| {
        let bits = x.to_bits() as i64;
        if bits < 0 { i64::MIN - bits } else { bits }
    };
    order(a).abs_diff(order(b))
}

fn furthest(name: &str, f: impl Fn(f64) -> f64) -> u64 {
    let rows = fixtures(name);
    assert!(rows.len() > 200, "{name}: {}", rows.len());
    rows.iter().map(|&(x, y)| steps(f(x), y)).max().unwrap()
}

#[test]
fn values_are_within_their_bounds_of_the_correctly_rounded() {
    assert!(furthest("exp", exp) <= 1);
    assert!(furthest("ln", ln) <= 1);
    assert!(furthest("log10", log10) <= 2);
    assert!(furthest("ln_1p", ln_1p) <= 2);
    assert!(furthest("exp_m1", exp_m1) <= 2);
    assert!(furthest("tanh", tanh) <= 3);
}

#[test]
fn a_wrong_function_is_noticed() {
    assert!(furthest("exp", |x| exp(x) * (1.0 + 4.0 * f64::EPSILON)) > 1);
    assert!(furthest("exp_m1", |x| exp(x) - 1.0) > 2);
    assert!(furthest("ln_1p", |x| ln(1.0 + x)) > 2);
    assert!(furthest("tanh", |x| 1.0 - 2.0 / (exp(2.0 * x) + 1.0)) > 3);
}

/// Special values and their neighbours, then random bits.
fn arguments() -> Vec<f64> {
    let special = [
        0.0,
        5e-324,
        f64::MIN_POSITIVE,
        1.0,
        2.0,
        709.782712893384,
        745.1332191019411,
        1e300,
    ];
    let mut all = vec![f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    for x in special {
        let bits = f64::to_bits(x);
        for near in [bits.saturating_sub(1), bits, bits + 1] {
            all.extend([f64::from_bits(near), -f64::from_bits(near)]);
        }
    }
    all.extend(words(100_000).map(f64::from_bits));
    all.extend(words(100_000).map(|w| (w >> 11) as f64 / 9e15 * 1500.0 - 750.0));
    all
}

fn same_bits(slice: impl Fn(Level, &mut [f64]), scalar: impl Fn(f64) -> f64) {
    let all = arguments();
    for level in Level::available() {
        // Every remainder of the chunk length, at every offset from it.
        for length in (0..40).chain([all.len()]) {
            let mut values = all[..length].to_vec();
            slice(level, &mut values);
            for (x, y) in all.iter().zip(&values) {
                assert_eq!(scalar(*x).to_bits(), y.to_bits(), "{x:e} in {length} at {level:?}");
            }
        }
    }
}

#[test]
fn slices_have_the_bits_of_scalars_at_every_level() {
    same_bits(exp_lanes::run_at, exp);
    same_bits(ln_lanes::run_at, ln);
    same_bits(tanh_lanes::run_at, tanh);
    same_bits(|_, x| exp_slice(x), exp);
    same_bits(|_, x| ln_slice(x), ln);
}

#[test]
fn integer_powers() {
    assert_eq!(powi(3.0, 4), 81.0);
    assert_eq!(powi(-2.0, 3), -8.0);
    assert_eq!(powi(2.0, -3), 0.125);
    assert_eq!(powi(2.0, 1023), f64::from_bits(2046 << 52));
    assert_eq!(powi(f64::NAN, 0), 1.0);
    assert_eq!(powi(0.0, -1), f64::INFINITY);
    assert_eq!(powi(1.0, i32::MIN), 1.0);
    assert_eq!(powi(10.0, 22), 1e22);
}

/// The bits must never change without a new numerics version, on any machine.
#[test]
fn bits_are_pinned() {
    let digest = |f: fn(f64) -> f64| {
        let results = words(4096).map(|w| f((w >> 11) as f64 / 4.5e15 * 20.0 + 1e-3).to_bits());
        results.fold(0u64, |h, bits| {
            (h ^ bits).wrapping_mul(0x0000_0100_0000_01B3).rotate_left(23)
        })
    };
    let all = [exp, ln, log10, ln_1p, exp_m1, tanh].map(digest);
    let pinned = [
        0x7A35_1CBD_5471_B961,
        0xD10A_F8DE_A385_434E,
        0x4BB3_01D1_8DBC_461C,
        0x2528_EFCE_CFAA_6081,
        0x8F19_551E_56C1_49FF,
        0x155B_A8B4_6D46_A681,
    ];
    assert_eq!(all, pinned);
}

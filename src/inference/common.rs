//! What several laws of this room do alike: inner products, and the ends of intervals by bisection.

/// Halvings of a bracket: past the last bit of a double.
const HALVINGS: usize = 80;

/// The inner product, summed in index order.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + x * y)
}

/// Where between `far` and `near` a condition that holds at `near` ceases to hold; `far` where it holds throughout.
pub(super) fn turning(far: f64, near: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut out, mut inside) = (far, near);
    if near.is_nan() || far.is_nan() {
        return f64::NAN;
    }
    if holds(far) {
        return far;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (out + inside);
        if holds(middle) {
            inside = middle;
        } else {
            out = middle;
        }
    }
    inside
}

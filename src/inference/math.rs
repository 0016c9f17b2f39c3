//! The logarithm and exponential of this room, in one place: to be replaced by the portable ones of `numerics`.

/// The natural logarithm.
#[expect(
    clippy::disallowed_methods,
    reason = "stands in for numerics::elementary::ln until both are merged"
)]
pub(crate) fn ln(x: f64) -> f64 {
    x.ln()
}

/// The exponential.
#[expect(
    clippy::disallowed_methods,
    reason = "stands in for numerics::elementary::exp until both are merged"
)]
pub(crate) fn exp(x: f64) -> f64 {
    x.exp()
}

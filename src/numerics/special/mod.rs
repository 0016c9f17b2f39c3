//! Owns the special functions that estimates, intervals and exact values need, and normal draws: the same bits on
//! every machine, because they are built on +, -, *, /, square roots and [`elementary`](super::elementary) alone.
//!
//! It never calls a library's special functions; the tests use one, and values from arbitrary-precision arithmetic
//! (`scripts/numerics_fixtures.py`), as oracles.

mod beta;
mod gamma;
mod normal;

#[cfg(test)]
mod tests;

pub use beta::{beta_inc, student_beyond, student_within};
pub use gamma::{digamma, ln_beta, ln_gamma};
pub use normal::{normal_cdf, normal_density, normal_from_uniform, normal_quantile};

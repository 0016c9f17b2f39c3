//! From a validated experiment to records: what a run works out beside its estimates.
//!
//! - [`curves`]: the curves and marks of theory that figures draw.

mod curves;

pub use curves::curves;

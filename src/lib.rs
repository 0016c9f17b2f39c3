//! A controlled-simulation harness for multi-response training: Monte Carlo against exact truth.
//!
//! The rooms, from the ground up; imports run only downward:
//!
//! - [`numerics`]: portable functions, lanes, random streams.
//! - [`inference`]: estimates with their Monte Carlo error, tests, verdicts.

pub mod inference;
pub mod numerics;

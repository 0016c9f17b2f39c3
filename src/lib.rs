//! A controlled-simulation harness for multi-response training: Monte Carlo against exact truth.
//!
//! The rooms, from the ground up; imports run only downward:
//!
//! - [`numerics`]: portable functions, lanes, random streams.
//! - [`report`]: figures of what was measured.

pub mod numerics;
pub mod report;

//! Estimates with their Monte Carlo error, and the tests that turn them into verdicts.
//!
//! The way through the room: batches of replicates are folded into joint [`groups`]; an estimand, which is a smooth
//! function of slot means, becomes an [`Estimate`](estimate::Estimate) by the [`jackknife`].
//!
//! The room is pure: it draws nothing and knows no files, no experiment format and no terminal.

pub mod estimate;
pub mod groups;
pub mod jackknife;
#[cfg(test)]
mod math;
#[cfg(test)]
mod testing;

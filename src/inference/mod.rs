//! Estimates with their Monte Carlo error, and the tests that turn them into verdicts.
//!
//! The way through the room: batches of replicates are folded into joint [`groups`]; an estimand, which is a smooth
//! function of slot means, becomes an [`Estimate`](estimate::Estimate) by the [`jackknife`], or by the [`score`] of a squared norm where
//! its boundary is near; a [`quotient`] of one is judged without dividing, and so is the cosine of an [`angle`]; a [`skewed`] estimate has a tail on one side;
//! the [`proportion`] of replicates with an event keeps its counts, and a [`mass`] what they are worth; a statement about one estimate is a [`cell`], and so is one about a [`pair`]; cells make a [`claim`], and the claims of a file are judged
//! together, with [`multiplicity`] in mind. The [`range`] of an estimand settles some statements without data.
//! What a [`pilot`] that somebody brings says of its variances is estimated by the same jackknife.
//!
//! The room is pure: it draws nothing and knows no files, no experiment format and no terminal.

pub mod angle;
mod attrition;
#[cfg(test)]
mod calibration;
pub mod cell;
pub mod claim;
mod common;
pub mod estimate;
mod foretold;
pub mod groups;
pub mod jackknife;
pub mod laws;
pub mod mass;
pub mod measured;
pub mod multiplicity;
pub mod order;
pub mod pair;
pub mod pilot;
pub mod proportion;
pub mod quotient;
pub mod range;
pub mod reported;
pub mod score;
pub mod skewed;
mod statement;
#[cfg(test)]
mod testing;

//! Owns what must be known of a number beside itself (law 8): replicates that failed, that do not meet the condition of a conditional
//! estimand, or of which a study gives notice, and why a claim is not judged or not settled.
//!
//! - [`noticed`], [`left_out`], [`below_figure`]: on rows, for terminals, pages and figures. They read records, so that later reports
//!   say the same.
//! - `note`, `flag`: on a claim, beside its verdict.
//! - `Barred`: which cells are not judged at all.

mod barred;
mod claims;
mod lost;
mod rows;

pub(super) use barred::Barred;
pub use claims::fewest;
pub(super) use claims::{flag, note};
pub(super) use lost::{Lost, left_out_share};
pub use rows::{below_figure, left_out, noticed};

use crate::experiment::{ClaimCell, Experiment};
use crate::numerics::lists::distinct;

/// Who has read of three arms knows what is wrong: more are counted, not listed.
const MOST_LISTED: usize = 3;

/// The share of replicates that a number leaves out from which on it is told: below it no figure would change.
const WORTH_TELLING: f64 = 0.01;

/// A cell of which a larger share of replicates failed is not judged, unless the claim says why it may be: what is left may be an
/// estimate of something else.
const MOST_LOST: f64 = 0.05;

/// What `some` replicates are of them and the `rest`.
fn share(some: u64, rest: u64) -> f64 {
    match some {
        0 => 0.0,
        some => some as f64 / (some + rest) as f64,
    }
}

/// The arms that the estimands of a cell are functions of, each once.
pub(super) fn arms(experiment: &Experiment, cell: ClaimCell) -> Vec<usize> {
    distinct(cell.rows().flat_map(|row| experiment.estimand(row).of.arms()))
}

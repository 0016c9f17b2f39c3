//! From a validated experiment to its records. It knows no terminal and opens no files.
//!
//! - [`Session`]: the run of an experiment that somebody owns; [`run`]: all of it at once.
//! - [`Observer`], [`Store`]: who looks on, and where finished work is kept; [`Drawing`]: what is drawn so far.
//! - [`draw_again`]: some blocks again, to be held against a manifest.
//! - [`estimates`]: the rows of `estimates.csv`, of what was estimated.
//! - [`curves`]: the curves and marks of theory that figures draw.
//! - [`Findings`]: what is kept of scenarios once they are drawn, and with [`judge`] the verdicts on claims that follow; [`foretell`]: which
//!   claims a run can hardly settle.
//! - [`ScenarioSeries`]: what single replicates say.
//! - [`draws`]: what figures show of single replicates.
//! - [`remarks`]: what must be known of numbers and verdicts beside themselves.

mod again;
mod case;
mod curves;
mod drawing;
mod drawn;
mod draws;
mod error;
mod evidence;
mod findings;
pub mod foretell;
mod jobs;
mod judge;
mod needed;
mod observer;
mod owned;
mod records;
pub mod remarks;
mod replicates;
mod store;
#[cfg(test)]
mod tests;

pub use again::draw_again;
pub use curves::curves;
pub use drawing::Drawing;
pub use draws::{DrawsError, draws, draws_kind};
pub use error::SessionError;
pub use findings::{Findings, judge};
pub use jobs::{missing_jobs, settle, work_out};
pub use judge::Judged;
pub use observer::{Look, Observer};
pub use owned::{Outcome, Session, run};
pub use records::estimates;
pub use replicates::{Piece, ScenarioSeries, without_series};
pub use store::Store;

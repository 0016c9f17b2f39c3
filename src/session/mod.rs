//! From a validated experiment to records: what a run works out beside its estimates.
//!
//! - [`curves`]: the curves and marks of theory that figures draw.
//! - [`judge`]: claims to verdicts, and what must be said beside them; [`foretell`]: which of them a run can hardly settle.
//! - [`remarks`]: what must be known of numbers and verdicts beside themselves.

mod case;
mod curves;
mod evidence;
pub mod foretell;
mod judge;
mod needed;
pub mod remarks;

pub use curves::curves;
pub use judge::{Judged, judge};

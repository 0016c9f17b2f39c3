//! From a validated experiment to its records. It knows no terminal and opens no files.
//!
//! - [`run`]: every scenario, drawn and estimated.
//! - [`estimates`]: the rows of `estimates.csv`, of what was estimated.
//! - [`curves`]: the curves and marks of theory that figures draw.
//! - [`judge`]: claims to verdicts, and what must be said beside them; [`foretell`]: which of them a run can hardly settle.
//! - [`remarks`]: what must be known of numbers and verdicts beside themselves.

mod case;
mod curves;
mod evidence;
pub mod foretell;
mod judge;
mod needed;
mod records;
pub mod remarks;
mod whole;

pub use curves::curves;
pub use judge::{Judged, judge};
pub use records::estimates;
pub use whole::run;

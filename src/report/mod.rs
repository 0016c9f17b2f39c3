//! From estimates to what people read: verdicts, tables, figures, pages.
//!
//! It reads estimates, stored records and the experiment. It never calls the engine's run and never draws.
//!
//! - [`judge`]: claims to verdicts, and what must be said beside them; [`foretell`]: which of them a run can hardly settle.
//! - [`figure`]: the pure renderer, data to SVG and PNG.
//! - [`plot`]: rows of an experiment to a figure's data.
//! - [`plane`]: embeddings to positions in a plane.
//! - [`compose`]: panels of several experiments to one figure.
//! - [`remarks`]: what must be known of numbers and verdicts beside themselves.
//! - [`page`], [`table`], [`readme`]: what stands on pages and terminals.

mod case;
pub mod compose;
mod evidence;
pub mod figure;
pub mod foretell;
pub mod judge;
mod labels;
pub mod page;
pub mod plane;
pub mod plot;
pub mod readme;
pub mod remarks;
mod settle;
pub mod table;

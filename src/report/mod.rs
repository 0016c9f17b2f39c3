//! From estimates to what people read: verdicts, tables, figures, pages.
//!
//! It reads estimates, stored records and the experiment. It never calls the engine's run and never draws.
//!
//! - [`judge`]: claims to verdicts, and what must be said beside them.
//! - [`notices`]: what people are told beside estimates.
//! - [`figure`]: the pure renderer, data to SVG and PNG.
//! - [`plot`]: rows of an experiment to a figure's data.
//! - [`plane`]: embeddings to positions in a plane.
//! - [`compose`]: panels of several experiments to one figure.
//! - [`page`], [`table`], [`readme`]: what stands on pages and terminals.

mod barred;
pub mod compose;
pub mod figure;
mod flag;
pub mod judge;
mod labels;
pub mod notices;
pub mod page;
pub mod plane;
pub mod plot;
pub mod readme;
pub mod table;

//! From estimates to what people read: verdicts, tables, figures, pages.
//!
//! It reads estimates, stored records and the experiment. It never calls the engine's run and never draws.
//!
//! - [`judge`]: claims to verdicts.
//! - [`figure`]: the pure renderer, data to SVG and PNG.
//! - [`plot`]: rows of an experiment to a figure's data.
//! - [`compose`]: panels of several experiments to one figure.
//! - [`page`], [`table`], [`readme`]: what stands on pages and terminals.

pub mod compose;
pub mod figure;
pub mod judge;
mod labels;
pub mod page;
pub mod plot;
pub mod readme;
pub mod table;

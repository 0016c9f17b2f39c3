//! From records to what people read: tables, figures, pages.
//!
//! It reads stored records and the experiment that they are of. It computes no science: it works out no value of theory, estimates
//! nothing and draws nothing.
//!
//! - [`figure`]: the pure renderer, data to SVG and PNG.
//! - [`plot`]: rows of an experiment to a figure's data.
//! - [`plane`]: embeddings to positions in a plane.
//! - [`compose`]: panels of several experiments to one figure.
//! - [`page`], [`table`], [`readme`]: what stands on pages and terminals.

pub mod compose;
pub mod figure;
mod labels;
pub mod page;
pub mod plane;
pub mod plot;
pub mod readme;
pub mod table;

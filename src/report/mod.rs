//! From records to what people read: tables, figures, pages.
//!
//! It reads stored records and the experiment that they are of. It computes no science: it works out no value of theory, estimates
//! nothing and draws nothing.
//!
//! - [`figure`]: the pure renderer, data to SVG and PNG.
//! - [`plot`]: rows of an experiment to a figure's data.
//! - [`plane`]: embeddings to positions in a plane.
//! - [`compose`]: panels of several experiments to one figure.
//! - [`html`]: the page of a result as one file that needs nothing else.
//! - [`page`], [`table`]: what stands on pages and terminals; [`generated`]: the parts of pages of one's own that list results.

pub mod compose;
pub mod figure;
pub mod generated;
pub mod html;
mod labels;
mod listed;
pub mod page;
mod papers;
pub mod plane;
pub mod plot;
pub mod table;

pub use listed::Listed;

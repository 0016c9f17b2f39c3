//! The TOML floor: texts with places, trees with overlays, tables of keys, grids, faults. It knows no study.
//!
//! - [`Source`], [`Origin`], [`Fault`], [`Faults`]: where a value stands, and what a user is told of a wrong one.
//! - [`tree`]: a parsed text in which every value keeps its origin.
//! - [`grid`]: the expansion of `grid`, `zip`, `points` and `exclude`.
//! - [`keys`]: tables of keys, each stated once: what reads a key also describes it.
//! - [`schema`]: the JSON Schema of described keys.

mod fault;
pub mod grid;
pub mod keys;
pub mod schema;
pub mod tree;

pub use fault::{Fault, Faults, Origin, Source, nearest};
pub(crate) use fault::{bare_or_quoted, quoted, shown};

//! The experiment file: from bytes to a validated [`Experiment`] whose scenarios are ready to run.
//!
//! Whatever is wrong is refused here, before anything is drawn, as a [`Fault`] with place, key, value, the known
//! values and the nearest one. Nothing here draws, writes, or looks at results.

mod claim;
mod columns;
mod composed;
pub mod docs;
mod figure;
#[cfg(feature = "files")]
mod files;
mod header;
mod load;
mod memory;
mod rows;
mod run_length;
mod schema;
mod set;
mod settle;
mod standing;
mod table;
mod validated;
mod written;

pub use crate::format::{Fault, Faults, Origin, Source, nearest};
pub use claim::{Claim, ClaimCell, ClaimKind, Expect, KindKeys, LeftOut, Pairing, SCALES, Said, claim_kinds};
pub use composed::{Composed, PanelRef, PanelSource, figure_schema, parse_composed};
pub use figure::kinds::*;
pub use figure::{COLOURS, Draws, FigureSpec, LOOKS, Line, LineAxis, PoolView, Scale, View, Width, Zip, figure_kinds};
#[cfg(feature = "files")]
pub use files::{LoadError, load, load_composed};
pub use load::{parse, parse_with};
pub use rows::by_column;
pub use schema::schema;
pub use table::{Cell, Column, ColumnRef, RowRef, VERSUS};
pub use validated::{Experiment, Scenario};
pub use written::written;

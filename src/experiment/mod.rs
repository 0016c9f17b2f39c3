//! The experiment file: from bytes to a validated [`Experiment`] whose scenarios are ready to run.
//!
//! Whatever is wrong is refused here, before anything is drawn, as a [`Fault`] with place, key, value, the known
//! values and the nearest one. Nothing here draws, writes, or looks at results.

mod align;
mod budget;
mod check;
mod choice;
mod claim;
mod columns;
mod composed;
mod de;
mod fault;
mod figure;
mod fit;
mod greedy;
mod grid;
pub mod keys;
mod length;
mod load;
mod paths;
mod rows;
mod scenario;
mod schema;
mod set;
mod stopping;
mod table;
mod template;
mod text;
mod tree;
mod validated;
mod wire;
mod worlds;

pub use claim::{CLAIM_KINDS, Claim, ClaimCell, ClaimKind, Direction, Expect, LeftOut, Margin, Side, Sign, Target};
pub use composed::{Composed, PanelRef, PanelSource, figure_schema, load_composed};
pub use fault::{Fault, Origin, Source, nearest};
pub use figure::{Bars, FIGURE_KINDS, FigureSpec, HeatMap, Line, PoolView, Scale, Stack, View, Width};
pub use load::{load, load_knowing, parse, parse_knowing};
pub use schema::schema;
pub use table::{Cell, Column, ColumnRef, RowRef};
pub use template::{TEMPLATES, template};
pub use text::LoadError;
pub use validated::{Experiment, Scenario};

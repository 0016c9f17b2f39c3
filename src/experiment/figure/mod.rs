//! Figures: which rows each shows, and how they are laid out.

mod axis;
mod bars;
mod heat_map;
mod keys;
mod kind;
mod line;
mod place;
mod pool;
mod spec;

pub use crate::numerics::scale::Scale;
pub use axis::LineAxis;
pub use keys::figure_kinds;
pub(in crate::experiment) use keys::resolve;
pub(crate) use keys::{FigureKeys, WIDTHS, read as read_keys};
pub use spec::{Bars, FigureSpec, HeatMap, Line, PoolView, Stack, View, Width};

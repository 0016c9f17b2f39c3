//! Figures: which rows each shows, and how they are laid out.

mod axis;
mod keys;
mod kind;
pub(super) mod kinds;
mod place;
mod spec;

pub use crate::numerics::scale::Scale;
pub use axis::LineAxis;
pub use keys::figure_kinds;
pub(in crate::experiment) use keys::resolve;
pub(crate) use keys::{FigureKeys, WIDTHS, read as read_keys};
pub use place::{COLOURS, LOOKS};
pub use spec::{Draws, FigureSpec, Line, PoolView, View, Width, Zip};

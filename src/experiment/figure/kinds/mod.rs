//! The kinds of figure, a file each, and their list.

mod bars;
mod heat_map;
mod line;
mod lolly;
mod nested_loop;
mod pool;
mod zip;

use super::kind::KindKeys;
use crate::format::keys::Variant;
pub use bars::{Bars, Stack};
pub use heat_map::HeatMap;
pub use lolly::Lolly;
pub use nested_loop::NestedLoop;

/// The kinds of figure.
pub(super) const KINDS: &[&Variant<Box<dyn KindKeys>>] = &[
    &line::KIND,
    &heat_map::KIND,
    &bars::KIND,
    &pool::KIND,
    &lolly::KIND,
    &nested_loop::KIND,
    &zip::KIND,
];

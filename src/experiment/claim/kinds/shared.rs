//! Owns what keys of several kinds have in common.

use crate::format::keys::{Got, Line, Number, Pattern, Range, Table, key};
use crate::numerics::text::short;

pub(super) const POSITIVE: Number = Number(Range::above(0.0));

/// The column along which arms are compared.
pub(super) fn along(table: &mut Table<'_>) -> Got<String> {
    let about = "The column whose values are compared, among rows of one scenario that are equal in all other columns: a numeric one \
                 of arms, or `at`.";
    table.get(key("along", about, Line(Pattern::Column)))
}

/// A share in words.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", short(100.0 * share))
}

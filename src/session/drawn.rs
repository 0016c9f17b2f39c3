//! Owns what is at hand of a scenario that is drawn, until it is known what claims rest on.

use super::remarks::Barred;
use crate::engine::Row;
use crate::experiment::RowRef;
use crate::inference::cell::Measured;
use crate::inference::groups::Groups;

/// A scenario that is drawn, for as long as its sums are looked at.
#[derive(Clone, Copy)]
pub(super) struct Drawn<'a> {
    /// Its estimates, in the order of its estimands.
    pub rows: &'a [Row],
    /// The joint group sums that they follow from.
    pub groups: &'a Groups,
    /// Which of its rows are not judged.
    pub barred: &'a Barred<'a>,
}

impl Drawn<'_> {
    /// What was measured of one of its rows.
    pub fn measured(&self, row: RowRef) -> Option<&Measured> {
        self.rows[row.estimand].measured.as_ref()
    }
}

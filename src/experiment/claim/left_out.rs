//! Owns what `with-exact` and `condition-at-least` leave out of a claim, and how it is told.

use super::model::LeftOut;
use crate::experiment::table::RowRef;
use crate::experiment::validated::Experiment;

/// What has been left out so far.
#[derive(Default)]
pub(super) struct Lost {
    cells: usize,
    /// The first row that is left out.
    first: Option<RowRef>,
}

impl Lost {
    /// Whether all these rows are in range; if not they are lost together.
    pub fn keep(&mut self, mut rows: impl Iterator<Item = RowRef>, in_range: &dyn Fn(RowRef) -> bool) -> bool {
        let out = rows.find(|&row| !in_range(row));
        self.cells += usize::from(out.is_some());
        self.first = self.first.or(out);
        out.is_none()
    }

    /// What is to be told of it beside so many cells that are left.
    pub fn told(&self, experiment: &Experiment, left: usize) -> Option<LeftOut> {
        Some(LeftOut {
            cells: self.cells,
            of: self.cells + left,
            why: experiment.exact(self.first?).why_none(),
        })
    }
}

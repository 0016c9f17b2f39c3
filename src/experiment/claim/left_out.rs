//! Owns what `with-exact` and `condition-at-least` leave out of a claim, and how it is told.

use crate::experiment::{Experiment, RowRef};

/// What a claim does not cover by `with-exact` or `condition-at-least`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// How many rows, or pairs of rows where it is about pairs; at least one.
    pub cells: usize,
    /// Of how many that it would cover.
    pub of: usize,
    /// Why the first of them has no exact value (see [`Exact::None`](crate::engine::Exact::None)); none where its condition is met too
    /// rarely.
    pub why: Option<&'static str>,
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { cells, of, why } = self;
        write!(f, "{cells} of {of} cells left out ")?;
        match why {
            Some(why) => write!(f, "for want of an exact value: {why}"),
            None => f.write_str("where the condition of the estimand is met too rarely"),
        }
    }
}

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
            why: experiment.estimand(self.first?).exact.why_none(),
        })
    }
}

//! Owns validated claims: what each says, of which rows or pairs of rows.

use super::kind::ClaimKind;
use crate::experiment::table::RowRef;
use std::sync::Arc;

/// A statement about cells, each of which must hold.
#[derive(Debug)]
pub struct Claim {
    /// Short name.
    pub name: String,
    /// The claim in words.
    pub statement: String,
    /// What is said of each cell.
    pub kind: Arc<dyn ClaimKind>,
    /// What is covered; at least one.
    pub cells: Vec<ClaimCell>,
    /// How it must come out.
    pub expect: Expect,
    /// Level of its tests, in (0, 0.5).
    pub alpha: f64,
    /// The largest share of the replicates of an arm of which notice may be given ([`Notice`](crate::engine::Notice)), from 0 to 1:
    /// beyond it no estimand that this bars is judged.
    pub noticed_at_most: f64,
    /// What `with-exact` or `condition-at-least` left out; none where it left out nothing. The statement says it too.
    pub left_out: Option<LeftOut>,
    /// Why it may be judged although many replicates failed, in words; without it, it is not.
    pub attrition: Option<String>,
}

/// What one cell of a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimCell {
    /// One row.
    Row(RowRef),
    /// The first row compared with the second: both of one scenario, so that they share their draws.
    Pair(RowRef, RowRef),
}

impl ClaimCell {
    /// Its row, or the first of two.
    pub fn first(self) -> RowRef {
        let (ClaimCell::Row(row) | ClaimCell::Pair(row, _)) = self;
        row
    }

    /// The scenario that its rows stand in.
    pub fn scenario(self) -> usize {
        self.first().scenario
    }

    /// The rows it looks at.
    pub fn rows(self) -> impl Iterator<Item = RowRef> {
        let (first, second) = match self {
            ClaimCell::Row(row) => (row, None),
            ClaimCell::Pair(first, second) => (first, Some(second)),
        };
        std::iter::once(first).chain(second)
    }
}

/// How a claim must come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// An ordinary claim.
    Confirmed,
    /// A negative control: it must be positively refuted.
    Refuted,
}

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

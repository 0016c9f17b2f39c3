//! Owns what a kind of claim has to say of itself: in words, and of a cell in the terms of its test.

use crate::engine::Estimand;
use crate::format::keys::Variant;
pub use crate::inference::cell::Statement;
pub use crate::inference::pair::{Comparison, Contrast};
use crate::numerics::elementary::exp;
use crate::study::TheoryRow;
use std::fmt::Debug;
use std::sync::Arc;

/// The name of a kind, and the reader of its keys.
pub type KindKeys = Variant<Arc<dyn ClaimKind>>;

/// A claim of some kind, as its keys say.
pub trait ClaimKind: Debug + Send + Sync {
    /// The kind's name in files.
    fn name(&self) -> &'static str;

    /// What it says of an estimand, in words that follow its name. `versus` are the columns of that key, `reference` is what the
    /// reference of its rows is called.
    fn words(&self, versus: &str, reference: &str) -> String;

    /// How its cells are made of rows.
    fn pairing(&self) -> Pairing<'_> {
        Pairing::None
    }

    /// Why no data could decide it at a row, where that is a matter of this kind alone. `place` tells the keys of the row in words.
    fn refusal(&self, _estimand: &Estimand, _theory: TheoryRow, _place: &dyn Fn() -> String) -> Option<String> {
        None
    }

    /// What it says of a cell: of one row, or of two where it pairs them, by what theory says of the first; and whether what was measured
    /// has no value below 0.
    fn says(&self, theory: TheoryRow, never_negative: bool) -> Said;

    /// The target and the margin that are printed beside what it says of a cell.
    fn against(&self, said: Said) -> (f64, f64) {
        said.against()
    }

    /// The number that it says a row is.
    fn number(&self, _theory: TheoryRow) -> Option<f64> {
        None
    }
}

/// How a claim's cells are made of rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pairing<'a> {
    /// Each row is a cell.
    None,
    /// Neighbours along this column: the later with the earlier.
    Steps(&'a str),
    /// Each row with the partner that `versus` gives it.
    Partners,
    /// One arm with every other arm along this column: the one at this number, or where theory has the optimum.
    Rivals(&'a str, Option<f64>),
}

/// What is said of a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said {
    /// Of one row.
    One(Statement),
    /// Of the contrast of two.
    Two(Contrast, Comparison),
}

/// What the numbers of a claim are that stand beside its verdict: the word of `claims.csv`, and a clause for pages.
pub const SCALES: [(&str, &str); 3] = [VALUE, RATIO, DIFFERENCE];

const VALUE: (&str, &str) = (
    "value",
    "a *value* is the estimand itself, and the target what it is compared with",
);
const RATIO: (&str, &str) = (
    "ratio",
    "a *ratio* is the estimand over its target where one cell is judged at a time (kind `agrees`), and over that of the other \
     arm on the same draws where two are compared",
);
const DIFFERENCE: (&str, &str) = (
    "difference",
    "a *difference* is that of two arms on the same draws, and the target is 0",
);

impl Said {
    /// The scale of its numbers, by the word of [`SCALES`].
    pub fn scale(self) -> &'static str {
        match self {
            Self::One(Statement::AgreesByRatio { .. }) | Self::Two(Contrast::LogRatio, _) => RATIO.0,
            Self::One(_) => VALUE.0,
            Self::Two(Contrast::Difference, _) => DIFFERENCE.0,
        }
    }

    /// A number of the cell on that scale.
    pub fn shown(self, x: f64) -> f64 {
        match self {
            Self::One(Statement::AgreesByRatio { target, .. }) => x / target,
            Self::Two(Contrast::LogRatio, _) => exp(x),
            _ => x,
        }
    }

    /// The number that the cell is compared with, of an agreement by ratio that which it is a ratio to; and its margin or bound.
    fn against(self) -> (f64, f64) {
        let bound = match self {
            Self::One(Statement::AgreesByRatio { target, margin } | Statement::AgreesWithin { target, margin }) => {
                return (target, margin);
            }
            Self::One(Statement::AtMost(bound) | Statement::AtLeast(bound)) => bound,
            Self::One(Statement::Positive | Statement::Negative) => 0.0,
            Self::Two(_, comparison) => self.shown(comparison.bound()),
        };
        (bound, bound)
    }
}

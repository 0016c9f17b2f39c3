//! Owns validated claims: what each says, of which rows or pairs of rows.

use crate::experiment::table::RowRef;

/// A statement about cells, each of which must hold.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Short name.
    pub name: String,
    /// The claim in words.
    pub statement: String,
    /// What is said of each cell.
    pub kind: ClaimKind,
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
    /// The scenario that its rows stand in.
    pub fn scenario(self) -> usize {
        let (ClaimCell::Row(row) | ClaimCell::Pair(row, _)) = self;
        row.scenario
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

/// What a claim says of each cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClaimKind {
    /// Equals a target within a margin.
    Agrees {
        /// The target.
        target: Target,
        /// The margin.
        margin: Margin,
    },
    /// Does not exceed a bound.
    AtMost(f64),
    /// Does not fall below a bound.
    AtLeast(f64),
    /// Has a sign.
    Sign(Sign),
    /// Is 0 within this.
    Zero(f64),
    /// The first of a pair, the next along an axis, lies on this side of the second.
    Monotone(Direction),
    /// The first of a pair lies on a side of the second.
    Ordering {
        /// Which side.
        side: Side,
        /// Of that many times the second; without it the difference is looked at.
        factor: Option<f64>,
    },
    /// The first of a pair, the claimed optimum, is above the second by no more than a factor of 1 plus this.
    Optimum {
        /// A share, such as 0.02.
        within: f64,
    },
}

impl ClaimKind {
    /// The kind's name in files.
    pub fn name(&self) -> &'static str {
        match self {
            ClaimKind::Agrees { .. } => "agrees",
            ClaimKind::AtMost(_) => "at-most",
            ClaimKind::AtLeast(_) => "at-least",
            ClaimKind::Sign(_) => "sign",
            ClaimKind::Zero(_) => "zero",
            ClaimKind::Monotone(_) => "monotone",
            ClaimKind::Ordering { .. } => "ordering",
            ClaimKind::Optimum { .. } => "optimum",
        }
    }

    /// Whether it compares pairs by the logarithm of their ratio.
    pub fn by_log_ratio(&self) -> bool {
        matches!(
            self,
            ClaimKind::Ordering { factor: Some(_), .. } | ClaimKind::Optimum { .. }
        )
    }
}

/// What `agrees` compares with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Each cell's exact value.
    Exact,
    /// Each cell's reference: a value of theory that is not exact.
    Reference,
    /// A stated number.
    Value(f64),
}

/// How far `agrees` lets an estimand be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Margin {
    /// The ratio stays within 1/(1+m) and 1+m.
    Ratio(f64),
    /// The difference stays within this.
    Absolute(f64),
    /// The difference stays within the absolute part plus this share of the target's size: for targets of which some are near 0.
    Both {
        /// A share, such as 0.03.
        ratio: f64,
        /// In the unit of the estimand.
        absolute: f64,
    },
}

impl Margin {
    /// The margin at a target: a share for a margin of the ratio, else in the unit of the estimand.
    pub fn at(self, target: f64) -> f64 {
        match self {
            Margin::Ratio(margin) | Margin::Absolute(margin) => margin,
            Margin::Both { ratio, absolute } => absolute + ratio * target.abs(),
        }
    }
}

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Above 0.
    Positive,
    /// Below 0.
    Negative,
}

/// Which way an estimand goes along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It falls at every step.
    Decreasing,
    /// It rises at every step.
    Increasing,
}

/// A side of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Smaller.
    Below,
    /// Larger.
    Above,
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

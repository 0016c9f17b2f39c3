//! Owns the scale on which a claim's numbers are printed: the value itself, a ratio or a difference, and the number compared with.

use super::evidence;
use crate::experiment::{ClaimCell, ClaimKind, Experiment, Margin};
use crate::numerics::elementary::exp;

/// What `estimate`, `low` and `high` of a claim are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// The estimand itself.
    Value,
    /// Its ratio to the target, or to that of the other arm.
    Ratio,
    /// Its difference from that of the other arm.
    Difference,
}

impl Scale {
    /// The scale of a cell.
    pub fn of(kind: &ClaimKind, cell: ClaimCell) -> Self {
        match (kind, cell) {
            (
                ClaimKind::Agrees {
                    margin: Margin::Ratio(_),
                    ..
                },
                _,
            ) => Self::Ratio,
            (_, ClaimCell::Row(_)) => Self::Value,
            (_, ClaimCell::Pair(..)) if kind.by_log_ratio() => Self::Ratio,
            (_, ClaimCell::Pair(..)) => Self::Difference,
        }
    }

    /// The word of `claims.csv`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Ratio => "ratio",
            Self::Difference => "difference",
        }
    }
}

/// A number of a cell on its scale.
pub(super) fn shown(experiment: &Experiment, kind: &ClaimKind, cell: ClaimCell, x: f64) -> f64 {
    match (Scale::of(kind, cell), cell) {
        (Scale::Ratio, ClaimCell::Row(row)) => x / evidence::target(experiment, kind, row),
        (Scale::Ratio, ClaimCell::Pair(..)) => exp(x),
        _ => x,
    }
}

/// The number that a cell is compared with; of an agreement by ratio that which it is a ratio to.
pub(super) fn target(experiment: &Experiment, kind: &ClaimKind, cell: ClaimCell) -> f64 {
    match (kind, cell) {
        (ClaimKind::Agrees { .. }, ClaimCell::Row(row)) => evidence::target(experiment, kind, row),
        (ClaimKind::AtMost(bound) | ClaimKind::AtLeast(bound), _) => *bound,
        (ClaimKind::Ordering { factor, .. }, _) => factor.unwrap_or(0.0),
        (ClaimKind::Optimum { .. }, _) => 1.0,
        _ => 0.0,
    }
}

/// The margin or bound of a claim; where it depends on the target, that of this cell.
pub(super) fn margin(experiment: &Experiment, kind: &ClaimKind, cell: ClaimCell) -> f64 {
    match kind {
        ClaimKind::Agrees { margin, .. } => margin.at(target(experiment, kind, cell)),
        ClaimKind::AtMost(bound) | ClaimKind::AtLeast(bound) => *bound,
        ClaimKind::Sign(_) | ClaimKind::Monotone(_) => 0.0,
        ClaimKind::Zero(absolute) => *absolute,
        ClaimKind::Ordering { factor, .. } => factor.unwrap_or(0.0),
        ClaimKind::Optimum { within } => *within,
    }
}

//! A statement about one estimate, and the evidence for and against it.
//!
//! Every statement has two p-values. *Confirming* tests the null 'the statement is false', *refuting* the null 'the statement is true';
//! neither is one minus the other's decision, and between them lies the inconclusive. With `v`, `se`, `df` the estimate:
//!
//! | statement | confirm | refute |
//! |---|---|---|
//! | at most `c` | `P(T >= (c - v)/se)` | `P(T >= (v - c)/se)` |
//! | at least `c` | `P(T >= (v - c)/se)` | `P(T >= (c - v)/se)` |
//! | within `m` of `c` | the larger of the two one-sided tests at `c ± m` (Schuirmann 1987) | interval null `|v - c| <= m` (Hodges and Lehmann 1954): `P(T >= (|v - c| - m)/se) + P(T >= (|v - c| + m)/se)` |
//! | within a factor `1 + m` of `c` | the same on `ln(v/c)`, with `se = mcse/v` and `ln(1 + m)` | the same |
//!
//! An estimate whose law has no symmetric form answers the one-sided questions by tests of its own: a squared norm and its length by the
//! [`score`](super::score), a [`quotient`](super::quotient) and an [`angle`](super::angle) without dividing, a [`skewed`](super::skewed) estimate by
//! the tail on either side, a [`mass`](super::mass) by an effective binomial. Its interval null takes twice the smaller of the two one-sided p-values (Bonferroni).
//!
//! A [`proportion`](super::proportion) of replicates answers all of them by exact binomial tails.
//!
//! Without noise (MCSE 0 up to rounding) the p-values are 0 and 1 and the cell is marked [`exact`](Cell::exact). An event that was never
//! seen in any replicate also has MCSE 0, and that is no proof: a share, or a mass that was never seen, is never taken as without noise, and
//! other estimands only where theory gives the same value ([`Statement::judge_beside`]).
//!
//! A further kind of claim needs a function that returns [`Cell`]s; nothing above it reads more than that. Those over pairs of arms
//! are in [`pair`](super::pair).

use super::estimate::{Estimate, Interval};
use super::laws::student_above;
pub use super::measured::Measured;
pub use super::statement::Statement;
use crate::numerics::elementary::ln;

/// Groups below which no claim is judged: the standard error itself then has a standard error above 16 %.
pub const FEWEST_GROUPS: f64 = 20.0;

/// What a value and its bound may differ by, relative to the larger, and still be equal: the rounding of a mean of thousands.
pub const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// The evidence about one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Small where the statement is shown to be true.
    pub p_confirm: f64,
    /// Small where the statement is shown to be false.
    pub p_refute: f64,
    /// What was measured.
    pub estimate: Estimate,
    /// Its interval at `1 - 2 alpha`, whose ends are one-sided bounds at `alpha`: it lies inside the margins when the cell confirms.
    pub interval: Interval,
    /// There was no noise: the p-values are 0 and 1.
    pub exact: bool,
}

/// Why a cell gives no evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoVerdict {
    /// The standard error is too uncertain.
    #[error("its standard error rests on fewer than 20 groups of replicates")]
    TooFewGroups,
    /// Too many replicates failed: what is left may be an estimate of something else.
    #[error("more replicates of it failed than a claim takes without a reason")]
    TooManyFailed,
    /// An arm is void, or a measure overflowed.
    #[error("the estimate or its standard error is not a finite number")]
    NotFinite,
    /// A margin by ratio has no meaning there.
    #[error("a margin by ratio needs a positive estimate and a positive target")]
    NotPositive,
    /// A log ratio of two arms has no meaning there.
    #[error("a log ratio of two arms needs both estimates to be positive")]
    NoLogRatio,
    /// A standard error of 0 that theory does not account for.
    #[error("it never varied, and its exact value is not known to be this: more replicates may see what these did not")]
    NeverVaried,
    /// More replicates than the claim allows are not what the estimand is called, and why.
    #[error("{0}")]
    Noticed(&'static str),
    /// The two arms gave the same numbers throughout.
    #[error("the two arms never differ, so there is no order to see")]
    Tied,
    /// A quotient or an angle of noise.
    #[error(
        "its denominator is within four standard errors of 0, where only its sign could be judged: more replicates may tell"
    )]
    Drowned,
    /// Two squared norms without a slope: their difference has no standard error.
    #[error(
        "both are within four standard errors of their boundary, where a difference has no standard error: more replicates may tell"
    )]
    NearBoundary,
}

impl Statement {
    /// The evidence of `measured` about this statement; `alpha` sets the interval only.
    ///
    /// # Errors
    ///
    /// When there can be no evidence: see [`NoVerdict`].
    pub fn judge(&self, measured: &Measured, alpha: f64) -> Result<Cell, NoVerdict> {
        let estimate = measured.estimate();
        self.check(measured)?;
        let scale = estimate.value.abs().max(self.scale());
        let exact = estimate.mcse <= ROUNDING * scale && !measured.is_unseen();
        let (p_confirm, p_refute) = match measured {
            Measured::Proportion(share) => share.judge(self),
            _ if exact && self.holds(estimate.value, ROUNDING * scale) => (0.0, 1.0),
            _ if exact => (1.0, 0.0),
            Measured::Smooth(estimate) => self.p_smooth(estimate),
            _ => self.p_tails(measured),
        };
        Ok(Cell {
            p_confirm,
            p_refute,
            estimate,
            interval: self.interval(measured, 1.0 - 2.0 * alpha),
            exact,
        })
    }

    /// The same beside the exact value, where theory has one. Without noise there is evidence only where it is the same value, for what
    /// never varied may rest on what was never seen.
    ///
    /// # Errors
    ///
    /// As [`judge`](Self::judge), and [`NoVerdict::NeverVaried`].
    pub fn judge_beside(&self, exact: Option<f64>, measured: &Measured, alpha: f64) -> Result<Cell, NoVerdict> {
        let cell = self.judge(measured, alpha)?;
        let value = cell.estimate.value;
        let slack = ROUNDING * value.abs().max(self.scale());
        let agrees = exact.is_some_and(|exact| (exact - value).abs() <= slack);
        match (measured, cell.exact) {
            (_, true) if !agrees => Err(NoVerdict::NeverVaried),
            // A mass that theory says is 0, or 1, is no event that was missed.
            (Measured::Mass(mass), false) if agrees && mass.unseen().is_some() => {
                self.judge(&Measured::Smooth(mass.estimate()), alpha)
            }
            _ => Ok(cell),
        }
    }

    fn check(&self, measured: &Measured) -> Result<(), NoVerdict> {
        let estimate = measured.estimate();
        // A share of 0 can be judged against a positive target: it is no logarithm that is looked at.
        let positive = estimate.value > 0.0 || matches!(measured, Measured::Proportion(_) | Measured::Mass(_));
        if estimate.df < FEWEST_GROUPS - 1.0 {
            return Err(NoVerdict::TooFewGroups);
        }
        if !(estimate.value.is_finite() && estimate.mcse.is_finite() && self.scale().is_finite()) {
            return Err(NoVerdict::NotFinite);
        }
        match self {
            Self::AgreesByRatio { target, .. } if !positive || *target <= 0.0 => Err(NoVerdict::NotPositive),
            _ if !self.ends().into_iter().flatten().all(|end| measured.knows(end)) => Err(NoVerdict::Drowned),
            _ => Ok(()),
        }
    }

    /// The numbers that the estimand is compared with.
    fn ends(&self) -> [Option<f64>; 2] {
        match *self {
            Self::AgreesByRatio { target, margin } => [Some(target / (1.0 + margin)), Some(target * (1.0 + margin))],
            Self::AgreesWithin { target, margin } => [Some(target - margin), Some(target + margin)],
            Self::AtMost(bound) | Self::AtLeast(bound) => [Some(bound), None],
            Self::Positive | Self::Negative => [Some(0.0), None],
        }
    }

    /// The size of the number that the estimand is compared with.
    fn scale(&self) -> f64 {
        match *self {
            Self::AgreesByRatio { target, margin } | Self::AgreesWithin { target, margin } => {
                target.abs() + margin.abs()
            }
            Self::AtMost(bound) | Self::AtLeast(bound) => bound.abs(),
            Self::Positive | Self::Negative => 0.0,
        }
    }

    /// Whether the statement is true of a number, equality counting as rounding allows.
    fn holds(&self, value: f64, slack: f64) -> bool {
        match *self {
            Self::AgreesByRatio { target, margin } => {
                value <= target * (1.0 + margin) + slack && target <= value * (1.0 + margin) + slack
            }
            Self::AgreesWithin { target, margin } => (value - target).abs() <= margin + slack,
            Self::AtMost(bound) => value <= bound + slack,
            Self::AtLeast(bound) => value >= bound - slack,
            Self::Positive => value > slack,
            Self::Negative => value < -slack,
        }
    }

    /// Confirming and refuting p-values by Student's t.
    fn p_smooth(&self, estimate: &Estimate) -> (f64, f64) {
        let above = |bound: f64| student_above((estimate.value - bound) / estimate.mcse, estimate.df);
        let below = |bound: f64| student_above((bound - estimate.value) / estimate.mcse, estimate.df);
        match *self {
            Self::AgreesByRatio { target, margin } => p_equivalence(
                ln(estimate.value / target),
                ln(1.0 + margin),
                estimate.mcse / estimate.value,
                estimate.df,
            ),
            Self::AgreesWithin { target, margin } => {
                p_equivalence(estimate.value - target, margin, estimate.mcse, estimate.df)
            }
            Self::AtMost(bound) => (below(bound), above(bound)),
            Self::AtLeast(bound) => (above(bound), below(bound)),
            Self::Positive => (above(0.0), below(0.0)),
            Self::Negative => (below(0.0), above(0.0)),
        }
    }

    /// Confirming and refuting p-values by the one-sided tests of an estimate that has its own.
    fn p_tails(&self, measured: &Measured) -> (f64, f64) {
        let (above, below) = (|c: f64| measured.p_above(c), |c: f64| measured.p_below(c));
        match (*self, self.ends()) {
            (Self::AtMost(bound), _) => (below(bound), above(bound)),
            (Self::AtLeast(bound), _) => (above(bound), below(bound)),
            // 'Not 0': no data can refute it of what is never below 0, and none are needed to refute the opposite.
            (Self::Positive, _) if measured.is_never_negative() => (above(0.0), 1.0),
            (Self::Negative, _) if measured.is_never_negative() => (1.0, 0.0),
            (Self::Positive, _) => (above(0.0), below(0.0)),
            (Self::Negative, _) => (below(0.0), above(0.0)),
            (_, [Some(low), Some(high)]) => {
                let confirm = above(low).max(below(high));
                let refute = 2.0 * above(high).min(below(low));
                (confirm, refute.min(1.0))
            }
            _ => (f64::NAN, f64::NAN),
        }
    }

    fn interval(&self, measured: &Measured, level: f64) -> Interval {
        match (self, measured) {
            (Self::AgreesByRatio { .. }, Measured::Smooth(estimate)) => estimate.log_interval(level),
            _ => measured.interval(level),
        }
    }
}

/// Confirming and refuting p-values of 'the truth of `difference` lies within `±margin`'.
fn p_equivalence(difference: f64, margin: f64, error: f64, df: f64) -> (f64, f64) {
    let size = difference.abs();
    // The larger of the two one-sided p-values is that of the nearer end.
    let confirm = student_above((margin - size) / error, df);
    let far = student_above((size + margin) / error, df);
    let refute = student_above((size - margin) / error, df) + far;
    (confirm, refute.min(1.0))
}

#[cfg(test)]
#[path = "cell_tests.rs"]
mod tests;

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
//! A squared norm answers the one-sided questions by its score test ([`SquaredNorm::p_above`], [`SquaredNorm::p_below`]); its interval
//! null takes twice the smaller of the two one-sided p-values (Bonferroni), since its law has no symmetric form.
//!
//! A share of replicates answers all of them by exact binomial tails ([`Share`]).
//!
//! Without noise (MCSE 0 up to rounding) the p-values are 0 and 1 and the cell is marked [`exact`](Cell::exact). An event that was never
//! seen in any replicate also has MCSE 0, and that is no proof: a share is therefore never taken as without noise. Beware of other
//! estimands that rest on what was never seen, such as the mean mass of a rare mode: they need an exact value or more replicates.
//!
//! A further kind of claim needs a function that returns [`Cell`]s; nothing above it reads more than that. Those over pairs of arms
//! are in [`pair`](super::pair).

use super::estimate::{Estimate, Interval};
use super::laws::student_above;
use super::score::SquaredNorm;
use super::share::Share;
use crate::numerics::elementary::ln;

/// Groups below which no claim is judged: the standard error itself then has a standard error above 16 %.
pub const FEWEST_GROUPS: f64 = 20.0;

/// What a value and its bound may differ by, relative to the larger, and still be equal: the rounding of a mean of thousands.
pub(super) const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// A statement about one estimand, in its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statement {
    /// The estimand over `target` lies within `[1/(1 + margin), 1 + margin]`. Both must be positive.
    AgreesByRatio {
        /// The exact value, or another positive number.
        target: f64,
        /// A share, such as 0.03.
        margin: f64,
    },
    /// The estimand lies within `margin` of `target`: for estimands that may be 0 or negative.
    AgreesWithin {
        /// The exact value.
        target: f64,
        /// In the unit of the estimand.
        margin: f64,
    },
    /// The estimand is at most this.
    AtMost(f64),
    /// The estimand is at least this.
    AtLeast(f64),
    /// The estimand is above 0; for a squared norm, 'not 0', which no data can refute.
    Positive,
    /// The estimand is below 0.
    Negative,
}

/// An estimate and how it errs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measured {
    /// A smooth function of means away from a boundary: Student's t.
    Smooth(Estimate),
    /// A squared norm: the score test.
    SquaredNorm(SquaredNorm),
    /// A share of replicates: the binomial's own tails.
    Share(Share),
}

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
    #[error("fewer than 20 groups: run more batches")]
    TooFewGroups,
    /// An arm is void, or a measure overflowed.
    #[error("the estimate or its standard error is not a finite number")]
    NotFinite,
    /// A margin by ratio has no meaning there.
    #[error("a margin by ratio needs a positive estimate and a positive target")]
    NotPositive,
    /// A log ratio of two arms has no meaning there.
    #[error("a log ratio of two arms needs both estimates to be positive")]
    NoLogRatio,
    /// The two arms gave the same numbers throughout.
    #[error("the two arms never differ, so there is no order to see")]
    Tied,
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
        let exact = estimate.mcse <= ROUNDING * scale && !matches!(measured, Measured::Share(_));
        let (p_confirm, p_refute) = match measured {
            Measured::Share(share) => share.judge(self),
            _ if exact && self.holds(estimate.value, ROUNDING * scale) => (0.0, 1.0),
            _ if exact => (1.0, 0.0),
            Measured::Smooth(estimate) => self.p_smooth(estimate),
            Measured::SquaredNorm(norm) => self.p_squared_norm(norm),
        };
        Ok(Cell {
            p_confirm,
            p_refute,
            estimate,
            interval: self.interval(measured, 1.0 - 2.0 * alpha),
            exact,
        })
    }

    fn check(&self, measured: &Measured) -> Result<(), NoVerdict> {
        let estimate = measured.estimate();
        // A share of 0 can be judged against a positive target: it is no logarithm that is looked at.
        let positive = estimate.value > 0.0 || matches!(measured, Measured::Share(_));
        if estimate.df < FEWEST_GROUPS - 1.0 {
            return Err(NoVerdict::TooFewGroups);
        }
        if !(estimate.value.is_finite() && estimate.mcse.is_finite() && self.scale().is_finite()) {
            return Err(NoVerdict::NotFinite);
        }
        match self {
            Self::AgreesByRatio { target, .. } if !positive || *target <= 0.0 => Err(NoVerdict::NotPositive),
            _ => Ok(()),
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

    /// Confirming and refuting p-values by the score test of a squared norm.
    fn p_squared_norm(&self, norm: &SquaredNorm) -> (f64, f64) {
        let between = |low: f64, high: f64| {
            let confirm = norm.p_above(low).max(norm.p_below(high));
            let refute = 2.0 * norm.p_above(high).min(norm.p_below(low));
            (confirm, refute.min(1.0))
        };
        match *self {
            Self::AgreesByRatio { target, margin } => between(target / (1.0 + margin), target * (1.0 + margin)),
            Self::AgreesWithin { target, margin } => between(target - margin, target + margin),
            Self::AtMost(bound) => (norm.p_below(bound), norm.p_above(bound)),
            Self::AtLeast(bound) => (norm.p_above(bound), norm.p_below(bound)),
            Self::Positive => (norm.p_above(0.0), 1.0),
            // A squared norm is never below 0: no data are needed.
            Self::Negative => (1.0, 0.0),
        }
    }

    fn interval(&self, measured: &Measured, level: f64) -> Interval {
        match (self, measured) {
            (_, Measured::SquaredNorm(norm)) => norm.interval(level),
            (_, Measured::Share(share)) => share.interval(level),
            (Self::AgreesByRatio { .. }, Measured::Smooth(estimate)) => estimate.log_interval(level),
            (_, Measured::Smooth(estimate)) => estimate.interval(level),
        }
    }
}

impl Measured {
    /// The estimate.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        match self {
            Self::Smooth(estimate) => *estimate,
            Self::SquaredNorm(norm) => norm.estimate(),
            Self::Share(share) => share.estimate(),
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
mod tests {
    use super::*;

    fn estimate(value: f64, mcse: f64) -> Estimate {
        Estimate {
            value,
            mcse,
            df: 63.0,
            replicates: 640,
        }
    }

    fn judged(statement: Statement, value: f64, mcse: f64) -> Cell {
        statement
            .judge(&Measured::Smooth(estimate(value, mcse)), 0.05)
            .expect("evidence")
    }

    const RATIO: Statement = Statement::AgreesByRatio {
        target: 2.0,
        margin: 0.1,
    };
    const WITHIN: Statement = Statement::AgreesWithin {
        target: -1.0,
        margin: 0.5,
    };

    #[test]
    fn one_sided_statements_are_one_sided_t_tests() {
        // t = 2 on 63 degrees of freedom: 0.024913 (numerical integration, five digits by table 26.10's interpolation).
        let p = student_above(2.0, 63.0);
        assert!((p - 0.0249).abs() < 1e-4);
        for (statement, value, p_confirm, p_refute) in [
            (Statement::AtMost(5.0), 4.0, p, 1.0 - p),
            (Statement::AtMost(5.0), 6.0, 1.0 - p, p),
            (Statement::AtLeast(5.0), 6.0, p, 1.0 - p),
            (Statement::Positive, 1.0, p, 1.0 - p),
            (Statement::Negative, 1.0, 1.0 - p, p),
        ] {
            let cell = judged(statement, value, 0.5);
            assert!((cell.p_confirm - p_confirm).abs() < 1e-12, "{statement:?} {cell:?}");
            assert!((cell.p_refute - p_refute).abs() < 1e-12, "{statement:?} {cell:?}");
            assert!(!cell.exact);
        }
    }

    #[test]
    fn agreement_takes_the_worse_of_two_one_sided_tests() {
        let low = judged(Statement::AtLeast(-1.5), -1.2, 0.1).p_confirm;
        let high = judged(Statement::AtMost(-0.5), -1.2, 0.1).p_confirm;
        assert_eq!(judged(WITHIN, -1.2, 0.1).p_confirm, low.max(high));
        // By ratio: ln(2.1/2) against ln 1.1, error .02/2.1.
        let t = (ln(1.1) - ln(1.05)) / (0.02 / 2.1);
        assert!((judged(RATIO, 2.1, 0.02).p_confirm - student_above(t, 63.0)).abs() < 1e-12);
        // 1/1.1 is the margin below: an estimate there is as undecided as one at 1.1.
        for edge in [2.0 / 1.1, 2.2] {
            assert!((judged(RATIO, edge, 0.01).p_confirm - 0.5).abs() < 1e-9);
        }
    }

    #[test]
    fn refutation_of_agreement_counts_both_tails() {
        // With no margin it is the two-sided test.
        let point = Statement::AgreesWithin {
            target: 0.0,
            margin: 0.0,
        };
        let two_sided = 2.0 * student_above(2.0, 63.0);
        assert!((judged(point, -1.0, 0.5).p_refute - two_sided).abs() < 1e-12);
        // With a wide one the far tail is empty.
        let near = judged(WITHIN, 0.0, 0.1).p_refute;
        assert!((near - student_above(5.0, 63.0)).abs() < 1e-12);
        assert!(judged(WITHIN, -1.0, 0.1).p_refute > 0.999);
    }

    #[test]
    fn the_interval_lies_within_the_margins_exactly_when_the_cell_confirms() {
        for step in 0..200 {
            let value = 1.7 + 0.004 * f64::from(step);
            let cell = judged(RATIO, value, 0.03);
            let inside = cell.interval.low >= 2.0 / 1.1 && cell.interval.high <= 2.2;
            assert_eq!(cell.p_confirm <= 0.05, inside, "{value}");
        }
    }

    #[test]
    fn without_noise_a_statement_is_true_or_false() {
        let truth = |statement, value| {
            let cell = judged(statement, value, 0.0);
            assert!(cell.exact);
            (cell.p_confirm, cell.p_refute)
        };
        assert_eq!(
            truth(Statement::AtMost(0.3), 0.1 + 0.2),
            (0.0, 1.0),
            "equal up to rounding"
        );
        assert_eq!(truth(Statement::AtMost(0.3), 0.300_001), (1.0, 0.0));
        assert_eq!(truth(Statement::AtLeast(0.3), 0.1 + 0.2), (0.0, 1.0));
        assert_eq!(truth(Statement::Positive, 0.0), (1.0, 0.0));
        assert_eq!(truth(Statement::Negative, 0.0), (1.0, 0.0));
        assert_eq!(truth(RATIO, 2.2), (0.0, 1.0));
        assert_eq!(truth(RATIO, 2.3), (1.0, 0.0));
        assert_eq!(truth(WITHIN, -1.5), (0.0, 1.0));
        assert_eq!(truth(WITHIN, -1.51), (1.0, 0.0));
    }

    #[test]
    fn what_cannot_be_judged_says_why() {
        let judge = |statement: Statement, estimate| statement.judge(&Measured::Smooth(estimate), 0.05).unwrap_err();
        let few = Estimate {
            df: 18.0,
            ..estimate(1.0, 0.1)
        };
        assert_eq!(judge(Statement::Positive, few), NoVerdict::TooFewGroups);
        assert!(
            Statement::Positive
                .judge(&Measured::Smooth(Estimate { df: 19.0, ..few }), 0.05)
                .is_ok()
        );
        assert_eq!(
            judge(Statement::Positive, estimate(f64::NAN, 0.1)),
            NoVerdict::NotFinite
        );
        assert_eq!(
            judge(Statement::Positive, estimate(1.0, f64::NAN)),
            NoVerdict::NotFinite
        );
        assert_eq!(
            judge(Statement::AtMost(f64::INFINITY), estimate(1.0, 0.1)),
            NoVerdict::NotFinite
        );
        assert_eq!(judge(RATIO, estimate(-0.1, 0.1)), NoVerdict::NotPositive);
    }
}

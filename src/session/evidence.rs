//! Owns what a cell of a claim rests on: what was measured, what is said of it, and how both become p-values, now or as they would
//! stand after more replicates.

use super::drawn::Drawn;
use super::remarks;
use crate::engine::Functional;
use crate::experiment::{Claim, ClaimCell, Experiment, RowRef, Said};
use crate::inference::cell::{self, Measured, NoVerdict, Statement};
use crate::inference::groups::Groups;
use crate::inference::pair::{Comparison, Contrast, Paired};
use crate::inference::range::Range;

/// What one cell rests on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence {
    of: Found,
    /// Where the estimate is put, instead of where it was found.
    truth: Option<f64>,
    /// Replicates as a multiple of those that were drawn.
    factor: f64,
}

#[derive(Debug, Clone, Copy)]
enum Found {
    Row {
        statement: Statement,
        exact: Option<f64>,
        measured: Measured,
    },
    Pair {
        paired: Paired,
        comparison: Comparison,
    },
}

impl Evidence {
    /// The evidence about a cell of a claim.
    ///
    /// # Errors
    ///
    /// When there can be none, whatever the statement.
    pub fn new(experiment: &Experiment, claim: &Claim, cell: ClaimCell, drawn: Drawn<'_>) -> Result<Self, NoVerdict> {
        drawn.barred.refuse(experiment, claim, cell, drawn.groups)?;
        let own = |row: RowRef| drawn.measured(row).copied().ok_or(NoVerdict::NotFinite);
        let of = match (said(experiment, claim, cell, drawn), cell) {
            (Said::One(statement), ClaimCell::Row(row)) => Found::Row {
                statement,
                exact: experiment.exact(row).value(),
                measured: own(row)?,
            },
            (Said::Two(contrast, comparison), ClaimCell::Pair(first, second)) => {
                comparable(&(own(first)?, own(second)?))?;
                Found::Pair {
                    paired: compared(experiment, contrast, (first, second), drawn.groups)?,
                    comparison,
                }
            }
            _ => unreachable!("a kind that pairs rows speaks of two, and any other of one"),
        };
        Ok(Self {
            of,
            truth: None,
            factor: 1.0,
        })
    }

    /// The same after `factor` times the replicates, were the estimate to stay where it is.
    pub fn after(self, factor: f64) -> Self {
        Self {
            factor: self.factor * factor,
            ..self
        }
    }

    /// The same with the estimate where the truth is.
    pub fn placed_at(self, truth: f64) -> Self {
        Self {
            truth: Some(truth),
            ..self
        }
    }

    /// Its p-values; `alpha` sets the interval only.
    ///
    /// # Errors
    ///
    /// When there can be none.
    pub fn judge(&self, alpha: f64) -> Result<cell::Cell, NoVerdict> {
        match self.of {
            Found::Row {
                statement,
                exact,
                measured,
            } => {
                let then = measured.after(self.factor);
                let then = self.truth.map_or(then, |truth| then.placed_at(truth));
                statement.judge_beside(exact, &then, alpha)
            }
            Found::Pair { paired, comparison } => {
                let then = paired.after(self.factor);
                let then = self.truth.map_or(then, |truth| then.placed_at(truth));
                then.judge(comparison, alpha)
            }
        }
    }

    /// The values that the estimand can have.
    pub fn range(&self) -> Range {
        match self.of {
            Found::Row { measured, .. } => Range::of(&measured),
            Found::Pair { paired, .. } => Range::of(&Measured::Smooth(paired.estimate)),
        }
    }

    /// Whether its p-values are 0 and 1 by logic and not by evidence: nothing of it is random, it holds of every possible value or of
    /// none, or one event shows that its probability is positive.
    pub fn is_certain(&self, judged: &cell::Cell) -> bool {
        let Found::Row {
            statement, measured, ..
        } = self.of
        else {
            return judged.exact;
        };
        let seen = matches!((statement, measured), (Statement::Positive, Measured::Proportion(_)));
        judged.exact || self.range().settles(&statement) || seen && judged.p_confirm == 0.0
    }
}

/// What a claim says of one of its cells.
pub(super) fn said(experiment: &Experiment, claim: &Claim, cell: ClaimCell, drawn: Drawn<'_>) -> Said {
    let row = cell.first();
    let never_negative = drawn.measured(row).is_some_and(Measured::is_never_negative);
    claim.kind.says(experiment.theory(row), never_negative)
}

/// The contrast of two rows of one scenario, from its joint group sums.
fn compared(
    experiment: &Experiment,
    contrast: Contrast,
    (first, second): (RowRef, RowRef),
    groups: &Groups,
) -> Result<Paired, NoVerdict> {
    let [one, other] = [first, second].map(|row| &experiment.estimand(row).functional);
    // Refused at validation: a pair is one estimand at two arms, and has joint means.
    let (a, b) = one.compared().zip(other.compared()).ok_or(NoVerdict::NotFinite)?;
    let paired = Paired::of(groups, a, b, contrast);
    let paired = match one {
        Functional::Mean(_) | Functional::Smooth(_) | Functional::Difference(..) | Functional::Variance { .. } => {
            paired
        }
        Functional::Proportion(_) | Functional::Mass { .. } => paired.of_shares(),
        Functional::SquaredNorm(_)
        | Functional::SquaredNormShare { .. }
        | Functional::OverSquaredNorm { .. }
        | Functional::SquaredNormOf { .. }
        | Functional::Norm { .. }
        | Functional::Angle { .. }
        | Functional::TheoryOnly => paired.debiased(),
    };
    let arms = remarks::arms(experiment, ClaimCell::Pair(first, second));
    let df = groups.with_any_of(&arms) as f64 - 1.0;
    Ok(paired.on(paired.estimate.df.min(df.max(0.0))))
}

/// Whether the contrast of two estimates can have a standard error.
fn comparable((first, second): &(Measured, Measured)) -> Result<(), NoVerdict> {
    if first.is_drowned() || second.is_drowned() {
        return Err(NoVerdict::Drowned);
    }
    match first.is_near_boundary() && second.is_near_boundary() {
        true => Err(NoVerdict::NearBoundary),
        false => Ok(()),
    }
}

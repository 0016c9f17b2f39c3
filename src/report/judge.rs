//! Owns the step from measured rows to verdicts on an experiment's claims.
//!
//! Claims over pairs are judged from joint group sums: estimates alone do not say how two arms err together.
//! Ordinary claims and negative controls are two families: Holm's correction runs over each apart.

use super::barred::Barred;
use super::flag;
use crate::engine::{Functional, Row};
use crate::experiment::{
    Claim, ClaimCell, ClaimKind, Direction, Expect, Experiment, Margin, RowRef, Side, Sign, Target,
};
use crate::inference::cell::{Known, Measured, NoVerdict, Statement};
use crate::inference::claim::{self, Outcome, Verdict};
use crate::inference::groups::{Groups, Means};
use crate::inference::pair::{Comparison, Contrast, Paired};
use crate::numerics::elementary::{exp, ln};
use crate::record::ClaimRecord;

/// One judged claim: its record, and why there is no verdict where data could not give one.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The row of `claims.csv`.
    pub record: ClaimRecord,
    /// The cell that decided, in words.
    pub cell: String,
    /// Why that cell gives no evidence.
    pub unjudged: Option<NoVerdict>,
}

/// What was measured, one entry per scenario.
#[derive(Clone, Copy)]
struct Runs<'a> {
    rows: &'a [Vec<Row>],
    groups: &'a [Groups],
    barred: &'a Barred<'a>,
}

/// Judges every claim of an experiment on its measured rows and joint group sums, each one entry per scenario.
pub fn judge(experiment: &Experiment, rows: &[Vec<Row>], groups: &[Groups]) -> Vec<Judged> {
    let measured = Runs {
        rows,
        groups,
        barred: &Barred::new(experiment),
    };
    let of_family = |expect: Expect| {
        let claims: Vec<(usize, &Claim)> = experiment
            .claims
            .iter()
            .enumerate()
            .filter(|(_, claim)| claim.expect == expect)
            .collect();
        let evidence: Vec<claim::Claim> = claims
            .iter()
            .map(|(_, claim)| gather(experiment, claim, measured))
            .collect();
        claims
            .into_iter()
            .enumerate()
            .map(|(place, (index, own))| {
                let outcome = claim::judge(&evidence, own.alpha)[place];
                (
                    index,
                    record(experiment, own, &outcome, flag::of_claim(experiment, own, groups)),
                )
            })
            .collect::<Vec<(usize, Judged)>>()
    };
    let mut judged = of_family(Expect::Confirmed);
    judged.extend(of_family(Expect::Refuted));
    judged.sort_by_key(|(index, _)| *index);
    judged.into_iter().map(|(_, judged)| judged).collect()
}

fn gather(experiment: &Experiment, claim: &Claim, measured: Runs<'_>) -> claim::Claim {
    let judge = |&cell: &ClaimCell| {
        measured.barred.refuse(claim, cell, measured.groups)?;
        match cell {
            ClaimCell::Row(row) => {
                let measured = measured.rows[row.scenario][row.estimand]
                    .measured
                    .ok_or(NoVerdict::NotFinite)?;
                let known = Known {
                    exact: experiment.estimand(row).exact.value(),
                    mass: experiment.scenarios[row.scenario].study.is_mass(row.estimand),
                };
                statement(experiment, &claim.kind, row, &measured).judge_beside(known, &measured, claim.alpha)
            }
            ClaimCell::Pair(first, second) => {
                let groups = &measured.groups[first.scenario];
                compared(experiment, &claim.kind, (first, second), groups)?.judge(comparison(&claim.kind), claim.alpha)
            }
        }
    };
    let cells: Vec<_> = claim.cells.iter().map(judge).collect();
    let needed = cells.len();
    claim::Claim::new(cells, needed)
}

/// What a claim about rows says of one.
fn statement(experiment: &Experiment, kind: &ClaimKind, row: RowRef, measured: &Measured) -> Statement {
    match *kind {
        ClaimKind::Agrees { margin, .. } => {
            let target = target(experiment, kind, row);
            match margin {
                Margin::Ratio(margin) => Statement::AgreesByRatio { target, margin },
                Margin::Absolute(margin) => Statement::AgreesWithin { target, margin },
            }
        }
        ClaimKind::AtMost(bound) => Statement::AtMost(bound),
        ClaimKind::AtLeast(bound) => Statement::AtLeast(bound),
        ClaimKind::Sign(Sign::Positive) => Statement::Positive,
        ClaimKind::Sign(Sign::Negative) => Statement::Negative,
        // A squared norm or a share is never below 0, so only its upper bound has to be small.
        ClaimKind::Zero(margin) => match measured {
            Measured::SquaredNorm(_) | Measured::Share(_) => Statement::AtMost(margin),
            Measured::Smooth(_) => Statement::AgreesWithin { target: 0.0, margin },
        },
        ClaimKind::Monotone(_) | ClaimKind::Ordering { .. } | ClaimKind::Optimum { .. } => {
            unreachable!("validation gives these kinds pairs of rows")
        }
    }
}

/// The contrast of two rows of one scenario, from its joint group sums.
fn compared(
    experiment: &Experiment,
    kind: &ClaimKind,
    (first, second): (RowRef, RowRef),
    groups: &Groups,
) -> Result<Paired, NoVerdict> {
    let contrast = match kind.by_log_ratio() {
        true => Contrast::LogRatio,
        false => Contrast::Difference,
    };
    let (first, second) = (
        &experiment.estimand(first).functional,
        &experiment.estimand(second).functional,
    );
    match (first, second) {
        (Functional::Smooth(first), Functional::Smooth(second))
        | (Functional::Corrected(first), Functional::Corrected(second)) => {
            Ok(Paired::of(groups, first, second, contrast))
        }
        (Functional::Share(first), Functional::Share(second)) => {
            let mean = |slot: usize| move |means: &Means<'_>| means.mean(slot);
            Ok(Paired::of(groups, mean(*first), mean(*second), contrast).of_shares())
        }
        // Refused at validation: a pair is one estimand at two arms, and has joint means.
        _ => Err(NoVerdict::NotFinite),
    }
}

/// What a claim about pairs says of the contrast of one.
fn comparison(kind: &ClaimKind) -> Comparison {
    match *kind {
        ClaimKind::Monotone(Direction::Decreasing) => Comparison::Below(0.0),
        ClaimKind::Monotone(Direction::Increasing) => Comparison::Above(0.0),
        // The log ratio is compared with ln factor, the difference with 0 = ln 1.
        ClaimKind::Ordering { side, factor } => {
            let bound = ln(factor.unwrap_or(1.0));
            match side {
                Side::Below => Comparison::Below(bound),
                Side::Above => Comparison::Above(bound),
            }
        }
        ClaimKind::Optimum { within } => Comparison::AtMost(ln(1.0 + within)),
        _ => unreachable!("validation gives other kinds single rows"),
    }
}

/// The number that a cell must agree with; NaN where there is none, which validation refused and no verdict follows from.
fn target(experiment: &Experiment, kind: &ClaimKind, row: RowRef) -> f64 {
    match kind {
        ClaimKind::Agrees {
            target: Target::Value(value),
            ..
        } => *value,
        ClaimKind::Agrees {
            target: Target::Reference,
            ..
        } => experiment.estimand(row).reference.map_or(f64::NAN, |own| own.value),
        _ => experiment.estimand(row).exact.value().unwrap_or(f64::NAN),
    }
}

/// How a number of a cell is shown: as a ratio to its target, or to its partner, where it was judged so.
fn shown(experiment: &Experiment, kind: &ClaimKind, cell: ClaimCell, x: f64) -> f64 {
    match (kind, cell) {
        (
            ClaimKind::Agrees {
                margin: Margin::Ratio(_),
                ..
            },
            ClaimCell::Row(row),
        ) => x / target(experiment, kind, row),
        (_, ClaimCell::Pair(..)) if kind.by_log_ratio() => exp(x),
        _ => x,
    }
}

fn record(experiment: &Experiment, claim: &Claim, outcome: &Outcome, flag: String) -> Judged {
    let cell = claim.cells[outcome.cell];
    let evidence = outcome.evidence.as_ref();
    let shown = |x: f64| Some(shown(experiment, &claim.kind, cell, x)).filter(|x| x.is_finite());
    Judged {
        record: ClaimRecord {
            claim: claim.name.clone(),
            kind: claim.kind.name().to_owned(),
            verdict: word(outcome.verdict).to_owned(),
            expected: match claim.expect {
                Expect::Confirmed => word(Verdict::Confirmed).to_owned(),
                Expect::Refuted => word(Verdict::Refuted).to_owned(),
            },
            cells: outcome.cells as u64,
            estimate: evidence.ok().and_then(|(estimate, _)| shown(estimate.value)),
            low: evidence.ok().and_then(|(_, interval)| shown(interval.low)),
            high: evidence.ok().and_then(|(_, interval)| shown(interval.high)),
            margin: margin(&claim.kind),
            alpha: claim.alpha,
            p: Some(outcome.p).filter(|p| p.is_finite()),
            p_adjusted: Some(outcome.p_adjusted).filter(|p| p.is_finite()),
            statement: claim.statement.clone(),
            flag,
        },
        cell: cell.describe(experiment),
        unjudged: evidence.err().copied(),
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Confirmed => "confirmed",
        Verdict::Refuted => "refuted",
        Verdict::Inconclusive => "inconclusive",
    }
}

fn margin(kind: &ClaimKind) -> Option<f64> {
    match kind {
        ClaimKind::Agrees {
            margin: Margin::Ratio(m) | Margin::Absolute(m),
            ..
        } => Some(*m),
        ClaimKind::AtMost(bound) | ClaimKind::AtLeast(bound) => Some(*bound),
        ClaimKind::Sign(_) | ClaimKind::Monotone(_) => Some(0.0),
        ClaimKind::Zero(absolute) => Some(*absolute),
        ClaimKind::Ordering { factor, .. } => Some(factor.unwrap_or(0.0)),
        ClaimKind::Optimum { within } => Some(*within),
    }
}

//! Owns the step from measured rows to verdicts on an experiment's claims.
//!
//! Ordinary claims and negative controls are two families: Holm's correction runs over each apart.

use crate::engine::Row;
use crate::experiment::{Claim, ClaimKind, Expect, Experiment, Margin, RowRef, Sign, Target};
use crate::inference::cell::{NoVerdict, Statement};
use crate::inference::claim::{self, Outcome, Verdict};
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

/// Judges every claim of an experiment on its measured rows, one list per scenario.
pub fn judge(experiment: &Experiment, rows: &[Vec<Row>]) -> Vec<Judged> {
    let of_family = |expect: Expect| {
        let claims: Vec<(usize, &Claim)> = experiment
            .claims
            .iter()
            .enumerate()
            .filter(|(_, claim)| claim.expect == expect)
            .collect();
        let evidence: Vec<claim::Claim> = claims
            .iter()
            .map(|(_, claim)| gather(experiment, claim, rows))
            .collect();
        claims
            .into_iter()
            .enumerate()
            .map(|(place, (index, own))| {
                (
                    index,
                    record(experiment, own, &claim::judge(&evidence, own.alpha)[place]),
                )
            })
            .collect::<Vec<(usize, Judged)>>()
    };
    let mut judged = of_family(Expect::Confirmed);
    judged.extend(of_family(Expect::Refuted));
    judged.sort_by_key(|(index, _)| *index);
    judged.into_iter().map(|(_, judged)| judged).collect()
}

fn gather(experiment: &Experiment, claim: &Claim, rows: &[Vec<Row>]) -> claim::Claim {
    let cells = claim
        .cells
        .iter()
        .map(|&cell| {
            let measured = rows[cell.scenario][cell.estimand]
                .measured
                .ok_or(NoVerdict::NotFinite)?;
            statement(experiment, &claim.kind, cell).judge(&measured, claim.alpha)
        })
        .collect::<Vec<_>>();
    let needed = cells.len();
    claim::Claim::new(cells, needed)
}

fn statement(experiment: &Experiment, kind: &ClaimKind, cell: RowRef) -> Statement {
    match *kind {
        ClaimKind::Agrees { margin, .. } => {
            let target = target(experiment, kind, cell);
            match margin {
                Margin::Ratio(margin) => Statement::AgreesByRatio { target, margin },
                Margin::Absolute(margin) => Statement::AgreesWithin { target, margin },
            }
        }
        ClaimKind::AtMost(bound) => Statement::AtMost(bound),
        ClaimKind::AtLeast(bound) => Statement::AtLeast(bound),
        ClaimKind::Sign(Sign::Positive) => Statement::Positive,
        ClaimKind::Sign(Sign::Negative) => Statement::Negative,
    }
}

/// The number that a cell must agree with; NaN where there is none, which validation refused and no verdict follows from.
fn target(experiment: &Experiment, kind: &ClaimKind, cell: RowRef) -> f64 {
    match kind {
        ClaimKind::Agrees {
            target: Target::Value(value),
            ..
        } => *value,
        _ => experiment.estimand(cell).exact.unwrap_or(f64::NAN),
    }
}

fn record(experiment: &Experiment, claim: &Claim, outcome: &Outcome) -> Judged {
    let cell = claim.cells[outcome.cell];
    let by_ratio = matches!(
        claim.kind,
        ClaimKind::Agrees {
            margin: Margin::Ratio(_),
            ..
        }
    );
    let scale = if by_ratio {
        1.0 / target(experiment, &claim.kind, cell)
    } else {
        1.0
    };
    let evidence = outcome.evidence.as_ref();
    let scaled = |x: f64| Some(x * scale).filter(|x| x.is_finite());
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
            estimate: evidence.ok().and_then(|(estimate, _)| scaled(estimate.value)),
            low: evidence.ok().and_then(|(_, interval)| scaled(interval.low)),
            high: evidence.ok().and_then(|(_, interval)| scaled(interval.high)),
            margin: margin(&claim.kind),
            alpha: claim.alpha,
            p: Some(outcome.p).filter(|p| p.is_finite()),
            p_adjusted: Some(outcome.p_adjusted).filter(|p| p.is_finite()),
            statement: claim.statement.clone(),
        },
        cell: experiment.describe(cell),
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
        ClaimKind::Sign(_) => Some(0.0),
    }
}

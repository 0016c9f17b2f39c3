//! Owns the step from measured rows to verdicts on an experiment's claims.
//!
//! Claims over pairs are judged from joint group sums: estimates alone do not say how two arms err together.
//! Ordinary claims and negative controls are two families: Holm's correction runs over each apart.

use super::case::{Case, Found, family, is_certain};
use super::remarks;
use crate::experiment::{Expect, Experiment};
use crate::inference::cell::NoVerdict;
use crate::inference::claim::{self, Outcome, Verdict};
use crate::record::{ClaimRecord, LEAST_P};

/// One judged claim: its record, and why there is no verdict where data could not give one.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The row of `claims.csv`.
    pub record: ClaimRecord,
    /// Why the cell that decides gives no evidence.
    pub unjudged: Option<NoVerdict>,
}

/// Judges every claim of an experiment on what is found of its cells, claim by claim.
pub(super) fn judge(experiment: &Experiment, cells: &[Vec<&Found>]) -> Vec<Judged> {
    let mut judged: Vec<(usize, Judged)> = Vec::new();
    for expect in [Expect::Confirmed, Expect::Refuted] {
        let family = family(experiment, expect, cells);
        let claims: Vec<claim::Claim> = family.iter().map(|(_, case)| case.judged.clone()).collect();
        judged.extend(family.iter().enumerate().map(|(place, (index, case))| {
            let outcome = claim::judge(&claims, case.claim.alpha)[place];
            (*index, record(experiment, case, &outcome))
        }));
    }
    judged.sort_by_key(|(index, _)| *index);
    judged.into_iter().map(|(_, judged)| judged).collect()
}

fn record(experiment: &Experiment, case: &Case<'_>, outcome: &Outcome) -> Judged {
    let claim = case.claim;
    let (cell, found) = (claim.cells[outcome.cell], case.cells[outcome.cell]);
    let said = found.said;
    let (target, margin) = claim.kind.against(said);
    let known = |x: f64| Some(x).filter(|x| !x.is_nan());
    let shown = |x: f64| known(said.shown(x));
    let numbers = outcome.evidence.ok();
    // An estimate outside the values that can be is shown as the nearest of them, as its interval is.
    let nearest = |x: f64| found.evidence.map_or(x, |own| own.range().nearest(x));
    let p = |p: f64| shown_p(case, outcome, p);
    let record = ClaimRecord {
        claim: claim.name.clone(),
        kind: claim.kind.name().to_owned(),
        verdict: word(outcome.verdict).to_owned(),
        expected: match claim.expect {
            Expect::Confirmed => word(Verdict::Confirmed).to_owned(),
            Expect::Refuted => word(Verdict::Refuted).to_owned(),
        },
        cells: outcome.cells as u64,
        scenario: cell.scenario() as u64,
        cell: experiment.describe_cell(cell),
        scale: said.scale().to_owned(),
        target: known(target),
        estimate: numbers.and_then(|(estimate, _)| shown(nearest(estimate.value))),
        low: numbers.and_then(|(_, interval)| shown(interval.low)),
        high: numbers.and_then(|(_, interval)| shown(interval.high)),
        margin: known(margin),
        alpha: claim.alpha,
        p: p(outcome.p),
        p_adjusted: p(outcome.p_adjusted),
        statement: claim.statement.clone(),
        note: remarks::note(experiment, case, outcome),
        flag: remarks::flag(case.cells),
    };
    Judged {
        record: record.as_written(),
        unjudged: outcome.evidence.err(),
    }
}

/// A p-value as it is written: none without a test, or where the verdict is certain; 0 for what is less than can be told.
fn shown_p(case: &Case<'_>, outcome: &Outcome, p: f64) -> Option<f64> {
    let none = outcome.evidence.is_err() || is_certain(case, outcome) || p.is_nan();
    (!none).then_some(if p < LEAST_P { 0.0 } else { p })
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Confirmed => "confirmed",
        Verdict::Refuted => "refuted",
        Verdict::Inconclusive => "inconclusive",
    }
}

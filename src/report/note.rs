//! Owns what must be known of a verdict itself: why there is none, what would settle it, and what it follows from if not from chance.
//! What was left out of the numbers is said by flags.

use super::case::{Case, is_certain};
use super::evidence::Runs;
use super::flag;
use super::settle::{self, Levels, Way};
use crate::experiment::{ClaimCell, Experiment};
use crate::inference::cell::{FEWEST_GROUPS, NoVerdict};
use crate::inference::claim::{Outcome, Verdict};

/// A condition that more than this share of replicates do not meet is told.
const FEW_LEFT_OUT: f64 = 0.01;

/// The note of a claim; empty where its numbers say it all.
pub(super) fn of_claim(experiment: &Experiment, case: &Case<'_>, outcome: &Outcome, runs: Runs<'_>) -> String {
    let verdict = match (outcome.evidence, outcome.verdict) {
        (Err(why), _) => Some(not_judged(experiment, case.claim.cells[outcome.cell], why)),
        (_, Verdict::Inconclusive) => Some(undecided(experiment, case, runs)),
        _ if is_certain(case, outcome) => {
            Some("certain: it follows without a test, and so there is no p-value".to_owned())
        }
        _ => None,
    };
    let reason = case.claim.attrition.as_ref();
    let reason = reason.map(|reason| format!("judged whatever failed, because {reason}"));
    let parts = [verdict, reason, conditional(case, runs)];
    parts.into_iter().flatten().collect::<Vec<String>>().join("; ")
}

/// Why a cell gives no evidence, and what to do.
fn not_judged(experiment: &Experiment, cell: ClaimCell, why: NoVerdict) -> String {
    let remedy = match why {
        NoVerdict::TooFewGroups => {
            format!("; {}", at_least(experiment, cell.scenario()))
        }
        NoVerdict::TooManyFailed => format!(
            " ({}%); the claim's key `attrition` says why it may be judged all the same",
            100.0 * flag::MOST_LOST
        ),
        _ => String::new(),
    };
    format!("not judged: {why}{remedy}")
}

/// How many replicates make enough groups in a scenario.
pub(super) fn at_least(experiment: &Experiment, scenario: usize) -> String {
    format!("at least {} replicates are needed", fewest(experiment, scenario))
}

/// The fewest replicates of a scenario on which claims are judged.
pub(super) fn fewest(experiment: &Experiment, scenario: usize) -> u64 {
    let spec = experiment.scenarios[scenario].study.spec();
    FEWEST_GROUPS as u64 * spec.batch
}

/// What would settle a claim that its replicates do not.
fn undecided(experiment: &Experiment, case: &Case<'_>, runs: Runs<'_>) -> String {
    let cells: Vec<_> = case.evidence.iter().filter_map(|own| own.ok()).collect();
    if cells.len() < case.evidence.len() {
        return "not every cell can be judged".to_owned();
    }
    let drawn = |cell: &ClaimCell| runs.groups[cell.scenario()].total().replicates;
    let drawn = case.claim.cells.iter().map(drawn).max().unwrap_or(0) as f64;
    let levels = Levels::of(case.claim.alpha, case.family, cells.len());
    let failing = case.judged.refute.cell;
    let would = |factor: f64, verb: &str| {
        format!(
            "about {} replicates would {verb} it at this margin, were its estimates to stay where they are",
            settle::about(factor * drawn)
        )
    };
    match settle::way(&cells, failing, levels) {
        Way::Confirm(factor) => would(factor, "confirm"),
        Way::Refute(factor) => would(factor, "refute"),
        Way::Never => {
            let place = case.claim.cells[failing].describe(experiment);
            format!(
                "no number of replicates would settle it: the estimate at {place} stands on its margin; state another one"
            )
        }
    }
}

/// The largest share of replicates that do not meet the condition of a cell's estimand.
fn conditional(case: &Case<'_>, runs: Runs<'_>) -> Option<String> {
    let rows = case.claim.cells.iter().flat_map(|cell| cell.rows());
    let share = rows.map(|row| {
        let own = &runs.rows[row.scenario][row.estimand];
        own.left_out as f64 / own.replicates as f64
    });
    let most = share.fold(0.0, f64::max);
    (most > FEW_LEFT_OUT).then(|| {
        format!(
            "up to {}% of replicates do not meet the condition of the estimand, and are left out",
            settle::about(100.0 * most)
        )
    })
}

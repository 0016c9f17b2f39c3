//! Owns what is said of a claim beside its verdict. The note: why there is none, what would settle it, what it follows from if not from
//! chance, and whether its estimand is conditional. The flag: how many replicates failed, and whether arms that are compared lost
//! different ones. It judges nothing.
//!
//! Each arm's means are over its own valid replicates. Where arms lost different ones their comparison is no longer one on the
//! same draws throughout, and it leaves out the draws that were too hard for one of them.

use super::{MOST_LISTED, MOST_LOST, WORTH_TELLING, arms, share};
use crate::experiment::{Claim, ClaimCell, Experiment};
use crate::inference::cell::{FEWEST_GROUPS, NoVerdict};
use crate::inference::claim::{Outcome, Verdict};
use crate::inference::groups::Groups;
use crate::numerics::text::short_2;
use crate::session::case::{Case, is_certain};
use crate::session::evidence::Runs;
use crate::session::needed::{self, Levels, Way};

/// What was lost, each with how much and in words.
type Losses = Vec<(u64, String)>;

/// The note of a claim; empty where its numbers say it all.
pub fn note(experiment: &Experiment, case: &Case<'_>, outcome: &Outcome, runs: Runs<'_>) -> String {
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
            let fewest = fewest(experiment, cell.scenario());
            format!("; at least {fewest} replicates are needed")
        }
        NoVerdict::TooManyFailed => format!(
            " ({}%); the claim's key `attrition` says why it may be judged all the same",
            100.0 * MOST_LOST
        ),
        _ => String::new(),
    };
    format!("not judged: {why}{remedy}")
}

/// The fewest replicates of a scenario on which claims are judged.
pub fn fewest(experiment: &Experiment, scenario: usize) -> u64 {
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
            short_2(factor * drawn)
        )
    };
    match needed::way(&cells, failing, levels) {
        Way::Confirm(factor) => would(factor, "confirm"),
        Way::Refute(factor) => would(factor, "refute"),
        Way::Never => {
            let place = experiment.describe_cell(case.claim.cells[failing]);
            format!(
                "no number of replicates would settle it: the estimate at {place} stands on its margin; state another one"
            )
        }
    }
}

/// The largest share of replicates that do not meet the condition of a cell's estimand.
fn conditional(case: &Case<'_>, runs: Runs<'_>) -> Option<String> {
    let rows = case.claim.cells.iter().flat_map(|cell| cell.rows());
    let shares = rows.map(|row| {
        let own = &runs.rows[row.scenario][row.estimand];
        share(own.left_out, own.replicates - own.failed - own.left_out)
    });
    let most = shares.fold(0.0, f64::max);
    (most > WORTH_TELLING).then(|| {
        format!(
            "up to {}% of replicates do not meet the condition of the estimand, and are left out",
            short_2(100.0 * most)
        )
    })
}

/// The flag of a claim: the comparisons whose arms lost different replicates, and the other arms that lost some; empty without any.
///
/// Arms count as having lost the same replicates where each group of replicates lost as many in one as in the other.
pub fn flag(experiment: &Experiment, claim: &Claim, groups: &[Groups]) -> String {
    let (mut uneven, mut even) = (Losses::new(), Losses::new());
    for &cell in &claim.cells {
        match compared(experiment, cell, groups) {
            Some(found) if !uneven.contains(&found) => uneven.push(found),
            Some(_) => {}
            None => {
                let own = failed(experiment, cell, groups).into_iter();
                even.extend(own.filter(|own| !even.contains(own)).collect::<Vec<_>>());
            }
        }
    }
    let drawn = claim
        .cells
        .iter()
        .map(|cell| groups[cell.scenario()].total().replicates);
    let drawn = drawn.max().unwrap_or(0);
    let parts = [
        ("arms lost different replicates of", uneven),
        ("replicates that failed are left out, of", even),
    ];
    let told = parts.into_iter().filter(|(_, found)| !found.is_empty());
    let told = told.map(|(words, found)| format!("{words} {drawn}: {}", listed(found)));
    told.collect::<Vec<String>>().join("; ")
}

/// The worst first; equally bad ones stay in the order of cells.
fn listed(mut found: Losses) -> String {
    found.sort_by_key(|(worst, _)| std::cmp::Reverse(*worst));
    let more = match found.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let listed: Vec<String> = found.into_iter().take(MOST_LISTED).map(|(_, text)| text).collect();
    listed.join("; ") + &more
}

/// The arms of a cell that lost replicates, and how many.
fn failed(experiment: &Experiment, cell: ClaimCell, groups: &[Groups]) -> Losses {
    let (scenario, mut arms) = (cell.scenario(), arms(experiment, cell));
    arms.sort_unstable();
    let total = groups[scenario].total();
    let lost = arms.into_iter().map(|arm| (arm, total.replicates - total.valid[arm]));
    lost.filter(|(_, lost)| *lost > 0)
        .map(|(arm, lost)| (lost, format!("{} lost {lost}", experiment.describe_arm(scenario, arm))))
        .collect()
}

/// How many replicates the arms of a cell lost, and the gap between the largest number and the smallest; none where they
/// lost the same.
fn compared(experiment: &Experiment, cell: ClaimCell, groups: &[Groups]) -> Option<(u64, String)> {
    let (scenario, arms) = (cell.scenario(), arms(experiment, cell));
    let own = &groups[scenario];
    let differ = |valid: &[u64]| arms.iter().any(|&arm| valid[arm] != valid[arms[0]]);
    if !own.groups().iter().any(|group| differ(&group.valid)) {
        return None;
    }
    let lost: Vec<u64> = arms
        .iter()
        .map(|&arm| own.total().replicates - own.total().valid[arm])
        .collect();
    let (most, least) = (lost.iter().max()?, lost.iter().min()?);
    let part = |(&arm, lost): (&usize, &u64)| format!("{} lost {lost}", experiment.describe_arm(scenario, arm));
    let parts: Vec<String> = match arms.len() {
        2 => arms.iter().zip(&lost).map(part).collect(),
        _ => {
            let some = arms.iter().zip(&lost).filter(|(_, lost)| **lost > 0).map(part);
            let others = lost.contains(&0).then(|| "the others lost 0".to_owned());
            some.chain(others).collect()
        }
    };
    Some((most - least, parts.join(", ")))
}

//! Owns what is said of a claim beside its verdict. The note: why there is none, what would settle it, what it follows from if not from
//! chance, and whether its estimand is conditional. The flag: how many replicates failed, and whether arms that are compared lost
//! different ones. It judges nothing.

use super::lost::{Losses, Lost};
use super::{MOST_LISTED, MOST_LOST, WORTH_TELLING};
use crate::experiment::{ClaimCell, Experiment};
use crate::inference::cell::{FEWEST_GROUPS, NoVerdict};
use crate::inference::claim::{Outcome, Verdict};
use crate::numerics::text::short_2;
use crate::session::case::{Case, Found, is_certain};
use crate::session::needed::{self, Levels, Way};

/// The note of a claim; empty where its numbers say it all.
pub fn note(experiment: &Experiment, case: &Case<'_>, outcome: &Outcome) -> String {
    let verdict = match (outcome.evidence, outcome.verdict) {
        (Err(why), _) => Some(not_judged(experiment, case.claim.cells[outcome.cell], why)),
        (_, Verdict::Inconclusive) => Some(undecided(experiment, case)),
        _ if is_certain(case, outcome) => {
            Some("certain: it follows without a test, and so there is no p-value".to_owned())
        }
        _ => None,
    };
    let reason = case.claim.attrition.as_ref();
    let reason = reason.map(|reason| format!("judged whatever failed, because {reason}"));
    let parts = [verdict, reason, conditional(case)];
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
fn undecided(experiment: &Experiment, case: &Case<'_>) -> String {
    let cells: Vec<_> = case.evidence().filter_map(Result::ok).collect();
    if cells.len() < case.cells.len() {
        return "not every cell can be judged".to_owned();
    }
    let drawn = case.cells.iter().map(|own| own.drawn).max().unwrap_or(0) as f64;
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

/// What is said of a claim that some replicates say nothing of.
fn conditional(case: &Case<'_>) -> Option<String> {
    let most = case.cells.iter().map(|own| own.left_out).fold(0.0, f64::max);
    (most > WORTH_TELLING).then(|| {
        format!(
            "up to {}% of replicates do not meet the condition of the estimand, and are left out",
            short_2(100.0 * most)
        )
    })
}

/// The flag of a claim: the comparisons whose arms lost different replicates, and the other arms that lost some; empty without any.
pub fn flag(cells: &[&Found]) -> String {
    let (mut uneven, mut even) = (Losses::new(), Losses::new());
    for own in cells {
        let (into, found) = match &own.lost {
            Lost::Unevenly(gap, words) => (&mut uneven, &[(*gap, words.clone())][..]),
            Lost::Evenly(found) => (&mut even, &found[..]),
        };
        for own in found {
            if !into.contains(own) {
                into.push(own.clone());
            }
        }
    }
    let drawn = cells.iter().map(|own| own.drawn).max().unwrap_or(0);
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

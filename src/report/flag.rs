//! Owns what must be said beside a verdict on arms that failed in some replicates (law 8): how many were left out, and whether arms
//! that are compared lost different ones.
//!
//! Each arm's means are over its own valid replicates. Where arms lost different ones their comparison is no longer one on the
//! same draws throughout, and it leaves out the draws that were too hard for one of them. It judges nothing.

use crate::experiment::{Claim, ClaimCell, Experiment};
use crate::inference::groups::Groups;

/// What was lost, each with how much and in words.
type Losses = Vec<(u64, String)>;

/// More comparisons than this are counted, not listed.
const MOST_LISTED: usize = 3;

/// A cell of which a larger share of replicates failed is not judged, unless the claim says why it may be: what is left may be an
/// estimate of something else.
pub(super) const MOST_LOST: f64 = 0.05;

/// The largest share of replicates that an arm of a cell lost.
pub(super) fn lost(experiment: &Experiment, cell: ClaimCell, groups: &[Groups]) -> f64 {
    let total = groups[cell.scenario()].total();
    let share = |arm: usize| (total.replicates - total.valid[arm]) as f64 / total.replicates as f64;
    arms(experiment, cell).into_iter().map(share).fold(0.0, f64::max)
}

/// The arms that the estimands of a cell are functions of, each once.
pub(super) fn arms(experiment: &Experiment, cell: ClaimCell) -> Vec<usize> {
    let mut arms = Vec::new();
    for arm in cell.rows().flat_map(|row| experiment.estimand(row).of.arms()) {
        if !arms.contains(&arm) {
            arms.push(arm);
        }
    }
    arms
}

/// The flag of a claim: the comparisons whose arms lost different replicates, and the other arms that lost some; empty without any.
///
/// Arms count as having lost the same replicates where each group of replicates lost as many in one as in the other.
pub(super) fn of_claim(experiment: &Experiment, claim: &Claim, groups: &[Groups]) -> String {
    let (mut uneven, mut even) = (Losses::new(), Losses::new());
    for &cell in &claim.cells {
        match compared(experiment, cell, groups) {
            Some(found) if !uneven.contains(&found) => uneven.push(found),
            Some(_) => {}
            None => {
                let own = left_out(experiment, cell, groups).into_iter();
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
fn left_out(experiment: &Experiment, cell: ClaimCell, groups: &[Groups]) -> Losses {
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

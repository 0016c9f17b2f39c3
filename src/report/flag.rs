//! Owns what must be said beside a verdict over several arms: that they lost different replicates (law 8).
//!
//! Each arm's means are over its own valid replicates. Where arms lost different ones their comparison is no longer one on the
//! same draws throughout, and it leaves out the draws that were too hard for one of them. It judges nothing.

use crate::experiment::{Claim, ClaimCell, Experiment, RowRef};
use crate::inference::groups::Groups;

/// More comparisons than this are counted, not listed.
const MOST_LISTED: usize = 3;

/// The flag of a claim: the comparisons whose arms lost different replicates, and how many each; empty without any.
///
/// Arms count as having lost the same replicates where each group of replicates lost as many in one as in the other.
pub(super) fn of_claim(experiment: &Experiment, claim: &Claim, groups: &[Groups]) -> String {
    let mut uneven: Vec<(u64, String)> = Vec::new();
    for &cell in &claim.cells {
        let found = compared(experiment, cell, groups);
        uneven.extend(found.filter(|found| !uneven.contains(found)));
    }
    let drawn = claim.cells.iter().flat_map(|cell| cell.rows());
    let Some(drawn) = drawn.map(|row| groups[row.scenario].total().replicates).max() else {
        return String::new();
    };
    if uneven.is_empty() {
        return String::new();
    }
    // The worst first; equally bad ones stay in the order of cells.
    uneven.sort_by_key(|(gap, _)| std::cmp::Reverse(*gap));
    let listed: Vec<&str> = uneven.iter().take(MOST_LISTED).map(|(_, text)| text.as_str()).collect();
    let more = match uneven.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    format!("arms lost different replicates of {drawn}: {}{more}", listed.join("; "))
}

/// How many replicates the arms of a cell lost, and the gap between the largest number and the smallest; none where they
/// lost the same.
fn compared(experiment: &Experiment, cell: ClaimCell, groups: &[Groups]) -> Option<(u64, String)> {
    let arm_of = |row: RowRef| experiment.estimand(row).arm;
    let (scenario, arms) = match cell {
        ClaimCell::Pair(first, second) => (first.scenario, vec![arm_of(first)?, arm_of(second)?]),
        // An estimand of one arm compares nothing; one of several is a function of all.
        ClaimCell::Row(row) if arm_of(row).is_some() => return None,
        ClaimCell::Row(row) => (row.scenario, (0..groups[row.scenario].layout().arms()).collect()),
    };
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
    let part = |(&arm, lost): (&usize, &u64)| format!("{} lost {lost}", named(experiment, scenario, arm));
    let parts: Vec<String> = match cell {
        ClaimCell::Pair(..) => arms.iter().zip(&lost).map(part).collect(),
        ClaimCell::Row(_) => {
            let some = arms.iter().zip(&lost).filter(|(_, lost)| **lost > 0).map(part);
            let others = lost.contains(&0).then(|| "the others lost 0".to_owned());
            some.chain(others).collect()
        }
    };
    Some((most - least, parts.join(", ")))
}

/// The keys of an arm in words.
fn named(experiment: &Experiment, scenario: usize, arm: usize) -> String {
    let of_arm = |row: &RowRef| row.scenario == scenario && experiment.estimand(*row).arm == Some(arm);
    let row = experiment.rows().find(of_arm);
    row.map_or_else(|| format!("arm {arm}"), |row| experiment.describe(row))
}

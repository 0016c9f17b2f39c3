//! Owns which replicates a cell of a claim does not rest on: those that its arms lost, and those that do not meet the condition of its
//! estimand.
//!
//! Each arm's means are over its own valid replicates. Where arms lost different ones their comparison is no longer one on the
//! same draws throughout, and it leaves out the draws that were too hard for one of them.

use super::{arms, share};
use crate::engine::Row;
use crate::experiment::{ClaimCell, Experiment};
use crate::inference::groups::Groups;

/// What was lost, each with how much and in words.
pub type Losses = Vec<(u64, String)>;

/// The replicates that the arms of a cell lost.
pub enum Lost {
    /// The arms lost different ones: the gap between the largest number and the smallest, and how many each lost.
    Unevenly(u64, String),
    /// None, or the same ones.
    Evenly(Losses),
}

impl Lost {
    /// From the group sums of the cell's scenario.
    ///
    /// Arms count as having lost the same replicates where each group of replicates lost as many in one as in the other.
    pub fn of(experiment: &Experiment, cell: ClaimCell, groups: &Groups) -> Self {
        match compared(experiment, cell, groups) {
            Some((gap, words)) => Self::Unevenly(gap, words),
            None => Self::Evenly(failed(experiment, cell, groups)),
        }
    }
}

/// The arms of a cell that lost replicates, and how many.
fn failed(experiment: &Experiment, cell: ClaimCell, groups: &Groups) -> Losses {
    let (scenario, mut arms) = (cell.scenario(), arms(experiment, cell));
    arms.sort_unstable();
    let total = groups.total();
    let lost = arms.into_iter().map(|arm| (arm, total.replicates - total.valid[arm]));
    lost.filter(|(_, lost)| *lost > 0)
        .map(|(arm, lost)| (lost, format!("{} lost {lost}", experiment.describe_arm(scenario, arm))))
        .collect()
}

/// How many replicates the arms of a cell lost, and the gap between the largest number and the smallest; none where they
/// lost the same.
fn compared(experiment: &Experiment, cell: ClaimCell, own: &Groups) -> Option<(u64, String)> {
    let (scenario, arms) = (cell.scenario(), arms(experiment, cell));
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

/// The largest share of replicates that do not meet the condition of a cell's estimand; `rows` are those of its scenario.
pub fn left_out_share(cell: ClaimCell, rows: &[Row]) -> f64 {
    let shares = cell.rows().map(|row| {
        let own = &rows[row.estimand];
        share(own.left_out, own.replicates - own.failed - own.left_out)
    });
    shares.fold(0.0, f64::max)
}

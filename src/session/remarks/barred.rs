//! Owns which cells of claims are not judged: too many of their replicates failed, or a study gives notice that what was measured in
//! them is not what the estimand is called.

use super::{MOST_LOST, arms, share};
use crate::engine::Notice;
use crate::experiment::{Claim, ClaimCell, Experiment, RowRef};
use crate::inference::cell::NoVerdict;
use crate::inference::groups::Groups;
use std::collections::BTreeMap;

/// The notices that may bar the verdict on each row.
pub struct Barred<'a> {
    experiment: &'a Experiment,
    notices: BTreeMap<RowRef, Vec<&'a Notice>>,
}

impl<'a> Barred<'a> {
    /// Those of all rows: a file may have a hundred thousand arms, each with its own.
    pub fn new(experiment: &'a Experiment) -> Self {
        let mut notices: BTreeMap<RowRef, Vec<&Notice>> = BTreeMap::new();
        for (scenario, own) in experiment.scenarios.iter().enumerate() {
            for notice in own.study.notices() {
                for &estimand in &notice.bars {
                    notices.entry(RowRef { scenario, estimand }).or_default().push(notice);
                }
            }
        }
        Self { experiment, notices }
    }

    /// Refuses a cell of which more replicates failed, or have notice given of them, than the claim allows.
    pub fn refuse(&self, claim: &Claim, cell: ClaimCell, groups: &[Groups]) -> Result<(), NoVerdict> {
        if claim.attrition.is_none() && self.lost(cell, groups) > MOST_LOST {
            return Err(NoVerdict::TooManyFailed);
        }
        for row in cell.rows() {
            let own = &groups[row.scenario];
            for notice in self.notices.get(&row).into_iter().flatten() {
                let all = own.total().valid[own.layout().arm_of(notice.slot)] as f64;
                let of = notice.of.map_or(all, |slot| own.total().sums[slot]);
                if own.total().sums[notice.slot] > claim.noticed_at_most * of {
                    return Err(NoVerdict::Noticed(notice.barred));
                }
            }
        }
        Ok(())
    }

    /// The largest share of replicates that an arm of a cell lost.
    fn lost(&self, cell: ClaimCell, groups: &[Groups]) -> f64 {
        let total = groups[cell.scenario()].total();
        let lost = |arm: usize| share(total.replicates - total.valid[arm], total.valid[arm]);
        let arms = arms(self.experiment, cell).into_iter();
        arms.map(lost).fold(0.0, f64::max)
    }
}

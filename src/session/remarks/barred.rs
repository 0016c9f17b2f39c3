//! Owns which cells of claims are not judged: too many of their replicates failed, or a study gives notice that what was measured in
//! them is not what the estimand is called.

use super::{MOST_LOST, arms, share};
use crate::engine::Notice;
use crate::experiment::{Claim, ClaimCell, Experiment, Scenario};
use crate::inference::cell::NoVerdict;
use crate::inference::groups::{Group, Groups};
use std::collections::BTreeMap;

/// The notices that may bar the verdict on each row of a scenario, by the index of its estimand.
pub struct Barred<'a>(BTreeMap<usize, Vec<&'a Notice>>);

impl<'a> Barred<'a> {
    /// Those of all its rows.
    pub fn new(scenario: &'a Scenario) -> Self {
        let mut notices: BTreeMap<usize, Vec<&Notice>> = BTreeMap::new();
        for notice in scenario.study.notices() {
            for &estimand in &notice.bars {
                notices.entry(estimand).or_default().push(notice);
            }
        }
        Self(notices)
    }

    /// Refuses a cell of which more replicates failed, or have notice given of them, than the claim allows.
    pub fn refuse(
        &self,
        experiment: &Experiment,
        claim: &Claim,
        cell: ClaimCell,
        groups: &Groups,
    ) -> Result<(), NoVerdict> {
        let total = groups.total();
        if claim.attrition.is_none() && lost(experiment, cell, total) > MOST_LOST {
            return Err(NoVerdict::TooManyFailed);
        }
        for notice in cell.rows().flat_map(|row| self.0.get(&row.estimand)).flatten() {
            let all = total.valid[groups.layout().arm_of(notice.slot)] as f64;
            let of = notice.of.map_or(all, |slot| total.sums[slot]);
            if total.sums[notice.slot] > claim.noticed_at_most * of {
                return Err(NoVerdict::Noticed(notice.barred));
            }
        }
        Ok(())
    }
}

/// The largest share of replicates that an arm of a cell lost.
fn lost(experiment: &Experiment, cell: ClaimCell, total: &Group) -> f64 {
    let lost = |arm: usize| share(total.replicates - total.valid[arm], total.valid[arm]);
    let arms = arms(experiment, cell).into_iter();
    arms.map(lost).fold(0.0, f64::max)
}

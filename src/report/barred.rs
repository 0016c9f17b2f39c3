//! Owns which rows are not judged because of replicates of which a study gives notice: what was measured in them is not what the
//! estimand is called.

use crate::engine::Notice;
use crate::experiment::{Claim, ClaimCell, Experiment, RowRef};
use crate::inference::cell::NoVerdict;
use crate::inference::groups::Groups;
use std::collections::BTreeMap;

/// The notices that may bar the verdict on each row.
pub(super) struct Barred<'a>(BTreeMap<RowRef, Vec<&'a Notice>>);

impl<'a> Barred<'a> {
    /// Those of all rows: a file may have a hundred thousand arms, each with its own.
    pub fn new(experiment: &'a Experiment) -> Self {
        let mut barred: BTreeMap<RowRef, Vec<&Notice>> = BTreeMap::new();
        for (scenario, own) in experiment.scenarios.iter().enumerate() {
            for notice in own.study.as_study().notices() {
                for &estimand in &notice.bars {
                    barred.entry(RowRef { scenario, estimand }).or_default().push(notice);
                }
            }
        }
        Self(barred)
    }

    /// Refuses a cell of which notice is given of more replicates than the claim allows.
    pub fn refuse(&self, claim: &Claim, cell: ClaimCell, groups: &[Groups]) -> Result<(), NoVerdict> {
        for row in cell.rows() {
            let own = &groups[row.scenario];
            for notice in self.0.get(&row).into_iter().flatten() {
                let all = own.total().valid[own.layout().arm_of(notice.slot)] as f64;
                let of = notice.of.map_or(all, |slot| own.total().sums[slot]);
                if own.total().sums[notice.slot] > claim.noticed_at_most * of {
                    return Err(NoVerdict::Noticed(notice.barred));
                }
            }
        }
        Ok(())
    }
}

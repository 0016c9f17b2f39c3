//! Owns the step from group sums to estimates.

use super::spec::{Estimand, Functional, Spec};
use crate::inference::estimate::Estimate;
use crate::inference::groups::Groups;

/// One estimand of a scenario, estimated.
#[derive(Debug, Clone)]
pub struct Row {
    /// Index of the estimand in [`Spec::estimands`].
    pub estimand: usize,
    /// The Monte Carlo estimate; none for values of theory alone.
    pub estimate: Option<Estimate>,
    /// Replicates whose arm was voided.
    pub failed: u64,
}

/// Every estimand of `spec` from its group sums, in row order.
pub fn estimate(spec: &Spec, groups: &Groups) -> Vec<Row> {
    let total = groups.total();
    spec.estimands
        .iter()
        .enumerate()
        .map(|(index, estimand)| Row {
            estimand: index,
            estimate: estimate_one(estimand, groups),
            failed: total.replicates - total.valid[estimand.arm],
        })
        .collect()
}

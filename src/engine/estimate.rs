//! Owns the step from group sums to estimates.

use super::spec::{Estimand, Functional, Spec};
use crate::inference::cell::Measured;
use crate::inference::groups::{Group, Groups};
use crate::inference::jackknife::{jackknife, jackknife_corrected, joint};
use crate::inference::score::SquaredNorm;
use crate::inference::share::Share;
use std::ops::Range;

/// One estimand of a scenario, estimated.
#[derive(Debug, Clone)]
pub struct Row {
    /// Index of the estimand in [`Spec::estimands`].
    pub estimand: usize,
    /// The Monte Carlo estimate and how it errs; none for values of theory alone.
    pub measured: Option<Measured>,
    /// Replicates drawn.
    pub replicates: u64,
    /// Replicates whose arm was voided.
    pub failed: u64,
    /// Replicates whose arm did not fail and that do not meet the estimand's condition.
    pub left_out: u64,
}

/// Every estimand of `spec` from its group sums, in row order.
pub fn estimate(spec: &Spec, groups: &Groups) -> Vec<Row> {
    let total = groups.total();
    spec.estimands
        .iter()
        .enumerate()
        .map(|(index, estimand)| Row {
            estimand: index,
            measured: measure(estimand, groups),
            replicates: total.replicates,
            failed: failed(estimand, total),
            left_out: left_out(estimand, groups),
        })
        .collect()
}

/// Failures of the estimand's arm; of several arms, those of the worst.
fn failed(estimand: &Estimand, total: &Group) -> u64 {
    let fewest = match estimand.arm {
        Some(arm) => total.valid[arm],
        None => total.valid.iter().copied().min().unwrap_or(0),
    };
    total.replicates - fewest
}

/// Replicates that do not meet the condition of an estimand that has one.
fn left_out(estimand: &Estimand, groups: &Groups) -> u64 {
    let Some(slot) = estimand.given else {
        return 0;
    };
    let valid = groups.means().count(groups.layout().arm_of(slot));
    // A sum of zeroes and ones is a count, exactly; those of a foreign file may be anything.
    valid.saturating_sub(groups.total().sums[slot] as u64)
}

/// The estimate of one estimand; none for a value of theory. Groups without a valid replicate say nothing of it, and do not count
/// as groups.
pub(super) fn measure(estimand: &Estimand, groups: &Groups) -> Option<Measured> {
    let measured = of_all_groups(estimand, groups)?;
    let df = measured.estimate().df;
    let groups = groups.with_any_of(&estimand.arms(groups.layout())) as f64;
    Some(measured.on(df.min((groups - 1.0).max(0.0))))
}

fn of_all_groups(estimand: &Estimand, groups: &Groups) -> Option<Measured> {
    match &estimand.functional {
        Functional::Smooth(functional) => Some(Measured::Smooth(jackknife(groups, functional))),
        Functional::Corrected(functional) => Some(Measured::Smooth(jackknife_corrected(groups, functional))),
        Functional::Share(slot) => {
            let mean = jackknife(groups, |means| means.mean(*slot));
            // A sum of zeroes and ones is a count, exactly.
            let seen = groups.total().sums[*slot] as u64;
            let of = groups.means().count(groups.layout().arm_of(*slot));
            // Sums of a foreign file may be anything; a panic they are not.
            Some(Measured::Share(Share::new(mean, seen.min(of), of)))
        }
        Functional::SquaredNorm(slots) => Some(Measured::SquaredNorm(squared_norm(groups, slots.clone()))),
        Functional::SquaredNormShare { slots, of } => {
            let whole = joint(groups, 1, |means, out| out[0] = means.mean(*of)).values()[0];
            Some(Measured::SquaredNorm(
                squared_norm(groups, slots.clone()).scaled(1.0 / whole),
            ))
        }
        Functional::SquaredNormOf { len, factor, vector } => {
            let vector = joint(groups, *len, vector);
            Some(Measured::SquaredNorm(SquaredNorm::of(&vector).scaled(*factor)))
        }
        Functional::ExactOnly => None,
    }
}

fn squared_norm(groups: &Groups, slots: Range<usize>) -> SquaredNorm {
    let vector = joint(groups, slots.len(), |means, out| {
        for (out, slot) in out.iter_mut().zip(slots.clone()) {
            *out = means.mean(slot);
        }
    });
    SquaredNorm::of(&vector)
}

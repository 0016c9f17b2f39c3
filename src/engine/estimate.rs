//! Owns the step from group sums to estimates.

use super::functional::{Functional, Moments, ScalarOf};
use super::spec::{Estimand, Spec};
use crate::inference::angle::Angle;
use crate::inference::cell::{Measured, ROUNDING};
use crate::inference::estimate::Estimate;
use crate::inference::groups::{Group, Groups, Means};
use crate::inference::jackknife::{jackknife, joint};
use crate::inference::mass::Mass;
use crate::inference::proportion::Proportion;
use crate::inference::quotient::{Quotient, Upper};
use crate::inference::score::SquaredNorm;
use crate::inference::skewed::Skewed;
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
    /// Replicates whose arm was voided; of several arms, those of the one that lost most.
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
    let valid = estimand.of.arms().into_iter().map(|arm| total.valid[arm]);
    total.replicates - valid.min().unwrap_or(0)
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
    let groups = groups.with_any_of(&estimand.of.arms()) as f64;
    Some(measured.on(df.min((groups - 1.0).max(0.0))))
}

fn of_all_groups(estimand: &Estimand, groups: &Groups) -> Option<Measured> {
    Some(match &estimand.functional {
        Functional::Mean(own) => Measured::Smooth(jackknife(groups, |means| own.of(means))),
        Functional::Smooth(functional) => Measured::Smooth(jackknife(groups, functional)),
        Functional::Difference(one, other) => Measured::Smooth(difference(groups, one, other)),
        Functional::Proportion(slot) => {
            let mean = jackknife(groups, |means| means.mean(*slot));
            // A sum of zeroes and ones is a count, exactly.
            let seen = groups.total().sums[*slot] as u64;
            let of = groups.means().count_of(*slot);
            // Sums of a foreign file may be anything; a panic they are not.
            Measured::Proportion(Proportion::new(mean, seen.min(of), of))
        }
        Functional::Mass { slot, most, parts } => Measured::Mass(mass(groups, *slot, *most, *parts)),
        Functional::Variance { moments, factor } => variance(groups, moments, *factor),
        Functional::SquaredNorm(slots) => {
            let vector = joint(groups, slots.len(), |means, out| coordinates(means, slots, out));
            Measured::SquaredNorm(SquaredNorm::of(&vector))
        }
        Functional::SquaredNormShare { slots, of } => {
            Measured::Quotient(quotient(groups, slots, |means| means.mean(*of), Upper::Norm))
        }
        Functional::OverSquaredNorm { over, slots } => Measured::Quotient(quotient(groups, slots, over, Upper::Number)),
        Functional::SquaredNormOf {
            len, factor, vector, ..
        } => Measured::SquaredNorm(SquaredNorm::of(&joint(groups, *len, vector)).scaled(*factor)),
        Functional::Norm { len, vector, .. } => Measured::Norm(SquaredNorm::of(&joint(groups, *len, vector))),
        Functional::Angle { len, vectors, of, .. } => Measured::Angle(Angle::of(groups, *len, vectors, *of)),
        Functional::TheoryOnly => return None,
    })
}

fn coordinates(means: &Means<'_>, slots: &Range<usize>, out: &mut [f64]) {
    for (out, slot) in out.iter_mut().zip(slots.clone()) {
        *out = means.mean(slot);
    }
}

fn quotient(groups: &Groups, slots: &Range<usize>, number: impl Fn(&Means<'_>) -> f64, upper: Upper) -> Quotient {
    let joint = joint(groups, slots.len() + 1, |means, out| {
        coordinates(means, slots, out);
        out[slots.len()] = number(means);
    });
    Quotient::of(&joint, 1.0, upper)
}

/// A difference, which is 0 without an error where both are what rounding leaves of the two numbers.
fn difference(groups: &Groups, one: &ScalarOf, other: &ScalarOf) -> Estimate {
    let found = jackknife(groups, |means| one(means) - other(means));
    let means = groups.means();
    let slack = ROUNDING * one(&means).abs().max(other(&means).abs());
    match found.value.abs() <= slack && found.mcse <= slack {
        true => Estimate {
            value: 0.0,
            mcse: 0.0,
            ..found
        },
        false => found,
    }
}

/// A mean of numbers from 0 to `most`, as a share of it. Where they are fractions their sum may round to more than there can be.
fn mass(groups: &Groups, slot: usize, most: f64, [parts, events]: [u64; 2]) -> Mass {
    let share = |means: &Means<'_>| {
        let share = means.mean(slot) / most;
        if share > 1.0 { 1.0 } else { share }
    };
    Mass::new(jackknife(groups, share), parts * groups.means().count_of(slot), events)
}

/// A variance: by the jackknife, but for one whose slope is so small that its curvature counts.
fn variance(groups: &Groups, moments: &Moments, factor: f64) -> Measured {
    let smooth = jackknife(groups, |means| factor * moments.variance(means));
    let len = moments.deviation.len();
    let joint = joint(groups, len + 1, |means, out| {
        coordinates(means, &moments.deviation, out);
        out[len] = means.mean(moments.square);
    });
    let skewed = Skewed::of_variance(&joint, factor * moments.factor(&groups.means()));
    match skewed.is_curved() && smooth.mcse > 0.0 {
        true => Measured::Skewed(skewed),
        false => Measured::Smooth(smooth),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{EstimandKind, Exact, Key, Of, Quantity};
    use crate::inference::groups::Layout;

    static KIND: EstimandKind = EstimandKind::new(
        "test.sum",
        "sum",
        &Quantity {
            name: "sum",
            meaning: "",
            formula: "",
            unit: "",
            source: "",
        },
    );

    /// The sum of the means of some arms, each of one slot.
    fn sum_over(of: Of) -> Estimand {
        let arms = of.arms();
        Estimand {
            kind: &KIND,
            of,
            at: Default::default(),
            functional: Functional::Smooth(Box::new(move |means| arms.iter().map(|&arm| means.mean(arm)).sum())),
            exact: Exact::None("this is a test"),
            reference: None,
            given: None,
        }
    }

    /// Groups of ten replicates each, of which arms lose `lost`.
    fn rows(lost: [u64; 3]) -> Vec<Row> {
        let spec = Spec {
            draws: Key::new(String::new()),
            work: Key::new(String::new()),
            unit: "a test",
            batch: 10,
            block: 1,
            layout: Layout::new(vec![0, 1, 2], 3),
            estimands: vec![
                sum_over(Of::Arm(0)),
                sum_over(Of::Contrast { arm: 0, versus: 1 }),
                sum_over(Of::Arms(vec![0, 1])),
                sum_over(Of::Contrast { arm: 0, versus: 2 }),
                sum_over(Of::Arms(vec![1, 2])),
            ],
            exact: Vec::new(),
            words: 0,
        };
        let group = |index: u64| Group {
            replicates: 10,
            valid: lost.map(|lost| 10 - lost).to_vec(),
            sums: lost.map(|lost| ((10 - lost) * (index + 1)) as f64).to_vec(),
        };
        let groups = Groups::new(spec.layout.clone(), (0..30).map(group).collect());
        estimate(&spec, &groups)
    }

    fn told(row: &Row) -> (f64, f64, f64, u64) {
        let found = row.measured.expect("it is no value of theory").estimate();
        (found.value, found.mcse, found.df, row.failed)
    }

    #[test]
    fn failures_are_charged_to_what_names_the_arm_and_to_nothing_else() {
        let none = rows([0, 0, 0]);
        let all = rows([0, 0, 10]);
        for place in 0..3 {
            assert_eq!(
                told(&all[place]),
                told(&none[place]),
                "it does not name the arm that failed"
            );
            assert_eq!((told(&all[place]).2, all[place].failed), (29.0, 0));
        }
        for row in &all[3..] {
            let (value, _, _, failed) = told(row);
            assert!(value.is_nan() && failed == 300, "{row:?}");
        }
        let some: Vec<u64> = rows([1, 4, 2]).iter().map(|row| row.failed).collect();
        assert_eq!(some, [30, 120, 120, 60, 120], "of several arms the one that lost most");
    }
}

//! Owns what people are told of fits that have not converged, and of which estimands that bars a verdict.

use super::estimands::Row;
use super::measures::{Measure, Statistic};
use crate::engine::{Estimand, Notice};

const WORDS: &str = "fits had not converged after the last step";

const BARRED: &str = "more of the fits than claims[].unconverged-at-most allows (1% by default) had not converged: raise training.steps or \
                      training.decay";

const ADVICE: &str =
    "raise training.steps; or training.decay, where data are so few that some parameter has no best value";

/// That of each arm that is fitted.
pub(super) fn of(measures: &[Measure], rows: &[Row], estimands: &[Estimand]) -> Vec<Notice> {
    let place = measures.iter().position(|&own| own == Measure::Unconverged);
    let notice = |(estimand, row): (usize, &Row)| {
        let slot = row.arm * measures.len() + place?;
        (row.measure == Measure::Unconverged).then(|| Notice {
            estimand,
            slot,
            of: None,
            words: WORDS,
            advice: ADVICE,
            barred: BARRED,
            bars: barred(row.arm, rows, estimands),
        })
    };
    rows.iter().enumerate().filter_map(notice).collect()
}

/// What rests on the fits of an arm.
fn barred(arm: usize, rows: &[Row], estimands: &[Estimand]) -> Vec<usize> {
    let rests =
        |(row, own): (&Row, &Estimand)| matches!(row.measure.own(), Statistic::Fit(_)) && own.of.arms().contains(&arm);
    (0..rows.len())
        .filter(|&at| rests((&rows[at], &estimands[at])))
        .collect()
}

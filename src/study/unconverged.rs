//! Owns what people are told of fits by Newton's method or gradient descent that have not converged, and of which estimands that bars
//! a verdict: in the studies of policies of features and of sequences.

use crate::engine::{Estimand, Notice};

const WORDS: &str = "fits had not converged after the last step";

const BARRED: &str = "more of the fits than claims[].unconverged-at-most allows (1% by default) had not converged: raise training.steps or \
                      training.decay";

const ADVICE: &str =
    "raise training.steps; or training.decay, where data are so few that some parameter has no best value";

/// What a row is to the fits of its arm.
pub(super) struct FitRow {
    /// The arm.
    pub arm: usize,
    /// The slot that counts fits which have not converged, of the row that tells of them.
    pub counts: Option<usize>,
    /// Whether its number rests on fits.
    pub rests: bool,
}

/// That of each arm of which a row counts such fits.
pub(super) fn notices<R>(rows: &[R], estimands: &[Estimand], own: impl Fn(&R) -> FitRow) -> Vec<Notice> {
    let rows: Vec<FitRow> = rows.iter().map(own).collect();
    let resting = |arm| {
        let rests = |(row, estimand): (&FitRow, &Estimand)| row.rests && estimand.of.arms().contains(&arm);
        let all = rows.iter().zip(estimands).enumerate();
        all.filter(|&(_, pair)| rests(pair)).map(|(at, _)| at).collect()
    };
    let notice = |(estimand, row): (usize, &FitRow)| {
        Some(Notice {
            estimand,
            slot: row.counts?,
            of: None,
            words: WORDS,
            advice: ADVICE,
            barred: BARRED,
            bars: resting(row.arm),
        })
    };
    rows.iter().enumerate().filter_map(notice).collect()
}

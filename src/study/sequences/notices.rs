//! Owns which rows of this study tell of fits that have not converged, and which rest on fits.

use super::estimands::Row;
use super::measures::{Measure, Statistic};
use crate::engine::{Estimand, Notice};
use crate::study::unconverged::{FitRow, notices};

/// That of each arm that is fitted.
pub(super) fn of(measures: &[Measure], rows: &[Row], estimands: &[Estimand]) -> Vec<Notice> {
    let place = measures.iter().position(|&own| own == Measure::Unconverged);
    notices(rows, estimands, |row| FitRow {
        arm: row.arm,
        counts: place
            .filter(|_| row.measure == Measure::Unconverged)
            .map(|place| row.arm * measures.len() + place),
        rests: matches!(row.measure.own(), Statistic::Fit(_)),
    })
}

//! Owns which rows of this study tell of fits that have not converged, and which rest on fits.

use super::estimands::Row;
use super::measures::{Measure, Statistic};
use crate::engine::{Estimand, Notice};
use crate::study::unconverged::{FitRow, notices};

/// That of each arm whose fits have a tolerance.
pub(super) fn of(measures: &[Measure], rows: &[Row], estimands: &[Estimand]) -> Vec<Notice> {
    let place = measures.iter().position(|&own| own == Measure::UnconvergedFits);
    notices(rows, estimands, |row| FitRow {
        arm: row.arm,
        counts: place
            .filter(|_| row.measure == Measure::UnconvergedFits)
            .map(|place| row.arm * measures.len() + place),
        rests: matches!(row.measure.own(), Statistic::Policy(_) | Statistic::Excess),
    })
}

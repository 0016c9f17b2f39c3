//! Owns what a figure says of what its numbers leave out.

use super::{Data, line};
use crate::experiment::{FigureSpec, RowRef, View};
use crate::record::EstimateRecord;
use crate::session::remarks;

/// The notes of a panel of these rows.
pub(super) fn of(data: &Data<'_>, spec: &FigureSpec, rows: &[RowRef]) -> Vec<String> {
    let drawn = drawn(spec, rows);
    let records: Vec<(RowRef, &EstimateRecord)> = drawn.iter().map(|&row| (row, data.record(row))).collect();
    let mut notes = remarks::below_figure(data.experiment, &records);
    if let View::Bars(bars) = &spec.view {
        let totals = rows
            .iter()
            .filter_map(|row| bars.stacks[spec.rows.binary_search(row).ok()?].total);
        let mut records = totals.map(|row| data.record(row));
        if records.any(|record| record.mcse.is_some() && line::is_unsure(record)) {
            notes.push("No error bars where errors rest on fewer than 20 groups of replicates.".to_owned());
        }
    }
    notes
}

/// Every row whose estimate is drawn in a panel.
fn drawn(spec: &FigureSpec, rows: &[RowRef]) -> Vec<RowRef> {
    match &spec.view {
        View::Line(_) | View::HeatMap(_) => rows.to_vec(),
        View::Pool(_) => Vec::new(),
        View::Bars(bars) => {
            let stacks = rows
                .iter()
                .filter_map(|row| bars.stacks.get(spec.rows.binary_search(row).ok()?));
            stacks
                .flat_map(|stack| stack.parts.iter().copied().chain(stack.total))
                .collect()
        }
    }
}

//! Owns the step from rows to a heat map.

use super::data::{Data, Drawn};
use super::label;
use crate::experiment::{HeatMap, RowRef, by_column};
use crate::report::figure::{Colours, HeatPanel};
use crate::report::labels::column_label;

pub(super) fn panels(data: &Data<'_>, map: &HeatMap) -> Vec<Drawn> {
    data.rows()
        .map(|rows| Drawn::new(panel(data, map, rows), rows))
        .collect()
}

fn panel(data: &Data<'_>, map: &HeatMap, rows: &[RowRef]) -> HeatPanel {
    let (xs, ys) = (axis_values(data, rows, map.x), axis_values(data, rows, map.y));
    let at = |x: &String, y: &String| {
        let mut rows = rows.iter().copied();
        let found = rows.find(|&row| data.text(row, map.x) == x && data.text(row, map.y) == y);
        found.and_then(|row| data.record(row).estimate)
    };
    HeatPanel {
        values: ys.iter().flat_map(|y| xs.iter().map(move |x| at(x, y))).collect(),
        x_label: column_label(&data.experiment.columns[map.x]),
        x: xs.iter().map(|x| label(x)).collect(),
        y_label: column_label(&data.experiment.columns[map.y]),
        y: ys.iter().map(|y| label(y)).collect(),
        value: label(map.value.label),
        colours: match map.centre {
            Some(centre) => Colours::Diverging { centre },
            None => Colours::Sequential,
        },
        logarithmic: false,
        printed: true,
    }
}

/// The distinct values of a column, numbers ascending, words in order of appearance.
fn axis_values(data: &Data<'_>, rows: &[RowRef], column: usize) -> Vec<String> {
    let mut groups = by_column(data.experiment, rows, Some(column));
    let number = |rows: &[RowRef]| data.experiment.cells(rows[0])[column].number.unwrap_or(f64::INFINITY);
    groups.sort_by(|(_, a), (_, b)| number(a).total_cmp(&number(b)));
    groups.into_iter().map(|(value, _)| value).collect()
}

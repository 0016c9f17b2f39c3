//! Owns the step from rows to sticks.

use super::data::{Data, Drawn, error, unsure_note};
use super::label;
use crate::experiment::{Lolly, RowRef};
use crate::report::figure::{Legend, LegendText, LollyPanel, LollySeries, Place, Stick};
use crate::report::labels::{column_label, column_symbol};

pub(super) fn panels(data: &Data<'_>, lolly: &Lolly) -> Vec<Drawn> {
    let drawn = |rows: &[RowRef]| Drawn {
        notes: unsure_note(data, rows),
        ..Drawn::new(panel(data, lolly, rows), rows)
    };
    data.rows().map(drawn).collect()
}

/// One panel of these rows; all rows of the figure give the categories and the series, so that panels can be compared.
fn panel(data: &Data<'_>, lolly: &Lolly, rows: &[RowRef]) -> LollyPanel {
    let categories = data.values(Some(lolly.y));
    let stick = |category: &str, series: &str| {
        let is_own = |row: &RowRef| {
            data.text(*row, lolly.y) == category && lolly.series.is_none_or(|own| data.text(*row, own) == series)
        };
        let record = data.record(rows.iter().copied().find(is_own)?);
        Some(Stick {
            value: record.estimate?,
            foot: if lolly.exact { record.exact? } else { 0.0 },
            error: error(record),
        })
    };
    let series = data.values(lolly.series).into_iter().map(|name| LollySeries {
        label: label(&name),
        sticks: categories.iter().map(|category| stick(category, &name)).collect(),
    });
    LollyPanel {
        series: series.collect(),
        y_label: column_label(&data.experiment.columns[lolly.y]),
        y: categories.iter().map(|text| label(text)).collect(),
        x_label: label(lolly.value.label),
        exact: lolly.exact,
        legend: Legend {
            title: lolly.series.map(|own| column_symbol(&data.experiment.columns[own])),
            place: Place::Auto,
            words: LegendText::default(),
        },
    }
}

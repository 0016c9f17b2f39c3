//! Owns the step from rows to sticks.

use super::data::{Data, Drawn, error, unsure_note};
use super::label;
use crate::experiment::{Lolly, RowRef};
use crate::report::figure::{Legend, LegendText, LollyPanel, LollySeries, Place, Stick};
use crate::report::labels::{column_label, column_symbol};

pub(super) fn panels(data: &Data<'_>, lolly: &Lolly) -> Vec<Drawn> {
    let drawn = |rows: &[RowRef]| {
        let found = found(data, lolly, rows);
        let sources = found
            .iter()
            .map(|own| own.iter().map(|row| row.iter().copied().collect()).collect());
        Drawn {
            sources: sources.collect(),
            notes: unsure_note(data, rows),
            ..Drawn::new(panel(data, lolly, &found), rows)
        }
    };
    data.rows().map(drawn).collect()
}

/// The row of each stick, by series and category; all rows of the figure give these, so that panels can be compared.
fn found(data: &Data<'_>, lolly: &Lolly, rows: &[RowRef]) -> Vec<Vec<Option<RowRef>>> {
    let categories = data.values(Some(lolly.y));
    let of = |category: &str, series: &str| {
        let is_own = |row: &RowRef| {
            data.text(*row, lolly.y) == category && lolly.series.is_none_or(|own| data.text(*row, own) == series)
        };
        rows.iter().copied().find(is_own)
    };
    let series = data.values(lolly.series).into_iter();
    series
        .map(|name| categories.iter().map(|category| of(category, &name)).collect())
        .collect()
}

fn panel(data: &Data<'_>, lolly: &Lolly, found: &[Vec<Option<RowRef>>]) -> LollyPanel {
    let stick = |row: &Option<RowRef>| {
        let record = data.record((*row)?);
        Some(Stick {
            value: record.estimate?,
            foot: if lolly.exact { record.exact? } else { 0.0 },
            error: error(record),
        })
    };
    let series = data.values(lolly.series).into_iter().zip(found);
    LollyPanel {
        series: series
            .map(|(name, rows)| LollySeries {
                label: label(&name),
                sticks: rows.iter().map(stick).collect(),
            })
            .collect(),
        y_label: column_label(&data.experiment.columns[lolly.y]),
        y: data.values(Some(lolly.y)).iter().map(|text| label(text)).collect(),
        x_label: label(lolly.value.label),
        exact: lolly.exact,
        legend: Legend {
            title: lolly.series.map(|own| column_symbol(&data.experiment.columns[own])),
            place: Place::Auto,
            words: LegendText::default(),
        },
    }
}

//! Owns the step from rows to steps over nested loops.

use super::data::{Data, Drawn, error, unsure_note};
use super::label;
use super::line::y_scale;
use crate::experiment::{NestedLoop, RowRef};
use crate::report::figure::{Axis, Legend, LegendText, Loop, NestedLoopPanel, Place, Step, StepSeries, Ticks};
use crate::report::labels::{column_label, column_symbol};

pub(super) fn panels(data: &Data<'_>, nested: &NestedLoop) -> Vec<Drawn> {
    let drawn = |rows: &[RowRef]| Drawn {
        notes: unsure_note(data, rows),
        ..Drawn::new(panel(data, nested, rows), rows)
    };
    data.rows().map(drawn).collect()
}

/// One panel of these rows; all rows of the figure give levels and series, so that panels can be compared.
fn panel(data: &Data<'_>, nested: &NestedLoop, rows: &[RowRef]) -> NestedLoopPanel {
    let levels: Vec<Vec<String>> = nested.loops.iter().map(|&column| data.ascending(column)).collect();
    // Which level of each loop a row has.
    let place = |row: RowRef| -> Vec<usize> {
        let texts = nested.loops.iter().map(|&column| data.text(row, column));
        let level = |(own, text): (&Vec<String>, &str)| own.iter().position(|level| level == text);
        // Cannot be absent because a panel's rows are among all.
        levels
            .iter()
            .zip(texts)
            .map(|pair| level(pair).unwrap_or_default())
            .collect()
    };
    let mut places: Vec<Vec<usize>> = rows.iter().map(|&row| place(row)).collect();
    places.sort();
    places.dedup();
    let step = |at: &Vec<usize>, series: &str| {
        let is_own =
            |row: &RowRef| place(*row) == *at && nested.series.is_none_or(|own| data.text(*row, own) == series);
        let record = data.record(rows.iter().copied().find(is_own)?);
        Some(Step {
            value: record.estimate?,
            error: error(record),
            exact: record.exact.filter(|_| nested.exact),
        })
    };
    let series = data.values(nested.series).into_iter().map(|name| StepSeries {
        label: label(&name),
        steps: places.iter().map(|at| step(at, &name)).collect(),
    });
    let all = data.spec.rows.iter();
    let ys: Vec<f64> = all.filter_map(|&row| data.record(row).estimate).collect();
    let loops = nested.loops.iter().zip(&levels).enumerate();
    NestedLoopPanel {
        series: series.collect(),
        y: Axis {
            label: label(nested.y.label),
            scale: nested.y_scale.unwrap_or_else(|| y_scale(&ys)),
            ticks: Ticks::Auto,
        },
        loops: loops
            .map(|(index, (&column, levels))| Loop {
                name: column_label(&data.experiment.columns[column]),
                levels: levels.iter().map(|text| label(text)).collect(),
                of_step: places.iter().map(|at| at[index]).collect(),
            })
            .collect(),
        legend: Legend {
            title: nested.series.map(|own| column_symbol(&data.experiment.columns[own])),
            place: Place::Auto,
            words: LegendText::default(),
        },
    }
}

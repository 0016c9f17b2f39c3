//! Owns the step from rows to steps over nested loops.

use super::data::{Data, Drawn, error, unsure_note};
use super::label;
use super::line::y_scale;
use crate::experiment::{NestedLoop, RowRef};
use crate::report::figure::{Axis, Legend, LegendText, Loop, NestedLoopPanel, Place, Step, StepSeries, Ticks};
use crate::report::labels::{column_label, column_symbol};

pub(super) fn panels(data: &Data<'_>, nested: &NestedLoop) -> Vec<Drawn> {
    let levels: Vec<Vec<String>> = nested.loops.iter().map(|&column| data.ascending(column)).collect();
    let drawn = |rows: &[RowRef]| {
        let steps = Steps::of(data, nested, &levels, rows);
        let by_step = |own: &Vec<Option<RowRef>>| own.iter().map(|row| row.iter().copied().collect()).collect();
        Drawn {
            sources: steps.rows.iter().map(by_step).collect(),
            notes: unsure_note(data, rows),
            ..Drawn::new(panel(data, nested, &levels, &steps), rows)
        }
    };
    data.rows().map(drawn).collect()
}

/// The steps of a panel.
struct Steps {
    /// Of each step, the level of each loop.
    places: Vec<Vec<usize>>,
    /// By series, the row of each step.
    rows: Vec<Vec<Option<RowRef>>>,
}

impl Steps {
    /// Those of some rows, in the order of the loops; all rows of the figure give levels and series, so that panels can be compared.
    fn of(data: &Data<'_>, nested: &NestedLoop, levels: &[Vec<String>], rows: &[RowRef]) -> Self {
        let place = |row: RowRef| -> Vec<usize> {
            let texts = nested.loops.iter().map(|&column| data.text(row, column));
            let level = |(own, text): (&Vec<String>, &str)| own.iter().position(|level| level == text);
            // Cannot be absent because a panel's rows are among all.
            let at = levels.iter().zip(texts).map(|pair| level(pair).unwrap_or_default());
            at.collect()
        };
        let placed: Vec<(Vec<usize>, RowRef)> = rows.iter().map(|&row| (place(row), row)).collect();
        let mut places: Vec<Vec<usize>> = placed.iter().map(|(at, _)| at.clone()).collect();
        places.sort();
        places.dedup();
        let row = |at: &Vec<usize>, series: &str| {
            let is_own = |(own, row): &&(Vec<usize>, RowRef)| {
                own == at && nested.series.is_none_or(|column| data.text(*row, column) == series)
            };
            placed.iter().find(is_own).map(|(_, row)| *row)
        };
        let series = data.values(nested.series).into_iter();
        Self {
            rows: series
                .map(|name| places.iter().map(|at| row(at, &name)).collect())
                .collect(),
            places,
        }
    }
}

fn panel(data: &Data<'_>, nested: &NestedLoop, levels: &[Vec<String>], steps: &Steps) -> NestedLoopPanel {
    let step = |row: &Option<RowRef>| {
        let record = data.record((*row)?);
        Some(Step {
            value: record.estimate?,
            error: error(record),
            exact: record.exact.filter(|_| nested.exact),
        })
    };
    let series = data.values(nested.series).into_iter().zip(&steps.rows);
    let all = data.spec.rows.iter();
    let ys: Vec<f64> = all.filter_map(|&row| data.record(row).estimate).collect();
    let loops = nested.loops.iter().zip(levels).enumerate();
    NestedLoopPanel {
        series: series
            .map(|(name, rows)| StepSeries {
                label: label(&name),
                steps: rows.iter().map(step).collect(),
            })
            .collect(),
        y: Axis {
            label: label(nested.y.label),
            scale: nested.y_scale.unwrap_or_else(|| y_scale(&ys)),
            ticks: Ticks::Auto,
        },
        loops: loops
            .map(|(index, (&column, levels))| Loop {
                name: column_label(&data.experiment.columns[column]),
                levels: levels.iter().map(|text| label(text)).collect(),
                of_step: steps.places.iter().map(|at| at[index]).collect(),
            })
            .collect(),
        legend: Legend {
            title: nested.series.map(|own| column_symbol(&data.experiment.columns[own])),
            place: Place::Auto,
            words: LegendText::default(),
        },
    }
}

//! Owns the step from stored estimates to the data of a figure: which rows make which series, what the axes are called.

mod bars;
mod data;
mod heat;
mod line;
mod notes;
#[cfg(test)]
mod point_tests;
mod pool;
#[cfg(test)]
mod tests;
mod theory;

use super::figure::{Body, Figure, Panel, Width};
use super::labels::value_label;
use crate::experiment::{self, Experiment, FigureSpec, RowRef, View, by_column};

pub(super) use super::labels::label;
use data::Data;
pub use data::Records;
use theory::Curves;

/// The figure of one spec.
pub fn figure(experiment: &Experiment, records: &Records, spec: &FigureSpec) -> Figure {
    let groups = by_column(experiment, &spec.rows, spec.panel);
    let many = groups.len() > 1;
    let data = Data::new(experiment, records);
    let bodies = bodies(&data, spec, &groups);
    let panels: Vec<Panel> = groups
        .iter()
        .zip(bodies)
        .zip('a'..)
        .map(|(((value, rows), body), tag)| Panel {
            title: spec.panel.map(|column| value_label(experiment, column, value)),
            tag: many.then_some(tag),
            body,
            notes: notes::of(&data, spec, rows),
        })
        .collect();
    Figure {
        title: spec.title.as_deref().map(label),
        columns: columns(spec, panels.len()),
        panels,
        width: width(spec.width),
        shared_y: many,
    }
}

/// The bodies of the panels, which are groups of the spec's rows.
fn bodies(data: &Data<'_>, spec: &FigureSpec, groups: &[(String, Vec<RowRef>)]) -> Vec<Body> {
    let rows = groups.iter().map(|(_, rows)| rows.as_slice());
    match &spec.view {
        View::Line(line) => groups
            .iter()
            .map(|(value, rows)| {
                let curves = Curves::of(data.records, &spec.name, value);
                Body::Line(line::panel(data, line, &curves, (rows, &spec.rows)))
            })
            .collect(),
        View::HeatMap(map) => rows.map(|rows| Body::Heat(heat::panel(data, map, rows))).collect(),
        View::Bars(bars) => rows
            .map(|rows| Body::Bars(bars::panel(data, bars, rows, &spec.rows)))
            .collect(),
        View::Pool(_) => {
            // Cannot be absent because whoever hands over records hands over a pool for each such figure.
            let Some(pool) = data.records.pool(&spec.name) else {
                return Vec::new();
            };
            let plane = pool::plane_of(pool);
            (0..groups.len())
                .map(|at| Body::Pool(pool::panel(pool, &plane, at)))
                .collect()
        }
    }
}

/// Panels per row.
fn columns(spec: &FigureSpec, panels: usize) -> usize {
    match (&spec.view, spec.width) {
        (View::Pool(_), experiment::Width::OneColumn) => panels.clamp(1, 2),
        // Pools are as legible when small, and are compared side by side.
        (View::Pool(_), experiment::Width::TwoColumns) if panels == 4 => 4,
        (_, experiment::Width::OneColumn) => 1,
        // Four panels in two rows of two, not three and one.
        (_, experiment::Width::TwoColumns) if panels == 4 => 2,
        (_, experiment::Width::TwoColumns) => panels.clamp(1, 3),
    }
}

pub(super) fn width(width: experiment::Width) -> Width {
    match width {
        experiment::Width::OneColumn => Width::OneColumn,
        experiment::Width::TwoColumns => Width::TwoColumn,
    }
}

//! Owns the step from stored estimates to the data of a figure: which rows make which series, what the axes are called.
//!
//! Each kind of figure has a file of its own.

mod bars;
mod data;
mod heat;
mod line;
mod lolly;
#[cfg(test)]
mod look_tests;
mod nested_loop;
#[cfg(test)]
mod point_tests;
mod pool;
#[cfg(test)]
mod tests;
mod theory;
mod zip;

use super::figure::{self, Figure, Label, Panel, Width};
use super::labels::value_markup;
use crate::experiment::{self, Experiment, FigureSpec, RowRef, View};
use crate::session::remarks;

pub(super) use super::labels::label;
pub use data::Records;
use data::{Data, Drawn};

// What files are refused by is what can be drawn.
const _: () = assert!(experiment::LOOKS == figure::LOOKS);

/// The kinds of figure: each draws the figures whose view is its own.
const KINDS: &[Kind] = &[
    |data| own(data, line::panels),
    |data| own(data, heat::panels),
    |data| own(data, bars::panels),
    |data| own(data, pool::panels),
    |data| own(data, lolly::panels),
    |data| own(data, nested_loop::panels),
    |data| own(data, zip::panels),
];

/// Draws the panels of a figure, if its view is of this kind.
type Kind = fn(&Data<'_>) -> Option<Vec<Drawn>>;

fn own<V: View>(data: &Data<'_>, panels: fn(&Data<'_>, &V) -> Vec<Drawn>) -> Option<Vec<Drawn>> {
    Some(panels(data, data.spec.view.of()?))
}

/// A figure, and where its numbers come from.
pub struct Traced {
    /// The figure.
    pub figure: Figure,
    /// Places among the stored estimates of those behind each number: by panel, by series, and by item there, as
    /// [`Spot::item`](figure::Spot::item) counts.
    pub sources: Vec<Vec<Vec<Vec<usize>>>>,
}

/// The figure of one spec.
pub fn figure(experiment: &Experiment, records: &Records, spec: &FigureSpec) -> Figure {
    traced(experiment, records, spec).figure
}

/// The figure of one spec, and where its numbers come from.
pub fn traced(experiment: &Experiment, records: &Records, spec: &FigureSpec) -> Traced {
    let data = Data::new(experiment, records, spec);
    // Cannot be empty because every kind is in the list, which a test says.
    let drawn = KINDS.iter().find_map(|kind| kind(&data)).unwrap_or_default();
    let lines = |rows: &Vec<RowRef>| rows.iter().map(|&row| data.line(row)).collect();
    let of_series = |items: &Vec<Vec<RowRef>>| items.iter().map(lines).collect();
    let sources = drawn
        .iter()
        .map(|own| own.sources.iter().map(of_series).collect())
        .collect();
    let many = drawn.len() > 1;
    // Some kinds draw several panels of the same rows, side by side.
    let each = drawn.len() / data.panels.len().max(1);
    let panel = |(index, (drawn, tag)): (usize, (Drawn, char))| {
        let rows: Vec<_> = drawn.rows.iter().map(|&row| (row, data.record(row))).collect();
        Panel {
            title: titled(
                experiment,
                spec.panel.zip(Some(&data.panels[index / each].0)),
                drawn.shows.as_deref(),
            ),
            tag: many.then_some(tag),
            body: drawn.body,
            notes: [remarks::below_figure(experiment, &rows), drawn.notes].concat(),
        }
    };
    let panels: Vec<Panel> = drawn.into_iter().zip('a'..).enumerate().map(panel).collect();
    let figure = Figure {
        name: experiment.title.clone(),
        title: spec.title.as_deref().map(label),
        columns: columns(spec, panels.len()),
        panels,
        width: width(spec.width),
        shared_y: many,
    };
    Traced { figure, sources }
}

/// What a panel is called: the value that its rows have in common, and which numbers of them it shows.
fn titled(experiment: &Experiment, common: Option<(usize, &String)>, shows: Option<&str>) -> Option<Label> {
    let value = common.map(|(column, value)| value_markup(experiment, column, value));
    let words: Vec<&str> = value.iter().map(String::as_str).chain(shows).collect();
    (!words.is_empty()).then(|| label(&words.join(", ")))
}

/// Panels per row.
fn columns(spec: &FigureSpec, panels: usize) -> usize {
    match (spec.width, spec.view.is_legible_when_small()) {
        (experiment::Width::OneColumn, true) => panels.clamp(1, 2),
        (experiment::Width::OneColumn, false) => 1,
        // Four panels in one row or two rows of two, not three and one.
        (experiment::Width::TwoColumns, true) if panels == 4 => 4,
        (experiment::Width::TwoColumns, false) if panels == 4 => 2,
        (experiment::Width::TwoColumns, _) => panels.clamp(1, 3),
    }
}

pub(super) fn width(width: experiment::Width) -> Width {
    match width {
        experiment::Width::OneColumn => Width::OneColumn,
        experiment::Width::TwoColumns => Width::TwoColumn,
    }
}

//! Owns the columns that figures stand on: which there are, what they hold, and whether rows stand apart on them.

use crate::experiment::rows::column;
use crate::experiment::table::ColumnRef;
use crate::experiment::table::RowRef;
use crate::experiment::validated::Experiment;
use crate::format::tree::Node;
use crate::format::{Fault, quoted};
use crate::numerics::scale::Scale;
use std::collections::{HashMap, HashSet};

/// More series or panels than this cannot be told apart.
pub(super) const MOST_GROUPS: usize = 64;

/// More rows or columns than this leave a heat map's cells too small to see.
pub(super) const MOST_TICKS: usize = 256;

/// A logarithmic axis has no place for 0 and below, one of 1 + x none below 0.
pub(super) fn refuse_unplaced(
    node: &Node,
    experiment: &Experiment,
    shown: &[RowRef],
    x: ColumnRef,
    scale: Scale,
) -> Result<(), Fault> {
    let unplaced = |value: &f64| match scale {
        Scale::Linear => false,
        Scale::Log10 | Scale::Log2 => *value <= 0.0,
        Scale::Log1p => *value < 0.0,
    };
    let mut values = shown.iter().filter_map(|&row| x.number(experiment, row));
    let Some(value) = values.find(unplaced) else {
        return Ok(());
    };
    let name = match x {
        ColumnRef::Key(index) => &experiment.columns[index].name,
        ColumnRef::At => "at",
    };
    let advice = if value == 0.0 { ": \"log1p\" has one for 0" } else { "" };
    let what = format!("{name} = {value} has no place on a logarithmic axis{advice}");
    Err(Fault::new(&node.origin_of("x-scale"), "figures.x-scale", what))
}

/// Refuses a column that would make more series, panels or ticks than a figure can show.
pub(super) fn few(
    node: &Node,
    experiment: &Experiment,
    shown: &[RowRef],
    key: &str,
    column: Option<usize>,
    most: usize,
) -> Result<(), Fault> {
    let Some(column) = column else { return Ok(()) };
    let values: HashSet<&str> = shown
        .iter()
        .map(|&row| experiment.cells(row)[column].text.as_str())
        .collect();
    if values.len() <= most {
        return Ok(());
    }
    let name = &experiment.columns[column].name;
    let what = format!("{name} has {} values here; at most {most} can be shown", values.len());
    Err(Fault::new(&node.origin_of(key), format!("figures.{key}"), what))
}

pub(super) fn optional_column(
    node: &Node,
    experiment: &Experiment,
    key: &str,
    name: Option<&str>,
) -> Result<Option<usize>, Fault> {
    let Some(name) = name else {
        return Ok(None);
    };
    let (origin, path) = (node.origin_of(key), format!("figures.{key}"));
    match column(experiment, name, &origin, &path)? {
        ColumnRef::Key(index) => Ok(Some(index)),
        ColumnRef::At => Err(Fault::new(&origin, path, "`at` cannot make series or panels")),
    }
}

pub(super) fn numeric_column(
    node: &Node,
    experiment: &Experiment,
    shown: &[RowRef],
    key: &str,
    name: &str,
) -> Result<ColumnRef, Fault> {
    let (origin, path) = (node.origin_of(key), format!("figures.{key}"));
    let column = column(experiment, name, &origin, &path)?;
    let wordy = |row: &&RowRef| {
        column
            .number(experiment, **row)
            .is_none_or(|number| !number.is_finite())
    };
    let what = match shown.iter().find(wordy) {
        None => return Ok(column),
        Some(&row) => match column.text(experiment, row) {
            "" => format!("the column {name} has no value in some rows, and an axis needs one"),
            text => format!("the column {name} holds {}, and an axis needs numbers", quoted(text)),
        },
    };
    Err(Fault::new(&origin, path, what))
}

/// Two rows at one place would be drawn over each other.
pub(super) fn apart(
    node: &Node,
    experiment: &Experiment,
    shown: &[RowRef],
    columns: &[Option<ColumnRef>],
) -> Result<(), Fault> {
    let mut seen = HashMap::new();
    for &row in shown {
        let place: Vec<&str> = columns.iter().flatten().map(|c| c.text(experiment, row)).collect();
        if let Some(earlier) = seen.insert(place, row) {
            let what = format!(
                "two rows would be drawn in one place: {} and {}; use `where`, `series` or `panel` to tell them apart",
                experiment.describe(earlier),
                experiment.describe(row)
            );
            return Err(Fault::new(&node.origin, "figures", what));
        }
    }
    Ok(())
}

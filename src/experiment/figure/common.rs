//! Owns what figures of every kind check alike.

use super::Width;
use crate::experiment::check::one_line;
use crate::experiment::fault::{Fault, quoted};
use crate::experiment::rows::column;
use crate::experiment::tree::Node;
use crate::experiment::wire::WireWidth;
use crate::experiment::{ColumnRef, Experiment, RowRef};
use std::collections::{HashMap, HashSet};

/// More series or panels than this cannot be told apart.
pub(super) const MOST_GROUPS: usize = 64;

pub(super) fn width(wire: WireWidth) -> Width {
    match wire {
        WireWidth::OneColumn => Width::OneColumn,
        WireWidth::TwoColumns => Width::TwoColumns,
    }
}

/// A name becomes a file, so only what every file system takes is allowed.
pub(super) fn name(node: &Node, given: Option<String>, default: String) -> Result<String, Fault> {
    let Some(name) = given else {
        return Ok(default);
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 100 || !name.chars().all(plain) {
        let what = format!(
            "{} cannot name a file: at most 100 lower-case letters, digits and hyphens are expected",
            quoted(&name)
        );
        return Err(Fault::new(&node.origin_of("name"), "figures.name", what));
    }
    Ok(name)
}

pub(super) fn title(node: &Node, title: Option<String>) -> Result<Option<String>, Fault> {
    title
        .map(|title| one_line(node, "title", "figures.title", title))
        .transpose()
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

//! Owns validated figures: which rows each shows, and how they are laid out.

mod bars;
mod pool;

pub use bars::{Bars, Stack};
pub use pool::PoolView;

use super::fault::{Fault, quoted};
use super::load::one_line;
use super::rows::{ColumnRef, Rows, column, kind, select, tables};
use super::tree::Node;
use super::wire::{WireHeatMap, WireLine, WireScale, WireWidth};
use super::{Experiment, RowRef, de};
use crate::engine::EstimandKind;
use std::collections::{HashMap, HashSet};

/// A figure of the estimates.
#[derive(Debug, Clone)]
pub struct FigureSpec {
    /// File name without ending.
    pub name: String,
    /// Printed above it.
    pub title: Option<String>,
    /// Column that makes panels, an index into [`Experiment::columns`].
    pub panel: Option<usize>,
    /// The rows shown.
    pub rows: Vec<RowRef>,
    /// How they are drawn.
    pub view: View,
    /// Width in print.
    pub width: Width,
}

/// How rows are drawn.
#[derive(Debug, Clone)]
pub enum View {
    /// Estimates with error bars against a numeric column.
    Line(Line),
    /// A colour per pair of columns.
    HeatMap(HeatMap),
    /// Bars of estimands stacked on each other.
    Bars(Bars),
    /// The candidates of one pool, a panel per arm.
    Pool(PoolView),
}

/// A line figure.
#[derive(Debug, Clone)]
pub struct Line {
    /// Column on the horizontal axis.
    pub x: ColumnRef,
    /// The estimand on the vertical axis.
    pub y: &'static EstimandKind,
    /// Column of which each value makes a line.
    pub series: Option<usize>,
    /// Whether the exact curve is drawn.
    pub exact: bool,
    /// Whether the prompt floor is drawn.
    pub floor: bool,
    /// Whether the reference curve is drawn.
    pub reference: bool,
    /// Whether K* is marked.
    pub optimum: bool,
    /// Whether the bound of the greedy guarantee is marked.
    pub bound: bool,
    /// Scale of x, chosen from the values where none is given.
    pub x_scale: Option<Scale>,
    /// Scale of y, likewise.
    pub y_scale: Option<Scale>,
}

/// A heat map.
#[derive(Debug, Clone)]
pub struct HeatMap {
    /// Column on the horizontal axis.
    pub x: usize,
    /// Column on the vertical axis.
    pub y: usize,
    /// The estimand shown as colour.
    pub value: &'static EstimandKind,
    /// The middle of a diverging map.
    pub centre: Option<f64>,
}

/// The scale of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps.
    Linear,
    /// Decades.
    Log,
    /// Doublings.
    Log2,
    /// Decades of 1 + x, for counts from 0.
    Log1p,
}

/// Width in print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 85 mm.
    OneColumn,
    /// 178 mm.
    TwoColumns,
}

/// The kinds of figure and what each shows.
pub const FIGURE_KINDS: [(&str, &str); 4] = [
    ("line", "estimates with error bars against a numeric column"),
    ("heat-map", "a colour per pair of columns"),
    (
        "bars",
        "estimands stacked on each other, a bar per value of a column, beside those of another",
    ),
    (
        "pool",
        "the candidates of one prompt in the plane, and which of them each arm keeps, in which order",
    ),
];

/// More series or panels than this cannot be told apart.
const MOST_GROUPS: usize = 64;

/// More rows or columns than this leave a heat map's cells too small to see.
const MOST_TICKS: usize = 256;

/// Reads `[[figures]]`.
pub(super) fn read(root: &Node, experiment: &Experiment, rows: &mut Rows) -> Result<Vec<FigureSpec>, Fault> {
    let nodes = tables(root, "figures")?;
    let mut figures: Vec<FigureSpec> = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        let default = match nodes.len() {
            1 => experiment.name.clone(),
            _ => format!("{}-{}", experiment.name, index + 1),
        };
        let figure = match kind(node, "figures", &FIGURE_KINDS.map(|(kind, _)| kind))? {
            "line" => line(node, (experiment, rows), default)?,
            "bars" => bars::read(node, (experiment, rows), default)?,
            "pool" => pool::read(node, experiment, default)?,
            _ => heat_map(node, (experiment, rows), default)?,
        };
        if let Some(earlier) = figures.iter().position(|earlier| earlier.name == figure.name) {
            let what = format!("two figures are called {}", quoted(&figure.name));
            let fault = Fault::new(&node.origin_of("name"), "figures.name", what);
            return Err(fault.and(&nodes[earlier].origin_of("name"), "the first one"));
        }
        figures.push(figure);
    }
    Ok(figures)
}

fn line(node: &Node, (experiment, rows): (&Experiment, &mut Rows), default: String) -> Result<FigureSpec, Fault> {
    let wire: WireLine = de::from_node(node, "figures")?;
    let all = rows.of(experiment, &wire.y, &node.origin_of("y"), "figures.y")?;
    let shown = select(experiment, all, node, "figures")?;
    let x = numeric_column(node, experiment, &shown, "x", &wire.x)?;
    let x_scale = wire.x_scale.map(scale);
    if let Some(scale) = x_scale {
        refuse_unplaced(node, experiment, &shown, x, scale)?;
    }
    if wire.exact && shown.iter().all(|&row| experiment.estimand(row).exact.is_none()) {
        let what = format!("{} has no exact curve to draw", wire.y);
        return Err(Fault::new(&node.origin_of("exact"), "figures.exact", what));
    }
    if wire.reference && shown.iter().all(|&row| experiment.estimand(row).reference.is_none()) {
        let what = format!("{} has no reference curve to draw", wire.y);
        return Err(Fault::new(&node.origin_of("reference"), "figures.reference", what));
    }
    // K* is marked where the best K is estimated.
    let marked = |row: &RowRef| {
        let study = &experiment.scenarios[row.scenario].study;
        study.selection().is_none() && study.best_at("responses").is_some()
    };
    if wire.optimum && !shown.iter().all(marked) {
        let what = "no K* to mark: it needs the study `training` and a [budget] that all arms share";
        return Err(Fault::new(&node.origin_of("optimum"), "figures.optimum", what));
    }
    let y = experiment.estimand(shown[0]).kind;
    if wire.floor && y.floor.is_none() {
        let what = format!("the prompt floor is one of variance or emse, not of {}", wire.y);
        return Err(
            Fault::new(&node.origin_of("floor"), "figures.floor", what).and(&node.origin_of("y"), "the estimand")
        );
    }
    let bound = |&row: &RowRef| experiment.exact_beside(row, y.bound);
    if wire.bound && (x != ColumnRef::At || shown.iter().any(|row| bound(row).is_none())) {
        let what = "no bound to mark: it needs the study `greedy` and x = \"at\"";
        return Err(Fault::new(&node.origin_of("bound"), "figures.bound", what));
    }
    let series = optional_column(node, experiment, "series", wire.series.as_deref())?;
    let panel = optional_column(node, experiment, "panel", wire.panel.as_deref())?;
    let key = |column: Option<usize>| column.map(ColumnRef::Key);
    apart(node, experiment, &shown, &[Some(x), key(series), key(panel)])?;
    few(node, experiment, &shown, "series", series, MOST_GROUPS)?;
    few(node, experiment, &shown, "panel", panel, MOST_GROUPS)?;
    Ok(FigureSpec {
        name: name(node, wire.name, default)?,
        title: title(node, wire.title)?,
        panel,
        rows: shown,
        view: View::Line(Line {
            x,
            y,
            series,
            exact: wire.exact,
            floor: wire.floor,
            reference: wire.reference,
            optimum: wire.optimum,
            bound: wire.bound,
            x_scale,
            y_scale: wire.y_scale.map(scale),
        }),
        width: width(wire.width),
    })
}

fn heat_map(node: &Node, (experiment, rows): (&Experiment, &mut Rows), default: String) -> Result<FigureSpec, Fault> {
    let wire: WireHeatMap = de::from_node(node, "figures")?;
    let key_column =
        |key: &str, name: &str| match column(experiment, name, &node.origin_of(key), &format!("figures.{key}"))? {
            ColumnRef::Key(index) => Ok(index),
            ColumnRef::At => Err(Fault::new(
                &node.origin_of(key),
                format!("figures.{key}"),
                "`at` cannot stand on an axis",
            )),
        };
    let (x, y) = (key_column("x", &wire.x)?, key_column("y", &wire.y)?);
    let all = rows.of(experiment, &wire.value, &node.origin_of("value"), "figures.value")?;
    let shown = select(experiment, all, node, "figures")?;
    let panel = optional_column(node, experiment, "panel", wire.panel.as_deref())?;
    let place = [Some(x), Some(y), panel].map(|column| column.map(ColumnRef::Key));
    apart(node, experiment, &shown, &place)?;
    few(node, experiment, &shown, "x", Some(x), MOST_TICKS)?;
    few(node, experiment, &shown, "y", Some(y), MOST_TICKS)?;
    few(node, experiment, &shown, "panel", panel, MOST_GROUPS)?;
    if let Some(centre) = wire.centre.filter(|centre| !centre.is_finite()) {
        let what = format!("{centre} is out of range: a finite number is expected");
        return Err(Fault::new(&node.origin_of("centre"), "figures.centre", what));
    }
    Ok(FigureSpec {
        name: name(node, wire.name, default)?,
        title: title(node, wire.title)?,
        panel,
        view: View::HeatMap(HeatMap {
            x,
            y,
            value: experiment.estimand(shown[0]).kind,
            centre: wire.centre,
        }),
        rows: shown,
        width: width(wire.width),
    })
}

fn scale(wire: WireScale) -> Scale {
    match wire {
        WireScale::Linear => Scale::Linear,
        WireScale::Log => Scale::Log,
        WireScale::Log2 => Scale::Log2,
        WireScale::Log1p => Scale::Log1p,
    }
}

fn width(wire: WireWidth) -> Width {
    match wire {
        WireWidth::OneColumn => Width::OneColumn,
        WireWidth::TwoColumns => Width::TwoColumns,
    }
}

/// A name becomes a file, so only what every file system takes is allowed.
fn name(node: &Node, given: Option<String>, default: String) -> Result<String, Fault> {
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

fn title(node: &Node, title: Option<String>) -> Result<Option<String>, Fault> {
    title
        .map(|title| one_line(node, "title", "figures.title", title))
        .transpose()
}

/// A logarithmic axis has no place for 0 and below, one of 1 + x none below 0.
fn refuse_unplaced(
    node: &Node,
    experiment: &Experiment,
    shown: &[RowRef],
    x: ColumnRef,
    scale: Scale,
) -> Result<(), Fault> {
    let unplaced = |value: &f64| match scale {
        Scale::Linear => false,
        Scale::Log | Scale::Log2 => *value <= 0.0,
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
fn few(
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

fn optional_column(
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

fn numeric_column(
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
fn apart(node: &Node, experiment: &Experiment, shown: &[RowRef], columns: &[Option<ColumnRef>]) -> Result<(), Fault> {
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

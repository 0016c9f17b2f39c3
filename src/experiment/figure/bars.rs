//! Owns the validation of stacked bars.

use super::{FigureSpec, MOST_GROUPS, View, apart, few, name, optional_column, title, width};
use crate::engine::{EstimandKind, Of};
use crate::experiment::fault::{Fault, quoted};
use crate::experiment::rows::{ColumnRef, Rows, column, select};
use crate::experiment::tree::Node;
use crate::experiment::wire::WireBars;
use crate::experiment::{Experiment, RowRef, de};
use std::collections::HashMap;

/// Stacked bars over a list of categories.
#[derive(Debug, Clone)]
pub struct Bars {
    /// Column of which each value is a category.
    pub x: usize,
    /// Column of which each value makes a bar in each category.
    pub series: Option<usize>,
    /// The estimands stacked from the bottom.
    pub y: Vec<&'static EstimandKind>,
    /// The estimand that is the whole, whose standard error is drawn.
    pub total: Option<&'static EstimandKind>,
    /// One per row of the figure, in its order.
    pub stacks: Vec<Stack>,
    /// Whether exact values are marked.
    pub exact: bool,
    /// Where higher bars are cut.
    pub cut: Option<f64>,
}

/// The rows of one bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// From the bottom: one per estimand.
    pub parts: Vec<RowRef>,
    /// The whole.
    pub total: Option<RowRef>,
}

/// Tints of one colour beyond these cannot be told apart.
const MOST_PARTS: usize = 4;

/// Colours of bars do not repeat.
const MOST_SERIES: usize = 7;

pub(super) fn read(
    node: &Node,
    (experiment, rows): (&Experiment, &mut Rows),
    default: String,
) -> Result<FigureSpec, Fault> {
    let wire: WireBars = de::from_node(node, "figures")?;
    check_names(node, &wire.y)?;
    let x = match column(experiment, &wire.x, &node.origin_of("x"), "figures.x")? {
        ColumnRef::Key(index) => index,
        ColumnRef::At => {
            let what = "`at` cannot stand on an axis";
            return Err(Fault::new(&node.origin_of("x"), "figures.x", what));
        }
    };
    let series = optional_column(node, experiment, "series", wire.series.as_deref())?;
    let panel = optional_column(node, experiment, "panel", wire.panel.as_deref())?;
    let mut parts = wire
        .y
        .iter()
        .map(|name| Named::read(node, (experiment, rows), "y", name));
    let parts: Vec<Named> = parts.by_ref().collect::<Result<_, _>>()?;
    let total = wire.total.as_ref();
    let total = total
        .map(|name| Named::read(node, (experiment, rows), "total", name))
        .transpose()?;
    let shown = parts[0].rows.clone();
    let place = [Some(x), series, panel].map(|column| column.map(ColumnRef::Key));
    apart(node, experiment, &shown, &place)?;
    few(node, experiment, &shown, "x", Some(x), MOST_GROUPS)?;
    few(node, experiment, &shown, "series", series, MOST_SERIES)?;
    few(node, experiment, &shown, "panel", panel, MOST_GROUPS)?;
    check_exact(node, experiment, wire.exact, &parts)?;
    Ok(FigureSpec {
        name: name(node, wire.name, default)?,
        title: title(node, wire.title)?,
        panel,
        view: View::Bars(Bars {
            x,
            series,
            stacks: stacks(node, experiment, &shown, &parts, total.as_ref())?,
            y: parts.iter().map(|part| part.kind).collect(),
            total: total.as_ref().map(|total| total.kind),
            exact: wire.exact,
            cut: cut(node, wire.y_max)?,
        }),
        rows: shown,
        width: width(wire.width),
    })
}

fn check_names(node: &Node, names: &[String]) -> Result<(), Fault> {
    let what = match names.len() {
        0 => "the list is empty: a bar has at least one part".to_owned(),
        n if n > MOST_PARTS => format!("{n} parts; at most {MOST_PARTS} can be told apart"),
        _ => match (1..names.len()).find(|&at| names[..at].contains(&names[at])) {
            None => return Ok(()),
            Some(at) => format!("{} stands here twice", quoted(&names[at])),
        },
    };
    Err(Fault::new(&node.origin_of("y"), "figures.y", what))
}

/// An estimand and its rows under `where`.
struct Named {
    kind: &'static EstimandKind,
    key: &'static str,
    rows: Vec<RowRef>,
}

impl Named {
    fn read(
        node: &Node,
        (experiment, rows): (&Experiment, &mut Rows),
        key: &'static str,
        name: &str,
    ) -> Result<Self, Fault> {
        let all = rows.of(experiment, name, &node.origin_of(key), &format!("figures.{key}"))?;
        let rows = select(experiment, all, node, "figures")?;
        let kind = experiment.estimand(rows[0]).kind;
        Ok(Self { kind, key, rows })
    }
}

/// What tells the rows of one estimand apart.
fn place(experiment: &Experiment, row: RowRef) -> (usize, &Of, &str) {
    let estimand = experiment.estimand(row);
    (row.scenario, &estimand.of, &estimand.at)
}

/// The rows of every bar: those of each estimand that belong to the same arm.
fn stacks(
    node: &Node,
    experiment: &Experiment,
    shown: &[RowRef],
    parts: &[Named],
    total: Option<&Named>,
) -> Result<Vec<Stack>, Fault> {
    let rows_of = |named: &Named| -> Result<Vec<RowRef>, Fault> {
        let at: HashMap<_, RowRef> = named.rows.iter().map(|&row| (place(experiment, row), row)).collect();
        let own = shown.iter().map(|&row| {
            at.get(&place(experiment, row)).copied().ok_or_else(|| {
                let what = format!(
                    "{} has no row for {}; use `where` to leave that out",
                    named.kind.name,
                    experiment.describe(row)
                );
                Fault::new(&node.origin_of(named.key), format!("figures.{}", named.key), what)
            })
        });
        own.collect()
    };
    let parts: Vec<Vec<RowRef>> = parts.iter().map(rows_of).collect::<Result<_, _>>()?;
    let total = total.map(rows_of).transpose()?;
    let stack = |index: usize| Stack {
        parts: parts.iter().map(|rows| rows[index]).collect(),
        total: total.as_ref().map(|rows| rows[index]),
    };
    Ok((0..shown.len()).map(stack).collect())
}

fn check_exact(node: &Node, experiment: &Experiment, exact: bool, parts: &[Named]) -> Result<(), Fault> {
    let none = |named: &Named| named.rows.iter().all(|&row| experiment.estimand(row).exact.is_none());
    if !exact || !none(&parts[0]) {
        return Ok(());
    }
    let what = format!("{} has no exact value to mark", parts[0].kind.name);
    Err(Fault::new(&node.origin_of("exact"), "figures.exact", what))
}

fn cut(node: &Node, cut: Option<f64>) -> Result<Option<f64>, Fault> {
    match cut.filter(|cut| !(*cut > 0.0 && *cut <= 1e300)) {
        None => Ok(cut),
        Some(cut) => {
            let what = format!("{cut} is out of range: a positive finite number is expected");
            Err(Fault::new(&node.origin_of("y-max"), "figures.y-max", what))
        }
    }
}

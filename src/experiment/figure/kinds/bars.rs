//! Owns bars: an estimand, or several stacked on each other, over a list of categories.

use crate::engine::{EstimandKind, Of};
use crate::experiment::figure::kind::{KindKeys, Shown, Site, boxed};
use crate::experiment::figure::place::{COLOURS, MOST_GROUPS};
use crate::experiment::figure::spec::View;
use crate::experiment::rows::Rows;
use crate::experiment::table::{ColumnRef, RowRef};
use crate::experiment::validated::Experiment;
use crate::format::Fault;
use crate::format::keys::{Flag, Line as Text, List, Number, Pattern, Range, Read, Table, Variant, key};
use std::collections::HashMap;

/// Tints of one colour beyond these cannot be told apart.
const MOST_PARTS: usize = 4;

/// The kind.
pub(super) const KIND: Variant<Box<dyn KindKeys>> = Variant {
    name: "bars",
    about: "an estimand with its error, or several stacked on each other: a bar per value of a column, beside those of another",
    read: |table| boxed(read(table)),
};

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

impl View for Bars {}

#[derive(Debug)]
struct BarsKeys {
    x: String,
    y: Vec<String>,
    total: Option<String>,
    series: Option<String>,
    exact: bool,
    cut: Option<f64>,
}

fn read(table: &mut Table<'_>) -> Read<BarsKeys> {
    let about = "Column of which each value is a category, in the order of the file.";
    let x = table.get(key("x", about, Text(Pattern::Column)));
    let parts = List {
        fewest: 1,
        most: MOST_PARTS,
        unique: true,
        empty: "a bar has at least one part",
        ..List::of(Text(Pattern::Estimand))
    };
    let y = table.get(key("y", "The estimands stacked from the bottom.", parts));
    let total = key(
        "total",
        "The estimand that the whole bar is, whose standard error is drawn at its estimate.",
        Text(Pattern::Estimand),
    );
    let total = table.find(
        total,
        "the estimand itself where nothing is stacked on it, else no error bars",
    );
    let series = key(
        "series",
        "One bar per value of this column in each category.",
        Text(Pattern::Column),
    );
    let series = table.find(series, "one bar");
    let exact = table.get(key("exact", "Mark the exact end of each part.", Flag).or(false));
    let about = "Where higher bars are cut; the value of each is written above it.";
    let cut = key("y-max", about, Number(Range::above(0.0).up_to(1e300)));
    let cut = table.find(cut, "no bar is cut");
    let own = table.end()?;
    Ok(BarsKeys {
        x: x.take(&own),
        y: y.take(&own),
        total: total.take(&own),
        series: series.take(&own),
        exact: exact.take(&own),
        cut: cut.take(&own),
    })
}

impl KindKeys for BarsKeys {
    fn resolve(&self, site: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault> {
        let x = site.axis("x", &self.x)?;
        let series = site.groups("series", self.series.as_deref())?;
        let panel = site.groups("panel", site.panel)?;
        let mut named = |key, name: &String| {
            let rows = site.rows(rows, key, name)?;
            let kind = site.experiment.estimand(rows[0]).kind;
            Ok(Named { kind, key, rows })
        };
        let parts = self.y.iter().map(|name| named("y", name));
        let parts: Vec<Named> = parts.collect::<Result<_, _>>()?;
        let alone = self.y.first().filter(|_| self.y.len() == 1);
        let total = self.total.as_ref().map(|name| ("total", name));
        let total = total.or(alone.map(|name| ("y", name)));
        let total = total.map(|(key, name)| named(key, name)).transpose()?;
        let shown = parts[0].rows.clone();
        let [on_x, in_series, in_panel] = [Some(x), series, panel].map(|column| column.map(ColumnRef::Key));
        let places = [
            ("x", on_x, MOST_GROUPS),
            ("series", in_series, COLOURS),
            ("panel", in_panel, MOST_GROUPS),
        ];
        site.refuse_crowded(&shown, &places)?;
        if self.exact && shown.iter().all(|&row| site.experiment.exact(row).is_none()) {
            let what = format!("{} has no exact value to mark", parts[0].kind.name);
            return Err(site.fault("exact", what));
        }
        let view = Bars {
            x,
            series,
            stacks: stacks(site, &shown, &parts, total.as_ref())?,
            y: parts.iter().map(|part| part.kind).collect(),
            total: total.as_ref().map(|total| total.kind),
            exact: self.exact,
            cut: self.cut,
        };
        Ok(Shown::new(shown, panel, view))
    }
}

/// An estimand and its rows under `where`.
struct Named {
    kind: &'static EstimandKind,
    key: &'static str,
    rows: Vec<RowRef>,
}

/// What tells the rows of one estimand apart.
fn place(experiment: &Experiment, row: RowRef) -> (usize, &Of, &str) {
    let estimand = experiment.estimand(row);
    (row.scenario, &estimand.of, &estimand.at)
}

/// The rows of every bar: those of each estimand that belong to the same arm.
fn stacks(site: &Site<'_>, shown: &[RowRef], parts: &[Named], total: Option<&Named>) -> Result<Vec<Stack>, Fault> {
    let experiment = site.experiment;
    let rows_of = |named: &Named| -> Result<Vec<RowRef>, Fault> {
        let at: HashMap<_, RowRef> = named.rows.iter().map(|&row| (place(experiment, row), row)).collect();
        let own = shown.iter().map(|&row| {
            at.get(&place(experiment, row)).copied().ok_or_else(|| {
                let (name, row) = (named.kind.name, experiment.describe(row));
                site.fault(
                    named.key,
                    format!("{name} has no row for {row}; use `where` to leave that out"),
                )
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

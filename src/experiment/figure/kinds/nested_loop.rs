//! Owns nested-loop plots (Ruecker and Schwarzer 2014, BMC Medical Research Methodology 14, 129): an estimand as steps over all combinations
//! of several columns, in the order of nested loops, above the steps of these columns themselves.

use crate::engine::EstimandKind;
use crate::experiment::figure::kind::{KindKeys, Shown, Site, boxed};
use crate::experiment::figure::place::{COLOURS, MOST_GROUPS};
use crate::experiment::figure::spec::View;
use crate::experiment::rows::Rows;
use crate::experiment::table::{ColumnRef, RowRef};
use crate::format::Fault;
use crate::format::keys::{Flag, Line as Text, List, Pattern, Read, Table, Variant, key};
use crate::numerics::scale::Scale;
use std::collections::HashSet;

/// More columns than these cannot be followed.
const MOST_LOOPS: usize = 5;

/// Steps narrower than those of so many cannot be seen.
const MOST_STEPS: usize = 400;

/// The kind.
pub(super) const KIND: Variant<Box<dyn KindKeys>> = Variant {
    name: "nested-loop",
    about: "an estimand as steps over all combinations of several columns, in the order of nested loops",
    read: |table| boxed(read(table)),
};

/// A nested-loop plot.
#[derive(Debug, Clone)]
pub struct NestedLoop {
    /// The estimand on the vertical axis.
    pub y: &'static EstimandKind,
    /// The columns, from the one that changes most slowly to the one that changes fastest.
    pub loops: Vec<usize>,
    /// Column of which each value makes a line of steps.
    pub series: Option<usize>,
    /// Whether exact values are marked.
    pub exact: bool,
    /// Scale of y, chosen from the values where none is given.
    pub y_scale: Option<Scale>,
}

impl View for NestedLoop {}

#[derive(Debug)]
struct NestedLoopKeys {
    y: String,
    loops: Vec<String>,
    series: Option<String>,
    exact: bool,
    y_scale: Option<Scale>,
}

fn read(table: &mut Table<'_>) -> Read<NestedLoopKeys> {
    let y = table.get(key("y", "The estimand on the vertical axis.", Text(Pattern::Estimand)));
    let columns = List {
        fewest: 1,
        most: MOST_LOOPS,
        unique: true,
        empty: "steps need a column that they go along",
        ..List::of(Text(Pattern::Column))
    };
    let about = "Columns whose combinations are the steps, from the outermost loop to the innermost; values are in ascending order.";
    let loops = table.get(key("loops", about, columns));
    let series = key(
        "series",
        "One line of steps per value of this column.",
        Text(Pattern::Column),
    );
    let series = table.find(series, "one line");
    let exact = table.get(key("exact", "Mark exact values.", Flag).or(false));
    let y_scale = table.find(
        key("y-scale", "Scale of the vertical axis.", super::line::SCALES),
        "log if all values are positive and span a factor of 5, else linear",
    );
    let own = table.end()?;
    Ok(NestedLoopKeys {
        y: y.take(&own),
        loops: loops.take(&own),
        series: series.take(&own),
        exact: exact.take(&own),
        y_scale: y_scale.take(&own),
    })
}

impl KindKeys for NestedLoopKeys {
    fn resolve(&self, site: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault> {
        let shown = site.rows(rows, "y", &self.y)?;
        let loops = self.loops.iter().map(|name| site.axis("loops", name));
        let loops: Vec<usize> = loops.collect::<Result<_, _>>()?;
        let series = site.groups("series", self.series.as_deref())?;
        let panel = site.groups("panel", site.panel)?;
        let mut places: Vec<_> = loops
            .iter()
            .map(|&column| ("loops", Some(ColumnRef::Key(column)), MOST_GROUPS))
            .collect();
        let [in_series, in_panel] = [series, panel].map(|column| column.map(ColumnRef::Key));
        places.extend([("series", in_series, COLOURS), ("panel", in_panel, MOST_GROUPS)]);
        site.refuse_crowded(&shown, &places)?;
        refuse_many(site, &shown, &loops)?;
        if self.exact && shown.iter().all(|&row| site.experiment.exact(row).is_none()) {
            return Err(site.fault("exact", format!("{} has no exact value to mark", self.y)));
        }
        let view = NestedLoop {
            y: site.experiment.estimand(shown[0]).kind,
            loops,
            series,
            exact: self.exact,
            y_scale: self.y_scale,
        };
        Ok(Shown::new(shown, panel, view))
    }
}

/// Refuses more steps than can be seen.
fn refuse_many(site: &Site<'_>, shown: &[RowRef], loops: &[usize]) -> Result<(), Fault> {
    let place = |&row: &RowRef| -> Vec<&str> {
        let cells = site.experiment.cells(row);
        loops.iter().map(|&column| cells[column].text.as_str()).collect()
    };
    let steps: HashSet<Vec<&str>> = shown.iter().map(place).collect();
    match steps.len() <= MOST_STEPS {
        true => Ok(()),
        false => Err(site.fault(
            "loops",
            format!(
                "{} combinations are as many steps; at most {MOST_STEPS} can be seen: use `where` or `panel`",
                steps.len()
            ),
        )),
    }
}

//! Owns line figures: estimates with error bars against a numeric column.

use crate::engine::EstimandKind;
use crate::experiment::figure::kind::{KindKeys, Shown, Site, boxed};
use crate::experiment::figure::place::{LOOKS, MOST_GROUPS};
use crate::experiment::figure::spec::{Line, View};
use crate::experiment::rows::Rows;
use crate::experiment::table::{ColumnRef, RowRef};
use crate::format::Fault;
use crate::format::keys::{Flag, Key, Line as Text, Pattern, Read, Table, Variant, Words, key, named};
use crate::numerics::scale::Scale;

named!(Scale {
    Scale::Linear => "linear",
    Scale::Log10 => "log",
    Scale::Log2 => "log2",
    Scale::Log1p => "log1p": "decades of 1 + x, for counts from 0",
});

pub(super) const SCALES: Words<'static, Scale> = Words(&[Scale::Linear, Scale::Log10, Scale::Log2, Scale::Log1p]);

/// The kind.
pub(super) const KIND: Variant<Box<dyn KindKeys>> = Variant {
    name: "line",
    about: "estimates with error bars against a numeric column",
    read: |table| boxed(read(table)),
};

impl View for Line {
    fn curves(&self) -> Option<&Line> {
        Some(self)
    }
}

#[derive(Debug)]
struct LineKeys {
    x: String,
    y: String,
    series: Option<String>,
    exact: bool,
    floor: bool,
    reference: bool,
    optimum: bool,
    bound: bool,
    x_scale: Option<Scale>,
    y_scale: Option<Scale>,
}

fn read(table: &mut Table<'_>) -> Read<LineKeys> {
    let about = "Column on the horizontal axis: one of numbers, or `at`.";
    let x = table.get(key("x", about, Text(Pattern::Column)));
    let y = table.get(key("y", "The estimand on the vertical axis.", Text(Pattern::Estimand)));
    let series = key("series", "One line per value of this column.", Text(Pattern::Column));
    let series = table.find(series, "one line");
    let mut flag = |name, about| table.get(flag(name, about).or(false));
    let exact = flag(
        "exact",
        "Draw exact values: a curve where they are worked out at every place of the axis, marks at the arms elsewhere.",
    );
    let floor = flag(
        "floor",
        "Draw the prompt floor V_x/N_p of each series that keeps at random: of another selector it is none.",
    );
    let reference = flag(
        "reference",
        "Also draw values of theory that are not exact, under their own names, such as `first order`: likewise.",
    );
    let optimum = flag(
        "optimum",
        "Mark K*, the best number of responses for the budget (studies of fits and `selection`, x = responses, one scenario a panel).",
    );
    let bound = flag(
        "bound",
        "Mark the bound of the greedy guarantee, 1 - (1 - 1/K)^K, on the horizontal axis (study `greedy`, x = at).",
    );
    let x_scale = table.find(
        key("x-scale", "Scale of the horizontal axis.", SCALES),
        "log2 if all values are powers of two, log if they span a factor of 20, log1p if they are counts from 0 to 20 or more, else linear",
    );
    let y_scale = table.find(
        key("y-scale", "Scale of the vertical axis.", SCALES),
        "log if all values are positive and span a factor of 5, else linear",
    );
    let own = table.end()?;
    Ok(LineKeys {
        x: x.take(&own),
        y: y.take(&own),
        series: series.take(&own),
        exact: exact.take(&own),
        floor: floor.take(&own),
        reference: reference.take(&own),
        optimum: optimum.take(&own),
        bound: bound.take(&own),
        x_scale: x_scale.take(&own),
        y_scale: y_scale.take(&own),
    })
}

fn flag(name: &'static str, about: &'static str) -> Key<Flag> {
    key(name, about, Flag)
}

impl KindKeys for LineKeys {
    fn resolve(&self, site: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault> {
        let shown = site.rows(rows, "y", &self.y)?;
        let x = site.numbers(&shown, "x", &self.x)?;
        if let Some(scale) = self.x_scale {
            refuse_unplaced(site, &shown, x, scale)?;
        }
        let y = site.experiment.estimand(shown[0]).kind;
        self.refuse_undrawn(site, &shown, x, y)?;
        let series = site.groups("series", self.series.as_deref())?;
        let panel = site.groups("panel", site.panel)?;
        let [in_series, in_panel] = [series, panel].map(|column| column.map(ColumnRef::Key));
        let groups = [("series", in_series, LOOKS), ("panel", in_panel, MOST_GROUPS)];
        site.refuse_crowded(&shown, &[&[("x", Some(x), usize::MAX)], &groups[..]].concat())?;
        let view = Line {
            x,
            y,
            series,
            exact: self.exact,
            floor: self.floor,
            reference: self.reference,
            optimum: self.optimum,
            bound: self.bound,
            x_scale: self.x_scale,
            y_scale: self.y_scale,
        };
        Ok(Shown::new(shown, panel, view))
    }
}

/// A logarithmic axis has no place for 0 and below, one of 1 + x none below 0.
fn refuse_unplaced(site: &Site<'_>, shown: &[RowRef], x: ColumnRef, scale: Scale) -> Result<(), Fault> {
    let unplaced = |value: &f64| match scale {
        Scale::Linear => false,
        Scale::Log10 | Scale::Log2 => *value <= 0.0,
        Scale::Log1p => *value < 0.0,
    };
    let mut values = shown.iter().filter_map(|&row| x.number(site.experiment, row));
    let Some(value) = values.find(unplaced) else {
        return Ok(());
    };
    let name = x.name(site.experiment);
    let advice = if value == 0.0 { ": \"log1p\" has one for 0" } else { "" };
    Err(site.fault(
        "x-scale",
        format!("{name} = {value} has no place on a logarithmic axis{advice}"),
    ))
}

impl LineKeys {
    /// Refuses curves and marks that no row has.
    fn refuse_undrawn(&self, site: &Site<'_>, shown: &[RowRef], x: ColumnRef, y: &EstimandKind) -> Result<(), Fault> {
        let experiment = site.experiment;
        if self.exact && shown.iter().all(|&row| experiment.exact(row).is_none()) {
            return Err(site.fault("exact", format!("{} has no exact curve to draw", self.y)));
        }
        if self.reference && shown.iter().all(|&row| experiment.reference(row).is_none()) {
            return Err(site.fault("reference", format!("{} has no reference curve to draw", self.y)));
        }
        // K* is marked where the best K is estimated, or the law divides a budget.
        let marked = |row: &RowRef| {
            let study = &experiment.scenarios[row.scenario].study;
            study.estimates_best() || study.allocation().is_some()
        };
        if self.optimum && !shown.iter().all(marked) {
            let what = "no K* to mark: it needs a study of fits (`training`, `policies`) or `selection`, and a [budget] that all arms share";
            return Err(site.fault("optimum", what));
        }
        if self.floor && y.floor.is_none() {
            let what = format!("the prompt floor is one of variance or emse, not of {}", self.y);
            let fault = site.fault("floor", what);
            return Err(fault.and(&site.node.origin_of("y"), "the estimand"));
        }
        if self.floor && shown.iter().all(|&row| experiment.floor(row).is_none()) {
            let what = "no prompt floor to draw: V_x/N_p is that of the selector `random` alone";
            return Err(site.fault("floor", what));
        }
        let bound = |&row: &RowRef| experiment.exact_beside(row, y.bound);
        if self.bound && (x != ColumnRef::At || shown.iter().any(|row| bound(row).is_none())) {
            let what = "no bound to mark: it needs the study `greedy` and x = \"at\"";
            return Err(site.fault("bound", what));
        }
        Ok(())
    }
}

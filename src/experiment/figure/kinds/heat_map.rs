//! Owns heat maps: a colour per pair of columns.

use crate::engine::EstimandKind;
use crate::experiment::figure::kind::{KindKeys, Shown, Site, boxed};
use crate::experiment::figure::place::MOST_GROUPS;
use crate::experiment::figure::spec::View;
use crate::experiment::rows::Rows;
use crate::experiment::table::ColumnRef;
use crate::format::Fault;
use crate::format::keys::{Flag, Line as Text, Number, Pattern, Range, Read, Table, Variant, key};

/// More rows than this are no page, and more columns cells too narrow to see.
const MOST_TICKS: usize = 120;

/// The kind.
pub(super) const KIND: Variant<Box<dyn KindKeys>> = Variant {
    name: "heat-map",
    about: "a colour per pair of columns",
    read: |table| boxed(read(table)),
};

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
    /// How far its colours reach on both sides of that.
    pub margin: Option<f64>,
    /// Whether a second panel beside each shows the exact values.
    pub exact: bool,
}

impl View for HeatMap {}

#[derive(Debug)]
struct HeatMapKeys {
    x: String,
    y: String,
    value: String,
    centre: Option<f64>,
    margin: Option<f64>,
    exact: bool,
}

fn read(table: &mut Table<'_>) -> Read<HeatMapKeys> {
    let x = table.get(key("x", "Column on the horizontal axis.", Text(Pattern::Column)));
    let y = table.get(key("y", "Column on the vertical axis.", Text(Pattern::Column)));
    let value = table.get(key("value", "The estimand shown as colour.", Text(Pattern::Estimand)));
    let about = "The value in the middle of a diverging colour map.";
    let centre = table.find(key("centre", about, Number(Range::FINITE)), "a sequential map");
    let about = "How far the colours of a diverging map reach on both sides of its centre; values beyond have the colour of that end.";
    let margin = table.find(
        key("margin", about, Number(Range::above(0.0).up_to(1e300))),
        "that of a claim `agrees` which says of every cell that it is the centre; without one, as far as the values",
    );
    let about = "Draw the exact values in a panel of their own beside each, in the same colours.";
    let exact = table.get(key("exact", about, Flag).or(false));
    let own = table.end()?;
    Ok(HeatMapKeys {
        x: x.take(&own),
        y: y.take(&own),
        value: value.take(&own),
        centre: centre.take(&own),
        margin: margin.take(&own),
        exact: exact.take(&own),
    })
}

impl KindKeys for HeatMapKeys {
    fn resolve(&self, site: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault> {
        let (x, y) = (site.axis("x", &self.x)?, site.axis("y", &self.y)?);
        let shown = site.rows(rows, "value", &self.value)?;
        let panel = site.groups("panel", site.panel)?;
        let [on_x, on_y, in_panel] = [Some(x), Some(y), panel].map(|column| column.map(ColumnRef::Key));
        let places = [
            ("x", on_x, MOST_TICKS),
            ("y", on_y, MOST_TICKS),
            ("panel", in_panel, MOST_GROUPS),
        ];
        site.refuse_crowded(&shown, &places)?;
        if self.margin.is_some() && self.centre.is_none() {
            return Err(site.fault("margin", "a margin is one around a `centre`, which is missing"));
        }
        if self.exact && shown.iter().all(|&row| site.experiment.exact(row).is_none()) {
            return Err(site.fault("exact", format!("{} has no exact values to draw", self.value)));
        }
        let view = HeatMap {
            x,
            y,
            value: site.experiment.estimand(shown[0]).kind,
            centre: self.centre,
            margin: self.margin,
            exact: self.exact,
        };
        Ok(Shown::new(shown, panel, view))
    }
}

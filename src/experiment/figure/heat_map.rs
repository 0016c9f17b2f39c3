//! Owns heat maps: a colour per pair of columns.

use super::kind::{KindKeys, Shown, Site};
use super::place::{MOST_GROUPS, MOST_TICKS, apart, few, optional_column};
use super::spec::{HeatMap, View};
use crate::experiment::rows::{Rows, column, select};
use crate::experiment::table::ColumnRef;
use crate::format::Fault;
use crate::format::keys::{Line as Text, Number, Pattern, Range, Read, Table, Variant, key};

/// The kind.
pub(super) const KIND: Variant<Box<dyn KindKeys>> = Variant {
    name: "heat-map",
    about: "a colour per pair of columns",
    read: |table| read(table).map(|keys| Box::new(keys) as Box<dyn KindKeys>),
};

#[derive(Debug)]
struct HeatMapKeys {
    x: String,
    y: String,
    value: String,
    centre: Option<f64>,
}

fn read(table: &mut Table<'_>) -> Read<HeatMapKeys> {
    let x = table.get(key("x", "Column on the horizontal axis.", Text(Pattern::Column)));
    let y = table.get(key("y", "Column on the vertical axis.", Text(Pattern::Column)));
    let value = table.get(key("value", "The estimand shown as colour.", Text(Pattern::Estimand)));
    let about = "The value in the middle of a diverging colour map.";
    let centre = table.find(key("centre", about, Number(Range::FINITE)), "a sequential map");
    let own = table.end()?;
    Ok(HeatMapKeys {
        x: x.take(&own),
        y: y.take(&own),
        value: value.take(&own),
        centre: centre.take(&own),
    })
}

impl KindKeys for HeatMapKeys {
    fn resolve(&self, site: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault> {
        let Site { node, experiment, .. } = *site;
        let (x, y) = (key_column(site, "x", &self.x)?, key_column(site, "y", &self.y)?);
        let all = rows.of(experiment, &self.value, &node.origin_of("value"), "figures.value")?;
        let shown = select(experiment, all, node, "figures")?;
        let panel = optional_column(node, experiment, "panel", site.panel)?;
        let place = [Some(x), Some(y), panel].map(|column| column.map(ColumnRef::Key));
        apart(node, experiment, &shown, &place)?;
        few(node, experiment, &shown, "x", Some(x), MOST_TICKS)?;
        few(node, experiment, &shown, "y", Some(y), MOST_TICKS)?;
        few(node, experiment, &shown, "panel", panel, MOST_GROUPS)?;
        let view = View::HeatMap(HeatMap {
            x,
            y,
            value: experiment.estimand(shown[0]).kind,
            centre: self.centre,
        });
        Ok(Shown {
            rows: shown,
            panel,
            view,
        })
    }
}

/// The column of an axis that has no places between its values.
pub(super) fn key_column(site: &Site<'_>, key: &str, name: &str) -> Result<usize, Fault> {
    let origin = site.node.origin_of(key);
    match column(site.experiment, name, &origin, &format!("figures.{key}"))? {
        ColumnRef::Key(index) => Ok(index),
        ColumnRef::At => Err(site.fault(key, "`at` cannot stand on an axis")),
    }
}

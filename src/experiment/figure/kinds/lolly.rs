//! Owns lolly plots: an estimate with its error on a stick that stands on the exact value, or on 0, a row per method.

use crate::engine::EstimandKind;
use crate::experiment::figure::kind::{KindKeys, Shown, Site, boxed};
use crate::experiment::figure::place::{COLOURS, MOST_GROUPS};
use crate::experiment::figure::spec::View;
use crate::experiment::rows::Rows;
use crate::experiment::table::ColumnRef;
use crate::format::Fault;
use crate::format::keys::{Flag, Line as Text, Pattern, Read, Table, Variant, key};

/// The kind.
pub(super) const KIND: Variant<Box<dyn KindKeys>> = Variant {
    name: "lolly",
    about: "an estimate with its error on a stick that stands on the exact value, or on 0: a row per value of a column",
    read: |table| boxed(read(table)),
};

/// A lolly plot.
#[derive(Debug, Clone)]
pub struct Lolly {
    /// The estimand on the horizontal axis.
    pub value: &'static EstimandKind,
    /// Column of which each value is a row.
    pub y: usize,
    /// Column of which each value makes a stick in each row.
    pub series: Option<usize>,
    /// Whether sticks stand on exact values, so that they are as long as an estimate is off.
    pub exact: bool,
}

impl View for Lolly {}

#[derive(Debug)]
struct LollyKeys {
    value: String,
    y: String,
    series: Option<String>,
    exact: bool,
}

fn read(table: &mut Table<'_>) -> Read<LollyKeys> {
    let about = "The estimand on the horizontal axis.";
    let value = table.get(key("value", about, Text(Pattern::Estimand)));
    let about = "Column of which each value is a row, from the top in the order of the file.";
    let y = table.get(key("y", about, Text(Pattern::Column)));
    let about = "One stick per value of this column in each row.";
    let series = table.find(key("series", about, Text(Pattern::Column)), "one stick");
    let about = "Let sticks stand on exact values, so that they are as long as an estimate is off, instead of on 0.";
    let exact = table.get(key("exact", about, Flag).or(false));
    let own = table.end()?;
    Ok(LollyKeys {
        value: value.take(&own),
        y: y.take(&own),
        series: series.take(&own),
        exact: exact.take(&own),
    })
}

impl KindKeys for LollyKeys {
    fn resolve(&self, site: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault> {
        let shown = site.rows(rows, "value", &self.value)?;
        let y = site.axis("y", &self.y)?;
        let series = site.groups("series", self.series.as_deref())?;
        let panel = site.groups("panel", site.panel)?;
        let [on_y, in_series, in_panel] = [Some(y), series, panel].map(|column| column.map(ColumnRef::Key));
        let places = [
            ("y", on_y, MOST_GROUPS),
            ("series", in_series, COLOURS),
            ("panel", in_panel, MOST_GROUPS),
        ];
        site.refuse_crowded(&shown, &places)?;
        if self.exact && shown.iter().any(|&row| site.experiment.exact(row).is_none()) {
            let what = format!("{} has rows without an exact value for a stick to stand on", self.value);
            return Err(site.fault("exact", what));
        }
        let view = Lolly {
            value: site.experiment.estimand(shown[0]).kind,
            y,
            series,
            exact: self.exact,
        };
        Ok(Shown::new(shown, panel, view))
    }
}

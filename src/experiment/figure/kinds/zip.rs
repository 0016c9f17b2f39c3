//! Owns zip plots: the intervals that parts of a run give for a mean, in the order of how far they are off (Morris, White and Crowther 2019,
//! Statistics in Medicine 38, 2074-2102, section 6.2).

use crate::experiment::figure::kind::{KindKeys, Shown, Site, boxed};
use crate::experiment::figure::spec::{Draws, View, Zip};
use crate::experiment::rows::Rows;
use crate::experiment::table::{ColumnRef, RowRef};
use crate::experiment::validated::Experiment;
use crate::format::Fault;
use crate::format::keys::{Integer, Line as Text, Number, Pattern, Range, Read, Table, Variant, key};

/// More panels leave no room for lines.
const MOST_PANELS: usize = 12;

/// Fewer intervals say nothing of a coverage, and of more no line can be seen.
const INTERVALS: [i64; 2] = [20, 1000];

/// Replicates of an interval where the file does not say.
const REPLICATES: u64 = 100;

/// The kind.
pub(super) const KIND: Variant<Box<dyn KindKeys>> = Variant {
    name: "zip",
    about: "the intervals that parts of a run give for a mean, those that are furthest off above: how many hold the exact value",
    read: |table| boxed(read(table)),
};

impl View for Zip {
    fn draws(&self) -> Option<Draws<'_>> {
        Some(Draws::Zip(self))
    }

    fn is_legible_when_small(&self) -> bool {
        true
    }
}

#[derive(Debug)]
struct ZipKeys {
    value: String,
    level: f64,
    intervals: i64,
    replicates: i64,
}

fn read(table: &mut Table<'_>) -> Read<ZipKeys> {
    let about = "The estimand whose intervals are shown: a mean with an exact value.";
    let value = table.get(key("value", about, Text(Pattern::Estimand)));
    let about = "Level of the intervals: the share of them that should hold the exact value.";
    let level = table.get(key("level", about, Number(Range::between(0.5, 0.999))).or(0.95));
    let about = "Parts that the replicates of a run are cut into, each with an interval of its own.";
    let intervals = table.get(key("intervals", about, Integer(INTERVALS[0], INTERVALS[1])).or(100));
    let about = "Most replicates of each part: as few as someone would take whose interval it is.";
    let replicates = table.get(key("replicates", about, Integer(2, 1 << 20)).or(REPLICATES as i64));
    let own = table.end()?;
    Ok(ZipKeys {
        value: value.take(&own),
        level: level.take(&own),
        intervals: intervals.take(&own),
        replicates: replicates.take(&own),
    })
}

impl KindKeys for ZipKeys {
    fn resolve(&self, site: &Site<'_>, rows: &mut Rows) -> Result<Shown, Fault> {
        let shown = site.rows(rows, "value", &self.value)?;
        let panel = site.groups("panel", site.panel)?;
        site.refuse_crowded(&shown, &[("panel", panel.map(ColumnRef::Key), MOST_PANELS)])?;
        let experiment = site.experiment;
        if shown.iter().any(|&row| experiment.exact(row).is_none()) {
            let what = format!("{} has rows without an exact value for intervals to hold", self.value);
            return Err(site.fault("value", what));
        }
        if !shown.iter().all(|&row| has_numbers(experiment, row)) {
            let what = format!(
                "{} is no mean over replicates, but a function of several: no replicate says anything of it",
                self.value
            );
            return Err(site.fault("value", what));
        }
        let text =
            |&row: &RowRef| panel.map_or_else(String::new, |column| experiment.cells(row)[column].text.to_string());
        let view = Zip {
            value: experiment.estimand(shown[0]).kind,
            level: self.level,
            names: shown.iter().map(text).collect(),
            rows: shown.clone(),
            // Cannot be below 0 by their ranges.
            intervals: self.intervals.unsigned_abs(),
            replicates: self.replicates.unsigned_abs(),
        };
        Ok(Shown::new(shown, panel, view))
    }
}

/// Whether each replicate has a number of its own.
fn has_numbers(experiment: &Experiment, row: RowRef) -> bool {
    let series = experiment.scenarios[row.scenario].study.spec().series();
    let is_own = |estimand, coordinate: Option<usize>| estimand == row.estimand && coordinate.is_none();
    series.iter().any(|own| is_own(own.estimand, own.coordinate))
}

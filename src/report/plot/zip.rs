//! Owns the step from stored intervals to those of a zip plot.

use super::data::{Data, Drawn};
use super::label;
use crate::experiment::{RowRef, Zip};
use crate::numerics::special::student_within;
use crate::record::{DrawsRecord, PartRecord};
use crate::report::figure::{ZipPanel, Zipped};

pub(super) fn panels(data: &Data<'_>, zip: &Zip) -> Vec<Drawn> {
    let Some(DrawsRecord::Intervals(own)) = data.draws() else {
        return Vec::new();
    };
    let panel = |(index, rows): (usize, &[RowRef])| {
        let parts = own.parts.iter().filter(|part| part.panel == index);
        let intervals: Vec<Option<Zipped>> = parts.clone().map(|part| interval(part, zip.level)).collect();
        let body = ZipPanel {
            x_label: label(zip.value.label),
            exact: parts.clone().map(|part| part.exact).next(),
            level: zip.level,
            intervals,
        };
        let each = parts.map(|part| part.replicates).max();
        let note = each.map(|each| {
            let percent = 100.0 * zip.level;
            format!("Each line is the {percent}% interval that {each} replicates alone would have given.")
        });
        Drawn {
            shows: shows(&body),
            // Each interval is of the panel's only row.
            sources: vec![vec![rows.to_vec(); body.intervals.len()]],
            notes: note.into_iter().collect(),
            ..Drawn::new(body, rows)
        }
    };
    data.rows().enumerate().map(panel).collect()
}

/// How many intervals hold the value.
fn shows(panel: &ZipPanel) -> Option<String> {
    let of = panel.intervals.len();
    let held = format!("{} of {of} hold it", panel.held());
    let told = match panel.without() {
        0 => held,
        without => format!("{held}, {without} have none"),
    };
    (of > 0).then_some(told)
}

/// The interval of a part by Student's t; none where its numbers are all equal, or fewer than two.
fn interval(part: &PartRecord, level: f64) -> Option<Zipped> {
    let (estimate, error) = (part.estimate?, part.error?);
    let df = part.replicates.checked_sub(1).filter(|df| *df > 0)? as f64;
    let half = student_within(level, df) * error;
    Some(Zipped {
        low: estimate - half,
        high: estimate + half,
        off: ((estimate - part.exact) / error).abs(),
    })
}

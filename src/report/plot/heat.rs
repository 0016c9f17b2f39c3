//! Owns the step from rows to a heat map.

use super::data::{Data, Drawn};
use super::label;
use crate::experiment::{Claim, ClaimCell, HeatMap, RowRef, Said};
use crate::inference::cell::Statement;
use crate::record::EstimateRecord;
use crate::report::figure::{Colours, HeatPanel};
use crate::report::labels::column_label;
use std::iter;

pub(super) fn panels(data: &Data<'_>, map: &HeatMap) -> Vec<Drawn> {
    let unstated = map.centre.filter(|_| map.margin.is_none());
    let claimed = unstated.and_then(|centre| claimed(data, centre));
    let margin = map.margin.or(claimed.map(|(_, margin)| margin));
    let colours = match map.centre {
        Some(centre) => Colours::Diverging { centre, margin },
        None => Colours::Sequential,
    };
    let note = claimed.map(|(name, _)| format!("Colours reach as far as the margin of the claim \"{name}\"."));
    let sources = |rows: &[RowRef]| {
        let cells = cells(data, map, rows).into_iter();
        vec![cells.map(|row| row.into_iter().collect()).collect()]
    };
    let simulated = |rows: &[RowRef]| Drawn {
        sources: sources(rows),
        shows: map.exact.then(|| "simulated".to_owned()),
        notes: note.clone().into_iter().collect(),
        ..Drawn::new(panel(data, map, rows, colours, |record| record.estimate), rows)
    };
    // Nothing is estimated in it: no rows of which remarks would be made.
    let exact = |rows: &[RowRef]| Drawn {
        sources: sources(rows),
        shows: Some("exact".to_owned()),
        ..Drawn::new(panel(data, map, rows, colours, |record| record.exact), &[])
    };
    let both = |rows| iter::once(simulated(rows)).chain(map.exact.then(|| exact(rows)));
    data.rows().flat_map(both).collect()
}

/// The claim that says of every row shown that it is `centre`, and the least margin within which it says so.
fn claimed<'a>(data: &Data<'a>, centre: f64) -> Option<(&'a str, f64)> {
    let experiment = data.experiment;
    let margin = |claim: &Claim, row: &RowRef| {
        let own = claim.cells.contains(&ClaimCell::Row(*row));
        match claim.kind.says(experiment.theory(*row), false) {
            Said::One(Statement::AgreesByRatio { target, margin }) if own && target == centre => Some(margin * centre),
            Said::One(Statement::AgreesWithin { target, margin }) if own && target == centre => Some(margin),
            _ => None,
        }
    };
    let of_all = |claim: &'a Claim| {
        let margins: Option<Vec<f64>> = data.spec.rows.iter().map(|row| margin(claim, row)).collect();
        Some((claim.name.as_str(), margins?.into_iter().fold(f64::INFINITY, f64::min)))
    };
    experiment.claims.iter().find_map(of_all)
}

/// The row behind each cell, in the order of the cells.
fn cells(data: &Data<'_>, map: &HeatMap, rows: &[RowRef]) -> Vec<Option<RowRef>> {
    let (xs, ys) = (data.ascending_of(rows, map.x), data.ascending_of(rows, map.y));
    let at = |x: &String, y: &String| {
        let is_here = |row: &RowRef| data.text(*row, map.x) == x && data.text(*row, map.y) == y;
        rows.iter().copied().find(is_here)
    };
    ys.iter().flat_map(|y| xs.iter().map(move |x| at(x, y))).collect()
}

fn panel(
    data: &Data<'_>,
    map: &HeatMap,
    rows: &[RowRef],
    colours: Colours,
    shown: impl Fn(&EstimateRecord) -> Option<f64>,
) -> HeatPanel {
    let (xs, ys) = (data.ascending_of(rows, map.x), data.ascending_of(rows, map.y));
    let value = |row: Option<RowRef>| row.and_then(|row| shown(data.record(row)));
    HeatPanel {
        values: cells(data, map, rows).into_iter().map(value).collect(),
        x_label: column_label(&data.experiment.columns[map.x]),
        x: xs.iter().map(|x| label(x)).collect(),
        y_label: column_label(&data.experiment.columns[map.y]),
        y: ys.iter().map(|y| label(y)).collect(),
        value: label(map.value.label),
        colours,
        logarithmic: false,
        printed: true,
    }
}

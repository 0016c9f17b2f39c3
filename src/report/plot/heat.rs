//! Owns the step from rows to a heat map.

use super::data::{Data, Drawn};
use super::label;
use crate::experiment::{Claim, ClaimCell, HeatMap, RowRef, Said};
use crate::inference::cell::Statement;
use crate::report::figure::{Colours, HeatPanel};
use crate::report::labels::column_label;

pub(super) fn panels(data: &Data<'_>, map: &HeatMap) -> Vec<Drawn> {
    let unstated = map.centre.filter(|_| map.margin.is_none());
    let claimed = unstated.and_then(|centre| claimed(data, centre));
    let margin = map.margin.or(claimed.map(|(_, margin)| margin));
    let colours = match map.centre {
        Some(centre) => Colours::Diverging { centre, margin },
        None => Colours::Sequential,
    };
    let note = claimed.map(|(name, _)| format!("Colours reach as far as the margin of the claim \"{name}\"."));
    let drawn = |rows: &[RowRef]| Drawn {
        notes: note.clone().into_iter().collect(),
        ..Drawn::new(panel(data, map, rows, colours), rows)
    };
    data.rows().map(drawn).collect()
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

fn panel(data: &Data<'_>, map: &HeatMap, rows: &[RowRef], colours: Colours) -> HeatPanel {
    let (xs, ys) = (data.ascending_of(rows, map.x), data.ascending_of(rows, map.y));
    let at = |x: &String, y: &String| {
        let mut rows = rows.iter().copied();
        let found = rows.find(|&row| data.text(row, map.x) == x && data.text(row, map.y) == y);
        found.and_then(|row| data.record(row).estimate)
    };
    HeatPanel {
        values: ys.iter().flat_map(|y| xs.iter().map(move |x| at(x, y))).collect(),
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

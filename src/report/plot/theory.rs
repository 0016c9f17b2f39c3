//! Owns the curves of theory in figures: where they are worked out.
//!
//! A figure joins only values between which there is nothing (see [`Curve`]), so a curve is asked for every whole number of its axis or, where these are
//! more than can be told apart, for as many as can. What theory does not answer there stands at the arms alone.

use super::Data;
use crate::experiment::docs;
use crate::experiment::{ColumnRef, Experiment, Line, RowRef};
use crate::format::keys::Kind;
use crate::numerics::elementary::{exp, ln};
use crate::record::EstimateRecord;
use crate::report::figure::{At, Curve, Reference, Scale};
use crate::report::labels::reference_label;

/// Distance of the places asked for, as a share of the axis: a little less than what is joined.
const STEP: f64 = 0.8 * Curve::NEAR;

/// The horizontal axis of a panel, as curves need it.
pub(super) struct Axes<'a> {
    experiment: &'a Experiment,
    column: ColumnRef,
    /// The key under it; `at` for the place of an estimand.
    key: &'a str,
    scale: Scale,
    /// From the first to the last row, in positions of the scale.
    span: f64,
    /// Whether only whole numbers stand on it.
    pub counted: bool,
}

impl<'a> Axes<'a> {
    pub fn new(experiment: &'a Experiment, line: &Line, scale: Scale, rows: &[RowRef]) -> Self {
        let xs: Vec<f64> = rows.iter().filter_map(|&row| line.x.number(experiment, row)).collect();
        let positions = xs.iter().map(|x| scale.position(*x));
        let (low, high) = positions.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| {
            (low.min(p), high.max(p))
        });
        let key = match line.x {
            ColumnRef::Key(index) => experiment.columns[index].key.as_str(),
            ColumnRef::At => "at",
        };
        Self {
            experiment,
            column: line.x,
            key,
            scale,
            span: high - low,
            counted: match line.x {
                ColumnRef::Key(_) => counts(key),
                ColumnRef::At => xs.iter().all(|x| x.fract() == 0.0),
            },
        }
    }

    pub fn x(&self, row: RowRef) -> Option<f64> {
        self.column.number(self.experiment, row)
    }

    /// Rows in the order of the axis.
    pub fn ascending(&self, rows: &[RowRef]) -> Vec<RowRef> {
        let mut rows = rows.to_vec();
        let x = |row: RowRef| self.x(row).unwrap_or(f64::NAN);
        rows.sort_by(|&a, &b| x(a).total_cmp(&x(b)));
        rows
    }

    /// Whether two rows differ on this axis alone, so that what lies between them on it lies on one curve.
    fn along(&self, from: RowRef, to: RowRef) -> bool {
        let own = |index: usize| matches!(self.column, ColumnRef::Key(key) if key == index);
        let columns = self.experiment.columns.iter().enumerate();
        let mut others = columns.filter(|(index, column)| !own(*index) && !column.derived);
        let cells = |row| self.experiment.cells(row);
        others.all(|(index, _)| cells(from)[index].text == cells(to)[index].text)
            && (self.column == ColumnRef::At || self.experiment.estimand(from).at == self.experiment.estimand(to).at)
    }

    /// Places between two others: every whole number or so many of them that more could not be told apart.
    fn whole_between(&self, from: f64, to: f64) -> Vec<u32> {
        let (Ok(mut last), Ok(to)) = (exact_u32(from), exact_u32(to)) else {
            return Vec::new();
        };
        let position = |place: u32| self.scale.position(f64::from(place));
        let mut places = Vec::new();
        while last + 1 < to {
            let (start, mut near, mut far) = (position(last), last + 1, to);
            while far - near > 1 {
                let middle = near + (far - near) / 2;
                if position(middle) - start <= STEP * self.span {
                    near = middle;
                } else {
                    far = middle;
                }
            }
            if near < to {
                places.push(near);
            }
            last = near;
        }
        places
    }

    /// Places between two others on an axis of any numbers.
    fn any_between(&self, from: f64, to: f64) -> Vec<f64> {
        let (start, end) = (self.scale.position(from), self.scale.position(to));
        let parts = ((end - start) / (STEP * self.span)).ceil();
        let at = |part: u32| {
            let share = f64::from(part) / parts;
            match self.scale {
                Scale::Linear => from + (to - from) * share,
                Scale::Log10 | Scale::Log2 => exp(ln(from) + (ln(to) - ln(from)) * share),
                Scale::Log1p => exp(ln(1.0 + from) + (ln(1.0 + to) - ln(1.0 + from)) * share) - 1.0,
            }
        };
        // At most 1 / STEP, for no two rows are further apart than all of them.
        (1..parts as u32).map(at).collect()
    }
}

fn exact_u32(x: f64) -> Result<u32, ()> {
    let whole = x.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&x);
    whole.then_some(x as u32).ok_or(())
}

/// Whether a key takes whole numbers alone.
fn counts(key: &str) -> bool {
    let in_arms = format!("arms.{key}");
    let mut entries = docs::all().iter();
    entries.any(|entry| (entry.path == key || entry.path == in_arms) && matches!(entry.doc.kind, Kind::Integer(..)))
}

/// The exact values of a series, whose rows ascend.
pub(super) fn exact(data: &Data<'_>, axes: &Axes<'_>, rows: &[RowRef]) -> Curve {
    let between = |row: RowRef, from: f64, to: f64| {
        if !axes.counted {
            return Vec::new();
        }
        let places = axes.whole_between(from, to);
        let study = &data.experiment.scenarios[row.scenario].study;
        let values = study.exact_along(row.estimand, axes.key, &places);
        let known = places.iter().zip(values);
        known
            .filter_map(|(place, value)| Some((f64::from(*place), value?)))
            .collect()
    };
    curve(data, axes, rows, &|record| record.exact, &between)
}

/// The other values of theory of a panel: one curve per series and name, or one for all series where they agree.
pub(super) fn references(data: &Data<'_>, axes: &Axes<'_>, groups: &[(String, Vec<RowRef>)]) -> Vec<Reference> {
    let mut found: Vec<(&str, Curve, Option<usize>)> = Vec::new();
    for (index, (_, rows)) in groups.iter().enumerate() {
        let rows = axes.ascending(rows);
        for name in names(data, &rows) {
            let curve = reference(data, axes, &rows, name);
            let same = |(known, other, _): &&mut (&str, Curve, Option<usize>)| *known == name && agree(other, &curve);
            match found.iter_mut().find(same) {
                Some((_, other, series)) => {
                    *other = merged(other, &curve);
                    *series = None;
                }
                None => found.push((name, curve, Some(index).filter(|_| groups.len() > 1))),
            }
        }
    }
    let named = |(name, curve, series)| Reference {
        at: At::Along { curve, series },
        label: reference_label(name),
    };
    found.into_iter().map(named).collect()
}

/// Whether two curves are one: the same, or the same number wherever each of them reaches.
fn agree(one: &Curve, other: &Curve) -> bool {
    let mut values = one.0.iter().chain(&other.0).map(|(_, y)| *y);
    let first = values.next();
    one == other || values.all(|y| Some(y) == first)
}

/// The places of both.
fn merged(one: &Curve, other: &Curve) -> Curve {
    let mut all = [one.0.as_slice(), other.0.as_slice()].concat();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.dedup_by(|a, b| a.0 == b.0);
    Curve(all)
}

/// The names of the references of rows, in order of appearance.
fn names<'a>(data: &Data<'a>, rows: &[RowRef]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for &row in rows {
        let record = data.record(row);
        if record.reference.is_some() && !names.contains(&record.reference_name.as_str()) {
            names.push(&record.reference_name);
        }
    }
    names
}

fn reference(data: &Data<'_>, axes: &Axes<'_>, rows: &[RowRef], name: &str) -> Curve {
    let own = |record: &EstimateRecord| record.reference.filter(|_| record.reference_name == name);
    let between = |row: RowRef, from: f64, to: f64| {
        let places = match axes.counted {
            true => axes.whole_between(from, to).into_iter().map(f64::from).collect(),
            false => axes.any_between(from, to),
        };
        let study = &data.experiment.scenarios[row.scenario].study;
        let of_name = |place: f64| {
            study
                .reference_at(row.estimand, axes.key, place)
                .filter(|r| r.name == name)
        };
        let known = places
            .into_iter()
            .filter_map(|place| Some((place, of_name(place)?.value)));
        known.collect()
    };
    curve(data, axes, rows, &own, &between)
}

/// The values of rows, which ascend, and what is known `between` two that differ on the axis alone.
fn curve(
    data: &Data<'_>,
    axes: &Axes<'_>,
    rows: &[RowRef],
    own: &dyn Fn(&EstimateRecord) -> Option<f64>,
    between: &dyn Fn(RowRef, f64, f64) -> Vec<(f64, f64)>,
) -> Curve {
    let mut curve = Vec::new();
    for (index, &row) in rows.iter().enumerate() {
        let Some(x) = axes.x(row) else { continue };
        curve.extend(own(data.record(row)).map(|y| (x, y)));
        let next = rows.get(index + 1).filter(|next| axes.along(row, **next));
        if let Some(to) = next.and_then(|&next| axes.x(next)) {
            curve.extend(between(row, x, to));
        }
    }
    Curve(curve)
}

//! Owns the step from stored curves and marks of theory to those of a panel.

use crate::numerics::text::short_3;
use crate::record::{CurveKind, CurveRecord};
use crate::report::figure::{At, Curve, Label, Reference};
use crate::report::labels::{BEST, label, reference_label};
use crate::report::plot::Records;

/// The curves and marks of one panel.
pub(super) struct Curves<'a>(Vec<&'a CurveRecord>);

impl<'a> Curves<'a> {
    /// Those of a figure's panel.
    pub fn of(records: &'a Records, figure: &str, panel: &str) -> Self {
        let own = |record: &&CurveRecord| record.figure == figure && record.panel == panel;
        Self(records.curves.iter().filter(own).collect())
    }

    fn all(&self, kind: CurveKind) -> impl Iterator<Item = &'a CurveRecord> + '_ {
        self.0.iter().copied().filter(move |record| record.kind == kind)
    }

    /// The exact values of a series.
    pub fn exact(&self, series: &str) -> Curve {
        let own = self.all(CurveKind::Exact).filter(|record| record.series == series);
        Curve(own.filter_map(point).collect())
    }

    /// The level that a series cannot fall below.
    pub fn floor(&self, series: &str) -> Option<f64> {
        self.all(CurveKind::Floor).find(|record| record.series == series)?.y
    }

    /// Marks on the horizontal axis.
    pub fn places(&self) -> Vec<Reference> {
        let place = |record: &CurveRecord| {
            Some(Reference {
                at: At::X(record.x?),
                label: place_label(&record.name, record.x?),
            })
        };
        self.all(CurveKind::Place).filter_map(place).collect()
    }

    /// The other values of theory, of series in this order: one curve per series and name, or one for all series where they agree.
    pub fn references(&self, series: &[&str]) -> Vec<Reference> {
        let mut found: Vec<(&str, Curve, Option<usize>)> = Vec::new();
        for (index, series) in series.iter().enumerate() {
            for (name, curve) in self.of_series(series) {
                let same =
                    |(known, other, _): &&mut (&str, Curve, Option<usize>)| *known == name && agree(other, &curve);
                match found.iter_mut().find(same) {
                    Some((_, other, series)) => {
                        *other = merged(other, &curve);
                        *series = None;
                    }
                    None => found.push((name, curve, Some(index))),
                }
            }
        }
        let several = series.len() > 1;
        let named = |(name, curve, series): (&str, Curve, Option<usize>)| Reference {
            at: At::Along {
                curve,
                series: series.filter(|_| several),
            },
            label: reference_label(name),
        };
        found.into_iter().map(named).collect()
    }

    /// The references of a series by name, in order of appearance.
    fn of_series(&self, series: &str) -> Vec<(&'a str, Curve)> {
        let mut curves: Vec<(&str, Curve)> = Vec::new();
        for record in self.all(CurveKind::Reference).filter(|record| record.series == series) {
            let known = curves.iter_mut().find(|(name, _)| *name == record.name);
            match known {
                Some((_, curve)) => curve.0.extend(point(record)),
                None => curves.push((&record.name, Curve(point(record).into_iter().collect()))),
            }
        }
        curves
    }
}

fn point(record: &CurveRecord) -> Option<(f64, f64)> {
    record.x.zip(record.y)
}

/// The name of a mark: of an optimum with its value.
fn place_label(name: &str, x: f64) -> Label {
    match name {
        BEST => label(&format!("$K^\\star$ = {}", short_3(x))),
        other => reference_label(other),
    }
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

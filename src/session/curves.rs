//! Owns the curves and marks of theory in figures: where they are worked out.
//!
//! A figure joins only values between which there is nothing, so a curve is asked for at every place of its axis that can be told apart from
//! the next. What theory does not answer there stands at the arms alone.

use crate::experiment::{Experiment, FigureSpec, Line, LineAxis, RowRef, by_column};
use crate::numerics::lists::distinct;
use crate::record::{CurveKind, CurveRecord};
use crate::study::Theory;
use crate::study::training::BEST;
use std::collections::HashMap;

/// What the bound of the greedy guarantee is called.
const BOUND: &str = "bound of the guarantee";

/// Every point of the curves and marks that the figures of an experiment draw, once its exact values are settled.
pub fn curves(experiment: &Experiment) -> Vec<CurveRecord> {
    let mut theory = Theories {
        experiment,
        of_scenario: HashMap::new(),
    };
    let mut all = Vec::new();
    for spec in &experiment.figures {
        let Some(line) = spec.view.curves() else { continue };
        for (panel, rows) in by_column(experiment, &spec.rows, spec.panel) {
            let mut own = Panel {
                experiment,
                line,
                axis: line.axis(experiment, &rows, &spec.rows),
                theory: &mut theory,
            };
            let named = |(series, point): (String, Point)| point.of(spec, &panel, series);
            all.extend(own.points(&rows).into_iter().map(named));
        }
    }
    all
}

/// The theories of scenarios, each made when it is first asked.
struct Theories<'a> {
    experiment: &'a Experiment,
    of_scenario: HashMap<usize, Box<dyn Theory + 'a>>,
}

impl<'a> Theories<'a> {
    fn of(&mut self, scenario: usize) -> &mut (dyn Theory + 'a) {
        let Self {
            experiment,
            of_scenario,
        } = self;
        let theory = of_scenario.entry(scenario);
        let theory = theory.or_insert_with(|| experiment.scenarios[scenario].study.theory(&experiment.known));
        theory.as_mut()
    }
}

/// A point before it is known whose it is.
struct Point {
    kind: CurveKind,
    name: &'static str,
    x: Option<f64>,
    y: Option<f64>,
}

impl Point {
    fn of(self, spec: &FigureSpec, panel: &str, series: String) -> CurveRecord {
        CurveRecord {
            figure: spec.name.clone(),
            panel: panel.to_owned(),
            series,
            kind: self.kind,
            name: self.name.to_owned(),
            x: self.x,
            y: self.y,
        }
    }
}

/// One panel of a line figure.
struct Panel<'a, 't> {
    experiment: &'a Experiment,
    line: &'a Line,
    axis: LineAxis<'a>,
    theory: &'t mut Theories<'a>,
}

impl Panel<'_, '_> {
    /// Marks of the whole panel, then the curves of each series with its value.
    fn points(&mut self, rows: &[RowRef]) -> Vec<(String, Point)> {
        let mut points: Vec<(String, Point)> = self.places(rows).map(|place| (String::new(), place)).collect();
        for (series, rows) in by_column(self.experiment, rows, self.line.series) {
            let rows = self.axis.ascending(&rows);
            let mut own = Vec::new();
            if self.line.exact {
                own.extend(self.exact(&rows));
            }
            if self.line.floor {
                own.extend(self.floor(&rows));
            }
            if self.line.reference {
                for name in self.names(&rows) {
                    own.extend(self.reference(&rows, name));
                }
            }
            points.extend(own.into_iter().map(|point| (series.clone(), point)));
        }
        points
    }

    /// K* of each scenario shown, or the bound of the greedy guarantee of each arm, once where several agree.
    fn places(&self, rows: &[RowRef]) -> impl Iterator<Item = Point> {
        let (experiment, line) = (self.experiment, self.line);
        let best = |row: &RowRef| {
            let estimands = 0..experiment.scenarios[row.scenario].study.estimands().len();
            let mut references = estimands.filter_map(|estimand| experiment.reference(RowRef { estimand, ..*row }));
            let best = references.find(|own| own.name == BEST).map(|own| own.value);
            Some((BEST, best.or_else(|| of_law(experiment, *row))?))
        };
        let bound = |row: &RowRef| Some((BOUND, experiment.exact_beside(*row, line.y.bound)?));
        let found: Vec<(&str, f64)> = match (line.optimum, line.bound) {
            (true, _) => rows.iter().filter_map(best).collect(),
            (_, true) => rows.iter().filter_map(bound).collect(),
            _ => Vec::new(),
        };
        distinct(found).into_iter().map(|(name, x)| Point {
            kind: CurveKind::Place,
            name,
            x: Some(x),
            y: None,
        })
    }

    /// The prompt floor of a series, if all its rows have the same one.
    fn floor(&self, rows: &[RowRef]) -> Option<Point> {
        let first = self.experiment.floor(*rows.first()?)?;
        let same = rows.iter().all(|&row| self.experiment.floor(row) == Some(first));
        same.then_some(Point {
            kind: CurveKind::Floor,
            name: "",
            x: None,
            y: Some(first),
        })
    }

    fn exact(&mut self, rows: &[RowRef]) -> Vec<Point> {
        let experiment = self.experiment;
        let own = |row: RowRef| experiment.exact(row).value();
        let points = self.along(rows, &own, &mut |axis, theory, row, from, to| {
            let places = match axis.counted {
                true => axis.whole_between(from, to),
                false => Vec::new(),
            };
            let values = theory.exact_along(row.estimand, axis.key, &places);
            let known = places.iter().zip(values);
            known.filter_map(|(place, y)| Some((f64::from(*place), y?))).collect()
        });
        curve(CurveKind::Exact, "", points)
    }

    /// The names of the references of rows, in order of appearance.
    fn names(&self, rows: &[RowRef]) -> Vec<&'static str> {
        let references = rows.iter().filter_map(|&row| self.experiment.reference(row));
        distinct(references.map(|own| own.name))
    }

    fn reference(&mut self, rows: &[RowRef], name: &'static str) -> Vec<Point> {
        let experiment = self.experiment;
        let own = |row: RowRef| Some(experiment.reference(row).filter(|own| own.name == name)?.value);
        let points = self.along(rows, &own, &mut |axis, theory, row, from, to| {
            let known = |place: f64| {
                let own = theory.reference_at(row.estimand, axis.key, place)?;
                (own.name == name).then_some((place, own.value))
            };
            axis.between(from, to).into_iter().filter_map(known).collect()
        });
        curve(CurveKind::Reference, name, points)
    }

    /// The values of rows, which ascend, and what is known `between` two that differ on the axis alone.
    fn along(
        &mut self,
        rows: &[RowRef],
        own: &dyn Fn(RowRef) -> Option<f64>,
        between: &mut Between<'_>,
    ) -> Vec<(f64, f64)> {
        let mut points = Vec::new();
        for (index, &row) in rows.iter().enumerate() {
            let Some(x) = self.axis.x(row) else { continue };
            points.extend(own(row).map(|y| (x, y)));
            let next = rows.get(index + 1).filter(|next| self.axis.along(row, **next));
            if let Some(to) = next.and_then(|&next| self.axis.x(next)) {
                points.extend(between(&self.axis, self.theory.of(row.scenario), row, x, to));
            }
        }
        points
    }
}

/// K* of the budget of a row's scenario by the variance law, where an axis has a place for it.
fn of_law(experiment: &Experiment, row: RowRef) -> Option<f64> {
    let question = experiment.scenarios[row.scenario].study.allocation()?.question;
    let best = question.costs.best_responses(&question.components);
    (best.is_finite() && best > 0.0).then_some(best)
}

/// What is known of a row's curve between two places.
type Between<'b> = dyn FnMut(&LineAxis<'_>, &mut dyn Theory, RowRef, f64, f64) -> Vec<(f64, f64)> + 'b;

fn curve(kind: CurveKind, name: &'static str, points: Vec<(f64, f64)>) -> Vec<Point> {
    let point = |(x, y): (f64, f64)| Point {
        kind,
        name,
        x: Some(x),
        y: Some(y),
    };
    points.into_iter().map(point).collect()
}

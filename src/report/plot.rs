//! Owns the step from stored estimates to the data of a figure: which rows make which series, what the axes are called.

mod bars;
mod heat;
mod pool;

use super::figure::{
    At, Axis, Body, Figure, Interval, Legend, LinePanel, Panel, Place, Point, Reference, Scale, Series, Ticks, Width,
    Words,
};
use super::labels::{BOUND, column_label, column_symbol, estimand_label, reference_label, value_label, x_label};
use crate::experiment::{self, ColumnRef, Experiment, FigureSpec, Line, RowRef, View};
use crate::numerics::text::short;
use crate::record::{EstimateRecord, PoolRecord};
use crate::study::training::BEST;

pub(super) use super::labels::label;

/// Labels nearer to each other than this share of an axis might touch in a narrow panel.
const MOST_CROWDED: f64 = 0.15;

/// Points at which an exact curve is evaluated between two neighbouring values of its axis.
const CURVE_STEPS: usize = 12;

/// What is stored of a run, as far as figures show it.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// One per row of the experiment, in its order.
    pub estimates: Vec<EstimateRecord>,
    /// The pools of figures that show one, by the figure's name.
    pub draws: Vec<(String, PoolRecord)>,
}

impl Records {
    /// The pool of a figure.
    fn pool(&self, figure: &str) -> Option<&PoolRecord> {
        self.draws.iter().find(|(name, _)| name == figure).map(|(_, pool)| pool)
    }
}

/// The figure of one spec.
pub fn figure(experiment: &Experiment, records: &Records, spec: &FigureSpec) -> Figure {
    let groups = by_column(experiment, &spec.rows, spec.panel);
    let many = groups.len() > 1;
    let bodies = bodies(&Data::new(experiment, records), spec, &groups);
    let panels: Vec<Panel> = groups
        .iter()
        .zip(bodies)
        .zip('a'..)
        .map(|(((value, _), body), tag)| Panel {
            title: spec.panel.map(|column| value_label(experiment, column, value)),
            tag: many.then_some(tag),
            body,
        })
        .collect();
    Figure {
        title: spec.title.as_deref().map(label),
        columns: columns(spec, panels.len()),
        panels,
        width: width(spec.width),
        shared_y: many,
    }
}

/// The bodies of the panels, which are groups of the spec's rows.
fn bodies(data: &Data<'_>, spec: &FigureSpec, groups: &[(String, Vec<RowRef>)]) -> Vec<Body> {
    let rows = groups.iter().map(|(_, rows)| rows.as_slice());
    match &spec.view {
        View::Line(line) => rows
            .map(|rows| Body::Line(line_panel(data, line, rows, &spec.rows)))
            .collect(),
        View::HeatMap(map) => rows.map(|rows| Body::Heat(heat::panel(data, map, rows))).collect(),
        View::Bars(bars) => rows
            .map(|rows| Body::Bars(bars::panel(data, bars, rows, &spec.rows)))
            .collect(),
        View::Pool(view) => {
            // Cannot be absent because whoever hands over records hands over a pool for each such figure.
            let Some(pool) = data.records.pool(&spec.name) else {
                return Vec::new();
            };
            let plane = pool::plane_of(pool, view.unit);
            (0..groups.len())
                .map(|at| Body::Pool(pool::panel(pool, &plane, at)))
                .collect()
        }
    }
}

/// Panels per row.
fn columns(spec: &FigureSpec, panels: usize) -> usize {
    match (&spec.view, spec.width) {
        (View::Pool(_), experiment::Width::OneColumn) => panels.clamp(1, 2),
        // Pools are as legible when small, and are compared side by side.
        (View::Pool(_), experiment::Width::TwoColumns) if panels == 4 => 4,
        (_, experiment::Width::OneColumn) => 1,
        // Four panels in two rows of two, not three and one.
        (_, experiment::Width::TwoColumns) if panels == 4 => 2,
        (_, experiment::Width::TwoColumns) => panels.clamp(1, 3),
    }
}

/// The experiment beside its records.
struct Data<'a> {
    experiment: &'a Experiment,
    records: &'a Records,
    /// Index of each scenario's first record.
    first: Vec<usize>,
}

impl<'a> Data<'a> {
    fn new(experiment: &'a Experiment, records: &'a Records) -> Self {
        let mut first = vec![0; experiment.scenarios.len()];
        for (index, row) in experiment.rows().enumerate() {
            if row.estimand == 0 {
                first[row.scenario] = index;
            }
        }
        Self {
            experiment,
            records,
            first,
        }
    }

    fn record(&self, row: RowRef) -> &EstimateRecord {
        &self.records.estimates[self.first[row.scenario] + row.estimand]
    }

    fn number(&self, row: RowRef, column: usize) -> Option<f64> {
        self.experiment.cells(row)[column].number
    }
}

/// Rows in groups of equal text in a column, in order of first appearance; one group without a column.
fn by_column(experiment: &Experiment, rows: &[RowRef], column: Option<usize>) -> Vec<(String, Vec<RowRef>)> {
    let mut groups: Vec<(String, Vec<RowRef>)> = Vec::new();
    for &row in rows {
        let text = column.map_or("", |column| experiment.cells(row)[column].text.as_str());
        match groups.iter_mut().find(|(value, _)| value == text) {
            Some((_, group)) => group.push(row),
            None => groups.push((text.to_owned(), vec![row])),
        }
    }
    groups
}

/// One panel of `rows`; its scales suit `all` rows of the figure, so that panels can be compared.
fn line_panel(data: &Data<'_>, line: &Line, rows: &[RowRef], all: &[RowRef]) -> LinePanel {
    let mut series: Vec<Series> = by_column(data.experiment, rows, line.series)
        .iter()
        .map(|(value, rows)| one_series(data, line, value, rows))
        .collect();
    if line.reference {
        series.push(reference_series(data, line, rows));
    }
    let xs: Vec<f64> = all
        .iter()
        .filter_map(|&row| line.x.number(data.experiment, row))
        .collect();
    let ys: Vec<f64> = all.iter().filter_map(|&row| data.record(row).estimate).collect();
    let x_scale = line.x_scale.map_or_else(|| x_scale(&xs), scale);
    LinePanel {
        x: Axis {
            label: x_label(data.experiment, line),
            scale: x_scale,
            ticks: x_ticks(line, x_scale, &xs),
        },
        y: Axis {
            label: estimand_label(&line.y),
            scale: line.y_scale.map_or_else(|| y_scale(&ys), scale),
            ticks: Ticks::Auto,
        },
        series,
        references: match (line.optimum, line.bound) {
            (true, _) => optimum(data, rows),
            (_, true) => bounds(data, rows),
            _ => Vec::new(),
        },
        legend: Legend {
            title: line
                .series
                .map(|column| column_symbol(&data.experiment.columns[column].key)),
            place: Place::Auto,
            words: Words {
                floor: label("prompt floor $V_x/N_p$"),
                ..Words::default()
            },
        },
    }
}

fn one_series(data: &Data<'_>, line: &Line, value: &str, rows: &[RowRef]) -> Series {
    let mut rows = rows.to_vec();
    let x = |row: RowRef| line.x.number(data.experiment, row).unwrap_or(f64::NAN);
    rows.sort_by(|&a, &b| x(a).total_cmp(&x(b)));
    let points = rows.iter().map(|&row| {
        let record = data.record(row);
        let bar = |sign: f64| Some(record.estimate? + sign * record.mcse?);
        Point {
            x: x(row),
            y: record.estimate,
            low: bar(-1.0),
            high: bar(1.0),
        }
    });
    let exact = if line.exact {
        exact_curve(data, line, &rows)
    } else {
        Vec::new()
    };
    Series {
        label: label(value),
        points: points.collect(),
        interval: Interval::Bars,
        // Where exact curves are drawn, a line through points would pass for one.
        joined: !line.exact,
        floor: if line.floor { floor(data, &rows) } else { None },
        exact,
    }
}

/// The exact curve through a series: at whole numbers between its points where the axis is a number of prompts,
/// responses or steps, else at the points themselves.
fn exact_curve(data: &Data<'_>, line: &Line, rows: &[RowRef]) -> Vec<(f64, f64)> {
    let key = match line.x {
        ColumnRef::Key(index) => &data.experiment.columns[index].key,
        ColumnRef::At => "at",
    };
    let x_of = |row: RowRef| line.x.number(data.experiment, row);
    let mut curve = Vec::new();
    for (index, &row) in rows.iter().enumerate() {
        let (Some(x), Some(exact)) = (x_of(row), data.record(row).exact) else {
            continue;
        };
        curve.push((x, exact));
        let Some(next) = rows.get(index + 1).and_then(|&row| x_of(row)) else {
            continue;
        };
        let study = &data.experiment.scenarios[row.scenario].study;
        let mut last = x as u32;
        for step in 1..CURVE_STEPS {
            let between = (x + (next - x) * step as f64 / CURVE_STEPS as f64) as u32;
            if between > last && f64::from(between) < next {
                curve.extend(
                    study
                        .exact_at(row.estimand, key, between)
                        .map(|y| (f64::from(between), y)),
                );
                last = between;
            }
        }
    }
    curve
}

/// The reference values of a panel as a curve of its own.
fn reference_series(data: &Data<'_>, line: &Line, rows: &[RowRef]) -> Series {
    let point = |&row: &RowRef| Some((line.x.number(data.experiment, row)?, data.record(row).reference?));
    let mut curve: Vec<(f64, f64)> = rows.iter().filter_map(point).collect();
    curve.sort_by(|a, b| a.0.total_cmp(&b.0));
    Series {
        label: reference_label(&line.y),
        points: Vec::new(),
        interval: Interval::Bars,
        joined: false,
        exact: curve,
        floor: None,
    }
}

/// A line at K* of each scenario shown, once where several agree.
fn optimum(data: &Data<'_>, rows: &[RowRef]) -> Vec<Reference> {
    let mut lines: Vec<Reference> = Vec::new();
    for row in rows {
        let estimands = data.experiment.scenarios[row.scenario].study.estimands();
        let mut references = estimands.iter().filter_map(|e| e.reference);
        let Some(best) = references.find(|reference| reference.name == BEST) else {
            continue;
        };
        let line = Reference {
            at: At::X(best.value),
            label: label(&format!("$K^\\star$ = {}", short(best.value))),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Ratios crowd below 1, where round values would leave two labels; a few settings of a key are the labels themselves.
fn x_ticks(line: &Line, scale: Scale, xs: &[f64]) -> Ticks {
    match (line.x, line.y.as_str()) {
        (ColumnRef::At, "guarantee.share-below") => Ticks::Listed(vec![0.7, 0.8, 0.9, 1.0]),
        (ColumnRef::Key(_), _) if scale == Scale::Linear => few(xs).map_or(Ticks::Auto, Ticks::Listed),
        _ => Ticks::Auto,
    }
}

/// The distinct values, ascending, where they are so few and far apart that each can be labelled.
fn few(xs: &[f64]) -> Option<Vec<f64>> {
    let mut values = xs.to_vec();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let range = values.last()? - values.first()?;
    let apart = values.windows(2).all(|pair| pair[1] - pair[0] >= MOST_CROWDED * range);
    (range > 0.0 && apart).then_some(values)
}

/// A line at the bound of the greedy guarantee of each arm shown, once where several agree.
fn bounds(data: &Data<'_>, rows: &[RowRef]) -> Vec<Reference> {
    let mut lines: Vec<Reference> = Vec::new();
    for bound in rows.iter().filter_map(|&row| data.experiment.bound_of(row)) {
        let line = Reference {
            at: At::X(bound),
            label: label(BOUND),
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// The prompt floor of a series, if all its rows have the same one.
fn floor(data: &Data<'_>, rows: &[RowRef]) -> Option<f64> {
    let of_row = |row: RowRef| {
        let own = data.experiment.estimand(row);
        let name = format!("{}.prompt-floor", own.name.split('.').next()?);
        let estimands = &data.experiment.scenarios[row.scenario].study.estimands();
        let found = estimands.iter().find(|e| e.arm == own.arm && e.name == name)?;
        found.exact.value()
    };
    let first = of_row(*rows.first()?)?;
    rows.iter().all(|&row| of_row(row) == Some(first)).then_some(first)
}

pub(super) fn width(width: experiment::Width) -> Width {
    match width {
        experiment::Width::OneColumn => Width::OneColumn,
        experiment::Width::TwoColumns => Width::TwoColumn,
    }
}

fn scale(scale: experiment::Scale) -> Scale {
    match scale {
        experiment::Scale::Linear => Scale::Linear,
        experiment::Scale::Log => Scale::Log10,
        experiment::Scale::Log2 => Scale::Log2,
        experiment::Scale::Log1p => Scale::Log1p,
    }
}

fn factor(values: &[f64]) -> f64 {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    if low > 0.0 { high / low } else { 0.0 }
}

fn x_scale(xs: &[f64]) -> Scale {
    let power_of_two = |x: &f64| *x >= 1.0 && x.fract() == 0.0 && *x < 1e9 && (*x as u64).is_power_of_two();
    let count = |x: &f64| *x >= 0.0 && x.fract() == 0.0;
    if xs.iter().all(power_of_two) && factor(xs) >= 4.0 {
        Scale::Log2
    } else if factor(xs) >= 20.0 {
        Scale::Log10
    } else if xs.contains(&0.0) && xs.iter().all(count) && xs.iter().any(|x| *x >= 20.0) {
        Scale::Log1p
    } else {
        Scale::Linear
    }
}

fn y_scale(ys: &[f64]) -> Scale {
    if factor(ys) >= 5.0 { Scale::Log10 } else { Scale::Linear }
}

//! Owns the step from rows to points and curves over two axes.

use super::theory::{self, Axes};
use super::{Data, by_column, label};
use crate::experiment::{self, ColumnRef, Line, RowRef};
use crate::inference::cell::FEWEST_GROUPS;
use crate::numerics::text::short;
use crate::record::EstimateRecord;
use crate::report::figure::{
    At, Axis, Curve, Interval, Legend, LinePanel, Place, Point, Reference, Scale, Series, Spread, Ticks, Words,
};
use crate::report::labels::{BOUND, column_symbol, x_label};
use crate::study::training::BEST;

/// Labels nearer to each other than this share of an axis might touch in a narrow panel.
const MOST_CROWDED: f64 = 0.15;

/// One panel of `rows`; its scales suit `all` rows of the figure, so that panels can be compared.
pub(super) fn panel(data: &Data<'_>, line: &Line, rows: &[RowRef], all: &[RowRef]) -> LinePanel {
    let xs: Vec<f64> = all
        .iter()
        .filter_map(|&row| line.x.number(data.experiment, row))
        .collect();
    let ys: Vec<f64> = all.iter().filter_map(|&row| data.record(row).estimate).collect();
    let x_scale = line.x_scale.map_or_else(|| x_scale(&xs), scale);
    let axes = Axes::new(data.experiment, line, x_scale, rows);
    let groups = by_column(data.experiment, rows, line.series);
    let mut references = match (line.optimum, line.bound) {
        (true, _) => optimum(data, rows),
        (_, true) => bounds(data, line, rows),
        _ => Vec::new(),
    };
    if line.reference {
        references.extend(theory::references(data, &axes, &groups));
    }
    LinePanel {
        x: Axis {
            label: x_label(data.experiment, line),
            scale: x_scale,
            ticks: x_ticks(line, x_scale, &xs),
        },
        y: Axis {
            label: label(line.y.label),
            scale: line.y_scale.map_or_else(|| y_scale(&ys), scale),
            ticks: Ticks::Auto,
        },
        series: groups
            .iter()
            .map(|group| one_series(data, (line, &axes), group))
            .collect(),
        counted: axes.counted,
        references,
        legend: Legend {
            title: line
                .series
                .map(|column| column_symbol(&data.experiment.columns[column])),
            place: Place::Auto,
            words: Words {
                floor: label("prompt floor $V_x/N_p$"),
                ..Words::default()
            },
        },
    }
}

fn one_series(data: &Data<'_>, (line, axes): (&Line, &Axes<'_>), (value, rows): &(String, Vec<RowRef>)) -> Series {
    let rows = axes.ascending(rows);
    let points = rows
        .iter()
        .map(|&row| point(axes.x(row).unwrap_or(f64::NAN), data.record(row)));
    let exact = if line.exact {
        theory::exact(data, axes, &rows)
    } else {
        Curve::none()
    };
    Series {
        label: label(value),
        points: points.collect(),
        interval: Interval::Bars,
        // Beside exact values a line from estimate to estimate says nothing.
        joined: exact.0.is_empty(),
        floor: if line.floor { floor(data, line, &rows) } else { None },
        exact,
    }
}

/// The point of a row.
fn point(x: f64, record: &EstimateRecord) -> Point {
    Point {
        x,
        y: record.estimate,
        error: spread(record),
    }
}

/// What is known of a row's error.
fn spread(record: &EstimateRecord) -> Spread {
    let Some(estimate) = record.estimate else {
        return Spread::Unknown;
    };
    match record.mcse {
        // What is not random has no error whatever the groups.
        Some(error) if error > 0.0 && is_unsure(record) => Spread::Unsure,
        Some(error) => Spread::Between(estimate - error, estimate + error),
        None => {
            let above = record.high.filter(|high| *high > estimate);
            let below = record.low.filter(|low| *low < estimate);
            match (below, above) {
                (Some(bound), None) | (None, Some(bound)) => Spread::Bound(bound),
                _ => Spread::Unknown,
            }
        }
    }
}

/// Whether an error rests on so few groups that no claim is judged by it either.
pub(super) fn is_unsure(record: &EstimateRecord) -> bool {
    record.df.is_some_and(|df| df < FEWEST_GROUPS - 1.0)
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

/// Where the places of an estimand say so; a few settings of a key are the labels themselves.
fn x_ticks(line: &Line, scale: Scale, xs: &[f64]) -> Ticks {
    let listed = match line.x {
        ColumnRef::At => line.y.at.map(|at| at.ticks.to_vec()).filter(|ticks| !ticks.is_empty()),
        ColumnRef::Key(_) => few(xs).filter(|_| scale == Scale::Linear),
    };
    listed.map_or(Ticks::Auto, Ticks::Listed)
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
fn bounds(data: &Data<'_>, line: &Line, rows: &[RowRef]) -> Vec<Reference> {
    let mut lines: Vec<Reference> = Vec::new();
    let of_row = |&row: &RowRef| data.experiment.exact_beside(row, line.y.bound);
    for bound in rows.iter().filter_map(of_row) {
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
fn floor(data: &Data<'_>, line: &Line, rows: &[RowRef]) -> Option<f64> {
    let of_row = |row: RowRef| data.experiment.exact_beside(row, line.y.floor);
    let first = of_row(*rows.first()?)?;
    rows.iter().all(|&row| of_row(row) == Some(first)).then_some(first)
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

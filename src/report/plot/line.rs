//! Owns the step from rows to points and curves over two axes.

use super::data::{Data, Drawn, is_unsure};
use super::label;
use super::theory::Curves;
use crate::experiment::{ColumnRef, Line, LineAxis, RowRef, by_column};
use crate::numerics::scale::factor;
use crate::record::EstimateRecord;
use crate::report::figure::{
    Axis, Interval, Joined, Legend, LegendText, LinePanel, Place, Point, Scale, Series, Spread, Ticks,
};
use crate::report::labels::{column_symbol, x_label};

/// Labels nearer to each other than this share of an axis might touch in a narrow panel.
const MOST_CROWDED: f64 = 0.15;

pub(super) fn panels(data: &Data<'_>, line: &Line) -> Vec<Drawn> {
    let drawn = |(value, rows): &(String, Vec<RowRef>)| {
        let curves = Curves::of(data.records, &data.spec.name, value);
        let panel = panel(data, line, &curves, rows);
        let axis = line.axis(data.experiment, rows, &data.spec.rows);
        let groups = by_column(data.experiment, rows, line.series);
        let sources = groups
            .iter()
            .map(|(_, rows)| axis.ascending(rows).iter().map(|&row| vec![row]).collect());
        let steps = whole_prompts(data, line).filter(|_| panel.series.iter().any(|series| !series.exact.0.is_empty()));
        Drawn {
            sources: sources.collect(),
            notes: steps.map(str::to_owned).into_iter().collect(),
            ..Drawn::new(panel, rows)
        }
    };
    data.panels.iter().map(drawn).collect()
}

/// Why a curve over the responses kept for a budget has teeth.
fn whole_prompts(data: &Data<'_>, line: &Line) -> Option<&'static str> {
    let columns = &data.experiment.columns;
    let over_responses = matches!(line.x, ColumnRef::Key(index) if columns[index].key == "responses");
    let bought = columns.iter().any(|column| column.key == "prompts" && column.derived);
    (over_responses && bought).then_some(
        "Teeth of exact curves: a budget B buys whole prompts, N_p = floor(B/(C_p + K C_r)), and leaves the rest unspent.",
    )
}

/// One panel of `rows`; its scales suit all rows of the figure, so that panels can be compared.
fn panel(data: &Data<'_>, line: &Line, curves: &Curves<'_>, rows: &[RowRef]) -> LinePanel {
    let all = &data.spec.rows;
    let ys: Vec<f64> = all.iter().filter_map(|&row| data.record(row).estimate).collect();
    let axis = line.axis(data.experiment, rows, all);
    let groups = by_column(data.experiment, rows, line.series);
    let looks = data.values(line.series);
    let series: Vec<&str> = groups.iter().map(|(value, _)| value.as_str()).collect();
    LinePanel {
        x: Axis {
            label: x_label(data.experiment, line),
            scale: axis.scale,
            ticks: x_ticks(data, line, axis.scale, all),
        },
        y: Axis {
            label: label(line.y.label),
            scale: line.y_scale.unwrap_or_else(|| y_scale(&ys)),
            ticks: Ticks::Auto,
        },
        series: groups
            .iter()
            .map(|group| one_series(data, &axis, curves, (line, &looks), group))
            .collect(),
        counted: axis.counted,
        references: [curves.places(), curves.references(&series)].concat(),
        legend: Legend {
            title: line
                .series
                .map(|column| column_symbol(&data.experiment.columns[column])),
            place: Place::Auto,
            words: LegendText {
                floor: label("prompt floor $V_x/N_p$"),
                ..LegendText::default()
            },
        },
    }
}

fn one_series(
    data: &Data<'_>,
    axis: &LineAxis<'_>,
    curves: &Curves<'_>,
    (line, looks): (&Line, &[String]),
    (value, rows): &(String, Vec<RowRef>),
) -> Series {
    let rows = axis.ascending(rows);
    let points = rows.iter().map(|&row| Point {
        x: axis.x(row).unwrap_or(f64::NAN),
        y: data.record(row).estimate,
        error: spread(data.record(row)),
    });
    let exact = curves.exact(value);
    Series {
        label: label(value),
        // Cannot be absent because the rows of a panel are among all.
        look: looks.iter().position(|look| look == value).unwrap_or_default(),
        points: points.collect(),
        interval: Interval::Bars,
        // Beside exact values a line from estimate to estimate says nothing.
        joined: match line.y.at.is_some_and(|places| places.distribution) {
            _ if !exact.0.is_empty() => Joined::Not,
            true => Joined::InSteps,
            false => Joined::Straight,
        },
        floor: curves.floor(value),
        exact,
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

/// Where the places of an estimand say so; a few settings of a key are the labels themselves.
fn x_ticks(data: &Data<'_>, line: &Line, scale: Scale, rows: &[RowRef]) -> Ticks {
    let xs: Vec<f64> = rows
        .iter()
        .filter_map(|&row| line.x.number(data.experiment, row))
        .collect();
    let listed = match line.x {
        ColumnRef::At => line.y.at.map(|at| at.ticks.to_vec()).filter(|ticks| !ticks.is_empty()),
        ColumnRef::Key(_) => few(&xs).filter(|_| scale == Scale::Linear),
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

fn y_scale(ys: &[f64]) -> Scale {
    if factor(ys) >= 5.0 { Scale::Log10 } else { Scale::Linear }
}

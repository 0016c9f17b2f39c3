//! Owns the step from rows to stacked bars.

use super::data::{Data, Drawn, is_unsure};
use super::label;
use crate::engine::EstimandKind;
use crate::experiment::{Bars, RowRef, Stack};
use crate::report::figure::{Bar, BarSeries, BarsPanel, Label, Legend, LegendText, Place};
use crate::report::labels::{column_label, column_symbol};

pub(super) fn panels(data: &Data<'_>, bars: &Bars) -> Vec<Drawn> {
    // Cannot be absent because a panel's rows are among all, of which each has its stack.
    let stack = |row: &RowRef| Some((*row, &bars.stacks[data.spec.rows.binary_search(row).ok()?]));
    let drawn = |rows: &[RowRef]| {
        let stacks: Vec<(RowRef, &Stack)> = rows.iter().filter_map(stack).collect();
        let parts = stacks
            .iter()
            .flat_map(|(_, stack)| stack.parts.iter().copied().chain(stack.total));
        let parts: Vec<RowRef> = parts.collect();
        let mut totals = stacks.iter().filter_map(|(_, stack)| Some(data.record(stack.total?)));
        let rows_of = |stack: Option<&Stack>| {
            let rows = stack.map(|stack| stack.parts.iter().copied().chain(stack.total).collect());
            rows.unwrap_or_default()
        };
        let series = data.values(bars.series).into_iter();
        let sources = series.map(|name| along(data, bars, &stacks, &name).map(rows_of).collect());
        let sources = sources.collect();
        let unsure = totals.any(|record| record.mcse.is_some() && is_unsure(record));
        let note = "No error bars where errors rest on fewer than 20 groups of replicates.";
        Drawn {
            sources,
            notes: unsure.then(|| note.to_owned()).into_iter().collect(),
            ..Drawn::new(panel(data, bars, &stacks), &parts)
        }
    };
    data.rows().map(drawn).collect()
}

/// One panel of these rows; all rows of the figure give the categories and the series, so that panels can be compared.
fn panel(data: &Data<'_>, bars: &Bars, stacks: &[(RowRef, &Stack)]) -> BarsPanel {
    let categories = data.values(Some(bars.x));
    let series = data.values(bars.series).into_iter().map(|name| BarSeries {
        bars: along(data, bars, stacks, &name)
            .map(|stack| bar(data, bars, stack?))
            .collect(),
        label: label(&name),
    });
    BarsPanel {
        series: series.collect(),
        x_label: column_label(&data.experiment.columns[bars.x]),
        x: categories.iter().map(|x| label(x)).collect(),
        y_label: y_label(bars),
        cut: bars.cut,
        parts: parts(&bars.y),
        legend: Legend {
            title: bars
                .series
                .map(|column| column_symbol(&data.experiment.columns[column])),
            place: Place::Auto,
            words: LegendText::default(),
        },
    }
}

/// The stacks of a series, one per category.
fn along<'a>(
    data: &'a Data<'_>,
    bars: &'a Bars,
    stacks: &'a [(RowRef, &'a Stack)],
    series: &'a str,
) -> impl Iterator<Item = Option<&'a Stack>> {
    let is_in_series = move |row| bars.series.is_none_or(|column| data.text(row, column) == series);
    data.values(Some(bars.x)).into_iter().map(move |category| {
        let mut own = stacks.iter().filter(|(row, _)| is_in_series(*row));
        let found = own.find(|(row, _)| data.text(*row, bars.x) == category);
        found.map(|(_, stack)| *stack)
    })
}

/// None where a part has no estimate.
fn bar(data: &Data<'_>, bars: &Bars, stack: &Stack) -> Option<Bar> {
    let estimates = stack.parts.iter().map(|&row| data.record(row).estimate);
    let error = stack.total.and_then(|row| {
        let record = Some(data.record(row)).filter(|record| !is_unsure(record))?;
        let (estimate, mcse) = (record.estimate?, record.mcse?);
        Some([estimate - mcse, estimate + mcse])
    });
    Some(Bar {
        parts: estimates.collect::<Option<_>>()?,
        exact: if bars.exact { exact(data, stack) } else { Vec::new() },
        error,
    })
}

/// The exact upper ends of the parts, as far as theory has them from the bottom; that of the whole also by itself.
fn exact(data: &Data<'_>, stack: &Stack) -> Vec<f64> {
    let mut sum = 0.0;
    let ends = stack.parts.iter().map_while(|&row| {
        sum += data.record(row).exact?;
        Some(sum)
    });
    let mut ends: Vec<f64> = ends.collect();
    if let Some(whole) = stack.total.and_then(|row| data.record(row).exact) {
        // The same number by another sum: one mark.
        ends.truncate(stack.parts.len() - 1);
        ends.push(whole);
    }
    ends
}

/// The whole where it is an estimand, else the sum of the parts.
fn y_label(bars: &Bars) -> Label {
    let kinds = bars.total.as_ref().map_or(bars.y.as_slice(), std::slice::from_ref);
    let mut labels = kinds.iter().map(|kind| label(kind.label));
    let first = labels.next().unwrap_or_else(|| label(""));
    labels.fold(first, |sum, next| sum.plus(&next))
}

/// Names of the parts in the legend: the quantity alone where the axis names the measure.
fn parts(kinds: &[&EstimandKind]) -> Vec<Label> {
    let one = kinds.iter().all(|kind| kind.measure() == kinds[0].measure());
    let of = |kind: &&EstimandKind| label(if one { kind.short } else { kind.label });
    kinds.iter().map(of).collect()
}

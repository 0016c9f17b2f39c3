//! Owns the step from rows to stacked bars.

use super::line::is_unsure;
use super::{Data, label};
use crate::engine::EstimandKind;
use crate::experiment::{Bars, RowRef, Stack, by_column};
use crate::report::figure::{Bar, BarSeries, BarsPanel, Label, Legend, LegendText, Place};
use crate::report::labels::{column_label, column_symbol};

/// One panel of `rows`; `all` rows of the figure, each with its stack, give the categories and the series, so that panels
/// can be compared.
pub(super) fn panel(data: &Data<'_>, bars: &Bars, rows: &[RowRef], all: &[RowRef]) -> BarsPanel {
    let categories: Vec<String> = by_column(data.experiment, all, Some(bars.x))
        .into_iter()
        .map(|(x, _)| x)
        .collect();
    let series = by_column(data.experiment, all, bars.series)
        .into_iter()
        .map(|(name, _)| {
            let of_series = |row: &&RowRef| {
                bars.series
                    .is_none_or(|column| data.experiment.cells(**row)[column].text == name)
            };
            let own: Vec<RowRef> = rows.iter().filter(of_series).copied().collect();
            let bar = |category: &String| {
                let row = own
                    .iter()
                    .find(|&&row| data.experiment.cells(row)[bars.x].text == *category)?;
                // Cannot be absent because a panel's rows are among all.
                bar(data, bars, &bars.stacks[all.binary_search(row).ok()?])
            };
            BarSeries {
                label: label(&name),
                bars: categories.iter().map(bar).collect(),
            }
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

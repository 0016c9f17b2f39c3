//! Owns figures on the page: the pictures of the report, and over each number a place that answers to a pointer or the keyboard.

use super::elements::escaped;
use super::stored::Stored;
use crate::experiment::{Experiment, FigureSpec, RowRef, Width};
use crate::numerics::text::short;
use crate::record::EstimateRecord;
use crate::report::figure::{FigureError, Spot, render, spots};
use crate::report::plot::{Traced, traced};

/// Every figure of a result.
pub(super) fn figures(stored: &Stored<'_>) -> Result<String, FigureError> {
    let rows: Vec<RowRef> = stored.experiment.rows().collect();
    let one = |spec: &FigureSpec| {
        let traced = traced(stored.experiment, stored.records, spec);
        let svg = render(&traced.figure)?;
        let places = answering(stored, &rows, &traced)?;
        let width = match spec.width {
            Width::OneColumn => "narrow",
            Width::TwoColumns => "broad",
        };
        // Cannot be absent because every figure ends so.
        let open = svg.trim_end().strip_suffix("</svg>").unwrap_or(&svg);
        Ok(format!(
            "<figure id=\"figure-{}\" class=\"{width}\">\n{open}{places}</svg>\n</figure>\n",
            escaped(&spec.name)
        ))
    };
    stored.experiment.figures.iter().map(one).collect()
}

/// Circles over the numbers of a figure: each says its rows, and leads to the first of them.
fn answering(stored: &Stored<'_>, rows: &[RowRef], traced: &Traced) -> Result<String, FigureError> {
    let mut out = "<g class=\"spots\" fill-opacity=\"0\">\n".to_owned();
    for (of_panel, sources) in spots(&traced.figure)?.iter().zip(&traced.sources) {
        for Spot { at, reach, item } in of_panel {
            let behind = sources.get(item.0).and_then(|series| series.get(item.1));
            let Some(lines @ [first, ..]) = behind.map(Vec::as_slice) else {
                continue;
            };
            let told = lines
                .iter()
                .map(|&line| told(stored.experiment, rows[line], &stored.records.estimates[line]));
            out += &format!(
                "<a href=\"#estimates-table-{first}\"><circle cx=\"{}\" cy=\"{}\" r=\"{reach}\"><title>{}</title></circle></a>\n",
                at.0,
                at.1,
                escaped(&told.collect::<Vec<_>>().join("\n"))
            );
        }
    }
    Ok(out + "</g>\n")
}

/// A row in a line: what it is of, its estimate with the error, and what theory says.
fn told(experiment: &Experiment, row: RowRef, record: &EstimateRecord) -> String {
    let number = |name: &str, value: Option<f64>| value.map(|value| format!("{name} {}", short(value)));
    let estimate = record.estimate.map(|estimate| match record.mcse {
        Some(error) => format!("{} (MCSE {})", short(estimate), short(error)),
        None => short(estimate),
    });
    let reference = match &*record.reference_name {
        "" => number("reference", record.reference),
        name => number(name, record.reference),
    };
    let parts = [estimate, number("exact", record.exact), reference];
    let numbers: Vec<String> = parts.into_iter().flatten().collect();
    let of = [record.estimand.to_string(), experiment.describe(row)];
    let of: Vec<String> = of.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}: {}", of.join(", "), numbers.join(", "))
}

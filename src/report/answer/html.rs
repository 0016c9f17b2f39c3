//! Owns the tables of a page in HTML: the numbers that figures show, and the claims.

use crate::experiment::{Draws, Experiment, RowRef};
use crate::numerics::text::{rounded, short, short_2};
use crate::record::{ClaimRecord, EstimateRecord};
use crate::report::html::escaped;
use std::collections::BTreeSet;

/// More rows than this tell a reader of a page nothing: the file has all.
const MOST_ROWS: usize = 200;

/// A number to four significant digits; nothing for what is unknown.
fn number(x: Option<f64>) -> String {
    x.filter(|x| !x.is_nan())
        .map(|x| short(rounded(x, 4)))
        .unwrap_or_default()
}

fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let head: String = header
        .iter()
        .map(|name| format!("<th scope=\"col\">{}</th>", escaped(name)))
        .collect();
    let cell = |text: &String| format!("<td>{}</td>", escaped(text));
    let row = |row: &Vec<String>| format!("<tr>{}</tr>\n", row.iter().map(cell).collect::<String>());
    let body: String = rows.iter().map(row).collect();
    format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n")
}

/// The rows that some figure shows, each once and in the order of the results; all where there is no figure of rows.
fn shown(experiment: &Experiment) -> Vec<RowRef> {
    let figures = experiment
        .figures
        .iter()
        .filter(|spec| !matches!(spec.view.draws(), Some(Draws::Pool(_))));
    let shown: BTreeSet<RowRef> = figures.flat_map(|spec| spec.rows.iter().copied()).collect();
    let all = |row: &RowRef| shown.is_empty() || shown.contains(row);
    experiment.rows().filter(all).take(MOST_ROWS).collect()
}

/// A table of estimates with their Monte Carlo standard errors, beside exact values where there are some.
pub(super) fn numbers(experiment: &Experiment, estimates: &[EstimateRecord]) -> String {
    let shown: BTreeSet<RowRef> = shown(experiment).into_iter().collect();
    let rows = experiment.rows().zip(estimates).filter(|(row, _)| shown.contains(row));
    let cells = |own: &EstimateRecord| {
        let named = own.cells.iter().chain([&own.at, &own.estimand]);
        let mut cells: Vec<String> = named.map(|text| text.to_string()).collect();
        cells.push(number(own.estimate));
        cells.push(own.mcse.map(short_2).unwrap_or_default());
        cells.extend([number(own.exact), number(own.reference)]);
        cells
    };
    let keys = experiment.columns.iter().map(|column| column.name.as_str());
    let names = ["at", "estimand", "estimate", "standard error", "exact", "reference"];
    let header: Vec<&str> = keys.chain(names).collect();
    let rows: Vec<Vec<String>> = rows.map(|(_, own)| cells(own)).collect();
    // A column in which nothing stands tells nothing.
    let told: Vec<usize> = (0..header.len())
        .filter(|&c| rows.iter().any(|row| !row[c].is_empty()))
        .collect();
    let header: Vec<&str> = told.iter().map(|&c| header[c]).collect();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| told.iter().map(|&c| row[c].clone()).collect())
        .collect();
    table(&header, &rows)
}

/// A table of claims in HTML; nothing without.
pub fn claims(claims: &[ClaimRecord]) -> String {
    if claims.is_empty() {
        return String::new();
    }
    let row = |own: &ClaimRecord| {
        let interval = match (own.low, own.high) {
            (Some(low), Some(high)) => format!("{} to {}", number(Some(low)), number(Some(high))),
            _ => String::new(),
        };
        let words = match own.note.as_str() {
            "" => own.statement.clone(),
            note => format!("{} ({note})", own.statement),
        };
        let verdict = if own.is_judged() {
            own.verdict.as_str()
        } else {
            "not judged"
        };
        let mark = if own.as_expected() { "" } else { " (not as expected)" };
        vec![
            words,
            format!("{verdict}{mark}"),
            number(own.estimate),
            own.scale.clone(),
            interval,
            number(own.target),
        ]
    };
    let rows: Vec<Vec<String>> = claims.iter().map(row).collect();
    table(&["claim", "verdict", "estimate", "scale", "interval", "target"], &rows)
}

//! Owns `claims.csv`: one row per claim. Its numbers rest on platform quantiles, so they have six significant digits.

use super::csv_text::{self, Table, count, number};
use super::files::FileError;
use crate::numerics::text::short;
use std::path::Path;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimRecord {
    /// Name of the claim.
    pub claim: String,
    /// Its kind.
    pub kind: String,
    /// `confirmed`, `refuted` or `inconclusive`.
    pub verdict: String,
    /// How it had to come out.
    pub expected: String,
    /// How many cells it covers.
    pub cells: u64,
    /// The deciding cell's estimate, as a ratio to its target for a margin of the ratio.
    pub estimate: Option<f64>,
    /// Lower end of its interval.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// The margin or bound.
    pub margin: Option<f64>,
    /// The level of the tests.
    pub alpha: f64,
    /// p-value of the verdict, before other claims are counted.
    pub p: Option<f64>,
    /// The same after Holm over the claims of the file.
    pub p_adjusted: Option<f64>,
    /// The claim in words.
    pub statement: String,
}

impl ClaimRecord {
    /// Whether it came out as expected.
    pub fn as_expected(&self) -> bool {
        self.verdict == self.expected
    }

    /// Whether it came out as the opposite of what was expected, and not merely undecided.
    pub fn contradicts(&self) -> bool {
        !self.as_expected() && self.verdict != "inconclusive"
    }
}

const HEADER: [&str; 13] = [
    "claim",
    "kind",
    "verdict",
    "expected",
    "cells",
    "estimate",
    "low",
    "high",
    "margin",
    "alpha",
    "p",
    "p_adjusted",
    "statement",
];

/// The bytes of the file.
pub fn write_claims(records: &[ClaimRecord]) -> Vec<u8> {
    let maybe = |x: Option<f64>| x.map(short).unwrap_or_default();
    let row = |r: &ClaimRecord| {
        let mut row = vec![r.claim.clone(), r.kind.clone(), r.verdict.clone(), r.expected.clone()];
        row.push(r.cells.to_string());
        row.extend([r.estimate, r.low, r.high, r.margin, Some(r.alpha), r.p, r.p_adjusted].map(maybe));
        row.push(r.statement.clone());
        row
    };
    csv_text::write(&HEADER.map(str::to_owned), records.iter().map(row))
}

/// All rows of a file.
pub fn read_claims(path: &Path) -> Result<Vec<ClaimRecord>, FileError> {
    let Table { header, rows } = csv_text::parse(path)?;
    if header != HEADER {
        let what = format!("the header is not that of claims: {}", header.join(","));
        return Err(FileError::content(path, what));
    }
    rows.iter().map(|(line, row)| read_row(path, *line, row)).collect()
}

fn read_row(path: &Path, line: u64, row: &[String]) -> Result<ClaimRecord, FileError> {
    let num = |i: usize| number(path, line, HEADER[i], &row[i]);
    Ok(ClaimRecord {
        claim: row[0].clone(),
        kind: row[1].clone(),
        verdict: row[2].clone(),
        expected: row[3].clone(),
        cells: count(path, line, HEADER[4], &row[4])?,
        estimate: num(5)?,
        low: num(6)?,
        high: num(7)?,
        margin: num(8)?,
        alpha: num(9)?.ok_or_else(|| FileError::content(path, format!("line {line}: alpha is missing")))?,
        p: num(10)?,
        p_adjusted: num(11)?,
        statement: row[12].clone(),
    })
}

//! Owns `claims.csv`: one row per claim. Its numbers rest on platform quantiles, so they have six significant digits.
//!
//! A last column `flag` stands in files of which some claim has one, and in no others: failures are rare, and a file without
//! them has the columns that every reader knows.

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
    /// What must be known beside the verdict, such as arms that lost different replicates; empty where there is nothing.
    pub flag: String,
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

/// The column that only files with a flag have.
const FLAG: &str = "flag";

/// The bytes of the file.
pub fn write_claims(records: &[ClaimRecord]) -> Vec<u8> {
    let maybe = |x: Option<f64>| x.map(short).unwrap_or_default();
    let flagged = records.iter().any(|r| !r.flag.is_empty());
    let row = |r: &ClaimRecord| {
        let mut row = vec![r.claim.clone(), r.kind.clone(), r.verdict.clone(), r.expected.clone()];
        row.push(r.cells.to_string());
        row.extend([r.estimate, r.low, r.high, r.margin, Some(r.alpha), r.p, r.p_adjusted].map(maybe));
        row.push(r.statement.clone());
        row.extend(flagged.then(|| r.flag.clone()));
        row
    };
    let mut header = HEADER.map(str::to_owned).to_vec();
    header.extend(flagged.then(|| FLAG.to_owned()));
    csv_text::write(&header, records.iter().map(row))
}

/// All rows of a file.
pub fn read_claims(path: &Path) -> Result<Vec<ClaimRecord>, FileError> {
    let Table { header, rows } = csv_text::parse(path)?;
    let known = header.strip_suffix(&[FLAG.to_owned()]).unwrap_or(&header);
    if known != HEADER {
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
        flag: row.get(13).cloned().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(claim: &str, flag: &str) -> ClaimRecord {
        ClaimRecord {
            claim: claim.to_owned(),
            kind: "ordering".to_owned(),
            verdict: "confirmed".to_owned(),
            expected: "confirmed".to_owned(),
            cells: 3,
            estimate: Some(-0.5),
            low: None,
            high: Some(0.25),
            margin: Some(0.0),
            alpha: 0.05,
            p: Some(1e-9),
            p_adjusted: Some(2e-9),
            statement: "a, b".to_owned(),
            flag: flag.to_owned(),
        }
    }

    fn read_back(bytes: &[u8]) -> Vec<ClaimRecord> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("claims.csv");
        std::fs::write(&path, bytes).unwrap();
        read_claims(&path).unwrap()
    }

    #[test]
    fn the_column_of_flags_stands_only_where_there_is_one() {
        let plain = [record("one", ""), record("two", "")];
        let text = String::from_utf8(write_claims(&plain)).unwrap();
        let header = "claim,kind,verdict,expected,cells,estimate,low,high,margin,alpha,p,p_adjusted,statement\n";
        assert!(text.starts_with(header), "{text}");
        assert_eq!(read_back(text.as_bytes()), plain);
        let flagged = [record("one", ""), record("two", "lost 3, lost 0")];
        let text = String::from_utf8(write_claims(&flagged)).unwrap();
        assert!(
            text.starts_with(&header.replace("statement", "statement,flag")),
            "{text}"
        );
        assert!(text.ends_with(",\"a, b\",\"lost 3, lost 0\"\n"), "{text}");
        assert_eq!(read_back(text.as_bytes()), flagged);
    }
}

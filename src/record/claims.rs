//! Owns `claims.csv`: one row per claim. Its numbers rest on platform quantiles, so they have six significant digits.
//!
//! A last column `flag` stands in files of which some claim has one, and in no others: failures are rare, and a file without
//! them has the columns that every reader knows.

use super::csv_text::{self, Table, count, number};
use super::fault::FileError;
use crate::numerics::text::{rounded, short};
use std::path::Path;

/// Smaller p-values are written as `<1e-300`: they are never 0, and beyond that the tails of no law can be told apart.
pub const LEAST_P: f64 = 1e-300;

/// How such a p-value is written.
const BELOW: &str = "<1e-300";

/// One row.
#[derive(Debug, Clone, Default, PartialEq)]
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
    /// The scenario of the cell that decides: the worst of a confirmation, one that fails of a refutation.
    pub scenario: u64,
    /// The keys of that cell, in words.
    pub cell: String,
    /// What `estimate`, `low` and `high` are: `value`, the estimand itself; `ratio`, over the target or over the other arm;
    /// `difference`, from the other arm.
    pub scale: String,
    /// The number compared with; of an agreement by ratio, that which the estimate is a ratio to.
    pub target: Option<f64>,
    /// The estimate of the deciding cell, on that scale; none where it could not be judged.
    pub estimate: Option<f64>,
    /// Lower end of its interval, at `1 - 2 alpha`; may be infinite.
    pub low: Option<f64>,
    /// Upper end of its interval.
    pub high: Option<f64>,
    /// The margin or bound; where it depends on the target, that of the deciding cell.
    pub margin: Option<f64>,
    /// The level of the tests.
    pub alpha: f64,
    /// p-value of the verdict, before other claims are counted. 0 stands for less than [`LEAST_P`]; none where there was no test: the
    /// claim was not judged, or it is certain.
    pub p: Option<f64>,
    /// The same after Holm over the claims of the file.
    pub p_adjusted: Option<f64>,
    /// The claim in words.
    pub statement: String,
    /// What must be known of the verdict: why there is none, what would settle it; empty where there is nothing.
    pub note: String,
    /// What was left out of the numbers that it rests on, because it failed; empty where nothing was.
    pub flag: String,
}

impl ClaimRecord {
    /// Rounded to the digits that the file holds: a page says the same of a record that was just made and of one read back.
    #[must_use]
    pub fn as_written(mut self) -> Self {
        let six = |x: f64| rounded(x, 6);
        for number in [
            &mut self.target,
            &mut self.estimate,
            &mut self.low,
            &mut self.high,
            &mut self.margin,
            &mut self.p,
            &mut self.p_adjusted,
        ] {
            *number = number.map(six);
        }
        self.alpha = six(self.alpha);
        self
    }

    /// Whether it came out as expected.
    pub fn as_expected(&self) -> bool {
        self.verdict == self.expected
    }

    /// Whether its deciding cell could be judged at all. One that could not is inconclusive, whatever the replicates.
    pub fn is_judged(&self) -> bool {
        self.estimate.is_some() || self.verdict != "inconclusive"
    }

    /// Takes its verdict away, and the numbers that it rests on.
    pub fn leave_unjudged(&mut self) {
        "inconclusive".clone_into(&mut self.verdict);
        for number in [
            &mut self.estimate,
            &mut self.low,
            &mut self.high,
            &mut self.p,
            &mut self.p_adjusted,
        ] {
            *number = None;
        }
    }

    /// Whether it came out as the opposite of what was expected, and not merely undecided.
    pub fn contradicts(&self) -> bool {
        !self.as_expected() && self.verdict != "inconclusive"
    }
}

/// The columns, each with what it holds.
pub const COLUMNS: [(&str, &str); 18] = [
    ("claim", "name of the claim"),
    ("kind", "its kind"),
    ("verdict", "confirmed, refuted or inconclusive"),
    ("expected", "confirmed, or refuted for a negative control"),
    ("cells", "how many rows, or pairs of rows, it covers; all must hold"),
    ("scenario", "scenario of the cell that decided"),
    ("cell", "keys of that cell"),
    ("scale", "scale of `estimate`: value, ratio or difference"),
    ("target", "what the estimate is compared with, on that scale"),
    (
        "estimate",
        "of the cell that decided, to six digits, as all numbers here",
    ),
    ("low", "lower end of its interval"),
    ("high", "upper end"),
    ("margin", "the margin, on that scale"),
    ("alpha", "level of the tests"),
    (
        "p",
        "p-value of the test of that cell; `<1e-300` and never 0, empty without a test",
    ),
    (
        "p_adjusted",
        "the same, corrected for the number of cells and claims (Holm)",
    ),
    ("statement", "the claim in words"),
    ("note", "why it is not judged, or what would settle it"),
];

/// The column that only files with a flag have.
pub const FLAG: (&str, &str) = (
    "flag",
    "what replicates failed that the claim rests on; only where some did",
);

/// The bytes of the file.
pub fn write_claims(records: &[ClaimRecord]) -> Vec<u8> {
    let maybe = |x: Option<f64>| x.map(short).unwrap_or_default();
    let flagged = records.iter().any(|r| !r.flag.is_empty());
    let row = |r: &ClaimRecord| {
        let mut row = vec![r.claim.clone(), r.kind.clone(), r.verdict.clone(), r.expected.clone()];
        row.extend([
            r.cells.to_string(),
            r.scenario.to_string(),
            r.cell.clone(),
            r.scale.clone(),
        ]);
        row.extend([r.target, r.estimate, r.low, r.high, r.margin, Some(r.alpha)].map(maybe));
        row.extend([r.p, r.p_adjusted].map(|p| p.map(p_value).unwrap_or_default()));
        row.extend([r.statement.clone(), r.note.clone()]);
        row.extend(flagged.then(|| r.flag.clone()));
        row
    };
    let mut header = COLUMNS.map(|(name, _)| name.to_owned()).to_vec();
    header.extend(flagged.then(|| FLAG.0.to_owned()));
    csv_text::write(&header, records.iter().map(row))
}

/// A p-value as it is written.
pub fn p_value(p: f64) -> String {
    if p < LEAST_P { BELOW.to_owned() } else { short(p) }
}

/// All rows of the file's bytes; `path` stands in messages.
pub fn parse_claims(path: &Path, bytes: &[u8]) -> Result<Vec<ClaimRecord>, FileError> {
    let Table { header, rows } = csv_text::parse(path, bytes)?;
    let known = header.strip_suffix(&[FLAG.0.to_owned()]).unwrap_or(&header);
    if known != COLUMNS.map(|(name, _)| name) {
        let what = format!("the header is not that of claims: {}", header.join(","));
        return Err(FileError::content(path, what));
    }
    rows.iter().map(|(line, row)| read_row(path, *line, row)).collect()
}

fn read_row(path: &Path, line: u64, row: &[String]) -> Result<ClaimRecord, FileError> {
    let num = |i: usize| number(path, line, COLUMNS[i].0, &row[i]);
    let p = |i: usize| match row[i].as_str() {
        BELOW => Ok(Some(0.0)),
        _ => num(i),
    };
    Ok(ClaimRecord {
        claim: row[0].clone(),
        kind: row[1].clone(),
        verdict: row[2].clone(),
        expected: row[3].clone(),
        cells: count(path, line, COLUMNS[4].0, &row[4])?,
        scenario: count(path, line, COLUMNS[5].0, &row[5])?,
        cell: row[6].clone(),
        scale: row[7].clone(),
        target: num(8)?,
        estimate: num(9)?,
        low: num(10)?,
        high: num(11)?,
        margin: num(12)?,
        alpha: num(13)?.ok_or_else(|| FileError::content(path, format!("line {line}: alpha is missing")))?,
        p: p(14)?,
        p_adjusted: p(15)?,
        statement: row[16].clone(),
        note: row[17].clone(),
        flag: row.get(18).cloned().unwrap_or_default(),
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
            scenario: 1,
            cell: "prompts = 4, responses = 2".to_owned(),
            scale: "difference".to_owned(),
            target: Some(0.0),
            estimate: Some(-0.5),
            low: Some(f64::NEG_INFINITY),
            high: Some(0.25),
            margin: Some(0.0),
            alpha: 0.05,
            p: Some(0.0),
            p_adjusted: Some(2e-9),
            statement: "a, b".to_owned(),
            note: String::new(),
            flag: flag.to_owned(),
        }
    }

    fn read_back(bytes: &[u8]) -> Vec<ClaimRecord> {
        parse_claims(Path::new("claims.csv"), bytes).unwrap()
    }

    #[test]
    fn the_column_of_flags_stands_only_where_there_is_one() {
        let plain = [record("one", ""), record("two", "")];
        let text = String::from_utf8(write_claims(&plain)).unwrap();
        let header = "claim,kind,verdict,expected,cells,scenario,cell,scale,target,estimate,low,high,margin,alpha,p,p_adjusted,\
             statement,note\n";
        assert!(text.starts_with(header), "{text}");
        assert_eq!(read_back(text.as_bytes()), plain);
        let flagged = [record("one", ""), record("two", "lost 3, lost 0")];
        let text = String::from_utf8(write_claims(&flagged)).unwrap();
        assert!(text.starts_with(&header.replace("note", "note,flag")), "{text}");
        assert!(text.ends_with(",\"a, b\",,\"lost 3, lost 0\"\n"), "{text}");
        assert_eq!(read_back(text.as_bytes()), flagged);
    }

    /// 'p is never 0': below what the tails of laws can tell it is written as such, and read back.
    #[test]
    fn a_p_value_is_never_written_as_zero() {
        let text = String::from_utf8(write_claims(&[record("one", "")])).unwrap();
        assert!(text.contains(",0.05,<1e-300,2e-9,"), "{text}");
        assert!(text.contains(",0,-0.5,-inf,0.25,"), "{text}");
        assert_eq!(
            ["<1e-300", "1e-300", "0.25"],
            [1e-301, 1e-300, 0.25].map(p_value).each_ref().map(String::as_str)
        );
    }
}

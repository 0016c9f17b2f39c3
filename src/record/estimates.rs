//! Owns `estimates.csv`: one row per estimand of each scenario and arm.

use super::csv_text::{self, Table, count, number};
use super::fault::FileError;
use crate::numerics::text::{Text, Texts, float};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// One row. A sweep has many, so that what they say alike is kept once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EstimateRecord {
    /// Index of the scenario, from 0.
    pub scenario: u64,
    /// The swept and arm keys, in column order.
    pub cells: Arc<[Text]>,
    /// Name of the estimand.
    pub estimand: Text,
    /// Step, mode, rank or cell; empty where there is none.
    pub at: Text,
    /// The estimate; unknown for values of theory alone.
    pub estimate: Option<f64>,
    /// Its Monte Carlo standard error.
    pub mcse: Option<f64>,
    /// The error's degrees of freedom.
    pub df: Option<f64>,
    /// The exact value.
    pub exact: Option<f64>,
    /// Lower end of an exact interval, where there is one: see `high`.
    pub low: Option<f64>,
    /// Upper end of an exact interval. Of an event that was seen in no replicate, or in all, it is the one-sided 95% bound, since
    /// such an estimate has no standard error.
    pub high: Option<f64>,
    /// A value of theory that is not exact.
    pub reference: Option<f64>,
    /// What the reference is: its order or its usual name.
    pub reference_name: Text,
    /// Replicates that the estimate rests on.
    pub replicates: u64,
    /// Replicates in which the arm failed.
    pub failed: u64,
    /// Replicates that did not meet the estimand's condition: no failures.
    pub left_out: u64,
    /// Why a value of the row is empty, or what must be known beside it.
    pub note: Text,
    /// `met` or `missed`, of a row whose standard error had a target; else empty.
    pub target: Text,
}

/// Columns before those of keys, each with what it holds.
pub const BEFORE: [(&str, &str); 1] = [("scenario", "index of the scenario, from 0")];

/// Columns after those of keys.
pub const AFTER: [(&str, &str); 14] = [
    ("estimand", "measure.quantity"),
    (
        "at",
        "step, mode, rank or cell that the estimand stands at; empty where there is none",
    ),
    (
        "estimate",
        "the Monte Carlo estimate; empty for values of theory alone, and where noise drowns it",
    ),
    (
        "mcse",
        "its Monte Carlo standard error; empty where there is none, never 0 for want of events",
    ),
    (
        "df",
        "degrees of freedom of the standard error: independent groups of replicates less one",
    ),
    (
        "low",
        "lower end of its 95% interval, of estimates that no standard error describes",
    ),
    (
        "high",
        "upper end, likewise; of an event that was never seen, its bound",
    ),
    (
        "exact",
        "the value that theory gives, exact to rounding; empty where it has none",
    ),
    ("reference", "a value of theory that is not exact"),
    ("reference_name", "what the reference is: its order or its usual name"),
    ("replicates", "replicates drawn"),
    (
        "failed",
        "replicates in which an arm of the estimand failed, and which are left out",
    ),
    (
        "left_out",
        "replicates that do not meet the estimand's condition: no failures",
    ),
    ("note", "why a value is empty, or what must be known beside it"),
];

/// The last column, of runs that had targets of precision.
pub const TARGET: (&str, &str) = (
    "target",
    "`met` or `missed`, of rows whose standard error had a target; only in results of runs that had one",
);

/// The bytes of the file. `keys` names the cells.
pub fn write_estimates(keys: &[String], records: &[EstimateRecord]) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Cannot fail because a Vec takes every byte.
    put_estimates(keys, records, &mut bytes).unwrap_or_else(|error| unreachable!("{error}"));
    bytes
}

/// Writes the same to `out`, row by row.
///
/// # Errors
///
/// Those of `out`.
pub fn put_estimates(keys: &[String], records: &[EstimateRecord], out: &mut impl Write) -> io::Result<()> {
    let targets = records.iter().any(|record| !record.target.is_empty());
    let last: &[(&str, &str)] = if targets { &[TARGET] } else { &[] };
    let mut rows = csv_text::Rows::to(out);
    let before = BEFORE.iter().map(|(name, _)| *name);
    let after = AFTER.iter().chain(last).map(|(name, _)| *name);
    rows.put(before.chain(keys.iter().map(String::as_str)).chain(after))?;
    let maybe = |x: Option<f64>| x.map(float).unwrap_or_default();
    for r in records {
        let numbers = [r.estimate, r.mcse, r.df, r.low, r.high, r.exact, r.reference].map(maybe);
        let counts = [r.replicates, r.failed, r.left_out].map(|count| count.to_string());
        let scenario = r.scenario.to_string();
        let named = r.cells.iter().chain([&r.estimand, &r.at]).map(|own| &**own);
        let counts = counts.iter().map(String::as_str);
        let fields = [&*scenario]
            .into_iter()
            .chain(named)
            .chain(numbers.iter().map(String::as_str))
            .chain([&*r.reference_name])
            .chain(counts)
            .chain([&*r.note])
            .chain(targets.then_some(&*r.target));
        rows.put(fields)?;
    }
    rows.finish()
}

/// Names of the cells and all rows of the file's bytes; `path` stands in messages.
pub fn parse_estimates(path: &Path, bytes: &[u8]) -> Result<(Vec<String>, Vec<EstimateRecord>), FileError> {
    let Table { header, rows } = csv_text::parse(path, bytes)?;
    let targets = header.last().is_some_and(|last| last == TARGET.0);
    let fixed = &header[..header.len() - usize::from(targets)];
    let keys = fixed.len().checked_sub(BEFORE.len() + AFTER.len());
    let fits = keys
        .is_some_and(|n| fixed[..1] == BEFORE.map(|(name, _)| name) && fixed[1 + n..] == AFTER.map(|(name, _)| name));
    let Some(keys) = keys.filter(|_| fits) else {
        let what = format!("the header is not that of estimates: {}", header.join(","));
        return Err(FileError::content(path, what));
    };
    let mut texts = Texts::default();
    let records = rows
        .iter()
        .map(|(line, row)| read_row(path, *line, row, keys, &mut texts))
        .collect::<Result<_, _>>()?;
    Ok((header[1..=keys].to_vec(), records))
}

fn read_row(
    path: &Path,
    line: u64,
    row: &[String],
    keys: usize,
    texts: &mut Texts,
) -> Result<EstimateRecord, FileError> {
    let tail = &row[1 + keys..];
    let num = |i: usize| number(path, line, AFTER[i].0, &tail[i]);
    Ok(EstimateRecord {
        scenario: count(path, line, "scenario", &row[0])?,
        cells: row[1..=keys].iter().map(|cell| texts.share(cell)).collect(),
        estimand: texts.share(&tail[0]),
        at: texts.share(&tail[1]),
        estimate: num(2)?,
        mcse: num(3)?,
        df: num(4)?,
        low: num(5)?,
        high: num(6)?,
        exact: num(7)?,
        reference: num(8)?,
        reference_name: texts.share(&tail[9]),
        replicates: count(path, line, "replicates", &tail[10])?,
        failed: count(path, line, "failed", &tail[11])?,
        left_out: count(path, line, "left_out", &tail[12])?,
        note: texts.share(&tail[13]),
        target: tail.get(14).map(|own| texts.share(own)).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> EstimateRecord {
        EstimateRecord {
            scenario: 0,
            cells: ["16".into(), "a, \"b\"".into()].into(),
            estimand: "mode-mass.variance".into(),
            at: Text::default(),
            estimate: Some(0.1 + 0.2),
            mcse: Some(1e-9),
            df: Some(78.0),
            low: None,
            high: None,
            exact: Some(0.3),
            reference: Some(0.25),
            reference_name: "first order".into(),
            replicates: 20_000,
            failed: 0,
            left_out: 3,
            note: "a, b".into(),
            target: Text::default(),
        }
    }

    fn read_back(bytes: &[u8]) -> Result<(Vec<String>, Vec<EstimateRecord>), String> {
        parse_estimates(Path::new("x/estimates.csv"), bytes).map_err(|error| error.to_string())
    }

    #[test]
    fn rows_survive_writing_and_reading_bit_for_bit() {
        let keys = ["prompts".to_owned(), "selector".to_owned()];
        let bytes = write_estimates(&keys, &[record()]);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let expected = "scenario,prompts,selector,estimand,at,estimate,mcse,df,low,high,exact,reference,reference_name,\
            replicates,failed,left_out,note\n\
            0,16,\"a, \"\"b\"\"\",mode-mass.variance,,0.30000000000000004,1e-9,78,,,0.3,0.25,first order,20000,0,3,\"a, b\"\n";
        assert_eq!(text, expected);
        assert_eq!(read_back(&bytes), Ok((keys.to_vec(), vec![record()])));
    }

    #[test]
    fn targets_are_a_column_of_runs_that_have_them() {
        let missed = EstimateRecord {
            target: "missed".into(),
            ..record()
        };
        let bytes = write_estimates(&["a".to_owned(), "b".to_owned()], &[record(), missed.clone()]);
        assert_eq!(read_back(&bytes).unwrap().1, [record(), missed]);
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.lines()
                .next()
                .unwrap()
                .ends_with(",replicates,failed,left_out,note,target"),
            "{text}"
        );
        assert!(text.ends_with(",20000,0,3,\"a, b\",missed\n"), "{text}");
    }

    #[test]
    fn a_wrong_file_is_refused_with_path_and_line() {
        let message = read_back(b"a,b\n1,2\n").unwrap_err();
        assert_eq!(message, "x/estimates.csv: the header is not that of estimates: a,b");
        let mut text = String::from_utf8(write_estimates(&[], &[])).unwrap();
        text.push_str("0,x,,huge,,,,,,,,1,0,0,\n");
        let message = read_back(text.as_bytes()).unwrap_err();
        assert_eq!(message, "x/estimates.csv: line 2: estimate: \"huge\" is not a number");
    }
}

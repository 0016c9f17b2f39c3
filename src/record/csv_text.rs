//! Owns the CSV dialect: a header, comma, quotes only where needed, line feeds, empty for unknown.

use super::fault::FileError;
use std::path::Path;

/// Rows of text as CSV bytes.
pub(super) fn write(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Cannot fail because a Vec takes every byte, and every row has the header's length by construction.
    let mut put = |row: &[String]| writer.write_record(row).unwrap_or_else(|error| unreachable!("{error}"));
    put(header);
    rows.for_each(|row| put(&row));
    writer.into_inner().unwrap_or_else(|error| unreachable!("{error}"))
}

/// Header and rows of a CSV file; each row with its line.
pub(super) struct Table {
    pub header: Vec<String>,
    pub rows: Vec<(u64, Vec<String>)>,
}

pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Table, FileError> {
    let mut reader = csv::Reader::from_reader(bytes);
    let wrong = |error: csv::Error| FileError::content(path, format!("not CSV: {error}"));
    let header = reader.headers().map_err(wrong)?.iter().map(str::to_owned).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(Table { header, rows })
}

/// One field read as a number; empty means unknown.
pub(super) fn number(path: &Path, line: u64, column: &str, text: &str) -> Result<Option<f64>, FileError> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || FileError::content(path, format!("line {line}: {column}: {text:?} is not a number"));
    text.parse().map(Some).map_err(|_| wrong())
}

/// One field read as a count.
pub(super) fn count(path: &Path, line: u64, column: &str, text: &str) -> Result<u64, FileError> {
    let wrong = || FileError::content(path, format!("line {line}: {column}: {text:?} is not a count"));
    text.parse().map_err(|_| wrong())
}

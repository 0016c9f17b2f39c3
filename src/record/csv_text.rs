//! Owns the CSV dialect: a header, comma, quotes only where needed, line feeds, empty for unknown.

use super::fault::FileError;
use std::io::{self, Write};
use std::path::Path;

/// Rows of text as CSV bytes.
pub(super) fn write(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let put = || {
        let mut own = Rows::to(&mut bytes);
        own.put(header.iter().map(String::as_str))?;
        for row in rows {
            own.put(row.iter().map(String::as_str))?;
        }
        own.finish()
    };
    // Cannot fail because a Vec takes every byte.
    put().unwrap_or_else(|error| unreachable!("{error}"));
    bytes
}

/// Rows on their way out.
pub(super) struct Rows<W: Write>(csv::Writer<W>);

impl<W: Write> Rows<W> {
    /// Nothing yet.
    pub fn to(out: W) -> Self {
        Self(csv::Writer::from_writer(out))
    }

    /// One more row, which has the first one's length by construction.
    pub fn put<'a>(&mut self, fields: impl Iterator<Item = &'a str>) -> io::Result<()> {
        self.0.write_record(fields).map_err(io::Error::from)
    }

    /// Hands on what is left.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
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

//! Owns records of a table: the header, and the fields of each row.
//!
//! Fields are found by csv-core, fed line by line: the csv crate on the whole input would hold all that follows a quote
//! that is never closed, and counts lines from the end of the row before, blank ones included.

use super::lines::{Lines, MOST_ROW_BYTES, too_long};
use super::path::Span;
use crate::data::Fault;
use crate::data::fault::shown;
use csv_core::ReadRecordResult;
use std::io::Read;

/// A header and the rows below it.
pub(in crate::data) struct Table<R> {
    rows: Fields<R>,
    names: Vec<String>,
    /// The line of the header.
    line: u64,
}

impl<R: Read> Table<R> {
    /// Reads the header. `whole`: whether the text of each row is wanted as it stands.
    pub fn open(reader: R, delimiter: u8, whole: bool) -> Result<Self, Fault> {
        let mut rows = Fields::new(reader, delimiter, whole);
        let Some(line) = rows.next()? else {
            return Err(Fault::whole(
                "the file is empty: a header row and one row per candidate are expected",
            ));
        };
        let mut table = Self {
            rows,
            names: Vec::new(),
            line,
        };
        table.names = (0..table.rows.fields)
            .map(|i| table.text()[table.field(i)].to_owned())
            .collect();
        Ok(table)
    }

    /// The line of the next row, which has as many fields as the header; none after the last.
    pub fn next(&mut self) -> Result<Option<u64>, Fault> {
        let Some(line) = self.rows.next()? else {
            return Ok(None);
        };
        let (have, need) = (self.rows.fields, self.names.len());
        if have == need {
            return Ok(Some(line));
        }
        let what = format!(
            "{have} fields, but the header in line {} has {need}: give every row as many, and quote a field that \
             holds a comma",
            self.line
        );
        Err(Fault::line(line, what))
    }

    /// The names of the header.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The line of the header.
    pub fn header_line(&self) -> u64 {
        self.line
    }

    /// The fields of the row, one after the other.
    pub fn text(&self) -> &str {
        // Cannot fail because lines are UTF-8, and what is left out of them are quotes and delimiters.
        std::str::from_utf8(&self.rows.text[..self.rows.filled]).unwrap_or_default()
    }

    /// The row as it stands, where that is wanted.
    pub fn whole(&self) -> &str {
        self.rows.whole.trim_end_matches(['\r', '\n'])
    }

    /// Where a field stands in the text.
    pub fn field(&self, column: usize) -> Span {
        self.rows.field(column)
    }

    /// The column of a name. An error where two have it.
    pub fn find(&self, name: &str) -> Result<Option<usize>, Fault> {
        let mut found = self.names.iter().enumerate().filter(|(_, other)| *other == name);
        let first = found.next().map(|(column, _)| column);
        if found.next().is_some() {
            let what = format!("two columns are called {}: rename one", shown(name));
            return Err(Fault::line(self.line, what));
        }
        Ok(first)
    }

    /// The columns of a prefix and 0, 1, ...; none where there is no such column.
    pub fn numbered(&self, prefix: &str) -> Result<Option<Vec<usize>>, Fault> {
        let number = |name: &str| -> Option<usize> {
            let digits = name.strip_prefix(prefix)?;
            let number: usize = digits.parse().ok()?;
            (number.to_string() == digits).then_some(number)
        };
        let named = self.names.iter().enumerate();
        let mut columns: Vec<(usize, usize)> = named.filter_map(|(at, name)| Some((number(name)?, at))).collect();
        columns.sort_unstable();
        for (expected, &(number, at)) in columns.iter().enumerate() {
            if number < expected {
                self.find(&self.names[at])?;
            }
            if number > expected {
                let name = format!("{prefix}{expected}");
                let last = &self.names[at];
                let what = format!("there is a column {last}, but no column {name}: number the columns 0, 1, 2, ...");
                return Err(Fault::line(self.line, what));
            }
        }
        let columns: Vec<usize> = columns.into_iter().map(|(_, at)| at).collect();
        Ok((!columns.is_empty()).then_some(columns))
    }
}

/// Rows as fields.
struct Fields<R> {
    lines: Lines<R>,
    core: csv_core::Reader,
    delimiter: u8,
    text: Vec<u8>,
    filled: usize,
    /// Where each field ends in `text`.
    ends: Vec<usize>,
    fields: usize,
    /// The row as it stands, if it is wanted.
    whole: String,
    keeps_whole: bool,
}

impl<R: Read> Fields<R> {
    fn new(reader: R, delimiter: u8, keeps_whole: bool) -> Self {
        Self {
            lines: Lines::new(reader),
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            delimiter,
            text: Vec::new(),
            filled: 0,
            ends: Vec::new(),
            fields: 0,
            whole: String::new(),
            keeps_whole,
        }
    }

    /// Reads the next row that is not blank; returns the line on which it begins.
    fn next(&mut self) -> Result<Option<u64>, Fault> {
        let mut begun = None;
        (self.filled, self.fields) = (0, 0);
        self.whole.clear();
        loop {
            let Some((line, number)) = self.lines.next()? else {
                return match begun {
                    None => Ok(None),
                    Some(first) => Err(Fault::line(first, "a quote is opened in this row and never closed")),
                };
            };
            if begun.is_none() && line.trim_ascii().is_empty() {
                continue;
            }
            let first = *begun.get_or_insert(number);
            if self.filled + line.len() > MOST_ROW_BYTES {
                return Err(too_long(first));
            }
            if self.keeps_whole {
                self.whole.push_str(line);
            }
            let bytes = line.as_bytes();
            let delimiters = bytes.iter().filter(|byte| **byte == self.delimiter).count();
            // One more than can be needed, so that csv-core never asks for room.
            self.text.resize(self.text.len().max(self.filled + bytes.len() + 1), 0);
            self.ends.resize(self.ends.len().max(self.fields + delimiters + 2), 0);
            let output = (&mut self.text[self.filled..], &mut self.ends[self.fields..]);
            let (result, read, written, ended) = self.core.read_record(bytes, output.0, output.1);
            self.filled += written;
            self.fields += ended;
            if matches!(result, ReadRecordResult::InputEmpty) {
                continue;
            }
            if !bytes[read..].trim_ascii().is_empty() {
                let what = "a carriage return stands within this line: end lines by line feeds, and quote a field \
                            that holds one";
                return Err(Fault::line(number, what));
            }
            return Ok(Some(first));
        }
    }

    fn field(&self, index: usize) -> Span {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        start..self.ends[index]
    }
}

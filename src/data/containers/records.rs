//! Owns records: rows of a table or objects, and what is looked for in them.

use super::input::Opened;
use super::objects::Objects;
use super::path::Span;
use super::table::Table;
use super::{Bytes, Format};
use crate::data::Fault;
use crate::data::fault::Place;

/// The records of one input.
pub(in crate::data) enum Records<'a> {
    Table(Box<Table<Bytes<'a>>>),
    Objects(Box<Objects<Bytes<'a>>>),
}

impl<'a> Records<'a> {
    /// Begins to read; `whole`: whether the text of each record is wanted as it stands.
    pub fn open(input: Opened<'a>, whole: bool) -> Result<Self, Fault> {
        Ok(match input.format {
            Format::Csv | Format::Tsv => Records::Table(Box::new(Table::open(input.bytes, input.delimiter, whole)?)),
            Format::Jsonl => Records::Objects(Box::new(Objects::open(input.bytes, false))),
            Format::Json => Records::Objects(Box::new(Objects::open(input.bytes, true))),
        })
    }

    /// The line of the next record; none after the last.
    pub fn next(&mut self) -> Result<Option<u64>, Fault> {
        match self {
            Records::Table(table) => table.next(),
            Records::Objects(objects) => objects.next(),
        }
    }

    /// The text in which values of the record stand.
    pub fn text(&self) -> &str {
        match self {
            Records::Table(table) => table.text(),
            Records::Objects(objects) => objects.text(),
        }
    }

    /// The same as JSON can be read.
    pub fn json(&self) -> &str {
        match self {
            Records::Table(table) => table.text(),
            Records::Objects(objects) => objects.json(),
        }
    }

    /// The record as it stands.
    pub fn whole(&self) -> &str {
        match self {
            Records::Table(table) => table.whole(),
            Records::Objects(objects) => objects.text(),
        }
    }

    /// The names that the record has.
    pub fn names(&self) -> Vec<String> {
        match self {
            Records::Table(table) => table.names().to_vec(),
            Records::Objects(objects) => objects.names(),
        }
    }

    /// The header of a table.
    pub fn header(&self) -> &[String] {
        match self {
            Records::Table(table) => table.names(),
            Records::Objects(_) => &[],
        }
    }

    /// What a name is called in messages.
    pub fn noun(&self) -> &'static str {
        match self {
            Records::Table(_) => "column",
            Records::Objects(_) => "key",
        }
    }

    /// Whether values are JSON.
    pub fn is_json(&self) -> bool {
        matches!(self, Records::Objects(_))
    }

    /// Line and column of a byte of the text; column 0 where it is not known, as in tables.
    pub fn place(&self, line: u64, byte: usize) -> (u64, usize) {
        match self {
            Records::Table(_) => (line, 0),
            Records::Objects(objects) => objects.place(byte),
        }
    }

    /// A fault at a value.
    pub fn fault(&self, line: u64, at: &Span, what: impl Into<String>) -> Fault {
        let (line, column) = self.place(line, at.start);
        Fault::at(Place::from(line), column, what)
    }
}

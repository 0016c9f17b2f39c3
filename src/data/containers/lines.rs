//! Owns the lines of an input: their numbers, their longest length, and that they are text.

use crate::data::Fault;
use crate::data::fault::column;
use std::io::{BufRead, BufReader, Read};
use std::string::FromUtf8Error;

/// The most bytes of one row. An embedding of a hundred thousand numbers fits; a file without line feeds does not.
pub const MOST_ROW_BYTES: usize = 16 << 20;

/// Reads ahead this much: large, because rows of embeddings are.
const BUFFER: usize = 1 << 18;

pub(super) struct Lines<R> {
    reader: BufReader<R>,
    line: String,
    /// Where its text begins: after a byte order mark.
    start: usize,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader: BufReader::with_capacity(BUFFER, reader),
            line: String::new(),
            start: 0,
            number: 0,
        }
    }

    /// The next line with its number. It ends in a line feed, even where the file's last does not. A byte order mark
    /// is no part of the first.
    pub fn next(&mut self) -> Result<Option<(&str, u64)>, Fault> {
        let mut line = std::mem::take(&mut self.line).into_bytes();
        line.clear();
        let mut limited = self.reader.by_ref().take(MOST_ROW_BYTES as u64 + 1);
        let read = limited
            .read_until(b'\n', &mut line)
            .map_err(|error| match self.number {
                0 => Fault::whole(error.to_string()),
                before => Fault::line(before + 1, error.to_string()),
            })?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if line.len() > MOST_ROW_BYTES {
            return Err(too_long(self.number));
        }
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        self.line = String::from_utf8(line).map_err(|error| no_text(&error, self.number))?;
        self.start = match self.number == 1 && self.line.starts_with('\u{feff}') {
            true => '\u{feff}'.len_utf8(),
            false => 0,
        };
        Ok(Some((self.text(), self.number)))
    }

    /// The line.
    pub fn text(&self) -> &str {
        &self.line[self.start..]
    }

    /// Its number, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }
}

pub(super) fn too_long(line: u64) -> Fault {
    let what = format!("a row of more than {MOST_ROW_BYTES} bytes: rows of CSV and JSONL are shorter");
    Fault::line(line, what)
}

fn no_text(error: &FromUtf8Error, line: u64) -> Fault {
    let (bytes, valid) = (error.as_bytes(), error.utf8_error().valid_up_to());
    // Cannot fail because these bytes have just been found to be valid.
    let before = std::str::from_utf8(&bytes[..valid]).unwrap_or_default();
    let what = format!(
        "the byte {:#04x} is not UTF-8 text: save the file as UTF-8",
        bytes[valid]
    );
    Fault::at(line, column(before, valid), what)
}

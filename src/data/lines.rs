//! Owns the lines of an input: their numbers, their longest length, and that they are text.

use super::Fault;
use super::fault::column;
use super::hints;
use std::io::{BufRead, BufReader, Read};

/// The most bytes of one row. An embedding of a hundred thousand numbers fits; a file without line feeds does not.
pub const MOST_ROW_BYTES: usize = 16 << 20;

/// Reads ahead this much: large, because rows of embeddings are.
const BUFFER: usize = 1 << 18;

pub(super) struct Lines<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader: BufReader::with_capacity(BUFFER, reader),
            line: Vec::new(),
            number: 0,
        }
    }

    /// The next line with its number. It ends in a line feed, even where the file's last does not. A byte order mark
    /// is no part of the first.
    pub fn next(&mut self) -> Result<Option<(&str, u64)>, Fault> {
        self.line.clear();
        let mut limited = self.reader.by_ref().take(MOST_ROW_BYTES as u64 + 1);
        let read = limited
            .read_until(b'\n', &mut self.line)
            .map_err(|error| Fault::whole(error.to_string()))?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.len() > MOST_ROW_BYTES {
            return Err(too_long(self.number));
        }
        if self.line.last() != Some(&b'\n') {
            self.line.push(b'\n');
        }
        if let Some(what) = hints::of_bytes(&self.line).filter(|_| self.number == 1) {
            return Err(Fault::line(1, what));
        }
        let text = text(&self.line, self.number)?;
        let text = match self.number {
            1 => text.strip_prefix('\u{feff}').unwrap_or(text),
            _ => text,
        };
        Ok(Some((text, self.number)))
    }
}

pub(super) fn too_long(line: u64) -> Fault {
    let what = format!("a row of more than {MOST_ROW_BYTES} bytes: rows of CSV and JSONL are shorter");
    Fault::line(line, what)
}

fn text(bytes: &[u8], line: u64) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = error.valid_up_to();
        // Cannot fail because these bytes have just been found to be valid.
        let before = std::str::from_utf8(&bytes[..valid]).unwrap_or_default();
        let what = format!(
            "the byte {:#04x} is not UTF-8 text: save the file as UTF-8",
            bytes[valid]
        );
        Fault::at(line, column(before, valid), what)
    })
}

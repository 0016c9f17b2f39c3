//! Owns an input: a name and bytes, unpacked where they are compressed, and how they are written.

use super::decoded::{self, Bytes};
use super::format::Format;
use crate::data::Fault;
use std::io;

/// Opens the bytes of an input when their turn has come.
type Opener<'a> = Box<dyn FnOnce() -> io::Result<Bytes<'a>> + Send + 'a>;

/// One file, or standard input.
pub struct Input<'a> {
    named: Option<Format>,
    forced: bool,
    open: Opener<'a>,
}

/// An input that has been opened.
pub(in crate::data) struct Opened<'a> {
    pub bytes: Bytes<'a>,
    pub format: Format,
    /// What stands between the fields of a table.
    pub delimiter: u8,
    /// Whether neither its name nor the user says the format.
    pub guessed: bool,
}

/// How many of the first bytes are looked at to tell how they are written.
const LOOKED_AT: usize = 1 << 12;

impl<'a> Input<'a> {
    /// Bytes in this format, whatever they look like.
    pub fn written(open: impl FnOnce() -> io::Result<Bytes<'a>> + Send + 'a, format: Format) -> Self {
        Self {
            forced: true,
            ..Self::new(Some(format), open)
        }
    }

    /// Bytes that are opened when their turn has come; their format by a name, if that tells it, unless they look like another.
    pub fn new(named: Option<Format>, open: impl FnOnce() -> io::Result<Bytes<'a>> + Send + 'a) -> Self {
        Self {
            named,
            forced: false,
            open: Box::new(open),
        }
    }

    /// Opens it and looks at how it begins.
    pub(in crate::data) fn open(self) -> Result<Opened<'a>, Fault> {
        let failed = |error: io::Error| Fault::whole(error.to_string());
        let bytes = decoded::decode((self.open)().map_err(failed)?)?;
        let (start, bytes) = decoded::peek(bytes, LOOKED_AT).map_err(|error| Fault::whole(error.to_string()))?;
        let looks = Format::of_bytes(&start);
        let format = match self.named {
            Some(named) if self.forced || named == looks || !differs(named, looks) => named,
            _ => looks,
        };
        Ok(Opened {
            bytes,
            format,
            delimiter: match (format, self.forced, super::format::delimiter(&start)) {
                (Format::Tsv, ..) => b'\t',
                (_, false, b';') => b';',
                _ => b',',
            },
            guessed: self.named != Some(format),
        })
    }
}

/// Whether bytes that look like one format are surely not another. What does not look like JSON looks like a table, so that says nothing.
fn differs(named: Format, looks: Format) -> bool {
    match looks {
        Format::Csv => false,
        Format::Tsv => named == Format::Csv,
        // Objects one after the other are what both are.
        Format::Jsonl => named.is_table(),
        Format::Json => true,
    }
}

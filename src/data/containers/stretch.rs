//! Owns the objects of a JSON array, or one after the other: each cut out of the bytes as soon as its last brace is read.

use super::lines::{MOST_ROW_BYTES, too_long};
use crate::data::Fault;
use std::io::{BufRead, BufReader, Read};

/// Values of an array, one at a time.
pub(super) struct Stretches<R> {
    reader: BufReader<R>,
    place: Place,
    /// Where the value begins: its line, and the characters before it in that.
    start: (u64, usize),
    value: Vec<u8>,
    text: String,
    begun: bool,
    array: Array,
}

/// How far an array has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Array {
    /// There is none: objects stand one after the other.
    None,
    /// A value may follow.
    Open,
    /// A comma or the end must follow.
    Comma,
    Closed,
}

/// Where the next byte stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    line: u64,
    /// Characters before it.
    column: usize,
}

impl Place {
    fn pass(&mut self, byte: u8) {
        if byte == b'\n' {
            *self = Place {
                line: self.line + 1,
                column: 0,
            };
        } else if (byte as i8) >= -0x40 {
            self.column += 1;
        }
    }
}

/// How far a value has been read.
#[derive(Debug, Clone, Copy, Default)]
struct Depth {
    open: usize,
    quoted: bool,
    escaped: bool,
}

impl Depth {
    /// Reads on; whether the value has ended with this byte.
    fn pass(&mut self, byte: u8) -> bool {
        match (self.quoted, byte) {
            (true, _) if self.escaped => self.escaped = false,
            (true, b'\\') => self.escaped = true,
            (true, b'"') => self.quoted = false,
            (true, _) => return false,
            (false, b'"') => self.quoted = true,
            (false, b'{' | b'[') => self.open += 1,
            (false, b'}' | b']') => self.open = self.open.saturating_sub(1),
            (false, _) => {}
        }
        self.open == 0 && !self.quoted
    }
}

const BUFFER: usize = 1 << 18;

impl<R: Read> Stretches<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader: BufReader::with_capacity(BUFFER, reader),
            place: Place { line: 1, column: 0 },
            start: (1, 0),
            value: Vec::new(),
            text: String::new(),
            begun: false,
            array: Array::None,
        }
    }

    /// The value's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its line, and the characters before it in that.
    pub fn start(&self) -> (u64, usize) {
        self.start
    }

    /// The line of the next value; none after the last.
    pub fn next(&mut self) -> Result<Option<u64>, Fault> {
        let Some(first) = self.first()? else {
            return Ok(None);
        };
        self.start = (self.place.line, self.place.column);
        self.value.clear();
        if matches!(first, b'{' | b'[') {
            self.nested()?;
        } else {
            self.bare()?;
        }
        let value = std::mem::take(&mut self.value);
        self.text = String::from_utf8(value).map_err(|error| {
            let bad = error.utf8_error().valid_up_to();
            let byte = error.as_bytes()[bad];
            let lines = error.as_bytes()[..bad].iter().filter(|byte| **byte == b'\n').count() as u64;
            let what = format!("the byte {byte:#04x} is not UTF-8 text: save the file as UTF-8");
            Fault::line(self.start.0 + lines, what)
        })?;
        self.value = Vec::with_capacity(self.text.len());
        if self.array == Array::Open {
            self.array = Array::Comma;
        }
        Ok(Some(self.start.0))
    }

    /// The first byte of the next value, not yet taken; what stands between values is.
    fn first(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            let Some(byte) = self.peek()? else {
                return match self.array {
                    Array::None | Array::Closed => Ok(None),
                    Array::Open | Array::Comma => Err(self.here("the file ends within its array: no ] closes it")),
                };
            };
            match (byte, self.array) {
                (b' ' | b'\t' | b'\r' | b'\n', _) => {}
                // A byte order mark.
                (0xef | 0xbb | 0xbf, Array::None) if !self.begun => {}
                (b'[', Array::None) if !self.begun => {
                    self.begun = true;
                    self.array = Array::Open;
                }
                (b',', Array::Comma) => self.array = Array::Open,
                (b']', Array::Open | Array::Comma) => self.array = Array::Closed,
                (_, Array::Comma) => return Err(self.here("a comma or ] is expected after a value of the array")),
                (_, Array::Closed) => return Err(self.here("something follows the array: end the file with its ]")),
                (_, Array::None | Array::Open) => {
                    self.begun = true;
                    return Ok(Some(byte));
                }
            }
            self.place.pass(byte);
            self.reader.consume(1);
        }
    }

    fn here(&self, what: &str) -> Fault {
        Fault::at(self.place.line, self.place.column + 1, what)
    }

    fn peek(&mut self) -> Result<Option<u8>, Fault> {
        let line = self.place.line;
        let bytes = self.reader.fill_buf();
        let bytes = bytes.map_err(|error| Fault::line(line, error.to_string()))?;
        Ok(bytes.first().copied())
    }

    /// Takes an object or a list.
    fn nested(&mut self) -> Result<(), Fault> {
        let mut depth = Depth::default();
        loop {
            let line = self.place.line;
            let bytes = self.reader.fill_buf();
            let bytes = bytes.map_err(|error| Fault::line(line, error.to_string()))?;
            if bytes.is_empty() {
                return Err(Fault::at(
                    self.start.0,
                    self.start.1 + 1,
                    "the file ends within the value that begins here",
                ));
            }
            let ended = bytes.iter().position(|&byte| {
                self.place.pass(byte);
                depth.pass(byte)
            });
            let taken = ended.map_or(bytes.len(), |last| last + 1);
            self.value.extend_from_slice(&bytes[..taken]);
            self.reader.consume(taken);
            if self.value.len() > MOST_ROW_BYTES {
                return Err(too_long(self.start.0));
            }
            if ended.is_some() {
                return Ok(());
            }
        }
    }

    /// Takes some bytes of what is neither: enough to show.
    fn bare(&mut self) -> Result<(), Fault> {
        while let Some(byte) = self
            .peek()?
            .filter(|byte| !b",]} \t\r\n".contains(byte) && self.value.len() < 64)
        {
            self.place.pass(byte);
            self.value.push(byte);
            self.reader.consume(1);
        }
        if self.value.is_empty() {
            return Err(self.here("a value is expected"));
        }
        // Only what is shown of it may have been cut within a character.
        self.value = String::from_utf8_lossy(&self.value).into_owned().into_bytes();
        Ok(())
    }
}

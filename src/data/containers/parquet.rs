//! Owns rows of Parquet, as JSON lines: a row is an object, and its number is the line.

use crate::data::Fault;
use parquet::file::reader::SerializedFileReader;
use parquet::record::reader::RowIter;
use std::io::{self, Read, Seek};

/// How such a file begins.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// The rows of a file, which is copied to a temporary one: its end has to be read first, and not every input can go back.
pub(super) fn lines(mut bytes: impl Read) -> Result<impl Read + Send, Fault> {
    let failed = |error: io::Error| Fault::whole(format!("Parquet, and it cannot be read: {error}"));
    let mut file = tempfile::tempfile().map_err(failed)?;
    io::copy(&mut bytes, &mut file)
        .and_then(|_| file.rewind())
        .map_err(failed)?;
    let reader = SerializedFileReader::new(file)
        .map_err(|error| Fault::whole(format!("Parquet, and it is damaged: {error}")))?;
    Ok(Lines {
        rows: RowIter::from_file_into(Box::new(reader)),
        line: Vec::new(),
        at: 0,
    })
}

struct Lines {
    rows: RowIter<'static>,
    line: Vec<u8>,
    /// How much of the line has been read.
    at: usize,
}

impl Read for Lines {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            let Some(row) = self.rows.next() else {
                return Ok(0);
            };
            let row = row.map_err(|error| io::Error::other(format!("Parquet, and it is damaged: {error}")))?;
            self.line = row.to_json_value().to_string().into_bytes();
            self.line.push(b'\n');
            self.at = 0;
        }
        let count = out.len().min(self.line.len() - self.at);
        out[..count].copy_from_slice(&self.line[self.at..][..count]);
        self.at += count;
        Ok(count)
    }
}

//! Owns the walk through a file's bytes: which records are whole, and where damage begins and ends.

use super::format::{BlockHead, HEAD, Head, Kind, OPENING, Opening, read_opening};
use crate::record::fault::FileError;
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What was being run: enough for whoever has only the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ExperimentRecord {
    /// Name of the experiment.
    pub name: String,
    /// Name of its file, without its directory.
    pub file: String,
    /// The file's text.
    pub text: String,
    /// `--set` and `--replicates` arguments laid over it.
    pub set: Vec<String>,
}

/// Bytes of a file that hold no whole record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The file.
    pub path: PathBuf,
    /// Where they are.
    pub bytes: Range<u64>,
    /// Whether they are its last: a record that a killed run had not finished, rather than damage.
    pub tail: bool,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Range { start, end } = self.bytes;
        let path = self.path.display();
        match self.tail {
            true => write!(
                f,
                "{path}: cut off at byte {start} of {end}; what is missing is computed again"
            ),
            false => write!(
                f,
                "{path}: damaged from byte {start} to {end}; blocks that were there are computed again"
            ),
        }
    }
}

/// A whole record that was found.
#[derive(Debug)]
pub(super) enum Found {
    Experiment(ExperimentRecord),
    Scenario(String),
    Block {
        head: BlockHead,
        /// Where its record begins.
        at: u64,
        length: u32,
        sum: u32,
    },
}

/// What a walk found besides records.
#[derive(Debug)]
pub(super) struct Walked {
    pub notes: Vec<Note>,
    /// Where the last whole record ends: what follows may be cut off.
    pub end: u64,
}

/// Bytes looked at together in search of the next record.
const WINDOW: usize = 1 << 16;

/// Hands every whole record of a file to `each`, in order. Refuses another version's file.
pub(super) fn walk<F: Read + Seek>(
    file: &mut F,
    path: &Path,
    each: &mut dyn FnMut(Found),
) -> Result<Walked, FileError> {
    let size = file.seek(SeekFrom::End(0)).map_err(FileError::io(path))?;
    let mut walk = Walk {
        file,
        path,
        size,
        at: 0,
    };
    let mut walked = Walked {
        notes: Vec::new(),
        end: 0,
    };
    if walk.opening()? {
        (walk.at, walked.end) = (OPENING as u64, OPENING as u64);
    }
    let mut payload = Vec::new();
    while let Some(head) = walk.next(&mut payload)? {
        if walk.at > walked.end {
            walked.notes.push(note(path, walked.end..walk.at, false));
        }
        if let Some(found) = understood(&head, &payload, walk.at) {
            each(found);
        }
        walk.at += HEAD as u64 + u64::from(head.length);
        walked.end = walk.at;
    }
    if walked.end < size {
        walked.notes.push(note(path, walked.end..size, true));
    }
    Ok(walked)
}

fn note(path: &Path, bytes: Range<u64>, tail: bool) -> Note {
    Note {
        path: path.to_owned(),
        bytes,
        tail,
    }
}

/// What a whole record says; none of a later kind, or where its sums fit by chance.
fn understood(head: &Head, payload: &[u8], at: u64) -> Option<Found> {
    match head.kind {
        Kind::Experiment => serde_json::from_slice(payload).ok().map(Found::Experiment),
        Kind::Scenario => String::from_utf8(payload.to_vec()).ok().map(Found::Scenario),
        Kind::Block => BlockHead::read(payload).map(|block| Found::Block {
            head: block,
            at,
            length: head.length,
            sum: head.sum,
        }),
        Kind::Other => None,
    }
}

struct Walk<'a, F> {
    file: &'a mut F,
    path: &'a Path,
    size: u64,
    at: u64,
}

impl<F: Read + Seek> Walk<'_, F> {
    /// Whether the file begins as it should.
    fn opening(&mut self) -> Result<bool, FileError> {
        let mut bytes = [0; OPENING];
        if self.size < OPENING as u64 || !self.fill(0, &mut bytes)? {
            return Ok(false);
        }
        match read_opening(&bytes) {
            Opening::Whole => Ok(true),
            Opening::Damaged => Ok(false),
            Opening::Foreign(version) => Err(FileError::content(
                self.path,
                format!(
                    "a journal of format version {version}, but this program reads version 1; \
                     move it away, or start over with --fresh"
                ),
            )),
        }
    }

    /// Goes to the next whole record from here on, and reads its payload.
    fn next(&mut self, payload: &mut Vec<u8>) -> Result<Option<Head>, FileError> {
        loop {
            if let Some(head) = self.record(payload)? {
                return Ok(Some(head));
            }
            match self.search()? {
                Some(at) => self.at = at,
                None => return Ok(None),
            }
        }
    }

    /// The record that begins here, if it is whole.
    fn record(&mut self, payload: &mut Vec<u8>) -> Result<Option<Head>, FileError> {
        let left = self.size.saturating_sub(self.at);
        let mut bytes = [0; HEAD];
        if left < HEAD as u64 || !self.fill(self.at, &mut bytes)? {
            return Ok(None);
        }
        let Some(head) = Head::read(&bytes) else {
            return Ok(None);
        };
        if u64::from(head.length) > left - HEAD as u64 {
            return Ok(None);
        }
        payload.resize(head.length as usize, 0);
        let whole = self.fill(self.at + HEAD as u64, payload)? && head.fits(payload);
        Ok(whole.then_some(head))
    }

    /// The place of the next whole head behind here.
    fn search(&mut self) -> Result<Option<u64>, FileError> {
        let mut window = vec![0; WINDOW];
        let mut start = self.at + 1;
        while start + HEAD as u64 <= self.size {
            let length = WINDOW.min(usize::try_from(self.size - start).unwrap_or(WINDOW));
            if !self.fill(start, &mut window[..length])? {
                return Ok(None);
            }
            let head = |bytes: &[u8]| bytes.first_chunk().and_then(Head::read).is_some();
            if let Some(place) = window[..length].windows(HEAD).position(head) {
                return Ok(Some(start + place as u64));
            }
            // The last bytes may begin a head that ends in the next window.
            start += (length - (HEAD - 1)) as u64;
        }
        Ok(None)
    }

    /// Reads exactly these bytes; false where the file has become shorter.
    fn fill(&mut self, at: u64, out: &mut [u8]) -> Result<bool, FileError> {
        let mut read = |file: &mut F| {
            // A seek to where the file stands already costs nothing that matters beside a read.
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(out)
        };
        match read(self.file) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(FileError::io(self.path)(error)),
        }
    }
}

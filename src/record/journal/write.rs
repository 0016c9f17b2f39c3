//! Owns the growing of a journal file: records whole or not at all, on the disk at a stated cadence.

use super::format::Digest;
use super::format::{Kind, block_record, record};
use super::scan::ExperimentRecord;
use crate::inference::groups::Group;
use crate::record::fault::FileError;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A record waits at most so long before the operating system has it, if another follows: what a killed process loses.
const HAND_OVER: Duration = Duration::from_millis(100);

/// And so long before the disk has it: what a loss of power costs.
const SYNC: Duration = Duration::from_secs(5);

/// More waiting bytes than this are handed over at once.
const MOST_WAITING: usize = 1 << 20;

/// Adds records to the end of a file, from any thread.
#[derive(Debug)]
pub struct Appender {
    path: PathBuf,
    file: Arc<File>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    waiting: Vec<u8>,
    handed_over: Instant,
    synced: Instant,
    /// A write failed part way: the file ends in no whole record, and nothing more may follow.
    broken: bool,
}

impl Appender {
    /// Appends to `file`, which ends at `end` with a whole record.
    pub(super) fn new(path: &Path, mut file: File, end: u64) -> Result<Self, FileError> {
        file.seek(SeekFrom::Start(end)).map_err(FileError::io(path))?;
        let now = Instant::now();
        Ok(Self {
            path: path.to_owned(),
            file: Arc::new(file),
            state: Mutex::new(State {
                waiting: Vec::new(),
                handed_over: now,
                synced: now,
                broken: false,
            }),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps what is being run.
    pub fn experiment(&self, own: &ExperimentRecord) -> Result<(), FileError> {
        // Cannot fail because the type holds only strings and lists.
        let text = serde_json::to_vec(own).unwrap_or_else(|error| unreachable!("{error}"));
        self.append(record(Kind::Experiment, |out| out.extend(text)))
    }

    /// Keeps the text of a work key.
    pub fn scenario(&self, text: &str) -> Result<(), FileError> {
        self.append(record(Kind::Scenario, |out| out.extend(text.as_bytes())))
    }

    /// Keeps a record as another file holds it.
    pub(super) fn raw(&self, record: Vec<u8>) -> Result<(), FileError> {
        self.append(Some(record))
    }

    /// Keeps a finished block.
    pub fn block(&self, work: &Digest, block: u64, batches: &[Group]) -> Result<(), FileError> {
        self.append(block_record(work, block, batches))
    }

    fn append(&self, record: Option<Vec<u8>>) -> Result<(), FileError> {
        let record = record.ok_or_else(|| FileError::content(&self.path, "a record of more than 4 GiB"))?;
        let sync = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.waiting.extend(record);
            if state.handed_over.elapsed() >= HAND_OVER || state.waiting.len() > MOST_WAITING {
                self.hand_over(&mut state)?;
            }
            let due = state.synced.elapsed() >= SYNC;
            if due {
                state.synced = Instant::now();
            }
            due
        };
        // Outside the lock: other threads need not wait for the disk.
        if sync {
            self.file.sync_data().map_err(FileError::io(&self.path))
        } else {
            Ok(())
        }
    }

    fn hand_over(&self, state: &mut State) -> Result<(), FileError> {
        if state.broken {
            return Err(FileError::content(
                &self.path,
                "nothing can be added since a write failed",
            ));
        }
        state.broken = true;
        (&*self.file)
            .write_all(&state.waiting)
            .map_err(FileError::io(&self.path))?;
        state.broken = false;
        state.waiting.clear();
        state.handed_over = Instant::now();
        Ok(())
    }

    /// Hands everything over to the operating system.
    pub fn flush(&self) -> Result<(), FileError> {
        self.hand_over(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Hands everything over and waits until the disk has it.
    pub fn sync(&self) -> Result<(), FileError> {
        self.flush()?;
        // Outside the lock: other threads need not wait for the disk.
        self.file.sync_data().map_err(FileError::io(&self.path))
    }
}

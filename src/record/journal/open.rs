//! Owns a journal folder: one file per writer, locked while it is written, all of them read.

use super::format::{ENDING, opening};
use super::kept::Kept;
use super::write::Appender;
use crate::record::fault::FileError;
use crate::record::files::{files_of, sync_folder};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A journal folder, opened to be read and added to.
#[derive(Debug)]
pub struct Journal {
    /// The blocks that were there.
    pub kept: Kept,
    /// Where finished blocks go.
    pub out: Appender,
    /// Whether the operating system could not lock the file, so that nothing keeps a second writer away.
    pub unlocked: bool,
}

impl Journal {
    /// Opens `folder`, which exists, to add to the file of `writer`. With `fresh` every journal in it is emptied first.
    ///
    /// Refused while another process holds the file that would be changed.
    pub fn open(folder: &Path, writer: &str, fresh: bool) -> Result<Self, FileError> {
        let path = folder.join(format!("{writer}.{ENDING}"));
        let (file, unlocked) = own(&path)?;
        if fresh {
            empty(folder, &path)?;
            file.set_len(0).map_err(FileError::io(&path))?;
        }
        let mut kept = Kept::default();
        let reader = File::open(&path).map_err(FileError::io(&path))?;
        let mut end = kept.add(&path, reader)?;
        kept.add_folder(folder, Some(&path))?;
        if end == 0 {
            // Nothing in it can be read: it is new, or a killed run had only begun it.
            file.set_len(0).map_err(FileError::io(&path))?;
            (&file).write_all(&opening()).map_err(FileError::io(&path))?;
            file.sync_all().map_err(FileError::io(&path))?;
            sync_folder(folder)?;
            end = opening().len() as u64;
        }
        file.set_len(end).map_err(FileError::io(&path))?;
        let out = Appender::new(&path, file, end)?;
        Ok(Self { kept, out, unlocked })
    }
}

/// Opens a file to write it, and locks it; whether it could not be locked at all.
pub(super) fn own(path: &Path) -> Result<(File, bool), FileError> {
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path).map_err(FileError::io(path))?;
    match file.try_lock() {
        Ok(()) => Ok((file, false)),
        Err(TryLockError::WouldBlock) => Err(FileError::content(
            path,
            "another run is writing here; wait for it to end, or give another --out",
        )),
        // Some network file systems have no locks; that is no reason not to work there.
        Err(TryLockError::Error(_)) => Ok((file, true)),
    }
}

/// Removes every journal of a folder but `own`, if nobody writes them.
fn empty(folder: &Path, own_path: &Path) -> Result<(), FileError> {
    let others: Vec<PathBuf> = files_of(folder, ENDING)?
        .into_iter()
        .filter(|path| path != own_path)
        .collect();
    let held: Result<Vec<_>, FileError> = others.iter().map(|path| own(path)).collect();
    held?;
    for path in &others {
        std::fs::remove_file(path).map_err(FileError::io(path))?;
    }
    Ok(())
}

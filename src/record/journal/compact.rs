//! Owns the rewriting of a journal folder as one file that holds only what is still of use.

use super::format::{Digest, ENDING, opening};
use super::kept::Kept;
use super::open::own;
use super::write::Appender;
use crate::numerics::lists::distinct;
use crate::record::fault::FileError;
use crate::record::files::{PART, sync_folder};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes the blocks of `wanted` that `kept` found in `folder` into the file of `writer`, each once, and removes every
/// other journal there. At any instant the folder holds every block at least once.
///
/// Refused while another process writes one of the files.
pub fn compact(folder: &Path, writer: &str, kept: &Kept, wanted: &[Digest]) -> Result<(), FileError> {
    let path = folder.join(format!("{writer}.{ENDING}"));
    let before: Vec<PathBuf> = kept.files().map(Path::to_owned).collect();
    let held: Result<Vec<_>, FileError> = before.iter().map(|path| own(path)).collect();
    let held = held?;
    let part = tempfile::Builder::new().prefix(PART).tempfile_in(folder);
    let part = part.map_err(FileError::io(&path))?;
    fill(part.as_file(), &path, kept, wanted)?;
    crate::record::files::readable(part.as_file()).map_err(FileError::io(&path))?;
    part.persist(&path).map_err(|error| FileError::io(&path)(error.error))?;
    sync_folder(folder)?;
    for other in before.iter().filter(|other| **other != path) {
        std::fs::remove_file(other).map_err(FileError::io(other))?;
    }
    drop(held);
    Ok(())
}

fn fill(mut file: &std::fs::File, path: &Path, kept: &Kept, wanted: &[Digest]) -> Result<(), FileError> {
    file.write_all(&opening()).map_err(FileError::io(path))?;
    let out = Appender::new(
        path,
        file.try_clone().map_err(FileError::io(path))?,
        opening().len() as u64,
    )?;
    for own in distinct(kept.last_experiments().into_values()) {
        out.experiment(own)?;
    }
    for work in wanted.iter().collect::<BTreeSet<&Digest>>() {
        if let Some(text) = kept.key(work) {
            out.scenario(text)?;
        }
        for block in kept.of(work) {
            if let Some(record) = kept.record(work, block) {
                out.raw(record)?;
            }
        }
    }
    out.sync()
}

//! Owns which files of a folder are journals.

use crate::record::fault::FileError;
use std::path::{Path, PathBuf};

/// The ending of journal files.
pub const ENDING: &str = "mlj";

/// The journals of a folder, by name; none where there is no folder.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(FileError::io(folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(FileError::io(folder))?.path();
        if path.extension().is_some_and(|ending| ending == ENDING) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

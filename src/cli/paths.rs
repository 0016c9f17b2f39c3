//! Owns what stands in folders.

use super::CliError;
use crate::record::files_of;
use std::path::{Path, PathBuf};

/// The TOML files of a folder, by name; none without the folder.
pub(super) fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    files_of(folder, "toml").map_err(CliError::input)
}

/// Whatever stands in a folder, by name.
pub(super) fn below(folder: &Path) -> Result<Vec<PathBuf>, CliError> {
    let entries = std::fs::read_dir(folder).map_err(CliError::input_at(folder))?;
    let mut below: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    below.sort();
    Ok(below)
}

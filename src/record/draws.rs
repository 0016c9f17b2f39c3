//! Owns `draws/<figure>.csv`: what a figure shows of single replicates, which no other file of a result keeps.

use super::fault::FileError;
use super::intervals::{self, IntervalsRecord};
use super::pools::{self, PoolRecord};
use std::path::Path;

/// What a figure shows of single replicates.
#[derive(Debug, Clone, PartialEq)]
pub enum DrawsRecord {
    /// The candidates of one prompt.
    Pool(PoolRecord),
    /// The intervals of parts of the run.
    Intervals(IntervalsRecord),
}

/// Which of these a figure shows, with the names of its panels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DrawsKind<'a> {
    /// A pool, of which each panel is a selection.
    Pool(&'a [String]),
    /// Intervals, of which each panel has its own.
    Intervals(&'a [String]),
}

/// The folder of draws, below that of a result.
pub const DRAWS: &str = "draws/";

/// Where the draws of a figure are stored, below the folder of a result.
pub fn draws_file(figure: &str) -> String {
    format!("{DRAWS}{figure}.csv")
}

/// The bytes of the file.
pub fn write_draws(draws: &DrawsRecord) -> Vec<u8> {
    match draws {
        DrawsRecord::Pool(own) => pools::write(own),
        DrawsRecord::Intervals(own) => intervals::write(own),
    }
}

/// What the file's bytes say; `path` stands in messages.
///
/// # Errors
///
/// Where they are not those of this kind with these panels.
pub fn parse_draws(path: &Path, bytes: &[u8], kind: DrawsKind<'_>) -> Result<DrawsRecord, FileError> {
    match kind {
        DrawsKind::Intervals(panels) => intervals::parse(path, bytes, panels).map(DrawsRecord::Intervals),
        DrawsKind::Pool(panels) => {
            let pool = pools::parse(path, bytes)?;
            if pool.selections != panels {
                let what = "its columns are not those of the stored experiment; run it again";
                return Err(FileError::content(path, what));
            }
            Ok(DrawsRecord::Pool(pool))
        }
    }
}

//! Owns what is said of a file that could not be read, written or understood.

use std::path::{Path, PathBuf};

/// A file that could not be read, written or understood.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The content is not what it should be.
    #[error("{}: {what}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl FileError {
    pub(super) fn content(path: &Path, what: impl Into<String>) -> Self {
        FileError::Content {
            path: path.to_owned(),
            what: what.into(),
        }
    }
}

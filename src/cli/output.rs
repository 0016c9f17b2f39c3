//! Owns a file of a result on its way to the disk: written beside its name, and hashed meanwhile, so that it need not be in memory.

use super::CliError;
use crate::record::{Digesting, OutputDigest, Settled, Staged};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file that is hashed while it is written.
pub(super) struct Output {
    name: String,
    path: PathBuf,
    staged: Staged,
    seen: Digesting,
}

impl Output {
    /// Begins one that is to have this name.
    pub fn create(directory: &Path, name: &str) -> Result<Self, CliError> {
        let path = directory.join(name);
        Ok(Self {
            name: name.to_owned(),
            staged: Staged::create(&path).map_err(CliError::run)?,
            path,
            seen: Digesting::default(),
        })
    }

    /// Writes the next bytes.
    pub fn put(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        self.put_by(|out| out.write_all(bytes))
    }

    /// Lets the next of it be written.
    pub fn put_by(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) -> Result<(), CliError> {
        write(self).map_err(|error| CliError::run_at(&self.path)(error))
    }

    /// Waits until the disk has it; it has yet to take its name.
    pub fn finish(self) -> Result<(OutputDigest, Settled), CliError> {
        let settled = self.staged.settle().map_err(CliError::run)?;
        Ok((self.seen.finish(&self.name), settled))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.staged.write(bytes)?;
        self.seen.add(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.staged.flush()
    }
}

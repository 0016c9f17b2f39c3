//! Owns the reading of result files and their atomic replacement.

use super::fault::FileError;
use super::manifest::Manifest;
use serde::Deserialize;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempPath};

impl FileError {
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| FileError::Io {
            path: path.to_owned(),
            source,
        }
    }
}

/// The files of a folder whose names end so, by name; none where there is no folder.
pub fn files_of(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, FileError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(FileError::io(folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(FileError::io(folder))?.path();
        if path.extension().is_some_and(|own| own == ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// How the names of files begin that are not whole yet.
pub const PART: &str = ".part-";

/// A file that is written beside its name and takes it only once whole; dropped before, it leaves nothing.
#[derive(Debug)]
pub struct Staged {
    part: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Staged {
    /// Begins a file that is to be `path`.
    pub fn create(path: &Path) -> Result<Self, FileError> {
        let directory = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let part = tempfile::Builder::new().prefix(PART).tempfile_in(directory);
        Ok(Self {
            part: BufWriter::new(part.map_err(FileError::io(path))?),
            path: path.to_owned(),
        })
    }

    /// Where it is until it is whole.
    pub fn part(&self) -> &Path {
        self.part.get_ref().path()
    }

    /// Waits until the disk has it, and closes it.
    pub fn settle(self) -> Result<Settled, FileError> {
        let Self { part, path } = self;
        let settle = || {
            let file = part.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            readable(file.as_file())?;
            Ok(file.into_temp_path())
        };
        let part = settle().map_err(FileError::io(&path))?;
        Ok(Settled { part, path })
    }

    /// Syncs, and renames: `path` holds the old bytes or the new, never a part.
    pub fn finish(self) -> Result<(), FileError> {
        self.settle()?.take_name()
    }
}

/// A whole file that has yet to take its name; dropped before, it leaves nothing.
#[derive(Debug)]
pub struct Settled {
    part: TempPath,
    path: PathBuf,
}

impl Settled {
    /// Renames it.
    pub fn take_name(self) -> Result<(), FileError> {
        let taken = self.part.persist(&self.path);
        taken.map_err(|error| FileError::io(&self.path)(error.error))
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.part.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.part.flush()
    }
}

/// A temporary file is private to its owner; a result is as readable as any file of this process.
pub(super) fn readable(file: &fs::File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    let _ = file;
    Ok(())
}

/// Writes `bytes` beside `path`, syncs, and renames: `path` holds the old bytes or the new, never a part.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let mut file = Staged::create(path)?;
    file.write_all(bytes).map_err(FileError::io(path))?;
    file.finish()
}

/// Waits until the disk has the names of a folder's files.
pub(super) fn sync_folder(folder: &Path) -> Result<(), FileError> {
    // Elsewhere a folder cannot be opened as a file, and the file system keeps its names itself.
    #[cfg(unix)]
    fs::File::open(folder)
        .and_then(|own| own.sync_all())
        .map_err(FileError::io(folder))?;
    let _ = folder;
    Ok(())
}

/// What a file holds, by the way its bytes are understood.
pub fn read<T>(path: &Path, parse: impl FnOnce(&Path, &[u8]) -> Result<T, FileError>) -> Result<T, FileError> {
    parse(path, &fs::read(path).map_err(FileError::io(path))?)
}

impl Manifest {
    /// Reads a manifest; refuses one of another version.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        read(path, Self::parse)
    }
}

/// The files that the manifest at a path names, whatever its version; none without one.
pub fn written(path: &Path) -> Vec<String> {
    fs::read(path).map_or_else(|_| Vec::new(), |bytes| named(&bytes))
}

/// The files that a manifest of any version names, itself included; none where it is no manifest.
fn named(bytes: &[u8]) -> Vec<String> {
    /// Of thousands of scenarios the rest is long.
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Named {
        version: serde_json::Value,
        outputs: serde_json::Value,
    }
    let own: Named = serde_json::from_slice(bytes).unwrap_or_default();
    let outputs = own.outputs.as_array().map_or(&[][..], Vec::as_slice);
    let names = outputs.iter().filter_map(|own| own["file"].as_str());
    let itself = own.version.as_u64().map(|_| "manifest.json");
    names.chain(itself).map(str::to_owned).collect()
}

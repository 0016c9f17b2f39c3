//! Owns the reading of files that a person wrote: experiments and composed figures, or why there is none.

use super::composed::{Composed, parse_composed};
use super::load::parse;
use super::validated::Experiment;
use crate::format::{Faults, Origin, Source};
use std::io::Read;
use std::path::Path;

/// Larger files are refused unread: no experiment is this long.
const LARGEST: u64 = 4 << 20;

/// Why an experiment could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file could not be read.
    #[error("{path}: {source}")]
    Read {
        /// The path as given.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// The file is no experiment file.
    #[error("{place}: {what}")]
    Bytes {
        /// The path as given, with line and column where there is one.
        place: String,
        /// What is wrong.
        what: String,
    },
    /// Something in it is wrong.
    #[error(transparent)]
    Faults(#[from] Faults),
}

/// Reads and validates an experiment file, with `--set` arguments (`KEY=VALUE`) laid over it. No exact value that rests on a job is
/// worked out: see [`Experiment::settle`].
pub fn load(path: &Path, sets: &[String]) -> Result<Experiment, LoadError> {
    let text = read_text(path)?;
    Ok(parse(&stem(path), &shown(path), text, sets)?)
}

/// Reads and validates a composed figure; its panels are looked up by [`Composed::find`].
pub fn load_composed(path: &Path) -> Result<Composed, LoadError> {
    let text = read_text(path)?;
    Ok(parse_composed(&stem(path), &shown(path), text)?)
}

/// What stands for standard input where a file is asked for.
const STANDARD_INPUT: &str = "-";

/// A file's name without directory and ending.
fn stem(path: &Path) -> String {
    match path.to_str() {
        Some(STANDARD_INPUT) => "stdin".to_owned(),
        _ => path
            .file_stem()
            .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned()),
    }
}

/// A path as messages show it.
fn shown(path: &Path) -> String {
    match path.to_str() {
        Some(STANDARD_INPUT) => "stdin".to_owned(),
        _ => path.display().to_string(),
    }
}

/// The text of a file that a person wrote.
fn read_text(path: &Path) -> Result<String, LoadError> {
    let shown = shown(path);
    let read = |source| LoadError::Read {
        path: shown.clone(),
        source,
    };
    let file: Box<dyn Read> = match path.to_str() {
        Some(STANDARD_INPUT) => Box::new(std::io::stdin()),
        _ => Box::new(std::fs::File::open(path).map_err(read)?),
    };
    // Not the size that the system states: a device or a pipe has none.
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(read)?;
    if bytes.len() as u64 > LARGEST {
        return Err(LoadError::Bytes {
            place: shown,
            what: format!("more than {LARGEST} bytes: an experiment file is shorter"),
        });
    }
    String::from_utf8(bytes).map_err(|error| {
        let start = error.utf8_error().valid_up_to();
        let byte = error.as_bytes()[start];
        // Cannot lose anything because everything before the place is valid.
        let before = String::from_utf8_lossy(&error.as_bytes()[..start]).into_owned();
        let (line, column) = Origin::new(&Source::file("", before), start).line_and_column();
        LoadError::Bytes {
            place: format!("{shown}:{line}:{column}"),
            what: format!("the byte 0x{byte:02x} is not UTF-8 text"),
        }
    })
}

//! Owns what is said: standard output for results, standard error for the rest, the words for counts, and where texts differ.

use super::error::CliError;
use indicatif::ProgressBar;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// The bar that stands on the terminal, of which there is one at most: what is said meanwhile goes above it.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// From now on this bar stands on the terminal, or none.
pub(super) fn set_bar(bar: Option<&ProgressBar>) {
    *BAR.lock().unwrap_or_else(PoisonError::into_inner) = bar.cloned();
}

/// Says something while no bar stands in the way.
fn above_bar<R>(say: impl FnOnce() -> R) -> R {
    let bar = BAR.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match bar {
        Some(bar) => bar.suspend(say),
        None => say(),
    }
}

/// The first few of some words, and how many more there are.
pub(super) fn shortened(words: &[String], most: usize) -> String {
    let shown = words[..words.len().min(most)].join(", ");
    match words.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown}, and {more} more"),
    }
}

/// The lines of a text.
pub(super) fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split(|byte| *byte == b'\n').collect()
}

/// How many lines two texts have in common before they differ.
pub(super) fn lines_alike(one: &[&[u8]], other: &[&[u8]]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// Prints a line to standard error. Where nobody listens there is nobody to tell, and that stops no run.
pub(super) fn eprint(line: &str) {
    let _ = above_bar(|| writeln!(std::io::stderr(), "{line}"));
}

/// Prints to standard output. A reader that has gone away (`| head`) is no failure.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let said = above_bar(|| {
        let mut out = std::io::stdout();
        out.write_all(text.as_bytes()).and_then(|()| out.flush())
    });
    match said {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::run(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

//! Owns what is said: standard output for results, standard error for the rest, the words for counts, and where texts differ.

use super::error::CliError;
use std::io::Write;

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
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints to standard output. A reader that has gone away (`| head`) is no failure.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    match std::io::stdout()
        .write_all(text.as_bytes())
        .and_then(|()| std::io::stdout().flush())
    {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(CliError::run(format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

//! Owns where `select` writes: standard output, or a file that is whole or not there.

use crate::cli::{CliError, say};
use crate::record::Staged;
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Where kept rows go.
#[derive(Debug)]
pub(super) enum Out {
    Standard(BufWriter<Stdout>),
    File(Staged),
}

impl Out {
    /// Begins the output; a signal before its end leaves no part of it. `input` is named in what the signal makes say.
    pub fn create(path: &Path, input: &str) -> Result<Self, CliError> {
        if is_standard(path) {
            return Ok(Out::Standard(BufWriter::new(io::stdout())));
        }
        let staged = Staged::create(path).map_err(CliError::run)?;
        remove_on_signals(staged.part(), input);
        Ok(Out::File(staged))
    }

    /// Ends the output: a file takes its name.
    pub fn finish(self) -> Result<(), CliError> {
        match self {
            Out::Standard(mut out) => match out.flush() {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(failed(Path::new("-"), &error)),
                _ => Ok(()),
            },
            Out::File(staged) => {
                // A signal that comes now waits until the file is whole, and then finds nothing to remove.
                let mut part = PART.lock().unwrap_or_else(PoisonError::into_inner);
                staged.finish().map_err(CliError::run)?;
                *part = Part::Whole;
                Ok(())
            }
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Out::Standard(out) => out.write(bytes),
            Out::File(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Out::Standard(out) => out.flush(),
            Out::File(out) => out.flush(),
        }
    }
}

fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// Refuses what a renamed file would destroy: the input, and devices, pipes and folders.
pub(super) fn check(out: &Path, input: &Path) -> Result<(), CliError> {
    if is_standard(out) {
        return Ok(());
    }
    let Ok(there) = out.metadata() else {
        return Ok(());
    };
    if !there.is_file() {
        let what = "there is something that is not a file: name a file, or - for standard output";
        return Err(CliError::Input(format!("--out {}: {what}", out.display())));
    }
    match (out.canonicalize(), input.canonicalize()) {
        (Ok(out_file), Ok(input)) if out_file == input => {
            let what = "this is the input: name another file";
            Err(CliError::Input(format!("--out {}: {what}", out.display())))
        }
        _ => Ok(()),
    }
}

/// A reader that has gone away (`| head`) is no failure.
pub(super) fn reader_has_gone(out: &Path, error: &io::Error) -> bool {
    is_standard(out) && error.kind() == io::ErrorKind::BrokenPipe
}

pub(super) fn failed(out: &Path, error: &io::Error) -> CliError {
    match is_standard(out) {
        true => CliError::Run(format!("standard output: {error}")),
        false => CliError::Run(format!("{}: {error}", out.display())),
    }
}

/// What a signal would find.
enum Part {
    Nothing,
    Written(PathBuf),
    Whole,
}

static PART: Mutex<Part> = Mutex::new(Part::Nothing);

/// Signals end the process at once, even where it waits for input, and take the unfinished file with them. Without a
/// file nothing needs to be removed and no handler is installed.
fn remove_on_signals(part: &Path, input: &str) {
    *PART.lock().unwrap_or_else(PoisonError::into_inner) = Part::Written(part.to_owned());
    let message = format!("mode-lottery: {input}: interrupted; no file was changed");
    let installed = ctrlc::set_handler(move || {
        let part = PART.lock().unwrap_or_else(PoisonError::into_inner);
        if let Part::Written(part) = &*part {
            // A part that cannot be removed is litter, not a wrong result.
            let _ = std::fs::remove_file(part);
            say(&message);
            std::process::exit(3);
        }
    });
    if let Err(error) = installed {
        say(&format!(
            "mode-lottery: signals cannot be caught ({error}); files stay whole all the same"
        ));
    }
}

//! Owns where `select` writes: standard output or a file, in either case the whole or nothing.

use crate::cli::{CliError, eprint};
use crate::record::Staged;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tempfile::SpooledTempFile;

/// Where kept rows go.
#[derive(Debug)]
pub(super) enum Out {
    /// Standard output, once all is well: a reader would take rows before a wrong one for all there are.
    Standard(BufWriter<SpooledTempFile>),
    File(Staged),
}

/// Bytes that are held in memory for standard output; more go to a temporary file, without a name so that nothing is left of it however
/// the process ends.
const HELD: usize = 1 << 20;

impl Out {
    /// Begins the output; a signal before its end leaves no part of it. `input` is named in what the signal makes say.
    pub fn create(path: &Path, input: &str) -> Result<Self, CliError> {
        if is_standard(path) {
            return Ok(Out::Standard(BufWriter::new(SpooledTempFile::new(HELD))));
        }
        let staged = Staged::create(path).map_err(CliError::run)?;
        remove_on_signals(staged.part(), input);
        Ok(Out::File(staged))
    }

    /// Ends the output: a file takes its name, standard output takes the rows. A reader that has gone away (`| head`) is no failure.
    pub fn finish(self) -> Result<(), CliError> {
        match self {
            Out::Standard(rows) => {
                let rows = begin_again(rows).map_err(|error| failed(Path::new("-"), &error))?;
                match hand_over(rows) {
                    Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                        Err(CliError::Run(format!("standard output: {error}")))
                    }
                    _ => Ok(()),
                }
            }
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

fn begin_again(rows: BufWriter<SpooledTempFile>) -> io::Result<SpooledTempFile> {
    let mut rows = rows.into_inner().map_err(io::IntoInnerError::into_error)?;
    rows.rewind()?;
    Ok(rows)
}

fn hand_over(mut rows: SpooledTempFile) -> io::Result<()> {
    let mut out = io::stdout().lock();
    io::copy(&mut rows, &mut out)?;
    out.flush()
}

fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// Refuses what a renamed file would destroy: the input, and devices, pipes and folders.
pub(super) fn check(out: &Path, inputs: &[PathBuf]) -> Result<(), CliError> {
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
    let same =
        |input: &PathBuf| matches!((out.canonicalize(), input.canonicalize()), (Ok(out), Ok(input)) if out == input);
    match inputs.iter().any(same) {
        true => {
            let what = "this is the input: name another file";
            Err(CliError::Input(format!("--out {}: {what}", out.display())))
        }
        false => Ok(()),
    }
}

/// That rows could not be held, or written beside their file.
pub(super) fn failed(out: &Path, error: &io::Error) -> CliError {
    match is_standard(out) {
        true => CliError::Run(format!(
            "the temporary file of the rows in {}: {error}; set TMPDIR to a folder with room, or name a file with --out",
            std::env::temp_dir().display()
        )),
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
            eprint(&message);
            std::process::exit(3);
        }
    });
    if let Err(error) = installed {
        eprint(&format!(
            "mode-lottery: signals cannot be caught ({error}); files stay whole all the same"
        ));
    }
}

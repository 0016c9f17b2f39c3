//! Owns the command `schema`.

use super::{CliError, print};
use crate::experiment::{figure_schema, schema};
use crate::record::replace;
use std::path::{Path, PathBuf};

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// That of composed figures (figures/*.toml) instead
    #[arg(long)]
    figure: bool,
    /// Write that of experiment files beside this one, for an editor to find, instead of printing it
    #[arg(long, value_name = "FILE", conflicts_with = "figure")]
    beside: Option<PathBuf>,
}

/// What the schema is called beside an experiment file.
pub(super) const SCHEMA: &str = "experiment.schema.json";

/// Prints the JSON Schema of experiment files or composed figures, or writes it beside a file.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    match &args.beside {
        Some(file) => beside(file),
        None if args.figure => print(&figure_schema()),
        None => print(&schema()),
    }
}

/// Writes the schema, and says what the file needs for an editor to find it.
fn beside(file: &Path) -> Result<(), CliError> {
    let text =
        std::fs::read_to_string(file).map_err(|error| CliError::Input(format!("{}: {error}", file.display())))?;
    let written = write_beside(file)?;
    let wanted = format!("#:schema {SCHEMA}");
    let first = text.lines().next().unwrap_or("").trim();
    let advice = match first == wanted || first == format!("#:schema ./{SCHEMA}") {
        true => String::new(),
        false => format!("put this line first in {}: {wanted}\n", file.display()),
    };
    print(&format!("{}\n{advice}", written.display()))
}

/// Writes the schema beside a file. What stands there under its name is replaced if it is one.
pub(super) fn write_beside(file: &Path) -> Result<PathBuf, CliError> {
    let path = file.with_file_name(SCHEMA);
    let own = |text: String| text.contains("mode-lottery");
    if path.exists() && !std::fs::read_to_string(&path).is_ok_and(own) {
        return Err(CliError::Input(format!(
            "{}: it is there and no schema of this program",
            path.display()
        )));
    }
    replace(&path, schema().as_bytes()).map_err(CliError::run)?;
    Ok(path)
}

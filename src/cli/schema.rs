//! Owns the command `schema`.

use super::{CliError, print};

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints the JSON Schema of experiment files.
pub(super) fn run(_: &Args) -> Result<(), CliError> {
    print(&crate::experiment::schema())
}

//! Owns the command `schema`.

use super::{CliError, print};

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// That of composed figures (figures/*.toml) instead
    #[arg(long)]
    figure: bool,
}

/// Prints the JSON Schema of experiment files or composed figures.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    match args.figure {
        true => print(&crate::experiment::figure_schema()),
        false => print(&crate::experiment::schema()),
    }
}

//! Owns the command `new`.

use super::{CliError, print};
use crate::study::registry::STUDIES;
use clap::builder::PossibleValuesParser;

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The study
    #[arg(value_parser = PossibleValuesParser::new(STUDIES.iter().map(|study| study.name)))]
    study: String,
}

/// Prints the template of a study.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let study = STUDIES.iter().find(|study| study.name == args.study);
    // Cannot be absent because the parser takes no other name.
    study.map_or(Ok(()), |study| print(study.template))
}

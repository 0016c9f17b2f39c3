//! Owns the command `new`.

use super::{CliError, print};
use crate::experiment::{TEMPLATES, nearest, template};

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The study: selection, training or alignment
    study: String,
}

/// Prints the template of a study.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    match template(&args.study) {
        Some(text) => print(text),
        None => {
            let near = nearest(&args.study, &TEMPLATES)
                .map(|n| format!("; did you mean {n:?}?"))
                .unwrap_or_default();
            let known = TEMPLATES.join(", ");
            Err(CliError::Input(format!(
                "unknown study {:?} (known: {known}{near})",
                args.study
            )))
        }
    }
}

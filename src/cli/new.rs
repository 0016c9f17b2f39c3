//! Owns the command `new`.

use super::schema::{self, SCHEMA};
use super::{CliError, print};
use crate::record::replace;
use crate::report::page::shell_word;
use crate::study::registry::{STUDIES, StudyKind};
use clap::builder::PossibleValuesParser;
use std::path::{Path, PathBuf};

/// Arguments of `new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The study
    #[arg(value_parser = PossibleValuesParser::new(STUDIES.iter().map(|study| study.name)))]
    study: String,
    /// File to write, with the schema for editors beside it; printed where it is not given
    file: Option<PathBuf>,
}

/// Prints the template of a study, or writes it.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let study = STUDIES.iter().find(|study| study.name == args.study);
    // Cannot be absent because the parser takes no other name.
    let text = study.map_or_else(String::new, |study| text(study));
    let Some(file) = args.file.as_ref().filter(|file| **file != Path::new("-")) else {
        return print(&text);
    };
    let (shown, folder) = (file.display(), file.parent());
    if let Some(folder) = folder.filter(|own| !own.as_os_str().is_empty() && !own.is_dir()) {
        return Err(CliError::Input(format!(
            "{}: there is no such folder",
            folder.display()
        )));
    }
    if file.exists() {
        return Err(CliError::Input(format!(
            "{shown}: it is there already; give another name"
        )));
    }
    let written = schema::write_beside(file)?;
    replace(file, text.as_bytes()).map_err(CliError::run)?;
    let word = shell_word(&shown.to_string());
    print(&format!(
        "{shown}, and {} for editors beside it\nmode-lottery check {word}\n",
        written.display()
    ))
}

/// A file to start from.
fn text(study: &StudyKind) -> String {
    format!(
        "#:schema {SCHEMA}\n\
         # A starting point for the study `{}`: {}.\n\
         #   mode-lottery check FILE     what it would run and what is exact, without running it\n\
         #   mode-lottery run FILE       estimates, claims and figures into results/\n\
         #   mode-lottery explain WORD   what a key, a word or an estimand means\n\
         # The first line lets an editor check and complete the keys: `mode-lottery schema --beside FILE` puts the schema there.\n\n{}",
        study.name, study.about, study.template
    )
}

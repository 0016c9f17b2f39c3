//! Owns the page as a whole: what stands in each place of its template.

use super::CliError;
use super::assets::{CLAIMS, ENGINE, FIGURES, PAGE, SCRIPTS, STYLE, VIEWS, WORKER};
use super::markup::{MARK, base64, filled};
use super::own;
use super::view::{Experiment, result};
use crate::record::parse_claims;
use crate::report::answer;
use std::path::Path;

/// The page, with the view of an experiment before the others if there is one.
pub(super) fn page(own: Option<&Experiment>) -> Result<String, CliError> {
    filled(PAGE, &mut |word, _| match word {
        "mark" => Ok(MARK.to_owned()),
        "version" => Ok(answer::version()),
        "style" => Ok(STYLE.to_owned()),
        "own" => own.map_or(Ok(String::new()), own::section),
        "views" => VIEWS.iter().map(|(_, text)| view(text)).collect(),
        "worker" => Ok(WORKER.to_owned()),
        "script" => Ok(SCRIPTS.concat()),
        "engine" => Ok(base64(ENGINE)),
        other => Err(unknown(other)),
    })
}

/// A view with the results of its experiments in it.
fn view(template: &str) -> Result<String, CliError> {
    filled(template, &mut |word, argument| match word {
        "result" => {
            let own = Experiment::of_view(argument)?;
            let (_, files) = own.answered()?;
            Ok(result(&own, &files))
        }
        "figure" => found(FIGURES, argument).map(str::to_owned),
        "claims" => {
            let claims =
                parse_claims(Path::new(argument), found(CLAIMS, argument)?.as_bytes()).map_err(CliError::run)?;
            Ok(answer::claims(&claims))
        }
        other => Err(unknown(other)),
    })
}

fn found(files: &[(&str, &'static str)], name: &str) -> Result<&'static str, CliError> {
    let found = files.iter().find(|(own, _)| *own == name);
    found.map(|(_, text)| *text).ok_or_else(|| unknown(name))
}

fn unknown(word: &str) -> CliError {
    CliError::Run(format!("a template of the page asks for {word}, which nothing fills"))
}

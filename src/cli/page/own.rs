//! Owns the view of an experiment that a user gives: its prose, its figures, and its varied numbers as fields to change.

use super::CliError;
use super::view::{Experiment, result};
use crate::experiment;
use crate::format::{Source, tree};
use crate::report::html::escaped;

/// Its section.
pub(super) fn section(own: &Experiment) -> Result<String, CliError> {
    let (run, files) = own.answered()?;
    let controls: String = controls(&own.text, &run)?.concat();
    Ok(format!(
        "<section class=\"view\" id=\"own\">\n<h2>{title}</h2>\n<p class=\"about\">{about}</p>\n{warning}\
         <div class=\"part\">\n<div class=\"controls\">{controls}</div>\n{result}</div>\n</section>\n",
        title = escaped(&run.title),
        about = escaped(&run.about),
        warning = warning(&run),
        result = result(own, &files),
    ))
}

/// What has to be worked out before anything can be drawn is said, for it may take minutes in a browser.
fn warning(run: &experiment::Experiment) -> String {
    match run.exact_jobs().len() {
        0 => String::new(),
        jobs => format!(
            "<p class=\"warning\">Before it draws, this experiment works out {jobs} exact values or trained networks. A browser does that on \
             one thread, about twice as slowly as the command line; it can be stopped.</p>\n"
        ),
    }
}

/// A field for each number that its grids vary, with the list that stands in the file.
fn controls(text: &str, run: &experiment::Experiment) -> Result<Vec<String>, CliError> {
    let source = Source::file("experiment.toml", text.to_owned());
    let root = tree::parse(&source).map_err(CliError::input)?;
    let mut controls = Vec::new();
    for column in &run.columns {
        for table in ["sweep", "arms"] {
            let entry = root
                .get(&format!("{table}.grid"))
                .and_then(|grid| grid.entry(&column.key));
            let values = entry.map(|entry| &entry.node.value);
            let Some(tree::Value::Array(items)) = values else {
                continue;
            };
            if items.iter().all(|item| item.value.number().is_some()) {
                let key = crate::format::bare_or_quoted(&column.key);
                controls.push(format!(
                    "<div class=\"control\" data-key=\"{}\" data-list=\"{}\">{}</div>\n",
                    escaped(&format!("{table}.grid.{key}")),
                    escaped(&values.map(tree::Value::text).unwrap_or_default()),
                    escaped(&column.key),
                ));
            }
        }
    }
    Ok(controls)
}

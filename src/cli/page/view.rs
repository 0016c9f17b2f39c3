//! Owns what stands of an experiment on a page before the engine has answered: its figures, numbers and claims, run here.

use super::CliError;
use super::assets::{EXPERIMENTS, FOLDER};
use super::markup::json;
use crate::experiment;
use crate::report::answer::{self, NamedBytes};
use crate::report::html::escaped;
use crate::{Session, engine::NoStore};

/// An experiment on a page.
#[derive(Debug, Clone)]
pub(super) struct Experiment {
    /// Its name.
    pub name: String,
    /// The file that the command line runs, as a word of a shell.
    pub file: String,
    /// What it is run with there.
    pub sets: String,
    /// What the page runs.
    pub text: String,
}

impl Experiment {
    /// One of a view.
    pub fn of_view(name: &str) -> Result<Self, CliError> {
        let found = EXPERIMENTS.iter().find(|(own, _)| *own == name);
        let (name, text) = found.ok_or_else(|| CliError::Run(format!("no view runs {name}")))?;
        Ok(Self {
            name: (*name).to_owned(),
            file: format!("{FOLDER}{name}.toml"),
            sets: String::new(),
            text: (*text).to_owned(),
        })
    }

    /// The files of its result, and the experiment as it was run.
    pub fn answered(&self) -> Result<(crate::Experiment, Vec<NamedBytes>), CliError> {
        let shown = format!("{}.toml", self.name);
        let parsed = || experiment::parse(&self.name, &shown, self.text.clone(), &[]).map_err(CliError::input);
        let mut session = Session::new(parsed()?);
        session.run(&NoStore, &()).map_err(CliError::run)?;
        let outcome = session.outcome();
        let files = answer::files(session.experiment(), outcome, None).map_err(CliError::run)?;
        Ok((parsed()?, files))
    }
}

/// The part of a page that shows a result and that the engine's answers replace.
pub(super) fn result(own: &Experiment, files: &[NamedBytes]) -> String {
    let text = |name: &str| {
        let found = files.iter().find(|(file, _)| file == name);
        found.map_or_else(String::new, |(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
    };
    let figures = files.iter().filter_map(|(file, bytes)| {
        let figure = file.strip_suffix(".svg")?;
        Some(format!(
            "<figure data-figure=\"{}\">{}</figure>\n",
            escaped(figure),
            String::from_utf8_lossy(bytes)
        ))
    });
    let figures: String = figures.collect();
    let digest = crate::record::digest("estimates.csv", text("estimates.csv").as_bytes()).sha256;
    format!(
        "<div class=\"result\" data-experiment=\"{name}\">\n\
         <p class=\"status\" role=\"status\"></p>\n\
         <div class=\"figures\">\n{figures}</div>\n\
         <div class=\"told\" data-file=\"allocation.html\">{allocation}</div>\n\
         <details class=\"numbers\"><summary>The numbers of the figures, with their Monte Carlo standard errors</summary>\n\
         <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"numbers\" data-file=\"numbers.html\">{numbers}</div></details>\n\
         <div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"claims\" data-file=\"claims.html\">{claims}</div>\n\
         <p class=\"command\"><code>mode-lottery run {file}{sets} --out explored</code></p>\n\
         <p class=\"digest\">SHA-256 of <code>explored/{name}/estimates.csv</code>: <code class=\"sha\">{digest}</code></p>\n\
         <div class=\"buttons\"></div>\n\
         <script type=\"application/json\" class=\"experiment\">{text}</script>\n</div>\n",
        name = escaped(&own.name),
        allocation = text("allocation.html"),
        numbers = text("numbers.html"),
        claims = text("claims.html"),
        file = escaped(&own.file),
        sets = escaped(&own.sets),
        text = json(&own.text),
    )
}

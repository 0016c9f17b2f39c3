//! Owns the composed figures of a folder of results: looked up and drawn once before long runs, then from stored
//! estimates. It changes nothing in the results of experiments.

use super::input::Input;
use super::paths::toml_files;
use super::{CliError, eprint, results};
use crate::experiment::{Composed, Experiment, load_composed};
use crate::record::{parse_curves, parse_estimates, read, replace};
use crate::report::compose::composed;
use crate::report::figure::render;
use crate::report::plot::Records;
use std::path::{Path, PathBuf};

/// Where composed figures are described, below the current directory.
const FIGURES: &str = "figures";

/// An experiment and the folder of its results.
pub(super) type Stored<'a> = (&'a Experiment, PathBuf);

/// Reads every composed figure; none without a folder of them.
pub(super) fn load_all() -> Result<Vec<Composed>, CliError> {
    let files = toml_files(Path::new(FIGURES))?;
    files
        .iter()
        .map(|path| load_composed(path).map_err(CliError::input))
        .collect()
}

/// Draws every figure with exact values for estimates, so that none fails after a long run.
pub(super) fn can_be_drawn(figures: &[Composed], inputs: &[Input]) -> Result<(), CliError> {
    let experiments: Vec<&Experiment> = inputs.iter().map(|input| &input.experiment).collect();
    let mut sources = Vec::new();
    if !figures.is_empty() {
        for one in inputs {
            sources.push((&one.experiment, results::stand_in(&one.experiment, one.curves.clone())?));
        }
    }
    for figure in figures {
        let panels = figure.find(&experiments).map_err(CliError::input)?;
        render(&composed(figure, &panels, &sources)).map_err(|error| {
            let shown = Path::new(FIGURES).join(format!("{}.toml", figure.name));
            CliError::Input(format!("{}: {error}", shown.display()))
        })?;
    }
    Ok(())
}

/// Draws every figure from the stored estimates into a folder of its own beside them.
pub(super) fn write(out: &Path, figures: &[Composed], stored: &[Stored<'_>]) -> Result<(), CliError> {
    let experiments: Vec<&Experiment> = stored.iter().map(|(experiment, _)| *experiment).collect();
    let sources: Vec<_> = match figures.is_empty() {
        true => Vec::new(),
        false => stored.iter().map(with_records).collect::<Result<_, _>>()?,
    };
    for figure in figures {
        let panels = figure.find(&experiments).map_err(CliError::input)?;
        let directory = out.join(&figure.name);
        std::fs::create_dir_all(&directory).map_err(CliError::run_at(&directory))?;
        for (file, bytes) in results::pictures(&figure.name, &composed(figure, &panels, &sources))? {
            replace(&directory.join(file), &bytes).map_err(CliError::run)?;
        }
    }
    Ok(())
}

/// The same where not every experiment need have been run: a figure that lacks one is left out, and it is said.
pub(super) fn rewrite(out: &Path, stored: &[Stored<'_>]) -> Result<(), CliError> {
    let experiments: Vec<&Experiment> = stored.iter().map(|(experiment, _)| *experiment).collect();
    let mut figures = load_all()?;
    figures.retain(|figure| {
        let missing = figure.missing(&experiments);
        if let Some(name) = missing {
            let (figure, out) = (&figure.name, out.display());
            eprint(&format!(
                "{figure}: left out, for {out} has no results of the experiment {name:?}"
            ));
        }
        missing.is_none()
    });
    write(out, &figures, stored)
}

fn with_records<'a>((experiment, directory): &Stored<'a>) -> Result<(&'a Experiment, Records), CliError> {
    let (_, estimates) = read(&directory.join("estimates.csv"), parse_estimates).map_err(CliError::input)?;
    let records = Records {
        estimates,
        curves: read(&directory.join("curves.csv"), parse_curves).map_err(CliError::input)?,
        draws: results::stored_draws(experiment, &|file| Ok(directory.join(file)))?,
    };
    Ok((*experiment, records))
}

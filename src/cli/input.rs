//! Owns the experiments that a command runs: each file validated before any of them draws.

use super::{CliError, results};
use crate::engine::ExactCache;
use crate::experiment::{Experiment, LoadError};
use crate::record::CurveRecord;
use std::path::{Path, PathBuf};

/// A validated experiment.
#[derive(Debug)]
pub(super) struct Input {
    /// Its file, as given.
    pub file: String,
    /// What the file says.
    pub experiment: Experiment,
    /// The curves of its figures; none as long as exact values are pending.
    pub curves: Vec<CurveRecord>,
    /// Seconds that exact values took which were worked out for its run.
    pub exact_seconds: f64,
}

/// Validates every file by `load`, before any of them draws.
pub(super) fn load_all(
    files: &[PathBuf],
    load: &dyn Fn(&Path) -> Result<Experiment, LoadError>,
) -> Result<Vec<Input>, CliError> {
    let mut loaded: Vec<Input> = Vec::new();
    for (index, path) in files.iter().enumerate() {
        if files[..index].contains(path) {
            return Err(CliError::Input(format!("{}: it is given twice", path.display())));
        }
        let experiment = load(path).map_err(CliError::input)?;
        let experiment = experiment.settle(ExactCache::empty()).map_err(CliError::input)?;
        if loaded.iter().any(|other| other.experiment.name == experiment.name) {
            let what = format!(
                "{}: another file is called {:?} too, and their results would overwrite each other",
                path.display(),
                experiment.name
            );
            return Err(CliError::Input(what));
        }
        let curves = match experiment.pending_jobs().is_empty() {
            true => results::can_be_drawn(&experiment, path)?,
            false => Vec::new(),
        };
        loaded.push(Input {
            file: path.display().to_string(),
            experiment,
            curves,
            exact_seconds: 0.0,
        });
    }
    Ok(loaded)
}

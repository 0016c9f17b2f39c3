//! Owns the command `page`: one HTML file that holds the engine, views to change and the figures that they begin with.

mod assets;
mod document;
mod markup;
mod own;
mod view;

use super::{CliError, print, replaced};
use crate::experiment;
use crate::record::replace;
use crate::report::html::Engine;
use crate::report::page::shell_word;
use std::path::{Path, PathBuf};

/// Arguments of `page`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An experiment that gets a view of its own, with its swept numbers to change
    experiment: Option<PathBuf>,
    /// File to write; `-` prints it [default: explore.html, or the experiment's name]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replicates of the experiment's view [default: those of its quick runs]
    #[arg(long, requires = "experiment")]
    replicates: Option<u64>,
    /// Lay a value over the experiment: a dotted key and a TOML value
    #[arg(long = "set", value_name = "KEY=VALUE", requires = "experiment")]
    sets: Vec<String>,
}

/// What pages of results draw blocks again with.
pub(super) fn engine() -> Engine {
    Engine {
        module: markup::base64(assets::ENGINE),
        script: assets::SCRIPTS[0],
        worker: assets::WORKER,
    }
}

/// Runs each view as it begins, and writes the page.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let own = args.experiment.as_deref().map(|file| of_file(file, args)).transpose()?;
    let name = own.as_ref().map_or("explore", |own| own.name.as_str());
    let default = PathBuf::from(format!("{name}.html"));
    let out = args.out.as_ref().unwrap_or(&default);
    if out != Path::new("-") {
        replaced::refuse_unmarked(out, markup::MARK, "or give another --out")?;
    }
    let page = document::page(own.as_ref())?;
    if out == Path::new("-") {
        return print(&page);
    }
    replace(out, page.as_bytes()).map_err(CliError::run)?;
    print(&format!(
        "{}: {:.1} MB; open it in a browser, or put it on any web page\n",
        out.display(),
        page.len() as f64 / 1e6
    ))
}

/// The view of a file: its text with what was laid over it written into it, so that the page and the command line begin with the same.
fn of_file(file: &Path, args: &Args) -> Result<view::Experiment, CliError> {
    let loaded = experiment::load(file, &args.sets).map_err(CliError::input)?;
    let replicates = args.replicates.unwrap_or(loaded.quick.min(loaded.most_replicates()));
    let mut sets = args.sets.clone();
    sets.push(format!("run.replicates={replicates}"));
    let text = experiment::written(&loaded.source.text, &sets).map_err(CliError::input)?;
    Ok(view::Experiment {
        name: loaded.name.clone(),
        file: shell_word(&file.display().to_string()),
        sets: sets.iter().map(|set| format!(" --set {}", shell_word(set))).collect(),
        text,
    })
}

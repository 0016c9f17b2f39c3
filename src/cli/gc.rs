//! Owns the command `gc`: journals without what no run of their experiment would use.

use super::journal;
use super::{CliError, print};
use crate::experiment::{self, Experiment};
use crate::record::Manifest;
use crate::record::journal::{Digest, Kept, compact};
use std::path::{Path, PathBuf};

/// Arguments of `gc`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Result folders, or folders of result folders
    #[arg(required = true, value_name = "DIR")]
    directories: Vec<PathBuf>,
    /// Only say what would be removed
    #[arg(long)]
    dry_run: bool,
}

/// Removes blocks of other keys, repeated and conflicting ones, and damage, from every journal folder found.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    for directory in &args.directories {
        let folders = super::merge::journals_at(directory)?;
        if folders.is_empty() {
            let what = format!("{}: no journal here or one level below", directory.display());
            return Err(CliError::Input(what));
        }
        for (name, folder) in folders {
            let said = clean(&name, &folder, args.dry_run)?;
            print(&format!("{said}\n"))?;
        }
    }
    Ok(())
}

fn clean(name: &str, folder: &Path, dry: bool) -> Result<String, CliError> {
    let kept = Kept::of_folder(folder).map_err(CliError::input)?;
    let Some(wanted) = wanted(folder, &kept)? else {
        return Ok(match kept.files().next() {
            // `slurm` makes the folder before anything runs there.
            None => format!("{name}: nothing has run there yet"),
            Some(_) => format!(
                "{name}: left as it is, for nothing says which experiment its journal is of; remove it by hand, or run the experiment there"
            ),
        });
    };
    let stale = kept.others(&wanted);
    let (damaged, repeated, conflicts) = (kept.notes().len(), kept.repeated(), kept.conflicts().len());
    let what = format!("{stale} stale blocks, {repeated} repeated, {conflicts} conflicting, {damaged} damaged places");
    let before = size(&kept);
    if dry {
        return Ok(format!("{name}: {what} would be removed of {before} bytes"));
    }
    compact(folder, &journal::writer(None), &kept, &wanted).map_err(CliError::run)?;
    let after = Kept::of_folder(folder).map_err(CliError::run)?;
    Ok(format!(
        "{name}: {what} removed; {before} bytes before, {} now",
        size(&after)
    ))
}

fn size(kept: &Kept) -> u64 {
    kept.files()
        .filter_map(|path| path.metadata().ok())
        .map(|metadata| metadata.len())
        .sum()
}

/// The keys that are still of use: those of the result beside the journal, and of whatever ran last in each of its files.
///
/// None where nothing says what they are.
fn wanted(folder: &Path, kept: &Kept) -> Result<Option<Vec<Digest>>, CliError> {
    let mut experiments: Vec<Experiment> = Vec::new();
    let manifest = folder
        .parent()
        .map(|result| result.join("manifest.json"))
        .filter(|path| path.is_file());
    if let Some(path) = manifest {
        let own = Manifest::read(&path).map_err(CliError::input)?;
        experiments.push(read(&own.experiment, &own.file, own.text, &own.set)?);
    }
    for record in kept.last_experiments().into_values() {
        let own = record.clone();
        experiments.push(read(&own.name, &own.file, own.text, &own.set)?);
    }
    let found = !experiments.is_empty();
    Ok(found.then(|| experiments.iter().flat_map(journal::digests).collect()))
}

/// An experiment for its keys alone.
fn read(name: &str, file: &str, text: String, set: &[String]) -> Result<Experiment, CliError> {
    experiment::parse(name, file, text, set).map_err(CliError::input)
}

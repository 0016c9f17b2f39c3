//! Owns the command `report`: everything that people read, again from stored records.

use super::composed::{self, Stored};
use super::journal;
use super::{CliError, exact, print, results};
use crate::engine::{self, ExactCache, MissingBlocks};
use crate::experiment::{self, Experiment};
use crate::inference::groups::Groups;
use crate::record::journal::Kept;
use crate::record::{
    ClaimRecord, EstimateRecord, Manifest, OutputDigest, PoolRecord, digest, pool_file, read_claims, read_estimates,
    read_pool, replace,
};
use crate::report::plot::Records;
use crate::report::{judge::judge, page, readme};
use std::path::{Path, PathBuf};

/// Arguments of `report`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Result folders, or folders of result folders
    #[arg(required = true)]
    directories: Vec<PathBuf>,
    /// Also put the table of all claims between the markers of this Markdown file
    #[arg(long, value_name = "FILE")]
    readme: Option<PathBuf>,
}

/// Redoes tables, claims, figures and pages. Claims are judged anew where every block is kept.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let (mut reported, mut experiments) = (Vec::new(), Vec::new());
    for directory in find_all(&args.directories)? {
        let (experiment, claims, anew) = report_one(&directory)?;
        let note = if anew {
            ""
        } else {
            " (claims as stored: not every block is kept here, run the experiment to judge anew)"
        };
        print(&format!("{}: {}{note}\n", experiment.name, experiment.title))?;
        print(&format!("{}\n", page::claims_plain(&claims)))?;
        reported.push((experiment.name.clone(), claims));
        experiments.push((directory, experiment));
    }
    for given in &args.directories {
        compose(given, &experiments)?;
    }
    match &args.readme {
        None => Ok(()),
        Some(path) => splice(path, &reported),
    }
}

/// Composed figures of a folder of results, from the experiments right below it.
fn compose(given: &Path, experiments: &[(PathBuf, Experiment)]) -> Result<(), CliError> {
    if given.join("manifest.json").is_file() {
        return Ok(());
    }
    let below = experiments
        .iter()
        .filter(|(directory, _)| directory.parent() == Some(given));
    let stored: Vec<Stored<'_>> = below
        .map(|(directory, experiment)| Stored {
            experiment,
            directory: directory.clone(),
        })
        .collect();
    composed::rewrite(given, &stored)
}

fn splice(path: &Path, reported: &[(String, Vec<ClaimRecord>)]) -> Result<(), CliError> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| CliError::Input(format!("{shown}: {error}")))?;
    let text = readme::splice(&text, reported).map_err(|error| CliError::Input(format!("{shown}: {error}")))?;
    replace(path, text.as_bytes()).map_err(CliError::run)
}

/// Folders that hold a manifest: those given, or those one level below, by name.
pub(super) fn find_all(given: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut found = Vec::new();
    for directory in given {
        if directory.join("manifest.json").is_file() {
            found.push(directory.clone());
            continue;
        }
        let entries = std::fs::read_dir(directory)
            .map_err(|error| CliError::Input(format!("{}: {error}", directory.display())))?;
        let mut below: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.join("manifest.json").is_file())
            .collect();
        if below.is_empty() {
            return Err(CliError::Input(format!(
                "{}: no manifest.json here or one level below, so no result",
                directory.display()
            )));
        }
        below.sort();
        found.extend(below);
    }
    Ok(found)
}

fn report_one(directory: &Path) -> Result<(Experiment, Vec<ClaimRecord>, bool), CliError> {
    let manifest = Manifest::read(&directory.join("manifest.json")).map_err(CliError::input)?;
    let (file, outputs, provenance) = (
        manifest.file.clone(),
        manifest.outputs.clone(),
        manifest.provenance.clone(),
    );
    let kept = stored_blocks(directory)?;
    let (experiment, replicates) = stored_experiment(directory, manifest, &kept)?;
    let (estimates, claims, anew) = match redo(&kept, &experiment)? {
        Some((estimates, claims)) => (estimates, claims, true),
        None => {
            let (estimates, claims) = stored(directory, &experiment, &outputs)?;
            (estimates, claims, false)
        }
    };
    let records = Records {
        estimates,
        draws: stored_pools(directory, &experiment, &outputs)?,
    };
    results::write(directory, &experiment, &file, &replicates, &records, &claims, |_| {
        provenance
    })?;
    Ok((experiment, claims, anew))
}

/// The experiment that a manifest holds, and the replicates of its scenarios. Refused where this program would name its
/// scenarios otherwise: then it means something else by the same file.
pub(super) fn stored_experiment(
    directory: &Path,
    manifest: Manifest,
    kept: &Kept,
) -> Result<(Experiment, Vec<u64>), CliError> {
    let shown = format!("{} (as stored in {})", manifest.file, directory.display());
    let experiment = experiment::parse_knowing(
        &manifest.experiment,
        &shown,
        manifest.text,
        &manifest.set,
        ExactCache::empty(),
    )
    .map_err(CliError::input)?;
    let experiment = exact::with_all(kept, experiment, false)?;
    let replicates: Vec<u64> = manifest.scenarios.iter().map(|own| own.replicates).collect();
    if manifest.scenarios != results::scenario_records(&experiment, &replicates) {
        return Err(CliError::Input(format!(
            "{}: its keys are not those of the experiment that it holds, by this version of the program; \
             run the experiment again",
            directory.join("manifest.json").display()
        )));
    }
    Ok((experiment, replicates))
}

/// The blocks in the journal beside a result. Says what is damaged.
pub(super) fn stored_blocks(directory: &Path) -> Result<Kept, CliError> {
    let mut kept = Kept::default();
    kept.add_folder(&directory.join(journal::FOLDER), None)
        .map_err(CliError::input)?;
    journal::tell(&kept);
    Ok(kept)
}

/// The rows of both CSV files.
type Rows = (Vec<EstimateRecord>, Vec<ClaimRecord>);

/// Estimates and claims from the journal; none where it does not hold every block.
fn redo(kept: &Kept, experiment: &Experiment) -> Result<Option<Rows>, CliError> {
    let groups: Result<Vec<Groups>, MissingBlocks> = experiment
        .scenarios
        .iter()
        .map(|scenario| journal::gathered(kept, experiment, scenario.study.spec()))
        .collect();
    let groups = match groups {
        Ok(groups) => groups,
        Err(MissingBlocks::Missing { .. }) => return Ok(None),
        Err(refused) => return Err(CliError::input(refused)),
    };
    let rows: Vec<_> = experiment
        .scenarios
        .iter()
        .zip(&groups)
        .map(|(s, groups)| engine::estimate(s.study.spec(), groups))
        .collect();
    let claims = judge(experiment, &rows, &groups)
        .into_iter()
        .map(|judged| judged.record)
        .collect();
    let estimates = results::estimates(experiment, rows);
    Ok(Some((estimates, claims)))
}

/// The path of an output, if it is as it was written.
fn intact(directory: &Path, file: &str, outputs: &[OutputDigest]) -> Result<PathBuf, CliError> {
    let path = directory.join(file);
    let bytes = std::fs::read(&path).map_err(|error| CliError::Input(format!("{}: {error}", path.display())))?;
    if outputs.contains(&digest(file, &bytes)) {
        return Ok(path);
    }
    Err(CliError::Input(format!(
        "{}: not the file that the manifest names: it was changed or damaged; run the experiment again",
        path.display()
    )))
}

/// The stored pools of the figures that show one: nothing else keeps what was drawn.
fn stored_pools(
    directory: &Path,
    experiment: &Experiment,
    outputs: &[OutputDigest],
) -> Result<Vec<(String, PoolRecord)>, CliError> {
    let mut pools = Vec::new();
    for (figure, view) in results::pool_figures(experiment) {
        let path = intact(directory, &pool_file(figure), outputs)?;
        let pool = read_pool(&path).map_err(CliError::input)?;
        if pool.selections != view.names {
            return Err(CliError::Input(format!(
                "{}: its columns are not those of the stored experiment; run it again",
                path.display()
            )));
        }
        pools.push((figure.to_owned(), pool));
    }
    Ok(pools)
}

/// The stored rows, if they are as they were written and those of the experiment.
fn stored(directory: &Path, experiment: &Experiment, outputs: &[OutputDigest]) -> Result<Rows, CliError> {
    let [estimates, claims] = ["estimates.csv", "claims.csv"].map(|file| intact(directory, file, outputs));
    let (estimates, claims) = (estimates?, claims?);
    let (_, records) = read_estimates(&estimates).map_err(CliError::input)?;
    let fits = records.len() == experiment.rows().count()
        && experiment
            .rows()
            .zip(&records)
            .all(|(row, record)| experiment.estimand(row).name() == record.estimand);
    if !fits {
        return Err(CliError::Input(format!(
            "{}: its rows are not those of the stored experiment; run it again",
            estimates.display()
        )));
    }
    Ok((records, read_claims(&claims).map_err(CliError::input)?))
}

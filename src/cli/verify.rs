//! Owns the command `verify`: whether a result is what its manifest says, and what this program computes.

use super::journal::Own;
use super::{CliError, count, exact, print, report, results};
use crate::engine::{self, BlockStore, NoStore, Run, Watch};
use crate::experiment::{Experiment, Scenario};
use crate::record::journal::Kept;
use crate::record::{Manifest, digest, write_estimates};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Result folders, or folders of result folders
    #[arg(required = true, value_name = "DIR")]
    directories: Vec<PathBuf>,
    /// Blocks of each scenario to compute again and compare with the journal, spread evenly
    #[arg(long, default_value_t = 4)]
    blocks: u64,
    /// Compute everything again and compare the estimates, journal or not
    #[arg(long)]
    all: bool,
}

/// Checks every folder and names everything that is wrong, not only the first.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let mut faults = Vec::new();
    for directory in report::find_all(&args.directories)? {
        let found = verify(&directory, args)?;
        print(&found.summary)?;
        faults.extend(found.faults);
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(CliError::Run(faults.join("\n"))),
    }
}

/// What was found in one folder.
struct Found {
    summary: String,
    faults: Vec<String>,
}

fn verify(directory: &Path, args: &Args) -> Result<Found, CliError> {
    let manifest = Manifest::read(&directory.join("manifest.json")).map_err(CliError::input)?;
    let mut faults: Vec<String> = manifest
        .outputs
        .iter()
        .filter_map(|own| output(directory, &own.file, &own.sha256))
        .collect();
    let outputs = manifest.outputs.len();
    let name = manifest.experiment.clone();
    let kept = report::stored_blocks(directory)?;
    let (mut experiment, replicates) = report::stored_experiment(directory, manifest)?;
    let mut said = format!("{name}: {outputs} files, {} as written", outputs - faults.len());
    if args.all {
        experiment = exact::with_all(&kept, experiment, false)?;
        let fault = estimates(directory, &experiment, &replicates)?;
        said += &laws(&kept, &experiment, usize::MAX, &mut faults);
        said += if fault.is_some() {
            "; estimates differ"
        } else {
            "; estimates computed again, byte for byte"
        };
        faults.extend(fault);
    } else {
        let (compared, wrong) = sample(&kept, &experiment, &replicates, args.blocks)?;
        said += &match compared {
            0 => "; no block is kept here to compare with, --all computes everything again".to_owned(),
            n => format!("; {n} blocks computed again, {} as kept", n - wrong.len()),
        };
        faults.extend(wrong);
        said += &laws(&kept, &experiment, args.blocks as usize, &mut faults);
    }
    Ok(Found {
        summary: said + "\n",
        faults,
    })
}

/// What is wrong with a file of the result.
fn output(directory: &Path, file: &str, sha256: &str) -> Option<String> {
    let path = directory.join(file);
    match std::fs::read(&path) {
        Err(error) => Some(format!("{}: {error}", path.display())),
        Ok(bytes) if digest(file, &bytes).sha256 == sha256 => None,
        Ok(_) => Some(format!("{}: not as it was written", path.display())),
    }
}

/// Computes some kept blocks of each scenario again: how many, and those that came out otherwise.
fn sample(
    kept: &Kept,
    experiment: &Experiment,
    replicates: &[u64],
    most: u64,
) -> Result<(usize, Vec<String>), CliError> {
    let (mut compared, mut wrong) = (0, Vec::new());
    for (index, (scenario, &replicates)) in experiment.scenarios.iter().zip(replicates).enumerate() {
        let spec = scenario.study.spec();
        let own = Own::new(kept, None, spec);
        let total = spec.blocks(replicates);
        let count = most.min(total);
        let spread = (0..count).map(|i| i * total / count);
        let (blocks, before): (Vec<u64>, Vec<_>) = spread
            .filter_map(|block| own.get(block).map(|batches| (block, batches)))
            .unzip();
        let now = compute(scenario, &blocks)?;
        compared += blocks.len();
        for ((block, before), now) in blocks.iter().zip(&before).zip(&now) {
            if before != now {
                let name = &experiment.name;
                wrong.push(format!(
                    "{name}: block {block} of scenario {index} is not what this program computes"
                ));
            }
        }
    }
    Ok((compared, wrong))
}

/// Works out some kept exact laws again, and names those that come out otherwise. Says how many.
fn laws(kept: &Kept, experiment: &Experiment, most: usize, faults: &mut Vec<String>) -> String {
    let all = experiment.exact_jobs();
    let few = most.min(all.len());
    let spread: Vec<usize> = (0..few).map(|i| i * all.len() / few).collect();
    let compare = |&index: &usize| {
        let before = exact::find(kept, all[index])?;
        // As bits: what theory does not have is NaN.
        let bits = |numbers: Vec<f64>| numbers.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        Some((index, bits(before) == bits(all[index].work_out())))
    };
    let compared: Vec<(usize, bool)> = spread.par_iter().filter_map(compare).collect();
    let wrong = compared.iter().filter(|(_, right)| !right).map(|(index, _)| index);
    let before = faults.len();
    faults.extend(wrong.map(|index| {
        let name = &experiment.name;
        format!("{name}: exact law {index} is not what this program works out")
    }));
    match compared.len() {
        0 => String::new(),
        n => format!(
            "; {} worked out again, {} as kept",
            count(n, "exact law"),
            n + before - faults.len()
        ),
    }
}

fn compute(scenario: &Scenario, blocks: &[u64]) -> Result<Vec<Vec<crate::inference::groups::Group>>, CliError> {
    let watch = Watch {
        finished: &|_| (),
        stop: &AtomicBool::new(false),
    };
    Run::new(scenario.study.as_ref(), &NoStore, &watch)
        .compute(blocks)
        .map_err(CliError::run)
}

/// Computes every replicate again and compares the estimates' bytes; what differs.
fn estimates(directory: &Path, experiment: &Experiment, replicates: &[u64]) -> Result<Option<String>, CliError> {
    let one = |(scenario, &replicates): (&Scenario, &u64)| {
        let groups = engine::run(scenario.study.as_ref(), replicates).map_err(CliError::run)?;
        Ok(scenario.estimate(&groups))
    };
    let scenarios: Vec<_> = experiment.scenarios.iter().zip(replicates).collect();
    let rows: Vec<_> = scenarios.into_par_iter().map(one).collect::<Result<_, CliError>>()?;
    let keys: Vec<String> = experiment.columns.iter().map(|column| column.name.clone()).collect();
    let now = write_estimates(&keys, &results::estimates(experiment, rows));
    let path = directory.join("estimates.csv");
    let before = std::fs::read(&path).map_err(|error| CliError::Input(format!("{}: {error}", path.display())))?;
    if before == now {
        return Ok(None);
    }
    let lines = |bytes: &[u8]| {
        bytes
            .split(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect::<Vec<_>>()
    };
    let (before, now) = (lines(&before), lines(&now));
    let line = before
        .iter()
        .zip(&now)
        .take_while(|(before, now)| before == now)
        .count();
    Ok(Some(format!(
        "{}: line {} is not what this program computes",
        path.display(),
        line + 1
    )))
}

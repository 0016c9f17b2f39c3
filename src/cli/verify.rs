//! Owns the command `verify`: whether a result is what its manifest says, and what this program computes.

use super::journal::Own;
use super::noted::{Noted, Notes};
use super::store;
use super::terminal::{lines, lines_alike};
use super::{CliError, count, exact, print, report};
use crate::engine::{BlockStore, ExactCache, Folded, NoStore, Row, Run, Stop, Watch};
use crate::experiment::{Experiment, Scenario};
use crate::record::journal::Kept;
use crate::record::{BlockDigest, MOST_BLOCKS, Manifest, ScenarioRecord, chosen, digest, write_estimates};
use crate::session;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Result folders, or folders of result folders
    #[arg(required = true, value_name = "DIR")]
    directories: Vec<PathBuf>,
    /// Blocks of each scenario to draw again and compare with the manifest and the journal, spread evenly
    #[arg(long, default_value_t = 4)]
    blocks: u64,
    /// Compute everything again and compare the estimates too
    #[arg(long)]
    all: bool,
}

/// Checks every folder and names everything that is wrong, not only the first.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let mut faults = Vec::new();
    for directory in report::find_all(&args.directories)? {
        let (summary, found) = verify(&directory, args)?;
        print(&summary)?;
        faults.extend(found);
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(CliError::Run(faults.join("\n"))),
    }
}

fn verify(directory: &Path, args: &Args) -> Result<(String, Vec<String>), CliError> {
    let manifest = Manifest::read(&directory.join("manifest.json")).map_err(CliError::input)?;
    let mut faults: Vec<String> = manifest
        .outputs
        .iter()
        .filter_map(|own| output(directory, &own.file, &own.sha256))
        .collect();
    let outputs = manifest.outputs.len();
    let name = manifest.experiment.clone();
    let kept = report::stored_blocks(directory)?;
    let (mut experiment, records) = report::stored_experiment(directory, manifest)?;
    let mut said = format!("{name}: {outputs} files, {} as written", outputs - faults.len());
    let unfit = unfit(&experiment, &records);
    if !unfit.is_empty() {
        said += "; nothing drawn again: the manifest contradicts itself";
        faults.extend(unfit);
    } else if records.iter().any(|own| own.missing > 0) {
        said += "; nothing drawn again: the result is partial";
    } else if args.all {
        experiment = exact::with_all(&kept, experiment, false)?;
        said += &everything(directory, &kept, &experiment, &records, &mut faults)?;
        said += &laws(&kept, &experiment, usize::MAX, &mut faults);
    } else {
        said += &sample(&kept, &experiment, &records, args.blocks, &mut faults)?;
        said += &laws(&kept, &experiment, args.blocks as usize, &mut faults);
    }
    Ok((said + "\n", faults))
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

/// Scenarios of which the manifest says what no run of its experiment could have left.
fn unfit(experiment: &Experiment, records: &[ScenarioRecord]) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, (scenario, own)) in experiment.scenarios.iter().zip(records).enumerate() {
        let (name, spec, replicates) = (&experiment.name, scenario.study.spec(), own.replicates);
        let blocks = spec.blocks(replicates) + own.missing;
        let asked = match &experiment.stop {
            Stop::Replicates(replicates) => blocks == spec.blocks(*replicates),
            Stop::Precise(precision) => blocks <= spec.blocks(precision.at_most),
        };
        if !asked {
            faults.push(format!(
                "{name}: scenario {index} of the manifest has {replicates} replicates, which its experiment does not ask for"
            ));
        } else if own.missing == 0 && !own.blocks.iter().map(|own| own.block).eq(chosen(blocks)) {
            faults.push(format!(
                "{name}: scenario {index} of the manifest does not have the digests of blocks that a run of {replicates} \
                 replicates leaves"
            ));
        }
    }
    faults
}

/// A block that was drawn again: whether it is as in the manifest and as kept, where it is there.
struct Again {
    scenario: usize,
    block: u64,
    as_in_manifest: Option<bool>,
    as_kept: Option<bool>,
}

/// Draws some blocks of each scenario again and names those that come out otherwise. Says how many.
fn sample(
    kept: &Kept,
    experiment: &Experiment,
    records: &[ScenarioRecord],
    most: u64,
    faults: &mut Vec<String>,
) -> Result<String, CliError> {
    // What several scenarios rest on, such as trained networks, is worked out once.
    let known = ExactCache::on_demand();
    let draw = |(scenario, record): (&Scenario, &ScenarioRecord)| {
        let study = scenario.study.as_ref();
        let blocks = picked(study.spec().blocks(record.replicates), most);
        session::draw_again(study, &blocks, &known).map_err(CliError::run)
    };
    let scenarios: Vec<_> = experiment.scenarios.iter().zip(records).collect();
    let drawn: Result<Vec<_>, CliError> = scenarios.into_par_iter().map(draw).collect();
    let again = compare(kept, experiment, records, &drawn?);
    Ok(format!("; {} drawn again", count(again.len(), "block")) + &tell(&experiment.name, &again, faults))
}

/// Compares blocks of each scenario with what the manifest and a journal say of them.
fn compare(kept: &Kept, experiment: &Experiment, records: &[ScenarioRecord], drawn: &[Vec<BlockDigest>]) -> Vec<Again> {
    let mut again = Vec::new();
    for (scenario, (record, drawn)) in records.iter().zip(drawn).enumerate() {
        let own = Own::new(kept, None, experiment.scenarios[scenario].study.spec());
        again.extend(drawn.iter().map(|&now| {
            let block = now.block;
            let noted = record.blocks.iter().find(|before| before.block == block);
            Again {
                scenario,
                block,
                as_in_manifest: noted.map(|before| *before == now),
                as_kept: own.get(block).map(|before| BlockDigest::of(block, &before) == now),
            }
        }));
    }
    again
}

/// Names the blocks that came out otherwise, and says how many did not.
fn tell(name: &str, again: &[Again], faults: &mut Vec<String>) -> String {
    let mut said = String::new();
    let mut tell = |how: &str, wrong: &str, is_right: fn(&Again) -> Option<bool>| {
        let compared = || again.iter().filter_map(|own| Some((own, is_right(own)?)));
        let others = compared().filter(|(_, right)| !right).map(|(own, _)| own);
        let before = faults.len();
        faults.extend(others.map(|own| {
            let Again { scenario, block, .. } = own;
            format!("{name}: block {block} of scenario {scenario}{wrong}")
        }));
        if let all @ 1.. = compared().count() {
            said += &format!(", {} of {all} as {how}", all + before - faults.len());
        }
    };
    tell("in the manifest", ", drawn again, is not as in the manifest", |own| {
        own.as_in_manifest
    });
    tell("kept", ", as kept, is not what this program computes", |own| {
        own.as_kept
    });
    said
}

/// About `most` of a scenario's blocks, spread evenly: those of which the manifest has digests before all others.
fn picked(total: u64, most: u64) -> Vec<u64> {
    let noted: Vec<u64> = chosen(total).collect();
    if most <= MOST_BLOCKS {
        return spread(most as usize, noted.len()).map(|place| noted[place]).collect();
    }
    let others = spread(most.min(total) as usize, total as usize).map(|block| block as u64);
    let all: BTreeSet<u64> = others.chain(noted).collect();
    all.into_iter().collect()
}

/// So many of the places below `of`, from the first to the last.
fn spread(few: usize, of: usize) -> impl Iterator<Item = usize> {
    let few = few.min(of);
    let place = move |index: usize| (index as u128 * (of as u128 - 1) / (few as u128 - 1).max(1)) as usize;
    (0..few).map(place)
}

/// Works out some kept exact laws again, and names those that come out otherwise. Says how many.
fn laws(kept: &Kept, experiment: &Experiment, most: usize, faults: &mut Vec<String>) -> String {
    let all = experiment.exact_jobs();
    let some: Vec<usize> = spread(most, all.len()).collect();
    let compare = |&index: &usize| {
        let before = store::find(kept, all[index])?;
        // As bits: what theory does not have is NaN.
        let bits = |numbers: Vec<f64>| numbers.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        Some((index, bits(before) == bits(all[index].work_out())))
    };
    let compared: Vec<(usize, bool)> = some.par_iter().filter_map(compare).collect();
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

/// Draws every replicate again, names what differs of estimates and blocks, and says it.
fn everything(
    directory: &Path,
    kept: &Kept,
    experiment: &Experiment,
    records: &[ScenarioRecord],
    faults: &mut Vec<String>,
) -> Result<String, CliError> {
    let watch = Watch::nobody();
    let one = |(scenario, record): (&Scenario, &ScenarioRecord)| {
        let study = scenario.study.as_ref();
        let blocks = study.spec().blocks(record.replicates);
        let notes = Notes::new(blocks);
        let noted = Noted::new(Box::new(NoStore), &notes);
        let mut folded = Folded::new(study.spec());
        let mut run = Run::new(study, &noted, &watch, &mut folded);
        run.to(blocks).map_err(CliError::run)?;
        drop(noted);
        Ok((scenario.estimate(&folded.finish()), notes.finish()))
    };
    let scenarios: Vec<_> = experiment.scenarios.iter().zip(records).collect();
    let drawn: Result<Vec<_>, CliError> = scenarios.into_par_iter().map(one).collect();
    let (rows, digests): (Vec<_>, Vec<_>) = drawn?.into_iter().unzip();
    let fault = estimates(directory, experiment, rows)?;
    let said = match fault {
        Some(_) => "estimates differ",
        None => "estimates computed again, byte for byte",
    };
    faults.extend(fault);
    let again = compare(kept, experiment, records, &digests);
    Ok(format!("; {said}; blocks likewise") + &tell(&experiment.name, &again, faults))
}

/// Compares the estimates' bytes with the stored ones; what differs.
fn estimates(directory: &Path, experiment: &Experiment, rows: Vec<Vec<Row>>) -> Result<Option<String>, CliError> {
    let keys: Vec<String> = experiment.columns.iter().map(|column| column.name.clone()).collect();
    let now = write_estimates(&keys, &session::estimates(experiment, rows));
    let path = directory.join("estimates.csv");
    let before = std::fs::read(&path).map_err(CliError::input_at(&path))?;
    if before == now {
        return Ok(None);
    }
    let line = lines_alike(&lines(&before), &lines(&now));
    Ok(Some(format!(
        "{}: line {} is not what this program computes",
        path.display(),
        line + 1
    )))
}

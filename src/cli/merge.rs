//! Owns the command `merge`: shares of a run, from any folders in any order, into the result of the whole run.

use super::drawn::Drawn;
use super::journal::{self, Own};
use super::paths::below;
use super::run::finish;
use super::shares::shares;
use super::{CliError, eprint, exact, failures, print, replaced, results};
use crate::engine::{BlockStore, MissingBlocks, Spec, Stop, fold_stored};
use crate::experiment::{self, Experiment, Scenario};
use crate::inference::groups::{Folder, Groups};
use crate::record::journal::{ExperimentRecord, Journal, Kept};
use crate::record::{BlockDigest, chosen};
use crate::session::{Findings, curves};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Arguments of `merge`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folders that shares were written to by `run --shard`: of one experiment each, or of several
    #[arg(required = true, value_name = "DIR")]
    directories: Vec<PathBuf>,
    /// Folder that gets one folder per experiment; it may be one of those merged
    #[arg(long)]
    out: PathBuf,
    /// Write estimates of what is there where blocks are missing, marked as such; no claim is judged by them
    #[arg(long, conflicts_with = "check_claims")]
    partial: bool,
    /// Exit with status 1 if a claim does not come out as expected
    #[arg(long)]
    check_claims: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// Merges every experiment found; all are known to be whole before the first is written.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let found = find(&args.directories)?;
    let mut whole = Vec::new();
    for (name, folders) in &found {
        whole.push(Source::read(name, folders, args)?);
    }
    for own in &whole {
        let directory = args.out.join(&own.experiment.name);
        replaced::refuse_foreign(&directory, &results::names(&own.experiment))?;
        replaced::refuse_other(&directory, &own.experiment, "")?;
        if own.missing.iter().any(|missing| *missing > 0) {
            replaced::refuse_lesser(&directory, &own.experiment)?;
        }
    }
    let mut unexpected = 0;
    for source in whole {
        unexpected += source.write(&args.out, args.quiet)?;
    }
    CliError::of_claims(unexpected, args.check_claims)
}

/// Journal folders by the name of their experiment's folder, each once.
fn find(directories: &[PathBuf]) -> Result<BTreeMap<String, Vec<PathBuf>>, CliError> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut known = HashSet::new();
    for directory in directories {
        let mut own = journals_at(directory)?;
        // Where nothing has run yet there is nothing to merge.
        own.retain(|(_, folder)| folder.read_dir().is_ok_and(|mut files| files.next().is_some()));
        if own.is_empty() {
            return Err(CliError::Input(format!(
                "{}: no journal here or one level below; `run --shard I/N --out DIR` writes one",
                directory.display()
            )));
        }
        for (name, folder) in own {
            // A folder given twice is no second share.
            let real = folder.canonicalize().map_err(CliError::input)?;
            if known.insert((name.clone(), real)) {
                found.entry(name).or_default().push(folder);
            }
        }
    }
    Ok(found)
}

/// The journal folder of a result, or those of the results one level below.
pub(super) fn journals_at(directory: &Path) -> Result<Vec<(String, PathBuf)>, CliError> {
    let journal = |directory: &Path| {
        let folder = directory.join(journal::FOLDER);
        let name = directory
            .canonicalize()
            .ok()?
            .file_name()?
            .to_string_lossy()
            .into_owned();
        folder.is_dir().then_some((name, folder))
    };
    if let Some(own) = journal(directory) {
        return Ok(vec![own]);
    }
    Ok(below(directory)?.iter().filter_map(|path| journal(path)).collect())
}

/// An experiment, and what the blocks that were found say of all its scenarios.
struct Source {
    experiment: Experiment,
    file: String,
    kept: Kept,
    findings: Findings,
    /// Blocks of each scenario that are not there.
    missing: Vec<u64>,
}

impl Source {
    /// Reads and folds everything. Refused where blocks are missing or disagree.
    fn read(name: &str, folders: &[PathBuf], args: &Args) -> Result<Self, CliError> {
        let quiet = args.quiet;
        let mut kept = Kept::default();
        for folder in folders {
            kept.add_folder(folder, None).map_err(CliError::input)?;
        }
        journal::warn(&kept);
        let record = agreed(name, &kept)?;
        let experiment =
            experiment::parse(&record.name, &record.file, record.text, &record.set).map_err(CliError::input)?;
        let experiment = exact::with_kept(&kept, experiment)?;
        refuse_conflicts(&experiment, &kept)?;
        if !quiet {
            tell_of_more(&experiment, &kept);
        }
        let (groups, missing) = match args.partial {
            true => what_is_there(&experiment, &kept)?,
            false => {
                let groups = folded(&experiment, &kept)?;
                let none = vec![0; groups.len()];
                (groups, none)
            }
        };
        // All blocks are here: laws alone are worked out, as for a journal of a version that kept none.
        let experiment = exact::with_all(&kept, experiment, quiet)?;
        let mut findings = Findings::new(&experiment);
        groups.iter().for_each(|own| findings.add(&experiment, own));
        Ok(Self {
            findings,
            missing,
            experiment,
            file: record.file,
            kept,
        })
    }

    /// Writes the result, with a journal of its own. Returns how many claims did not come out as expected.
    fn write(self, out: &Path, quiet: bool) -> Result<usize, CliError> {
        let directory = out.join(&self.experiment.name);
        results::prepare(&directory)?;
        let started = Instant::now();
        let own = journal::open(&directory, &self.experiment, &self.file, None, false)?;
        exact::keep_known(&self.experiment, &own)?;
        let (mut reused, mut digests) = (0, Vec::new());
        for ((scenario, total), &missing) in self
            .experiment
            .scenarios
            .iter()
            .zip(&self.findings.totals)
            .zip(&self.missing)
        {
            let spec = scenario.study.spec();
            let blocks = spec.blocks(total.replicates);
            let digests_of = copy(&self.kept, &own, spec, blocks + missing)?;
            if missing == 0 && digests_of.len() < chosen(blocks).count() {
                return Err(CliError::Run("blocks were there and are gone; merge again".to_owned()));
            }
            digests.push(if missing == 0 { digests_of } else { Vec::new() });
            reused += blocks;
        }
        own.out.sync().map_err(CliError::run)?;
        let drawn = Drawn {
            findings: self.findings,
            blocks: digests,
            missing: self.missing,
            exact_seconds: 0.0,
            seconds: started.elapsed().as_secs_f64(),
            computed: 0,
            reused,
        };
        failures::warn(&self.experiment, &drawn.findings.totals, &self.kept, quiet)?;
        let claims = finish(
            &self.experiment,
            (&self.file, &directory),
            drawn,
            (curves(&self.experiment), Vec::new()),
            quiet,
        )?;
        if !quiet {
            print(&super::run::summary(&self.experiment, &directory, &claims))?;
        }
        Ok(claims.iter().filter(|claim| !claim.as_expected()).count())
    }
}

/// Keeps in a journal what it does not have of the first blocks of a scenario and is there. Returns digests of some, for the manifest.
fn copy(from: &Kept, to: &Journal, spec: &Spec, blocks: u64) -> Result<Vec<BlockDigest>, CliError> {
    let (from, to) = (Own::new(from, None, spec), Own::new(&to.kept, Some(&to.out), spec));
    for block in from
        .indices()
        .into_iter()
        .filter(|&block| block < blocks && to.get(block).is_none())
    {
        if let Some(batches) = from.get(block) {
            to.put(block, &batches).map_err(CliError::run)?;
        }
    }
    let digest = |block| Some(BlockDigest::of(block, &from.get(block)?));
    Ok(chosen(blocks).filter_map(digest).collect())
}

fn refuse_conflicts(experiment: &Experiment, kept: &Kept) -> Result<(), CliError> {
    let Some(conflict) = kept.conflicts().first() else {
        return Ok(());
    };
    let [a, b] = conflict.paths.each_ref().map(|path| path.display());
    let place = journal::digests(experiment)
        .iter()
        .position(|own| *own == conflict.work);
    let scenarios = experiment.scenarios.len();
    let what = match place {
        None => format!("block {} of another key", conflict.block),
        Some(index) if index >= scenarios => format!("exact law {}", index - scenarios),
        Some(index) => format!("block {} of scenario {index}", conflict.block),
    };
    Err(CliError::Input(format!(
        "{}: {what} is not the same in {a} and {b}; `verify` says which of them is wrong",
        experiment.name
    )))
}

/// Says what is repeated or foreign.
fn tell_of_more(experiment: &Experiment, kept: &Kept) {
    let (repeated, foreign) = (kept.repeated(), kept.others(&journal::digests(experiment)));
    if repeated + foreign > 0 {
        eprint(&format!(
            "{}: {repeated} blocks are there more than once, {foreign} belong to other keys; neither does harm",
            experiment.name
        ));
    }
}

/// The group sums of all scenarios; refused where blocks or exact values are missing, which are named by their places in the
/// list of all.
fn folded(experiment: &Experiment, kept: &Kept) -> Result<Vec<Groups>, CliError> {
    let laws = exact::missing(experiment);
    let exact = experiment.exact_jobs().len() as u64;
    let (mut groups, mut missing, mut before, mut total) = (Vec::new(), Vec::new(), exact, exact);
    for scenario in &experiment.scenarios {
        let spec = scenario.study.spec();
        let own = match fold_stored(spec, &experiment.stop, &Own::new(kept, None, spec)) {
            Ok(own) => {
                let blocks = spec.blocks(own.total().replicates);
                groups.push(own);
                blocks
            }
            Err(MissingBlocks::Missing { blocks, of }) => {
                missing.extend(blocks.iter().map(|own| before + own.start..before + own.end));
                of
            }
            Err(refused) => return Err(CliError::input(refused)),
        };
        (before, total) = (before + own, total + own);
    }
    if missing.is_empty() {
        return Ok(groups);
    }
    missing.splice(0..0, laws.into_iter().map(|law| law..law + 1));
    let count: u64 = missing.iter().map(|own| own.end - own.start).sum();
    Err(CliError::Input(format!(
        "{}: {count} of {total} {} are missing{}; run the shares that are not done again: they go on where they stopped",
        experiment.name,
        if exact == 0 { "blocks" } else { "blocks and exact laws" },
        shares(kept, &missing)
    )))
}

/// The group sums of all scenarios from the blocks that are there, in their order, and how many of each are not. Which are there may
/// depend on machines, and not on what was drawn.
fn what_is_there(experiment: &Experiment, kept: &Kept) -> Result<(Vec<Groups>, Vec<u64>), CliError> {
    let Stop::Replicates(replicates) = experiment.stop else {
        return Err(CliError::Input(format!(
            "{}: where a run with run.precision ends follows from its first round: it has no partial result; merge without \
             --partial says which shares are missing",
            experiment.name
        )));
    };
    let one = |scenario: &Scenario| {
        let spec = scenario.study.spec();
        let (store, needed) = (Own::new(kept, None, spec), spec.blocks(replicates));
        let mut folder = Folder::new(spec.layout.clone());
        let mut there = 0;
        for block in store.indices().into_iter().filter(|&block| block < needed) {
            if let Some(batches) = store.get(block) {
                batches.iter().for_each(|batch| folder.push(batch));
                there += 1;
            }
        }
        (folder.finish(), needed - there)
    };
    Ok(experiment.scenarios.iter().map(one).unzip())
}

/// What each share says was being run last; where there is no share, what each whole run says. A whole run beside shares
/// is an earlier one: its blocks are used, and what it was asked is not.
pub(super) fn last_records(kept: &Kept) -> BTreeMap<&Path, &ExperimentRecord> {
    let mut last = kept.last_experiments();
    if last.keys().any(|path| journal::is_share(path)) {
        last.retain(|path, _| journal::is_share(path));
    }
    last
}

/// What all files say was being run last. Refused where they disagree: the result would depend on their order.
fn agreed(name: &str, kept: &Kept) -> Result<ExperimentRecord, CliError> {
    let mut all = last_records(kept).into_iter();
    let nothing = || {
        CliError::Input(format!(
            "{name}: no journal here says which experiment it is of; run the shares again"
        ))
    };
    let (first, record) = all.next().ok_or_else(nothing)?;
    for (path, other) in all {
        if other != record {
            return Err(CliError::Input(format!(
                "{} and {} are of different experiments: {}",
                first.display(),
                path.display(),
                difference(record, other)
            )));
        }
    }
    Ok(record.clone())
}

/// The first thing in which two records differ.
pub(super) fn difference(a: &ExperimentRecord, b: &ExperimentRecord) -> String {
    if (&a.name, &a.file) != (&b.name, &b.file) {
        return format!("{} ({}) and {} ({})", a.name, a.file, b.name, b.file);
    }
    if a.set != b.set {
        let set = |own: &ExperimentRecord| match own.set.is_empty() {
            true => "nothing".to_owned(),
            false => own.set.join(" "),
        };
        return format!("one was run with {} set, the other with {}", set(a), set(b));
    }
    let lines = a.text.lines().zip(b.text.lines());
    let line = lines.take_while(|(a, b)| a == b).count() + 1;
    format!("{} differs from line {line} on", a.file)
}

//! Owns the command `merge`: shares of a run, from any folders in any order, into the result of the whole run.

use super::journal::{self, Own};
use super::run::finish;
use super::{CliError, print, results, say};
use crate::engine::{Blocks, Spec};
use crate::experiment::{self, Experiment};
use crate::inference::groups::{Folder, Groups};
use crate::record::journal::{Digest, ExperimentRecord, Journal, Kept};
use std::collections::BTreeMap;
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
        let source = Source::read(name, folders)?;
        source.is_whole(args.quiet)?;
        whole.push(source);
    }
    let mut unexpected = 0;
    for source in &whole {
        unexpected += source.write(&args.out, args.quiet)?;
    }
    match unexpected {
        n if n > 0 && args.check_claims => Err(CliError::Claims(n)),
        _ => Ok(()),
    }
}

/// Journal folders by the name of their experiment's folder, each once.
fn find(directories: &[PathBuf]) -> Result<BTreeMap<String, Vec<PathBuf>>, CliError> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for directory in directories {
        let own = journals_at(directory)?;
        if own.is_empty() {
            return Err(CliError::Input(format!(
                "{}: no journal here or one level below; `run --shard I/N --out DIR` writes one",
                directory.display()
            )));
        }
        for (name, folder) in own {
            // A folder given twice is no second share.
            let real = folder.canonicalize().map_err(CliError::input)?;
            let folders = found.entry(name).or_default();
            let known = folders
                .iter()
                .any(|other| other.canonicalize().is_ok_and(|other| other == real));
            if !known {
                folders.push(folder);
            }
        }
    }
    Ok(found)
}

/// The journal folder of a result, or those of the results one level below.
fn journals_at(directory: &Path) -> Result<Vec<(String, PathBuf)>, CliError> {
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
    let entries =
        std::fs::read_dir(directory).map_err(|error| CliError::Input(format!("{}: {error}", directory.display())))?;
    let mut below: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    below.sort();
    Ok(below.iter().filter_map(|path| journal(path)).collect())
}

/// An experiment and the blocks of it that were found.
struct Source {
    experiment: Experiment,
    file: String,
    kept: Kept,
}

impl Source {
    fn read(name: &str, folders: &[PathBuf]) -> Result<Self, CliError> {
        let mut kept = Kept::default();
        for folder in folders {
            kept.add_folder(folder, None).map_err(CliError::input)?;
        }
        journal::tell(&kept);
        let record = agreed(name, &kept)?;
        let experiment =
            experiment::parse(&record.name, &record.file, record.text, &record.set).map_err(CliError::input)?;
        Ok(Self {
            experiment,
            file: record.file,
            kept,
        })
    }

    fn blocks(&self, spec: &Spec) -> u64 {
        spec.blocks(self.experiment.replicates)
    }

    /// Says what is repeated or foreign, and refuses what is missing.
    fn is_whole(&self, quiet: bool) -> Result<(), CliError> {
        let name = &self.experiment.name;
        if let Some(conflict) = self.kept.conflicts().first() {
            let [a, b] = conflict.paths.each_ref().map(|path| path.display());
            return Err(CliError::Input(format!(
                "{name}: block {} of scenario {} is not the same in {a} and {b}; run `verify` on both",
                conflict.block,
                self.scenario_of(&conflict.work)
            )));
        }
        let foreign = self.kept.others(&journal::digests(&self.experiment));
        if !quiet && self.kept.repeated() + foreign > 0 {
            say(&format!(
                "{name}: {} blocks are there more than once, {foreign} belong to other keys; neither does harm",
                self.kept.repeated()
            ));
        }
        let missing = self.missing();
        let count: usize = missing.iter().map(|(_, blocks)| blocks.len()).sum();
        if count == 0 {
            return Ok(());
        }
        let total: u64 = self
            .experiment
            .scenarios
            .iter()
            .map(|s| self.blocks(s.study.spec()))
            .sum();
        Err(CliError::Input(format!(
            "{name}: {count} of {total} blocks are missing{}; run the shares that are not done again (they go on where \
             they stopped), or `run` on a folder with all their journals",
            self.shares(&missing)
        )))
    }

    fn scenario_of(&self, work: &Digest) -> String {
        let place = journal::digests(&self.experiment).iter().position(|own| own == work);
        place.map_or_else(|| "of other keys".to_owned(), |index| index.to_string())
    }

    /// The missing blocks of each scenario, with how many blocks come before it in the list of all.
    fn missing(&self) -> Vec<(u64, Vec<u64>)> {
        let mut before = 0;
        let of = |scenario: &experiment::Scenario| {
            let spec = scenario.study.spec();
            let (own, blocks) = (Own::new(&self.kept, None, spec), self.blocks(spec));
            before += blocks;
            (
                before - blocks,
                (0..blocks).filter(|&block| own.kept(block).is_none()).collect(),
            )
        };
        self.experiment.scenarios.iter().map(of).collect()
    }

    /// Which shares the missing blocks belong to, where the names of the files tell how many there were.
    fn shares(&self, missing: &[(u64, Vec<u64>)]) -> String {
        let of = self
            .kept
            .files()
            .find_map(|path| path.file_stem()?.to_str()?.rsplit_once("-of-")?.1.parse::<u64>().ok());
        let Some(of) = of.filter(|&of| of > 0) else {
            return String::new();
        };
        let mut shares: BTreeMap<u64, u64> = BTreeMap::new();
        for (before, blocks) in missing {
            blocks
                .iter()
                .for_each(|block| *shares.entry((before + block) % of).or_default() += 1);
        }
        let words: Vec<String> = shares
            .iter()
            .map(|(share, n)| format!("{n} of share {share}/{of}"))
            .collect();
        format!(" ({})", super::shortened(&words, 8))
    }

    /// Writes the result, with a journal of its own. Returns how many claims did not come out as expected.
    fn write(&self, out: &Path, quiet: bool) -> Result<usize, CliError> {
        let directory = out.join(&self.experiment.name);
        results::prepare(&directory)?;
        let started = Instant::now();
        let own = journal::open(&directory, &self.experiment, &self.file, None, false)?;
        let groups: Result<Vec<Groups>, CliError> = self
            .experiment
            .scenarios
            .iter()
            .map(|s| self.fold(&own, s.study.spec()))
            .collect();
        own.out.sync().map_err(CliError::run)?;
        let drawn = super::drawing::Drawn {
            groups: groups?,
            seconds: started.elapsed().as_secs_f64(),
            computed: 0,
            reused: self
                .experiment
                .scenarios
                .iter()
                .map(|s| self.blocks(s.study.spec()))
                .sum(),
        };
        let judged = finish(&self.experiment, &self.file, &directory, &drawn)?;
        if !quiet {
            print(&super::run::summary(&self.experiment, &directory, &judged))?;
        }
        Ok(judged.iter().filter(|judged| !judged.record.as_expected()).count())
    }

    /// Folds the blocks of a scenario, and keeps in the new journal what it does not have.
    fn fold(&self, journal: &Journal, spec: &Spec) -> Result<Groups, CliError> {
        let (from, to) = (
            Own::new(&self.kept, None, spec),
            Own::new(&journal.kept, Some(&journal.out), spec),
        );
        let mut folder = Folder::new(spec.layout.clone());
        for block in 0..self.blocks(spec) {
            let gone = || CliError::Run(format!("block {block}: it was there and is gone; merge again"));
            let batches = from.kept(block).ok_or_else(gone)?;
            if to.kept(block).is_none() {
                to.keep(block, &batches).map_err(CliError::run)?;
            }
            batches.iter().for_each(|batch| folder.push(batch));
        }
        Ok(folder.finish())
    }
}

/// What each file says was being run last.
pub(super) fn last_records(kept: &Kept) -> BTreeMap<&Path, &ExperimentRecord> {
    let all = kept.experiments().iter();
    all.map(|(path, record)| (path.as_path(), record)).collect()
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

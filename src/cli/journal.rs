//! Owns what commands do with journals: opened beside a result, told about in words, read scenario by scenario.

use super::{CliError, eprint};
use crate::engine::{BlockStore, KeepError, Key, Shard, Share, Spec};
use crate::experiment::Experiment;
use crate::inference::groups::Group;
use crate::record::journal::{Appender, Digest, ExperimentRecord, Journal, Kept, Shape};
use crate::record::{FileError, PART};
use std::path::Path;

/// The folder of journals in that of a result.
pub(super) const FOLDER: &str = "journal";

/// The name of the file that a whole run, or one share of it, writes.
pub(super) fn writer(shard: Option<Shard>) -> String {
    match shard {
        None => "blocks".to_owned(),
        Some(shard) => format!("shard-{}-of-{}", shard.index(), shard.of()),
    }
}

/// Whether a file was written by a share of a run.
pub(super) fn is_share(path: &Path) -> bool {
    path.file_stem()
        .is_some_and(|stem| stem.to_string_lossy().starts_with("shard-"))
}

/// Opens the journal of an experiment's result and says what is damaged in it.
pub(super) fn open(
    directory: &Path,
    experiment: &Experiment,
    file: &str,
    shard: Option<Shard>,
    fresh: bool,
) -> Result<Journal, CliError> {
    let journal = Journal::open(&directory.join(FOLDER), &writer(shard), fresh).map_err(CliError::run)?;
    warn(&journal.kept);
    if journal.unlocked {
        eprint(&format!(
            "{}: this file system has no locks; see to it that no other run writes there",
            journal.out.path().display()
        ));
    }
    introduce(&journal, experiment, file).map_err(CliError::run)?;
    if shard.is_none() {
        // Whoever holds the journal of the whole run is the only one to write results here.
        remove_parts(directory);
    }
    Ok(journal)
}

/// Removes files that a killed run had begun to write beside their places.
fn remove_parts(directory: &Path) {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return;
    };
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if name.is_some_and(|name| name.starts_with(PART)) {
            // One that cannot be removed is litter, not a wrong result.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Says what is damaged.
pub(super) fn warn(kept: &Kept) {
    kept.notes().iter().for_each(|note| eprint(&note.to_string()));
    if let [first, more @ ..] = kept.conflicts() {
        let others = if more.is_empty() {
            String::new()
        } else {
            format!(", and {} more", more.len())
        };
        let [a, b] = first.paths.each_ref().map(|path| path.display());
        let what = match kept.key(&first.work).is_some_and(|text| text.starts_with("law ")) {
            true => "an exact law".to_owned(),
            false => format!("block {}", first.block),
        };
        eprint(&format!(
            "{b}: {what} is not that of {a}{others}: such blocks are computed again; `gc` removes them"
        ));
    }
}

/// What is being run, as a journal keeps it.
pub(super) fn record(experiment: &Experiment, file: &str) -> ExperimentRecord {
    ExperimentRecord {
        name: experiment.name.clone(),
        file: file.to_owned(),
        text: experiment.source.text.clone(),
        set: experiment.sets.clone(),
    }
}

/// Adds to the file that is written what it does not say yet: the experiment, and the texts of its keys.
fn introduce(journal: &Journal, experiment: &Experiment, file: &str) -> Result<(), FileError> {
    let own = record(experiment, file);
    let path = journal.out.path();
    let last = journal.kept.experiments().iter().rev().find(|(from, _)| from == path);
    if last.is_none_or(|(_, last)| *last != own) {
        journal.out.experiment(&own)?;
    }
    introduce_keys(journal, keys(experiment))
}

/// Adds to the file that is written the texts of keys that it does not hold yet.
pub(super) fn introduce_keys<'a>(journal: &Journal, keys: impl Iterator<Item = &'a Key>) -> Result<(), FileError> {
    let path = journal.out.path();
    for key in keys {
        if !journal.kept.is_keyed(path, &key.bytes()) {
            journal.out.scenario(key.text())?;
        }
    }
    Ok(())
}

/// What an experiment has blocks of: its scenarios, then its exact values that take long.
fn keys(experiment: &Experiment) -> impl Iterator<Item = &Key> {
    let scenarios = experiment.scenarios.iter().map(|scenario| &scenario.study.spec().work);
    scenarios.chain(experiment.exact_jobs().into_iter().map(|job| &job.key))
}

/// The digests of the keys of an experiment, first those of its scenarios.
pub(super) fn digests(experiment: &Experiment) -> Vec<Digest> {
    keys(experiment).map(Key::bytes).collect()
}

/// The blocks of one scenario in a journal.
pub(super) struct Own<'a> {
    kept: &'a Kept,
    /// None where they are only read.
    out: Option<&'a Appender>,
    work: Digest,
    shape: Shape,
}

impl<'a> Own<'a> {
    /// Those of a scenario of this specification.
    pub fn new(kept: &'a Kept, out: Option<&'a Appender>, spec: &Spec) -> Self {
        Self {
            kept,
            out,
            work: spec.work.bytes(),
            shape: Shape {
                batches: spec.block,
                batch: spec.batch,
                arms: spec.layout.arms(),
                slots: spec.layout.slots(),
            },
        }
    }
}

impl BlockStore for Own<'_> {
    fn get(&self, block: u64) -> Option<Vec<Group>> {
        self.kept.block(&self.work, block, &self.shape)
    }

    fn indices(&self) -> Vec<u64> {
        self.kept.of(&self.work)
    }

    fn put(&self, block: u64, batches: &[Group]) -> Result<(), KeepError> {
        match self.out {
            None => Ok(()),
            Some(out) => {
                let kept = out.block(&self.work, block, batches);
                kept.map_err(|error| KeepError(not_kept(&error)))
            }
        }
    }
}

/// What is said where a block cannot be kept.
pub(super) fn not_kept(error: &FileError) -> String {
    format!("{error}; what was kept before stays, and the same command goes on from there")
}

/// How many blocks of an experiment are there, and what stands in the way of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// Blocks that are kept and will be used.
    pub reused: u64,
    /// Blocks that a run would compute.
    pub to_do: u64,
    /// Blocks of other scenarios: of another seed, world, measure or version.
    pub stale: u64,
    /// Where a scenario starts over although there are blocks like it: which part of its key differs. The first few.
    differences: Vec<String>,
    /// How many scenarios do.
    differing: usize,
}

impl Plan {
    /// Sweeps have many scenarios; the first few say it.
    const SHOWN: usize = 3;

    /// The plan of a run that needs these blocks of each scenario.
    pub fn new(kept: &Kept, experiment: &Experiment, mut needed: impl FnMut(&Spec) -> Share) -> Self {
        let wanted = digests(experiment);
        let others = kept.other_keys(&wanted);
        let mut plan = Plan {
            reused: 0,
            to_do: 0,
            stale: kept.others(&wanted),
            differences: Vec::new(),
            differing: 0,
        };
        for (index, (scenario, work)) in experiment.scenarios.iter().zip(&wanted).enumerate() {
            let spec = scenario.study.spec();
            let needed = needed(spec);
            let reused = kept.count(work, |block| needed.has(block));
            (plan.reused, plan.to_do) = (plan.reused + reused, plan.to_do + needed.blocks() - reused);
            if !kept.has_any(work) {
                plan.start_over(index, spec.work.text(), &others);
            }
        }
        plan
    }

    /// A scenario of which nothing is kept: notes the key nearest to its own, if any is like it.
    fn start_over(&mut self, index: usize, work: &str, others: &[&str]) {
        let mut alike = others.iter().filter(|other| is_alike(other, work)).peekable();
        if alike.peek().is_none() {
            return;
        }
        self.differing += 1;
        // Each takes as long as there are other keys, and a sweep has as many of both.
        if self.differences.len() < Self::SHOWN {
            let nearest = alike.map(|other| differences(other, work)).min_by_key(Vec::len);
            let said = |own: Vec<String>| format!("scenario {index}: its kept blocks do not fit: {}", in_words(&own));
            self.differences.extend(nearest.map(said));
        }
    }

    /// In words, one line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.reused + self.stale > 0 {
            lines.push(format!(
                "blocks: {} kept from earlier runs, {} to do, {} stale",
                self.reused, self.to_do, self.stale
            ));
        }
        lines.extend(self.differences.iter().cloned());
        if self.differing > self.differences.len() {
            lines.push(format!(
                "and {} more scenarios",
                self.differing - self.differences.len()
            ));
        }
        lines
    }
}

/// Whether two keys are of things of one kind, as their first words say: `work` or `law`.
fn is_alike(a: &str, b: &str) -> bool {
    a.split(' ').next() == b.split(' ').next()
}

/// How the text of a key differs from an earlier one, line by line; lines of the same first word are compared in order.
fn differences(before: &str, now: &str) -> Vec<String> {
    /// Logits of many modes fill pages.
    const LONGEST: usize = 160;
    let cut = |line: &str| match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line.to_owned(),
    };
    let only = |these: &str, others: &str| -> Vec<String> {
        let others: std::collections::HashSet<&str> = others.lines().collect();
        these
            .lines()
            .filter(|line| !others.contains(line))
            .map(str::to_owned)
            .collect()
    };
    let first = |line: &str| line.split(' ').next().unwrap_or("").to_owned();
    let mut gone = only(before, now);
    let mut changes = Vec::new();
    for line in only(now, before) {
        match gone.iter().position(|other| first(other) == first(&line)) {
            Some(place) => changes.push(format!("\"{}\" was \"{}\"", cut(&line), cut(&gone.remove(place)))),
            None => changes.push(format!("\"{}\" is new", cut(&line))),
        }
    }
    changes.extend(gone.iter().map(|line| format!("\"{}\" is gone", cut(line))));
    changes
}

/// What differs between the texts of two keys; none where nothing does.
pub(super) fn changes(before: &str, now: &str) -> Option<String> {
    let changes = differences(before, now);
    (!changes.is_empty()).then(|| in_words(&changes))
}

fn in_words(changes: &[String]) -> String {
    /// A change of all arms is one change to a reader.
    const SHOWN: usize = 2;
    let mut words: Vec<String> = changes.iter().take(SHOWN).cloned().collect();
    if changes.len() > SHOWN {
        words.push(format!("{} more", changes.len() - SHOWN));
    }
    words.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_of_a_key_that_differs_is_named() {
        let before = "work 1\nseed 1\nmodes 8\narm a\narm b";
        let said = |now| in_words(&differences(before, now));
        assert_eq!(
            said("work 1\nseed 2\nmodes 8\narm a\narm b"),
            "\"seed 2\" was \"seed 1\""
        );
        assert_eq!(said("work 1\nseed 1\nmodes 8\narm a\narm b\narm c"), "\"arm c\" is new");
        assert_eq!(said("work 1\nseed 1\nmodes 8\narm b"), "\"arm a\" is gone");
        assert_eq!(
            said("work 2\nseed 2\nmodes 9\narm a\narm b"),
            "\"work 2\" was \"work 1\"; \"seed 2\" was \"seed 1\"; 1 more"
        );
    }
}

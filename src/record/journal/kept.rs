//! Owns what was found in journal files: which blocks there are, read and checked again one by one.

use super::format::Digest;
use super::format::{ENDING, HEAD, Head, Kind, batches};
use super::scan::{ExperimentRecord, Found, Note, Walked, walk};
use crate::inference::groups::Group;
use crate::record::fault::FileError;
use crate::record::files::files_of;
use sha2::{Digest as _, Sha256};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What a scenario's blocks must look like to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Batches of a block.
    pub batches: u64,
    /// Replicates of a batch.
    pub batch: u64,
    /// Arms of the scenario.
    pub arms: usize,
    /// Slots of the scenario.
    pub slots: usize,
}

impl Shape {
    fn fits(&self, own: &[Group]) -> bool {
        let of = |group: &Group| {
            group.replicates == self.batch
                && (group.valid.len(), group.sums.len()) == (self.arms, self.slots)
                && group.valid.iter().all(|&valid| valid <= self.batch)
        };
        own.len() as u64 == self.batches && own.iter().all(of)
    }
}

/// Where a block stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    file: usize,
    at: u64,
    length: u32,
    /// Checksum of the payload: two records of a block are the same exactly if it is.
    sum: u32,
}

/// A block of which files hold different versions: at most one of them is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The scenario.
    pub work: Digest,
    /// The block.
    pub block: u64,
    /// The first two files that differ, or twice the same.
    pub paths: [PathBuf; 2],
}

/// The blocks of some journal files.
#[derive(Debug, Default)]
pub struct Kept {
    files: Vec<(PathBuf, Mutex<File>)>,
    blocks: HashMap<Digest, HashMap<u64, Place>>,
    /// Texts of the work keys.
    keys: HashMap<Digest, String>,
    /// In which files they stand.
    keyed: HashSet<(usize, Digest)>,
    experiments: Vec<(PathBuf, ExperimentRecord)>,
    notes: Vec<Note>,
    conflicts: Vec<Conflict>,
    conflicting: HashSet<(Digest, u64)>,
    repeated: u64,
}

impl Kept {
    /// Adds what a file holds. Returns where its last whole record ends.
    pub(super) fn add(&mut self, path: &Path, mut file: File) -> Result<u64, FileError> {
        let index = self.files.len();
        let Walked { notes, end } = walk(&mut file, path, &mut |found| self.found(index, path, found))?;
        self.notes.extend(notes);
        self.files.push((path.to_owned(), Mutex::new(file)));
        Ok(end)
    }

    /// What the journals of a folder hold.
    pub fn of_folder(folder: &Path) -> Result<Self, FileError> {
        let mut kept = Self::default();
        kept.add_folder(folder, None)?;
        Ok(kept)
    }

    /// Adds every journal of a folder but `own`. A folder that does not exist has none.
    pub fn add_folder(&mut self, folder: &Path, own: Option<&Path>) -> Result<(), FileError> {
        for path in files_of(folder, ENDING)? {
            if own != Some(path.as_path()) {
                let file = File::open(&path).map_err(FileError::io(&path))?;
                self.add(&path, file)?;
            }
        }
        Ok(())
    }

    fn found(&mut self, file: usize, path: &Path, found: Found) {
        match found {
            Found::Experiment(record) => self.experiments.push((path.to_owned(), record)),
            Found::Scenario(text) => {
                let work: Digest = Sha256::digest(text.as_bytes()).into();
                self.keyed.insert((file, work));
                self.keys.insert(work, text);
            }
            Found::Block { head, at, length, sum } => {
                let place = Place { file, at, length, sum };
                self.place(path, head.work, head.block, place);
            }
        }
    }

    fn place(&mut self, path: &Path, work: Digest, block: u64, place: Place) {
        match self.blocks.entry(work).or_default().entry(block) {
            Entry::Vacant(free) => {
                free.insert(place);
            }
            Entry::Occupied(first) if first.get().sum == place.sum => self.repeated += 1,
            Entry::Occupied(first) => {
                let paths = [
                    self.files.get(first.get().file).map_or(path, |(own, _)| own.as_path()),
                    path,
                ];
                self.conflicting.insert((work, block));
                self.conflicts.push(Conflict {
                    work,
                    block,
                    paths: paths.map(Path::to_owned),
                });
            }
        }
    }

    /// Blocks of which there are different versions. None of them is used.
    pub fn conflicts(&self) -> &[Conflict] {
        &self.conflicts
    }

    /// Records that only repeat another.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// The batches of a block, if it is here, whole, and of this shape.
    pub fn block(&self, work: &Digest, block: u64, shape: &Shape) -> Option<Vec<Group>> {
        let place = self.place_of(work, block)?;
        let own = batches(&self.payload(place)?)?;
        shape.fits(&own).then_some(own)
    }

    fn place_of(&self, work: &Digest, block: u64) -> Option<&Place> {
        let place = self.blocks.get(work)?.get(&block)?;
        (!self.conflicting.contains(&(*work, block))).then_some(place)
    }

    /// The record of a block, whole, if it is here and no other version is.
    pub(super) fn record(&self, work: &Digest, block: u64) -> Option<Vec<u8>> {
        self.bytes(self.place_of(work, block)?)
    }

    fn payload(&self, place: &Place) -> Option<Vec<u8>> {
        self.bytes(place).map(|mut bytes| bytes.split_off(HEAD))
    }

    /// Read again and checked again: the file may have changed since it was walked through.
    fn bytes(&self, place: &Place) -> Option<Vec<u8>> {
        let mut bytes = vec![0; HEAD + place.length as usize];
        {
            let mut file = self.files[place.file].1.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(place.at)).ok()?;
            file.read_exact(&mut bytes).ok()?;
        }
        let (head, payload) = bytes.split_first_chunk::<HEAD>()?;
        let head = Head::read(head)?;
        (head.kind == Kind::Block && head.fits(payload)).then_some(bytes)
    }

    /// Indices of the blocks of a scenario, ascending.
    pub fn of(&self, work: &Digest) -> Vec<u64> {
        let mut own: Vec<u64> = self
            .blocks
            .get(work)
            .map_or(Vec::new(), |b| b.keys().copied().collect());
        own.sort_unstable();
        own
    }

    /// How many blocks of a scenario are here of those that a run asks for, which may be more than there will ever be.
    pub fn count(&self, work: &Digest, asked: impl Fn(u64) -> bool) -> u64 {
        let own = self.blocks.get(work).into_iter().flat_map(HashMap::keys);
        let here = own.filter(|block| asked(**block) && self.place_of(work, **block).is_some());
        here.count() as u64
    }

    /// Whether anything of a scenario was found.
    pub fn has_any(&self, work: &Digest) -> bool {
        self.blocks.get(work).is_some_and(|own| !own.is_empty())
    }

    /// Blocks of scenarios other than these.
    pub fn others(&self, wanted: &[Digest]) -> u64 {
        let wanted: HashSet<&Digest> = wanted.iter().collect();
        let other = self.blocks.iter().filter(|(work, _)| !wanted.contains(work));
        other.map(|(_, blocks)| blocks.len() as u64).sum()
    }

    /// Whether a file holds the text of a work key.
    pub fn is_keyed(&self, path: &Path, work: &Digest) -> bool {
        let file = self.files.iter().position(|(own, _)| own == path);
        file.is_some_and(|file| self.keyed.contains(&(file, *work)))
    }

    /// The text of a key, where a file holds it.
    pub fn key(&self, work: &Digest) -> Option<&str> {
        self.keys.get(work).map(String::as_str)
    }

    /// The texts of work keys other than these that have blocks, in a fixed order.
    pub fn other_keys(&self, wanted: &[Digest]) -> Vec<&str> {
        let wanted: HashSet<&Digest> = wanted.iter().collect();
        let own = self
            .keys
            .iter()
            .filter(|(work, _)| !wanted.contains(work) && self.blocks.contains_key(*work));
        let mut texts: Vec<&str> = own.map(|(_, text)| text.as_str()).collect();
        texts.sort_unstable();
        texts
    }

    /// What each file says was being run last.
    pub fn last_experiments(&self) -> BTreeMap<&Path, &ExperimentRecord> {
        let all = self.experiments.iter();
        all.map(|(path, record)| (path.as_path(), record)).collect()
    }

    /// What was being run when each file was written, in order.
    pub fn experiments(&self) -> &[(PathBuf, ExperimentRecord)] {
        &self.experiments
    }

    /// What is damaged or cut off.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The files read.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }
}

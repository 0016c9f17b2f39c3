//! Attacks on journal files: cut off anywhere, changed anywhere, written twice, of another version, of any bytes.

use super::scan::walk;
use super::*;
use crate::inference::groups::Group;
use crate::record::fault::FileError;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

const SHAPE: Shape = Shape {
    batches: 2,
    batch: 8,
    arms: 2,
    slots: 3,
};

/// A block that no other looks like.
fn batches(block: u64) -> Vec<Group> {
    let group = |batch: u64| Group {
        replicates: 8,
        valid: vec![8, 8 - batch],
        sums: (0..3)
            .map(|slot| (1000 * block + 10 * batch + slot) as f64 + 0.25)
            .collect(),
    };
    (0..2).map(group).collect()
}

fn work(of: u8) -> Digest {
    use sha2::Digest as _;
    sha2::Sha256::digest([of]).into()
}

fn open(folder: &Path) -> Result<Journal, FileError> {
    Journal::open(folder, "blocks", false)
}

fn file(folder: &Path) -> PathBuf {
    folder.join("blocks.mlj")
}

fn text(folder: &Path) -> String {
    open(folder).expect_err("it is refused").to_string()
}

/// A journal of one scenario and these blocks; the bytes, and where each block ends.
fn written(folder: &Path, blocks: u64) -> (Vec<u8>, Vec<u64>) {
    let journal = open(folder).unwrap();
    journal.out.scenario("work 1").unwrap();
    let mut ends = Vec::new();
    for block in 0..blocks {
        journal.out.block(&work(1), block, &batches(block)).unwrap();
        journal.out.sync().unwrap();
        ends.push(fs::metadata(file(folder)).unwrap().len());
    }
    drop(journal);
    (fs::read(file(folder)).unwrap(), ends)
}

/// The blocks that are found; each is checked to be what was written.
fn found(kept: &Kept) -> Vec<u64> {
    let own = kept.of(&work(1)).into_iter();
    own.filter(|&block| match kept.block(&work(1), block, &SHAPE) {
        None => false,
        Some(own) => {
            assert_eq!(own, batches(block), "block {block}");
            true
        }
    })
    .collect()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn what_is_kept_is_found_again_and_added_to() {
    let folder = folder();
    written(folder.path(), 3);
    let journal = open(folder.path()).unwrap();
    assert_eq!(found(&journal.kept), [0, 1, 2]);
    assert!(journal.kept.notes().is_empty() && journal.kept.conflicts().is_empty());
    journal.out.block(&work(1), 3, &batches(3)).unwrap();
    journal.out.sync().unwrap();
    drop(journal);
    assert_eq!(found(&open(folder.path()).unwrap().kept), [0, 1, 2, 3]);
}

/// Whatever the length at which power was lost: every block that was whole is there, no other, and the journal goes on.
#[test]
fn a_file_cut_off_at_any_byte_keeps_every_whole_block_and_goes_on() {
    let whole = folder();
    let (bytes, ends) = written(whole.path(), 3);
    for length in 0..bytes.len() {
        let folder = folder();
        fs::write(file(folder.path()), &bytes[..length]).unwrap();
        let expected: Vec<u64> = (0..3).filter(|&block| ends[block as usize] <= length as u64).collect();
        let journal = open(folder.path()).unwrap();
        assert_eq!(found(&journal.kept), expected, "cut at {length}");
        for block in expected.len() as u64..3 {
            journal.out.block(&work(1), block, &batches(block)).unwrap();
        }
        journal.out.sync().unwrap();
        drop(journal);
        let again = open(folder.path()).unwrap();
        assert_eq!(found(&again.kept), [0, 1, 2], "cut at {length}");
        assert!(
            again.kept.notes().is_empty(),
            "cut at {length}: {:?}",
            again.kept.notes()
        );
    }
}

/// One changed byte costs at most the record that it is in, which is told, and never makes a wrong block.
#[test]
fn a_byte_changed_anywhere_costs_one_block_and_is_told() {
    let whole = folder();
    let (bytes, ends) = written(whole.path(), 3);
    let first = ends[0] as usize - (ends[1] - ends[0]) as usize;
    for place in 0..bytes.len() {
        for change in [1_u8, 0x80, 0xFF] {
            let folder = folder();
            let mut damaged = bytes.clone();
            damaged[place] ^= change;
            fs::write(file(folder.path()), &damaged).unwrap();
            if (8..12).contains(&place) && open(folder.path()).is_err() {
                continue;
            }
            let journal = open(folder.path()).unwrap();
            let hit = ends
                .iter()
                .position(|&end| (place as u64) < end)
                .filter(|_| place >= first);
            let expected: Vec<u64> = (0..3).filter(|&block| Some(block as usize) != hit).collect();
            assert_eq!(found(&journal.kept), expected, "byte {place}");
            let notes = journal.kept.notes();
            let [note] = notes else {
                panic!("byte {place}: {notes:?}")
            };
            assert!(note.bytes.contains(&(place as u64)), "byte {place}: {note}");
        }
    }
}

/// The negative control of the two tests above: without checksums a changed byte would be a wrong number.
#[test]
fn a_change_that_comes_with_its_checksums_would_be_believed() {
    let folder = folder();
    let mut wrong = batches(1);
    wrong[0].sums[0] += 1.0;
    let journal = open(folder.path()).unwrap();
    journal.out.block(&work(1), 1, &wrong).unwrap();
    journal.out.sync().unwrap();
    drop(journal);
    let kept = open(folder.path()).unwrap().kept;
    assert_eq!(kept.block(&work(1), 1, &SHAPE), Some(wrong));
}

/// Zeroes at the end are what some file systems leave after a loss of power.
#[test]
fn damage_in_the_middle_is_named_and_zeroes_at_the_end_are_a_tail() {
    let folder = folder();
    let (mut bytes, ends) = written(folder.path(), 3);
    let (from, to) = (ends[0] as usize, ends[1] as usize);
    bytes[from + 5..to].fill(0);
    bytes.extend([0; 100]);
    fs::write(file(folder.path()), &bytes).unwrap();
    let kept = open(folder.path()).unwrap().kept;
    assert_eq!(found(&kept), [0, 2]);
    let said: Vec<String> = kept.notes().iter().map(ToString::to_string).collect();
    let path = file(folder.path());
    let path = path.display();
    assert_eq!(
        said,
        [
            format!("{path}: damaged from byte {from} to {to}; blocks that were there are computed again"),
            format!(
                "{path}: cut off at byte {} of {}; what is missing is computed again",
                ends[2],
                ends[2] + 100
            ),
        ]
    );
}

#[test]
fn a_second_writer_is_refused_and_a_reader_is_not() {
    let folder = folder();
    let journal = open(folder.path()).unwrap();
    journal.out.block(&work(1), 0, &batches(0)).unwrap();
    journal.out.sync().unwrap();
    let message = text(folder.path());
    assert!(message.contains("another run is writing here"), "{message}");
    let other = Journal::open(folder.path(), "shard-0-of-2", false).unwrap();
    assert_eq!(found(&other.kept), [0]);
    let fresh = Journal::open(folder.path(), "shard-1-of-2", true).expect_err("a file is held");
    assert!(fresh.to_string().contains("another run is writing here"), "{fresh}");
    drop((journal, other));
    let fresh = Journal::open(folder.path(), "blocks", true).unwrap();
    assert!(found(&fresh.kept).is_empty());
    drop(fresh);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn another_version_is_refused_untouched() {
    let folder = folder();
    let (mut bytes, _) = written(folder.path(), 1);
    bytes[8] = 7;
    let sum = crc32fast::hash(&bytes[..12]);
    bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    fs::write(file(folder.path()), &bytes).unwrap();
    let message = text(folder.path());
    assert!(
        message.contains("format version 7, but this program reads version 1"),
        "{message}"
    );
    assert_eq!(fs::read(file(folder.path())).unwrap(), bytes);
    Journal::open(folder.path(), "blocks", true).expect("--fresh starts over");
}

/// Two files, three versions: none of a block that differs is used, whichever comes first.
#[test]
fn of_two_versions_of_a_block_neither_is_used() {
    let folder = folder();
    let write = |name: &str, block: u64, as_of: u64| {
        let journal = Journal::open(folder.path(), name, false).unwrap();
        journal.out.block(&work(1), block, &batches(as_of)).unwrap();
        journal.out.sync().unwrap();
    };
    write("a", 0, 0);
    write("a", 1, 1);
    write("b", 0, 5);
    write("b", 1, 1);
    write("c", 0, 0);
    let kept = open(folder.path()).unwrap().kept;
    assert_eq!(found(&kept), [1]);
    assert_eq!(kept.count(&work(1), |block| block <= 2), 1);
    assert_eq!((kept.repeated(), kept.conflicts().len()), (2, 1));
    assert_eq!(kept.conflicts()[0].block, 0);
}

#[test]
fn a_block_of_another_shape_is_not_used() {
    let folder = folder();
    written(folder.path(), 1);
    let kept = open(folder.path()).unwrap().kept;
    assert!(kept.block(&work(1), 0, &SHAPE).is_some());
    let others = [
        Shape { batches: 1, ..SHAPE },
        Shape { batch: 7, ..SHAPE },
        Shape { arms: 3, ..SHAPE },
        Shape { slots: 2, ..SHAPE },
    ];
    others
        .iter()
        .for_each(|shape| assert!(kept.block(&work(1), 0, shape).is_none(), "{shape:?}"));
    assert!(kept.block(&work(2), 0, &SHAPE).is_none());
}

#[test]
fn a_file_that_cannot_grow_breaks_nothing_that_is_in_it() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: there is no /dev/full here");
        return;
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let out = Appender::new(Path::new("/dev/full"), full, 0).unwrap();
    out.block(&work(1), 0, &batches(0)).unwrap();
    let message = out.sync().expect_err("it is full").to_string();
    assert!(message.starts_with("/dev/full: "), "{message}");
    let message = out.sync().expect_err("it stays so").to_string();
    assert!(
        message.contains("nothing can be added since a write failed"),
        "{message}"
    );
}

/// What a walk finds in any bytes is what it finds when the same bytes stand behind others.
fn walked(bytes: &[u8]) -> Result<(u64, BTreeMap<u64, u64>), String> {
    let mut blocks = BTreeMap::new();
    let mut each = |found| {
        if let super::scan::Found::Block { head, at, .. } = found {
            blocks.insert(at, head.block);
        }
    };
    let walked = walk(&mut Cursor::new(bytes), Path::new("any"), &mut each).map_err(|error| error.to_string())?;
    assert!(walked.end <= bytes.len() as u64);
    let noted: u64 = walked.notes.iter().map(|note| note.bytes.end - note.bytes.start).sum();
    assert!(noted <= bytes.len() as u64);
    Ok((walked.end, blocks))
}

#[derive(Debug, Clone)]
enum Blow {
    Flip(usize, u8),
    Cut(usize, usize),
    Copy(usize, usize, usize),
    Put(usize, Vec<u8>),
}

fn blow() -> impl Strategy<Value = Blow> {
    let place = 0..4096_usize;
    prop_oneof![
        (place.clone(), 1..=255_u8).prop_map(|(at, by)| Blow::Flip(at, by)),
        (place.clone(), 1..300_usize).prop_map(|(at, n)| Blow::Cut(at, n)),
        (place.clone(), place.clone(), 1..300_usize).prop_map(|(from, to, n)| Blow::Copy(from, to, n)),
        (place, prop::collection::vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Blow::Put(at, bytes)),
    ]
}

fn struck(mut bytes: Vec<u8>, blow: &Blow) -> Vec<u8> {
    let size = bytes.len().max(1);
    match blow {
        Blow::Flip(at, by) => {
            if let Some(byte) = bytes.get_mut(at % size) {
                *byte ^= by;
            }
        }
        Blow::Cut(at, n) => drop(bytes.drain(at % size..(at % size + n).min(bytes.len()))),
        Blow::Copy(from, to, n) => {
            let part = bytes[from % size..(from % size + n).min(bytes.len())].to_vec();
            bytes.splice(to % size..to % size, part);
        }
        Blow::Put(at, with) => drop(bytes.splice(at % size..at % size, with.iter().copied())),
    }
    bytes
}

fn seed() -> &'static [u8] {
    static SEED: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    SEED.get_or_init(|| {
        let folder = folder();
        written(folder.path(), 4).0
    })
}

proptest! {
    /// `PROPTEST_CASES=10000000` makes a long hunt of it.
    #[test]
    fn no_bytes_make_the_walk_fail_or_find_a_block_that_was_never_written(
        blows in prop::collection::vec(blow(), 1..6),
        raw in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let bytes = blows.iter().fold(seed().to_vec(), struck);
        match walked(&bytes) {
            Ok((_, blocks)) => prop_assert!(blocks.values().all(|&block| block < 4)),
            Err(message) => prop_assert!(message.contains("format version"), "{}", message),
        }
        let _ = walked(&raw);
    }
}

/// Files of a writer of its own (`scripts/journal_corpus.py`): the blocks that are found in each, the places that are told
/// of, and the blocks of which there are two versions.
const CORPUS: [(&str, &[u64], usize, usize); 15] = [
    ("whole", &[0, 1, 2], 0, 0),
    ("empty", &[], 0, 0),
    ("half-an-opening", &[], 1, 0),
    ("cut-in-a-head", &[0, 1], 1, 0),
    ("cut-in-a-payload", &[0, 1], 1, 0),
    ("zeroes-at-the-end", &[0, 1, 2], 1, 0),
    ("changed-sum", &[0, 2], 1, 0),
    ("changed-length", &[0, 2], 1, 0),
    ("changed-opening", &[0, 1, 2], 1, 0),
    ("text-between", &[0, 1], 1, 0),
    ("a-later-kind", &[0, 2], 0, 0),
    ("a-block-twice", &[0, 1, 2], 0, 0),
    ("two-versions", &[0, 2], 0, 1),
    ("too-long-a-length", &[0], 1, 0),
    ("a-block-of-lies", &[1], 0, 0),
];

#[test]
fn the_corpus_is_read_as_it_was_meant() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/journals");
    let count = fs::read_dir(&corpus).unwrap().count();
    assert_eq!(count, CORPUS.len() + 1, "one more is of another version");
    for (name, blocks, notes, conflicts) in CORPUS {
        let folder = folder();
        fs::copy(corpus.join(format!("{name}.mlj")), file(folder.path())).unwrap();
        let journal = open(folder.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let kept = &journal.kept;
        assert_eq!(found(kept), blocks, "{name}");
        assert_eq!(
            (kept.notes().len(), kept.conflicts().len()),
            (notes, conflicts),
            "{name}"
        );
        // Whatever stood behind the last whole record is gone when the next is there, however long it was.
        journal.out.block(&work(1), 9, &batches(9)).unwrap();
        journal.out.sync().unwrap();
        drop(journal);
        let again = open(folder.path()).unwrap().kept;
        assert_eq!(found(&again), [blocks, &[9]].concat(), "{name}");
        assert!(
            again.notes().iter().all(|note| !note.tail),
            "{name}: {:?}",
            again.notes()
        );
    }
    let folder = folder();
    fs::copy(corpus.join("another-version.mlj"), file(folder.path())).unwrap();
    assert!(text(folder.path()).contains("format version 2"));
}

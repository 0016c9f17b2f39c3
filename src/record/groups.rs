//! Owns the stored group sums of a run, from which every estimate and claim can be redone without drawing.
//!
//! Little-endian: magic, format version, per scenario its work digest, layout, groups; last a SHA-256 of all before.
//! It is a cache beside the results, not part of them: whoever lacks it runs the experiment again, for the same bits.

use super::files::{FileError, read};
use crate::inference::groups::{Group, Groups, Layout};
use sha2::{Digest, Sha256};
use std::path::Path;

const MAGIC: &[u8; 8] = b"mlgroups";
/// Rises with any change of the bytes below.
const VERSION: u64 = 1;

/// The bytes of the file: group sums of each scenario beside the digest of its work key.
pub fn write_groups(scenarios: &[(String, Groups)]) -> Vec<u8> {
    let mut out = Out(MAGIC.to_vec());
    out.word(VERSION);
    out.word(scenarios.len() as u64);
    for (work, groups) in scenarios {
        out.word(work.len() as u64);
        out.0.extend(work.as_bytes());
        out.word(groups.groups().len() as u64);
        for group in groups.groups() {
            out.word(group.replicates);
            out.word(group.valid.len() as u64);
            group.valid.iter().for_each(|&n| out.word(n));
            out.word(group.sums.len() as u64);
            group.sums.iter().for_each(|x| out.word(x.to_bits()));
        }
    }
    let sum = Sha256::digest(&out.0);
    out.0.extend(sum);
    out.0
}

struct Out(Vec<u8>);

impl Out {
    fn word(&mut self, word: u64) {
        self.0.extend(word.to_le_bytes());
    }
}

/// The group sums of a file, if it belongs to scenarios of these work digests and layouts.
pub fn read_groups(path: &Path, wanted: &[(String, Layout)]) -> Result<Vec<Groups>, FileError> {
    let bytes = read(path)?;
    let torn = || FileError::content(path, "damaged: its checksum does not match; run the experiment again");
    let body = bytes.len().checked_sub(32).ok_or_else(torn)?;
    if *Sha256::digest(&bytes[..body]) != bytes[body..] || !bytes.starts_with(MAGIC) {
        return Err(torn());
    }
    let mut input = In(&bytes[MAGIC.len()..body]);
    let foreign = || {
        FileError::content(
            path,
            "belongs to another experiment or version; run the experiment again",
        )
    };
    if input.word() != Some(VERSION) || input.word() != Some(wanted.len() as u64) {
        return Err(foreign());
    }
    wanted
        .iter()
        .map(|(work, layout)| read_one(&mut input, work, layout).ok_or_else(foreign))
        .collect()
}

struct In<'a>(&'a [u8]);

impl In<'_> {
    fn word(&mut self) -> Option<u64> {
        let (word, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*word))
    }

    fn words(&mut self, expected: usize) -> Option<Vec<u64>> {
        if self.word()? != expected as u64 {
            return None;
        }
        (0..expected).map(|_| self.word()).collect()
    }
}

fn read_one(input: &mut In<'_>, work: &str, layout: &Layout) -> Option<Groups> {
    let length = usize::try_from(input.word()?).ok()?;
    let (own, rest) = input.0.split_at_checked(length)?;
    input.0 = rest;
    if own != work.as_bytes() {
        return None;
    }
    let count = input.word()?;
    let groups: Option<Vec<Group>> = (0..count)
        .map(|_| {
            Some(Group {
                replicates: input.word()?,
                valid: input.words(layout.arms())?,
                sums: input.words(layout.slots())?.into_iter().map(f64::from_bits).collect(),
            })
        })
        .collect();
    Some(Groups::new(layout.clone(), groups?))
}

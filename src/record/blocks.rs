//! Owns the digests of blocks that a manifest holds: of which blocks, of what bytes, and as what text.

use crate::inference::groups::Group;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// The most blocks of a scenario that a manifest has digests of.
pub const MOST_BLOCKS: u64 = 16;

/// A block, and a digest of its batches as a journal stores them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct BlockDigest {
    /// Its index.
    pub block: u64,
    /// The first 8 bytes of the SHA-256: a block that is drawn again and differs has the same once in 2^64. More would help against
    /// nobody, for whoever forges a result can write down digests of blocks that are right.
    pub digest: u64,
}

impl BlockDigest {
    /// That of these batches: counts and sums as bit patterns.
    pub fn of(block: u64, batches: &[Group]) -> Self {
        let mut bytes = Vec::new();
        put_batches(&mut bytes, batches);
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        Self {
            block,
            digest: u64::from_be_bytes([a, b, c, d, e, f, g, h]),
        }
    }
}

/// Adds the batches of a block, as a journal stores them behind the head of its payload.
pub(super) fn put_batches(out: &mut Vec<u8>, batches: &[Group]) {
    for batch in batches {
        out.extend(batch.replicates.to_le_bytes());
        batch.valid.iter().for_each(|n| out.extend(n.to_le_bytes()));
        batch.sums.iter().for_each(|x| out.extend(x.to_le_bytes()));
    }
}

impl fmt::Display for BlockDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:016x}", self.block, self.digest)
    }
}

impl From<BlockDigest> for String {
    fn from(own: BlockDigest) -> Self {
        own.to_string()
    }
}

impl TryFrom<String> for BlockDigest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let read = |(block, digest): (&str, &str)| {
            Some(Self {
                block: block.parse().ok()?,
                digest: u64::from_str_radix(digest, 16).ok()?,
            })
        };
        // Only what is written so: a sign or a capital would be read too.
        let own = text
            .split_once(':')
            .and_then(read)
            .filter(|own| own.to_string() == text);
        own.ok_or_else(|| format!("{text:?} is no digest of a block: its index, a colon and 16 hexadecimal digits"))
    }
}

/// Of a scenario's first `total` blocks those that a manifest has digests of, ascending: the last, and of the others every so
/// many from the first on.
///
/// How many is a power of two. So a run that goes on beyond what it first thought enough needs no block that it has passed and not
/// noted.
pub fn chosen(total: u64) -> impl Iterator<Item = u64> {
    (0..total.saturating_sub(1))
        .step_by(step(total) as usize)
        .chain(total.checked_sub(1))
}

/// Whether a block is one of those.
pub fn is_chosen(block: u64, total: u64) -> bool {
    block < total && (block + 1 == total || block.is_multiple_of(step(total)))
}

fn step(total: u64) -> u64 {
    let last = total.saturating_sub(1);
    last.div_ceil(MOST_BLOCKS - 1).next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_last_block_are_chosen_and_others_evenly_between() {
        assert_eq!(chosen(0).count(), 0);
        for total in (1..3000).chain([1 << 40, u64::MAX]) {
            let own: Vec<u64> = chosen(total).collect();
            assert!(own.iter().all(|block| is_chosen(*block, total)) && !is_chosen(total, total));
            if total < 300 {
                assert_eq!((0..total).filter(|block| is_chosen(*block, total)).count(), own.len());
            }
            assert_eq!((own[0], own[own.len() - 1]), (0, total - 1));
            let least = total.min(MOST_BLOCKS / 2 + 1);
            assert!((least..=MOST_BLOCKS).contains(&(own.len() as u64)), "{total}: {own:?}");
            let gaps: Vec<u64> = own.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let (last, others) = gaps.split_last().unwrap_or((&1, &[]));
            assert!(
                others.iter().all(|gap| *gap == gaps[0] && *gap >= *last && *last > 0),
                "{total}: {own:?}"
            );
        }
    }

    #[test]
    fn what_a_longer_run_needs_of_a_shorter_one_was_chosen_there() {
        for total in 1..200 {
            let own: Vec<u64> = chosen(total).collect();
            for longer in total..600 {
                assert!(
                    chosen(longer)
                        .filter(|block| *block < total)
                        .all(|block| own.contains(&block))
                );
            }
        }
    }

    fn group(valid: u64, sum: f64) -> Group {
        Group {
            replicates: 8,
            valid: vec![valid],
            sums: vec![sum, 1.0],
        }
    }

    /// The digest is that which `sha256sum` gives of the bytes that a journal holds.
    #[test]
    fn every_bit_of_a_block_counts() {
        let own = BlockDigest::of(3, &[group(8, 0.0)]);
        assert_eq!(own.to_string(), "3:5144bcc8948a5b1c");
        for other in [
            group(7, 0.0),
            group(8, -0.0),
            group(8, f64::from_bits(1)),
            group(8, f64::NAN),
        ] {
            assert_ne!(own, BlockDigest::of(3, &[other]));
        }
        assert_ne!(own, BlockDigest::of(3, &[group(8, 0.0), group(8, 0.0)]));
        let unknown = BlockDigest::of(3, &[group(8, f64::NAN)]);
        assert_eq!(unknown, BlockDigest::of(3, &[group(8, f64::NAN)]));
    }

    #[test]
    fn only_the_text_that_is_written_is_read() {
        let read = |text: &str| BlockDigest::try_from(text.to_owned());
        let own = BlockDigest {
            block: 12,
            digest: 0xab,
        };
        assert_eq!(read("12:00000000000000ab"), Ok(own));
        for wrong in [
            "",
            "12",
            ":",
            "12:ab",
            "12:00000000000000AB",
            "+12:00000000000000ab",
            "-1:00000000000000ab",
        ] {
            let says = format!("{wrong:?} is no digest of a block: its index, a colon and 16 hexadecimal digits");
            assert_eq!(read(wrong), Err(says));
        }
    }
}

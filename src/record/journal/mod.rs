//! Owns the journal: finished blocks of replicates on disk, so that none is ever computed twice or lost.
//!
//! A folder holds one file per writer, each locked while it is written. A file only grows; whoever opens it finds every
//! whole record in it, whatever happened to the bytes between. The journal knows blocks by the digest of their work key
//! and computes nothing. It lies beside a result and is no part of it: without it a run starts over, for the same bits.
//!
//! - [`Journal`]: one folder, opened to be read and added to.
//! - [`Kept`]: the blocks found in files, checked again as they are read.
//! - [`Note`]: what was found damaged, in words.
//!
//! # Format, version 1
//!
//! Little-endian. A file opens with 16 bytes: `mljournl`, the version (u32), a CRC-32 of these 12 bytes. Records follow:
//!
//! | bytes | content |
//! |---|---|
//! | 4 | `MLr\n`, the mark from which reading goes on behind a damaged record |
//! | 4 | kind: 1 experiment (JSON), 2 scenario (text of its work key), 3 block |
//! | 4 | length of the payload |
//! | 4 | CRC-32 of the payload |
//! | 4 | CRC-32 of the 16 bytes before |
//! | .. | payload |
//!
//! A block: SHA-256 of the work key, block index (u64), then batches, arms and slots (u32 each), and per batch its
//! replicates (u64), those valid per arm (u64 each), and the sums per slot (f64 each).
//!
//! The numbers of an exact value that takes long are a block too: of a key of their own, with index 0, one batch, no replicates, no
//! arms, and one sum for each number.
//!
//! The version rises with any change that makes an older reader misread a file; a kind of record that older readers may
//! pass over is no such change. What a block *means* is the work key's affair: its text names the versions of numerics
//! and study, and a new text makes new blocks.

mod compact;
mod format;
mod kept;
mod open;
mod scan;
#[cfg(test)]
mod tests;
mod write;

pub use compact::compact;
pub use format::{Digest, ENDING};
pub use kept::{Kept, Shape};
pub use open::Journal;
pub use scan::{ExperimentRecord, Note};
pub use write::Appender;

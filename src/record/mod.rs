//! The stored formats of a result: estimates, claims, draws, manifest. It reads and writes them and computes nothing.
//!
//! Floats are written in the shortest form that reads back to the same bits, unknown values are empty (law 5), and
//! every file is written beside its place and renamed, so that a reader never sees half of one.

mod blocks;
pub mod claims;
mod csv_text;
pub mod curves;
mod draws;
pub mod estimates;
mod fault;
#[cfg(feature = "files")]
mod files;
mod intervals;
#[cfg(feature = "files")]
pub mod journal;
mod manifest;
mod pools;
pub mod rows;

pub use blocks::{BlockDigest, MOST_BLOCKS, chosen, is_chosen};
pub use claims::{ClaimRecord, LEAST_P, p_value, parse_claims, write_claims};
pub use curves::{CurveKind, CurveRecord, parse_curves, write_curves};
pub use draws::{DRAWS, DrawsKind, DrawsRecord, draws_file, parse_draws, write_draws};
pub use estimates::{EstimateRecord, parse_estimates, put_estimates, write_estimates};
pub use fault::FileError;
#[cfg(feature = "files")]
pub use files::{PART, Settled, Staged, files_of, read, replace, written};
pub use intervals::{IntervalsRecord, PartRecord};
pub use manifest::{
    Digesting, Manifest, OutputDigest, Provenance, ScenarioRecord, VERSION as MANIFEST_VERSION, digest,
};
pub use pools::{CandidateRecord, PoolRecord};
pub use rows::{RowValue, RowWriter, SeriesRecord, rows_header, write_summary};

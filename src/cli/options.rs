//! Owns how experiments are run, whatever they are.

use super::CliError;
use crate::engine::Shard;
use std::path::Path;

/// How progress is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Style {
    /// A bar on a terminal, plain lines elsewhere
    Auto,
    /// One JSON object per line
    Json,
}

/// How experiments are run, whatever they are.
pub(super) struct RunOptions<'a> {
    /// Gets one folder per experiment.
    pub out: &'a Path,
    /// One per core where it is not given.
    pub threads: Option<u16>,
    /// The share of blocks to compute; all of them where it is not given.
    pub shard: Option<Shard>,
    /// Whether blocks of earlier runs are removed instead of used.
    pub fresh: bool,
    /// Whether several experiments are run at once, so that no core waits for the last block of one.
    pub at_once: bool,
    /// How progress is told.
    pub progress: Style,
    /// Most rows to write where there shall be one per replicate; none where there shall be no such rows.
    pub rows: Option<u64>,
    /// Whether progress is kept silent.
    pub quiet: bool,
}

/// Threads to run on: so many, or one per core.
pub(super) fn pool(threads: Option<u16>) -> Result<rayon::ThreadPool, CliError> {
    let threads = threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(CliError::run)
}

/// A number of an argument that is 0 or more.
pub(super) fn amount(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|x: &f64| x.is_finite() && *x >= 0.0);
    number.ok_or_else(|| "a number of 0 or more is expected".to_owned())
}

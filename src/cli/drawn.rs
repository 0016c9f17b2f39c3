//! What drawing an experiment gives.

use crate::record::BlockDigest;
use crate::session::Findings;

/// The replicates of an experiment, drawn.
pub(super) struct Drawn {
    /// What was found of each scenario.
    pub findings: Findings,
    /// Digests of some blocks of each, for the manifest.
    pub blocks: Vec<Vec<BlockDigest>>,
    /// How many blocks of each are missing: of a partial merge only.
    pub missing: Vec<u64>,
    /// Seconds that exact values took which were worked out before.
    pub exact_seconds: f64,
    /// Seconds that it took.
    pub seconds: f64,
    /// Blocks computed now.
    pub computed: u64,
    /// Blocks kept by earlier runs.
    pub reused: u64,
}

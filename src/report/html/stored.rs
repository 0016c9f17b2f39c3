//! Owns what a page is made of.

use crate::experiment::Experiment;
use crate::record::{ClaimRecord, Manifest};
use crate::report::plot::Records;

/// A stored result.
pub struct Stored<'a> {
    /// The experiment, read from the manifest.
    pub experiment: &'a Experiment,
    /// The manifest, which the page carries.
    pub manifest: &'a Manifest,
    /// Estimates, curves and pools.
    pub records: &'a Records,
    /// Verdicts.
    pub claims: &'a [ClaimRecord],
    /// Files of the result that the page lets its reader save: name and text.
    pub files: &'a [(String, String)],
    /// What draws blocks again in the reader's browser; none where the program carries no engine.
    pub engine: Option<Engine>,
}

/// The library as WebAssembly, and the scripts around it.
pub struct Engine {
    /// The module, compressed by gzip, in base64.
    pub module: String,
    /// What unpacks it and asks it.
    pub script: &'static str,
    /// What runs beside the page and holds it.
    pub worker: &'static str,
}

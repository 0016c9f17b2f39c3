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
}

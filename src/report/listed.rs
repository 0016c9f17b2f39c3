//! Owns a result as pages that list several of them know it.

use crate::record::ClaimRecord;

/// A result as pages list it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The experiment.
    pub name: String,
    /// What it is about, in a line.
    pub title: String,
    /// Its page, as the listing page links to it.
    pub link: String,
    /// Its claims, judged.
    pub claims: Vec<ClaimRecord>,
}

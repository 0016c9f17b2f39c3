//! Owns selectors of one's own: what they are told of a pool, and what must be true of what they keep.

use super::SelectError;
use std::fmt;

/// A selector of one's own: a rule that this crate does not know.
pub struct SelectorKind {
    /// Its name in files and result columns.
    pub name: &'static str,
    /// One line for help texts.
    pub about: &'static str,
    /// Its author raises it whenever it keeps others than before: records of the old version are then not taken for those of
    /// the new one.
    pub version: u32,
    /// Whether it looks at embeddings. They are drawn, and handed to it, only then.
    pub embeddings: bool,
    /// Given the candidates of one prompt and K, adds the indices of K different ones to an empty list, in the order kept.
    ///
    /// It must rest on nothing but what it is given, so that a run can be repeated: words stand for chance.
    pub keep: fn(&Candidates<'_>, usize, &mut Vec<usize>),
}

/// What a selector of one's own sees of one prompt's N candidates.
#[derive(Debug, Clone, Copy)]
pub struct Candidates<'a> {
    /// The reward of each: N finite numbers.
    pub rewards: &'a [f64],
    /// The embedding of each, one after the other; empty unless [asked for](SelectorKind::embeddings).
    pub embeddings: &'a [f64],
    /// Coordinates of an embedding.
    pub dimension: usize,
    /// A random word for each, distinct within the pool.
    pub words: &'a [u64],
}

impl SelectorKind {
    /// Keeps `keep` of the candidates: their indices into `order`, which is empty. `seen` is scratch.
    pub(super) fn run(
        &self,
        candidates: &Candidates<'_>,
        keep: usize,
        order: &mut Vec<usize>,
        seen: &mut Vec<bool>,
    ) -> Result<(), SelectError> {
        (self.keep)(candidates, keep, order);
        let n = candidates.rewards.len();
        seen.clear();
        seen.resize(n, false);
        let fresh = |&j: &usize| j < n && !std::mem::replace(&mut seen[j], true);
        match order.len() == keep && order.iter().all(fresh) {
            true => Ok(()),
            false => Err(SelectError::Own {
                name: self.name,
                keep,
                candidates: n,
                kept: order.clone(),
            }),
        }
    }
}

/// Those of one name and version keep the same.
impl PartialEq for SelectorKind {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.version) == (other.name, other.version)
    }
}

impl Eq for SelectorKind {}

impl fmt::Debug for SelectorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

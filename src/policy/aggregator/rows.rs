//! Owns what examples show, as rows of lanes.

use crate::numerics::lanes::Lanes;
use std::ops::Range;

/// What examples show of drafts, a row per group and mode.
#[derive(Debug, Clone)]
pub struct Drafted {
    /// g.
    pub votes: Vec<Lanes<f64>>,
    /// z: 1 where some draft shows the mode, else 0.
    pub presence: Vec<Lanes<f64>>,
    /// z s.
    pub checked: Vec<Lanes<f64>>,
}

impl Drafted {
    /// Some rows of each: of votes, of what checking finds, of presence.
    pub(super) fn rows(&self, rows: Range<usize>) -> [&[Lanes<f64>]; 3] {
        [&self.votes, &self.checked, &self.presence].map(|own| &own[rows.clone()])
    }
}

/// Rows of lanes of examples.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// M.
    pub modes: usize,
    /// phi, a row per group, mode and feature.
    pub features: &'a [Lanes<f64>],
    /// w_0 phi.
    pub prior: &'a [Lanes<f64>],
    /// Drafts, where examples show some.
    pub drafts: Option<&'a Drafted>,
    /// 1 at the mode to answer, else 0.
    pub target: &'a [Lanes<f64>],
    /// 1 in lanes that hold a slot, else 0, of each group of a query.
    pub active: &'a [Lanes<f64>],
}

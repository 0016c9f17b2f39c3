//! Owns policies that propose responses to slots and aggregate drafts of them: one softmax over the modes of a slot, linear in what a pass
//! sees.
//!
//! A pass recalls the features of a slot, or lapses. Its logit of mode m is A (w phi_m) without drafts and
//! A (w phi_m + alpha_P w_0 phi_m) + beta g_m + z_m (gamma s_m + eta) with them: A is 1 where it recalls, n_m votes of N drafts show the
//! mode, z_m is 1 where n_m > 0, g_m = ln((n_m + eps)/(N + M eps)), s_m is what checking the mode finds and w_0 phi_m what the base model thinks of
//! it. All of it is a conditional logit (McFadden 1974), so that losses are convex.
//!
//! Rows of lanes: each group of eight slots has one row per mode; features have a row per mode and feature.

#[cfg(test)]
mod answer_tests;
mod answers;
mod factors;
mod kernels;
mod passes;
mod rows;
#[cfg(test)]
mod tests;
mod training;

pub use kernels::MOST_MODES;
pub use passes::{Pass, Proposer, SlotRows, draw, expected, plurality};
pub use rows::{Drafted, Rows};
pub use training::{Descent, Ended, Examples};

/// The parameters, D + 4 of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(Vec<f64>);

/// Where parameters stand after the D of features.
const PRIOR: usize = 0;
const VOTES: usize = 1;
const EVIDENCE: usize = 2;
const PRESENCE: usize = 3;

/// Parameters beside those of features.
const BESIDE: usize = 4;

impl Weights {
    /// Of the features' weights w; the prior's alpha_P, by which a pass with drafts minds its own opinion less or more; that of votes,
    /// beta; that of what checking finds, gamma; and eta, for a mode that some draft shows.
    pub fn new(features: &[f64], [prior, votes, evidence, presence]: [f64; 4]) -> Self {
        let beside = [prior, votes, evidence, presence];
        Self(features.iter().copied().chain(beside).collect())
    }

    /// w, one per feature.
    pub fn features(&self) -> &[f64] {
        &self.0[..self.0.len() - BESIDE]
    }

    fn beside(&self, place: usize) -> f64 {
        self.0[self.0.len() - BESIDE + place]
    }

    /// alpha_P.
    pub fn prior(&self) -> f64 {
        self.beside(PRIOR)
    }

    /// beta.
    pub fn votes(&self) -> f64 {
        self.beside(VOTES)
    }

    /// gamma.
    pub fn evidence(&self) -> f64 {
        self.beside(EVIDENCE)
    }

    /// eta.
    pub fn presence(&self) -> f64 {
        self.beside(PRESENCE)
    }

    /// Whether a pass answers drafts as it would without.
    fn ignore_drafts(&self) -> bool {
        [self.prior(), self.votes(), self.evidence(), self.presence()] == [0.0; BESIDE]
    }

    /// All of them in the order of [`new`](Self::new).
    pub fn all(&self) -> &[f64] {
        &self.0
    }
}

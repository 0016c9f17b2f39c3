//! Owns what a pilot says, before it is said.

use crate::inference::pilot::{Estimated, Nested, PairedVariances, Pilot};

/// What a pilot says.
#[derive(Debug)]
pub enum Brought {
    /// Prompts of one model.
    Prompts(Box<Prompts>),
    /// Two models on the same prompts.
    Paired(PairedVariances, u64),
}

/// One prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Each {
    pub id: String,
    pub responses: u64,
    /// Unbiased; none of one response.
    pub variance: Option<f64>,
    /// Its square, unbiased; none of fewer than four.
    pub variance_squared: Option<f64>,
}

/// Prompts of one model.
#[derive(Debug)]
pub struct Prompts {
    pub pilot: Pilot,
    pub estimated: Estimated,
    /// Where prompts have clusters.
    pub nested: Option<Nested>,
    /// How often each label occurs; of labels only.
    pub labels: Vec<u64>,
    /// Every prompt by itself, if that is asked for.
    pub each: Vec<Each>,
    /// What the responses are, as a sentence says it.
    pub kind: &'static str,
}

//! Owns what figures ask of a study that chooses among candidates: one pool as a run draws it, and what arms keep of it.

use super::PoolArm;

/// The candidates of one prompt in one replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolDraw {
    /// The mode of each of the N candidates, from 0.
    pub modes: Vec<u16>,
    /// The reward of each.
    pub rewards: Vec<f64>,
    /// The embedding of each: rows of `dimension` coordinates, of length 1.
    pub embeddings: Vec<f64>,
    /// Coordinates of an embedding.
    pub dimension: usize,
    /// Of each arm asked for: the candidates that it keeps, in the order kept.
    pub kept: Vec<Vec<usize>>,
}

/// A study whose pools can be looked at.
pub trait Pools {
    /// What an arm takes.
    fn arm(&self, arm: usize) -> &PoolArm;

    /// The pool of prompt `prompt` in replicate `replicate`, and what each of `arms` keeps of it.
    ///
    /// None where responses have no rewards and embeddings, an arm is not there or does not reach the prompt, or arms
    /// choose among different numbers of candidates.
    fn pool(&self, replicate: u64, prompt: u32, arms: &[usize]) -> Option<PoolDraw>;
}

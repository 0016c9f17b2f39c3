//! What one rule keeps, of pools of one size.

use super::Choice;

/// One rule on pools of one size, for every K that arms ask of it.
#[derive(Debug)]
pub(super) struct Chooser {
    pub choice: Choice,
    pub candidates: usize,
    /// The K that arms ask for, ascending.
    pub keeps: Vec<usize>,
    /// The most prompts of an arm that uses it.
    pub prompts: u32,
    /// Where its rows begin: one per K and mode.
    pub first_row: usize,
}

//! Which K of a prompt's N candidate responses are kept.
//!
//! It never draws candidates, knows no prompts beyond the pool it is handed, and measures nothing.
//!
//! Random-K-of-N keeps the first K candidates. The candidates of a prompt are exchangeable in every world (they are
//! independent given the prompt, or symmetric copies of such), so the first K are in law a uniformly random
//! K-subset, and the same pool serves every K as a prefix (laws 2 and 3). A test compares it with an explicit shuffle.

/// A rule that keeps K of N candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Selector {
    /// Random-K-of-N: every K-subset of the pool with equal probability. Unbiased.
    Random,
}

impl Selector {
    /// Every selector, in the order of help texts.
    pub const ALL: [Selector; 1] = [Selector::Random];

    /// The name in experiment files and result columns.
    pub fn name(self) -> &'static str {
        match self {
            Selector::Random => "random",
        }
    }

    /// One line for help texts.
    pub fn about(self) -> &'static str {
        match self {
            Selector::Random => "keeps a uniformly random K of the N candidates: unbiased",
        }
    }
}

//! Owns a statistic with its p-value.

/// A statistic, and how often chance alone gives one as far out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// The statistic.
    pub value: f64,
    /// Two-sided, a probability above 0: of so many random draws the share, itself counted, that are as far out.
    pub p: f64,
}

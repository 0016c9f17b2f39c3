//! What is said of one estimate; [`cell`](super::cell) judges it.

/// A statement about one estimand, in its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Statement {
    /// The estimand over `target` lies within `[1/(1 + margin), 1 + margin]`. Both must be positive.
    AgreesByRatio {
        /// The exact value, or another positive number.
        target: f64,
        /// A share, such as 0.03.
        margin: f64,
    },
    /// The estimand lies within `margin` of `target`: for estimands that may be 0 or negative.
    AgreesWithin {
        /// The exact value.
        target: f64,
        /// In the unit of the estimand.
        margin: f64,
    },
    /// The estimand is at most this.
    AtMost(f64),
    /// The estimand is at least this.
    AtLeast(f64),
    /// The estimand is above 0; for a squared norm, 'not 0', which no data can refute.
    Positive,
    /// The estimand is below 0.
    Negative,
}

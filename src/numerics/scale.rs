//! Owns the scales of axes: where a number stands on one.

use super::elementary::log10;

/// Positions on an axis that are nearer than this share of it cannot be told apart.
pub const NEAR: f64 = 1.0 / 400.0;

/// The scale of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// In proportion.
    Linear,
    /// Equal ratios are equal lengths; ticks at powers of ten.
    Log10,
    /// Equal ratios are equal lengths; ticks at powers of two.
    Log2,
    /// Equal ratios of one plus the value are equal lengths, for counts from 0; ticks at 0 and at 1, 2 and 5 times powers of ten.
    Log1p,
}

impl Scale {
    /// Position on an endless axis, where equal distances look equal.
    pub fn position(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log10 => log10(value),
            Self::Log2 => log10(value) / log10(2.0),
            Self::Log1p => log10(1.0 + value),
        }
    }
}

/// The largest of values over the smallest; 0 where not all are positive.
pub fn factor(values: &[f64]) -> f64 {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(0.0, f64::max);
    if low > 0.0 { high / low } else { 0.0 }
}

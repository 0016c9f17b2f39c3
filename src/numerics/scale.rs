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

/// The least and the greatest of values; none where there is none.
pub fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let ends = values
        .into_iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
    (ends.0 <= ends.1).then_some(ends)
}

/// The largest of values over the smallest; 0 where not all are positive.
pub fn factor(values: &[f64]) -> f64 {
    match extent(values.iter().copied()) {
        Some((low, high)) if low > 0.0 => high / low,
        _ => 0.0,
    }
}

//! Owns ranges of numbers: what lies in them, and how they are said.

use crate::numerics::text::float;

/// The numbers between two bounds, each of which may belong to it or not. NaN never does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The lower bound.
    pub low: f64,
    /// Whether the lower bound belongs to it.
    pub with_low: bool,
    /// The upper bound.
    pub high: f64,
    /// Whether the upper bound belongs to it.
    pub with_high: bool,
    /// Whether 0 belongs to it although the lower bound is above.
    pub or_zero: bool,
}

impl Range {
    /// Every finite number.
    pub const FINITE: Self = Self {
        low: f64::NEG_INFINITY,
        with_low: false,
        high: f64::INFINITY,
        with_high: false,
        or_zero: false,
    };

    /// From one number to another, both included.
    pub const fn between(low: f64, high: f64) -> Self {
        Self {
            low,
            with_low: true,
            high,
            with_high: true,
            or_zero: false,
        }
    }

    /// Finite numbers above this one.
    pub const fn above(low: f64) -> Self {
        Self { low, ..Self::FINITE }
    }

    /// The same up to a bound that belongs to it.
    #[must_use]
    pub const fn up_to(self, high: f64) -> Self {
        Self {
            high,
            with_high: true,
            ..self
        }
    }

    /// The same up to a bound that does not belong to it.
    #[must_use]
    pub const fn below(self, high: f64) -> Self {
        Self {
            high,
            with_high: false,
            ..self
        }
    }

    /// The same with 0.
    #[must_use]
    pub const fn or_zero(self) -> Self {
        Self { or_zero: true, ..self }
    }

    /// Whether a number lies in it.
    pub fn holds(&self, x: f64) -> bool {
        let above = x > self.low || (self.with_low && x == self.low);
        let below = x < self.high || (self.with_high && x == self.high);
        (above && below) || (self.or_zero && x == 0.0)
    }

    /// What follows `number`: ` from 0 to 1`.
    pub fn said(&self) -> String {
        match self.or_zero {
            true => format!("{}, or 0", self.bounds()),
            false => self.bounds(),
        }
    }

    fn bounds(&self) -> String {
        let low = bound(self.low);
        let words = match (self.low, self.with_low) {
            (f64::NEG_INFINITY, _) => String::new(),
            (_, true) => format!(" from {low}"),
            (_, false) => format!(" above {low}"),
        };
        match (self.high, self.with_high) {
            (f64::INFINITY, true) => format!("{words} or inf"),
            (f64::INFINITY, false) => words,
            (high, true) if self.with_low => format!("{words} to {}", bound(high)),
            (high, true) => format!("{words} and up to {}", bound(high)),
            (high, false) if self.with_low => format!("{words} to below {}", bound(high)),
            (high, false) => format!("{words} and below {}", bound(high)),
        }
    }

    /// What is expected instead of `x`, for messages: `a number from 0 to 1`.
    pub(super) fn expected(&self, x: f64) -> String {
        let bounded = self.high < f64::INFINITY || self.with_high;
        let kind = if x.is_finite() || bounded {
            "a number"
        } else {
            "a finite number"
        };
        let zero = if self.or_zero { "0 or " } else { "" };
        format!("{zero}{kind}{}", self.bounds())
    }
}

/// A bound as people write it: 1e6 and not 1000000.
pub(super) fn bound(x: f64) -> String {
    match x.abs() >= 1e5 || (x != 0.0 && x.abs() < 1e-3) {
        true => format!("{x:e}"),
        false => float(x),
    }
}

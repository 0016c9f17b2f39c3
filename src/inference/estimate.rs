//! An estimate: value, Monte Carlo standard error, degrees of freedom and replicates, and its interval.
//!
//! The four numbers of an [`Estimate`] are portable bit for bit: they are formed by `+ - * /` and `sqrt` in a fixed order. Intervals
//! rest on a quantile of Student's t and are not; they reach only the table of claims, which is printed to six digits.

use super::laws::student_quantile;
use crate::numerics::elementary::{exp, ln};

/// A Monte Carlo estimate. Unknown numbers are NaN, never 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate, in the unit of its estimand.
    pub value: f64,
    /// Its Monte Carlo standard error, in the same unit; NaN where it cannot be known (one group, a void arm).
    pub mcse: f64,
    /// Degrees of freedom of `mcse`: groups - 1.
    pub df: f64,
    /// Replicates drawn.
    pub replicates: u64,
}

impl Estimate {
    /// The two-sided interval `value ± t mcse`, with Student's t on `df` degrees of freedom.
    ///
    /// Assumption: the estimate is close to normal, which fails at a boundary such as a squared bias of 0.
    #[must_use]
    pub fn interval(&self, level: f64) -> Interval {
        let half = student_quantile(0.5 + level / 2.0, self.df) * self.mcse;
        Interval {
            low: self.value - half,
            high: self.value + half,
            level,
        }
    }

    /// The same on so many degrees of freedom.
    #[must_use]
    pub fn on(self, df: f64) -> Self {
        Self { df, ..self }
    }

    /// The same with another value.
    #[must_use]
    pub fn at(self, value: f64) -> Self {
        Self { value, ..self }
    }

    /// The two-sided interval on the scale of the logarithm, `value exp(± t mcse/value)`; NaN for values that are not positive.
    ///
    /// Assumption: `ln value` is close to normal with standard error `mcse/value` (delta method): good up to about 0.3.
    #[must_use]
    pub fn log_interval(&self, level: f64) -> Interval {
        let centre = ln(self.value);
        let half = student_quantile(0.5 + level / 2.0, self.df) * self.mcse / self.value;
        // Without noise the way there and back rounds, and a value lies in its own interval. NaN stays NaN.
        let (low, high) = (exp(centre - half), exp(centre + half));
        Interval {
            low: if low > self.value { self.value } else { low },
            high: if high < self.value { self.value } else { high },
            level,
        }
    }
}

/// A two-sided interval and the share of repetitions in which it should cover.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end, in the unit of the estimand.
    pub low: f64,
    /// Upper end, in the unit of the estimand.
    pub high: f64,
    /// Nominal two-sided coverage, a probability.
    pub level: f64,
}

impl Interval {
    /// Whether `value` lies in the closed interval.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_uses_the_quantile_of_its_degrees_of_freedom() {
        let estimate = Estimate {
            value: 10.0,
            mcse: 2.0,
            df: 10.0,
            replicates: 110,
        };
        // t_{10, .975} = 2.228138852 (Abramowitz and Stegun, table 26.10: 2.228).
        let interval = estimate.interval(0.95);
        assert!((interval.high - (10.0 + 2.0 * 2.228_138_852)).abs() < 1e-7);
        assert!((interval.low - (10.0 - 2.0 * 2.228_138_852)).abs() < 1e-7);
        assert_eq!(interval.level, 0.95);
        assert!(interval.contains(interval.low) && !interval.contains(14.46));
    }

    #[test]
    fn an_unknown_error_gives_no_interval() {
        let estimate = Estimate {
            value: 1.0,
            mcse: f64::NAN,
            df: 0.0,
            replicates: 1,
        };
        let interval = estimate.interval(0.95);
        assert!(interval.low.is_nan() && interval.high.is_nan());
        assert!(!interval.contains(1.0));
    }
}

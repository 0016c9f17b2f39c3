//! Squared norms near their boundary: bias² of a mean vector, and what is proportional to it, such as 1 - cosine.
//!
//! # Model
//!
//! `d ~ N(mu, S)` is a vector of slot means less the truth, `delta = |mu|^2` the estimand, `S` the covariance of `d`, estimated on
//! `n = G - 1` degrees of freedom. With `d = mu + e`:
//!
//! ```text
//! |d|^2     = delta + 2 mu'e + |e|^2
//! E |d|^2   = delta + tr S              so  b = |d|^2 - tr S  is unbiased
//! Var b     = 4 mu'S mu + 2 tr S^2      (the cross term is a third moment of a normal, 0)
//! mu'S mu   = s delta,  s = mu'S mu / |mu|^2, estimated by d'Sd / |d|^2
//! ```
//!
//! The delta method and the jackknife know only the first part of the variance, which vanishes at `delta = 0`, and put the *observed*
//! `|d|^2` in it. The score test puts in the *supposed* `delta`: `(b - delta)^2 = z^2 (4 s delta + 2 tr S^2)` has the two roots
//!
//! ```text
//! delta± = b + 2 z^2 s ± z sqrt(4 s b + 4 z^2 s^2 + 2 tr S^2)
//! ```
//!
//! which is the form of Wilson's interval (1927) for another variance function ([`SquaredNorm::closed_form`]). No real root, or a negative
//! one, means that even 0 is too large: it is clipped to 0.
//!
//! # Three refinements, each measured in the tests
//!
//! 1. `|S|_F^2` of the *estimated* `S` is too large: `E = (1 + 1/n) tr S^2 + (tr S)^2 / n` (Wishart), by a factor 1.6 for 35 equal variances
//!    at 64 groups, where 5 % bounds then miss 1..3 %. [`SquaredNorm`] holds the unbiased `n²/((n-1)(n+2)) (|S|_F^2 - (tr S)^2/n)` (Srivastava
//!    2005, Bai and Saranadasa 1996), kept within `[(tr S)^2/len, (tr S)^2]`, where the true one must lie.
//! 2. `tr S` in `b` is estimated too, which adds `2 tr S^2 / n` to the variance; and `z` is a quantile of t on `n` degrees of freedom.
//! 3. `b` is skewed to the right. The upper end allows for it (it misses less than its share: 0..4 % of 5 %), but the lower root lies too
//!    high and misses 6..8 %. So the question 'is delta above c?' is asked of a scaled chi-squared law with the same two moments (Satterthwaite
//!    1946; Patnaik 1949): `|d|^2 ~ (tr S + c)/f chi^2_f`, `f = 2 (tr S + c)^2 / (4 s c + 2 tr S^2) >= 1`. At `c = 0` it is the test of 'non-zero',
//!    `|d|^2 > (tr S/nu) chi^2_nu`, `nu = (tr S)^2 / tr S^2`, and for equal variances exact. It misses 4.5..6 %. The lower end of [`SquaredNorm::interval`]
//!    inverts it. For the upper end it would be too daring (it misses up to 11 %), so the root stays there.
//!
//! # The printed standard error
//!
//! `Var b = 4 mu'S mu + 2 tr S^2`, and `d'Sd - tr S^2` is unbiased for `mu'S mu`. Put in where it is positive and left out where not,
//! it makes the mean of MCSE² at `mu = 0` too large by the half that chance leaves above 0: MCSE 18 % (eight equal variances) to 40 % (one).
//! It is therefore shrunk, `x - (2e)^2/x` above `2e` and 0 below, `e = sqrt(2 tr S^4)` its standard error at `mu = 0` (the positive part of
//! James and Stein 1961). The root of the mean of MCSE² over the variance is then .99 to 1.13 at 0, .83 to 1 between one and three
//! standard errors from it, and 1 from six on (measured with 99 degrees of freedom). Tests and intervals do not use it.
//!
//! Degenerate cases: `d = 0` has no direction, and `s = tr S^2 / tr S`, its mean over directions, stands in; `S = 0` leaves an exact number.

use super::common::{dot, turning};
use super::estimate::{Estimate, Interval};
use super::jackknife::Joint;
use super::laws::{chi_squared_score, student_above, student_quantile};

/// Standard errors from 0 within which a denominator is taken for noise (law 5).
pub const FROM_ZERO: f64 = 4.0;

/// Null standard errors within which an estimated `mu'S mu` says nothing.
const SEEN: f64 = 2.0;

/// The squared norm of a mean vector, with what its score test needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SquaredNorm {
    /// `|d|^2`, biased upwards by `trace`.
    pub(super) squared: f64,
    /// `tr S`.
    pub(super) trace: f64,
    /// `tr S^2`, unbiased.
    pub(super) trace_of_square: f64,
    /// `s`, the variance of `d` along `d`.
    pub(super) along: f64,
    pub(super) df: f64,
    pub(super) replicates: u64,
}

impl SquaredNorm {
    /// The squared norm of a vector whose truth under 'no bias' is 0.
    #[must_use]
    pub fn of(vector: &Joint) -> Self {
        let squared = dot(vector.values(), vector.values());
        let trace = vector.rows().fold(0.0, |sum, row| sum + dot(row, row));
        let quadratic = vector.rows().fold(0.0, |sum, row| {
            let along = dot(row, vector.values());
            sum + along * along
        });
        let trace_of_square = unbiased_trace_of_square(vector, trace);
        let along = if squared > 0.0 {
            quadratic / squared
        } else if trace > 0.0 {
            trace_of_square / trace
        } else {
            0.0
        };
        Self {
            squared,
            trace,
            trace_of_square,
            along,
            df: vector.df().max(0.0),
            replicates: vector.replicates(),
        }
    }

    /// The estimand times a known positive factor, such as `1/(2 |g|^2)` for 1 - cosine.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            squared: self.squared * factor,
            trace: self.trace * factor,
            trace_of_square: self.trace_of_square * factor * factor,
            along: self.along * factor,
            ..self
        }
    }

    /// The same after `factor` times the replicates, were the debiased value to stay: `S` falls in proportion.
    pub(super) fn after(self, factor: f64) -> Self {
        let trace = self.trace / factor;
        Self {
            squared: self.squared - self.trace + trace,
            trace,
            trace_of_square: self.trace_of_square / (factor * factor),
            along: self.along / factor,
            replicates: self.estimate().after(factor).replicates,
            ..self
        }
    }

    /// The same with its debiased value at `truth`.
    pub(super) fn placed_at(self, truth: f64) -> Self {
        Self {
            squared: truth + self.trace,
            ..self
        }
    }

    /// The same on so many degrees of freedom.
    #[must_use]
    pub fn on(self, df: f64) -> Self {
        Self { df, ..self }
    }

    /// The debiased value `b`, which may be negative, with its standard error.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        Estimate {
            value: self.debiased(),
            mcse: (4.0 * self.seen_along() + self.least_variance()).sqrt(),
            df: self.df,
            replicates: self.replicates,
        }
    }

    /// The length, the root of the debiased square, with the delta method's error, which is at most the length of one standard error of
    /// the square; 0 where the debiased square is below 0.
    #[must_use]
    pub fn length(&self) -> Estimate {
        let square = self.estimate();
        let value = if square.value < 0.0 { 0.0 } else { square.value.sqrt() };
        Estimate {
            value,
            mcse: if value * value > 0.25 * square.mcse {
                square.mcse / (2.0 * value)
            } else {
                square.mcse.sqrt()
            },
            ..square
        }
    }

    /// The interval of the length: the roots of that of the square.
    #[must_use]
    pub fn length_interval(&self, level: f64) -> Interval {
        let square = self.interval(level);
        Interval {
            low: square.low.sqrt(),
            high: square.high.sqrt(),
            level,
        }
    }

    /// `b`.
    pub(super) fn debiased(&self) -> f64 {
        self.squared - self.trace
    }

    /// `Var b` if the truth were 0: `2 tr S^2`, and what the estimation of `tr S` adds.
    pub(super) fn least_variance(&self) -> f64 {
        2.0 * self.trace_of_square * (1.0 + 1.0 / self.df)
    }

    /// `mu'S mu` as far as the data show it to be above 0: see 'The printed standard error' in the header.
    pub(super) fn seen_along(&self) -> f64 {
        seen(
            self.along * self.squared - self.trace_of_square,
            self.trace_of_square,
            self.trace,
        )
    }

    /// Whether it is within four standard errors of 0, the root mean square length of the noise counting as one.
    #[must_use]
    pub fn is_drowned(&self) -> bool {
        let value = self.debiased();
        value.is_nan() || value < FROM_ZERO * FROM_ZERO * self.trace
    }

    /// `Var b` if the truth were `delta`.
    fn variance_at(&self, delta: f64) -> f64 {
        4.0 * self.along * delta + self.least_variance()
    }

    /// The p-value of 'the truth is at most `bound`': small where it is above.
    #[must_use]
    pub fn p_above(&self, bound: f64) -> f64 {
        if bound < 0.0 {
            return 0.0;
        }
        let mean = self.trace + bound;
        let variance = 4.0 * self.along * bound + 2.0 * self.trace_of_square;
        let freedom = 2.0 * mean * mean / variance;
        student_above(chi_squared_score(freedom * self.squared / mean, freedom), self.df)
    }

    /// The p-value of 'the truth is at least `bound`': small where it is below.
    #[must_use]
    pub fn p_below(&self, bound: f64) -> f64 {
        if bound <= 0.0 {
            return 1.0;
        }
        let value = self.squared - self.trace;
        student_above((bound - value) / self.variance_at(bound).sqrt(), self.df)
    }

    /// The interval of equal tails: its ends are where [`p_above`](Self::p_above) and [`p_below`](Self::p_below) reach `(1 - level)/2`.
    #[must_use]
    pub fn interval(&self, level: f64) -> Interval {
        let closed = self.closed_form(level);
        Interval {
            low: self.lower_end((1.0 - level) / 2.0),
            ..closed
        }
    }

    /// The two roots of the score equation, clipped at 0. The lower one misses too often: see the header.
    #[must_use]
    pub fn closed_form(&self, level: f64) -> Interval {
        let t = student_quantile(0.5 + level / 2.0, self.df);
        let value = self.squared - self.trace;
        let centre = value + 2.0 * t * t * self.along;
        let radicand = self.variance_at(value) + 4.0 * t * t * self.along * self.along;
        let half = t * radicand.max(0.0).sqrt();
        // A negative radicand: no delta agrees, and the nearest that could be true is 0.
        let clip = |end: f64| {
            if radicand < 0.0 || end < 0.0 { 0.0 } else { end }
        };
        Interval {
            low: clip(centre - half),
            high: clip(centre + half),
            level,
        }
    }

    /// The bound at which `p_above` is `tail`, by bisection; 0 where 0 itself is not rejected.
    fn lower_end(&self, tail: f64) -> f64 {
        let value = self.squared - self.trace;
        if value.is_nan() || self.df < 1.0 {
            return f64::NAN;
        }
        if value <= 0.0 {
            return 0.0;
        }
        // Written so that an exact number (S = 0, p_above(0) is NaN) brackets itself.
        turning(0.0, value, |bound| self.p_above(bound) >= tail)
    }
}

/// An unbiased estimate of `mu'S mu`, of which what chance leaves above 0 at `mu = 0` is taken off: see 'The printed standard error'.
pub(super) fn seen(unbiased: f64, trace_of_square: f64, trace: f64) -> f64 {
    // tr S^4 of S by the two moments that are known of it, as in the test of 'non-zero'.
    let limit = SEEN * (2.0 * trace_of_square).sqrt() * trace_of_square / trace;
    if unbiased > limit {
        (unbiased * unbiased - limit * limit) / unbiased
    } else if unbiased.is_nan() {
        f64::NAN
    } else {
        0.0
    }
}

/// `tr S^2` without the bias that the estimation of `S` brings, within its mathematical bounds.
fn unbiased_trace_of_square(vector: &Joint, trace: f64) -> f64 {
    let n = vector.df();
    let debiased = n * n / ((n - 1.0) * (n + 2.0)) * (squared_frobenius(vector) - trace * trace / n);
    let least = trace * trace / vector.len() as f64;
    // Comparisons and not `clamp`: NaN passes through, from fewer than two groups.
    if debiased < least {
        least
    } else if debiased > trace * trace {
        trace * trace
    } else {
        debiased
    }
}

/// `|S|_F^2` from the rows of the square root of `S`: over pairs of coordinates, or pairs of rows where those are fewer, since
/// `|X'X|_F = |XX'|_F`. Plain loops in a fixed order: a matrix product would depend on the machine's fused operations.
fn squared_frobenius(vector: &Joint) -> f64 {
    let mut sum = 0.0;
    if (vector.len() as f64) < vector.df() {
        for row in 0..vector.len() {
            for column in 0..vector.len() {
                let entry = vector.covariance(row, column);
                sum += entry * entry;
            }
        }
    } else {
        for one in vector.rows() {
            for other in vector.rows() {
                let entry = dot(one, other);
                sum += entry * entry;
            }
        }
    }
    sum
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;

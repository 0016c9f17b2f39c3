//! Quotients of a squared norm and a smooth number, either way up, judged without dividing.
//!
//! # Model
//!
//! `delta = |mu|^2` as in [`score`](super::score), and beside it a smooth number `y` of variance `v`, with `C = Cov(d, y)`. What is said of
//! `delta/y` with `y > 0`, or of `y/delta`, is said of a linear combination of the two (Fieller 1954; for norms a score set):
//!
//! ```text
//! delta/y > c   is   delta > c y
//! y/delta > c   is   delta < y/c  for c > 0,   y > 0  for c = 0,   delta > y/c  for c < 0
//! ```
//!
//! so that no denominator has to be far from 0, and the set of the `c` that are not rejected has no end where the data know none. With
//! `b = |d|^2 - tr S`, the null `delta = a y` of a slope `a` is tested by `b - a y`, whose cumulants at the supposed `delta = a y` are
//!
//! ```text
//! k2 = 4 s delta - 4 a sqrt(delta) u'C + a^2 v + 2 tr S^2            u = d/|d|, s = u'S u
//! k3 = 6 |2 sqrt(delta) S u - a C|^2 + 8 tr S^3
//! ```
//!
//! Its upper tail is that of a gamma law with these moments, `tr S^3` taken as `(tr S^2)^2/tr S` (at `a = 0` it is the test of
//! 'non-zero' of the score); its lower tail is Student's t, as the upper end of the score.
//!
//! Assumption: `y` is close to normal, and for `delta/y` positive by its nature, such as an expected squared error.

use super::common::{dot, turning};
use super::estimate::{Estimate, Interval};
use super::jackknife::Joint;
use super::laws::student_above;
use super::score::{FROM_ZERO, SquaredNorm};
use super::skewed::gamma_above;

/// Doublings of the distance in which an end of an interval is looked for, before it is taken to be infinite.
const DOUBLINGS: i32 = 60;

/// Which of the two is divided by the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upper {
    /// `delta/y`.
    Norm,
    /// `y/delta`.
    Number,
}

/// A quotient of a squared norm and a smooth number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quotient {
    norm: SquaredNorm,
    upper: Upper,
    /// `y` and its variance.
    number: f64,
    variance: f64,
    /// `u'C`, `u'S C`, `|C|^2` and `|S u|^2`.
    products: [f64; 4],
}

impl Quotient {
    /// Of the joint means `(d, y)`, the norm being `factor |d|^2`.
    #[must_use]
    pub fn of(means: &Joint, factor: f64, upper: Upper) -> Self {
        let len = means.len() - 1;
        let vector = means.part(0..len);
        let norm = SquaredNorm::of(&vector);
        let d = vector.values();
        let length = norm.squared.sqrt();
        // Without a length there is no direction, and the products are multiplied by one that is 0.
        let unit = |at: usize| if length > 0.0 { d[at] / length } else { 0.0 };
        let (mut with_number, mut with_unit) = (vec![0.0; len], vec![0.0; len]);
        for row in means.rows() {
            let along: f64 = (0..len).map(|at| unit(at) * row[at]).sum();
            for at in 0..len {
                with_number[at] += row[at] * row[len];
                with_unit[at] += row[at] * along;
            }
        }
        let along: f64 = (0..len).map(|at| unit(at) * with_number[at]).sum();
        Self {
            norm: norm.scaled(factor),
            upper,
            number: means.values()[len],
            variance: means.covariance(len, len),
            products: [
                along * factor.sqrt(),
                dot(&with_unit, &with_number) * factor * factor.sqrt(),
                dot(&with_number, &with_number) * factor,
                dot(&with_unit, &with_unit) * factor * factor,
            ],
        }
    }

    /// The same with a norm debiased by what the jackknife found, of a vector that is itself curved.
    #[must_use]
    pub fn debiased_by(self, bias: f64) -> Self {
        let mut own = self;
        own.norm.squared += own.norm.trace - bias;
        own
    }

    /// The same on so many degrees of freedom.
    #[must_use]
    pub(super) fn on(self, df: f64) -> Self {
        Self {
            norm: self.norm.on(df),
            ..self
        }
    }

    /// Whether the denominator is within four standard errors of 0.
    #[must_use]
    pub fn is_drowned(&self) -> bool {
        let (value, error) = match self.upper {
            Upper::Norm => (self.number, self.variance.sqrt()),
            Upper::Number => (self.norm.debiased(), self.norm.estimate().mcse),
        };
        value.is_nan() || error.is_nan() || value < FROM_ZERO * error
    }

    /// Whether the norm above stands near its boundary, 0.
    #[must_use]
    pub fn is_near_boundary(&self) -> bool {
        self.upper == Upper::Norm && self.norm.is_drowned()
    }

    /// Whether it has no value below 0 by its nature.
    pub(super) fn is_never_negative(&self) -> bool {
        self.upper == Upper::Norm
    }

    /// The quotient of the debiased norm and the number, with the delta method's error where the norm is off 0 and its own at 0.
    /// Where it is drowned these are numbers that mean nothing.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        let b = self.norm.debiased();
        let value = match self.upper {
            Upper::Norm => b / self.number,
            Upper::Number => self.number / b,
        };
        let length = if b > 0.0 { b.sqrt() } else { 0.0 };
        let slope = match self.upper {
            Upper::Norm => value,
            Upper::Number => 1.0 / value,
        };
        let other = slope * slope * self.variance - 4.0 * slope * length * self.products[0];
        let norm = 4.0 * self.norm.seen_along();
        let least = self.norm.least_variance();
        // The covariance is that of a norm that is off 0; beside one that is not it must not outweigh the variances.
        let linear = norm + other;
        let variance = least + if linear < 0.0 { 0.0 } else { linear };
        let mcse = match self.upper {
            Upper::Norm => variance.sqrt() / self.number.abs(),
            Upper::Number => variance.sqrt() * (value / b).abs(),
        };
        Estimate {
            value,
            mcse,
            df: self.norm.df,
            replicates: self.norm.replicates,
        }
    }

    /// Small where the truth is above `c`.
    #[must_use]
    pub fn p_above(&self, c: f64) -> f64 {
        match self.upper {
            Upper::Norm if c < 0.0 => 0.0,
            Upper::Norm => self.norm_above(c),
            Upper::Number if c > 0.0 => self.norm_below(1.0 / c),
            Upper::Number if c < 0.0 => self.norm_above(1.0 / c),
            Upper::Number => student_above(self.number / self.variance.sqrt(), self.norm.df),
        }
    }

    /// Small where the truth is below `c`.
    #[must_use]
    pub fn p_below(&self, c: f64) -> f64 {
        match self.upper {
            Upper::Norm if c <= 0.0 => 1.0,
            Upper::Norm => self.norm_below(c),
            Upper::Number if c > 0.0 => self.norm_above(1.0 / c),
            Upper::Number if c < 0.0 => self.norm_below(1.0 / c),
            Upper::Number => student_above(-self.number / self.variance.sqrt(), self.norm.df),
        }
    }

    /// Small where `delta` is above `slope * y`.
    fn norm_above(&self, slope: f64) -> f64 {
        let (z, skewness) = self.score(slope, 2.0 * self.norm.trace_of_square);
        gamma_above(z, skewness, self.norm.df)
    }

    /// Small where `delta` is below `slope * y`.
    fn norm_below(&self, slope: f64) -> f64 {
        let (z, _) = self.score(slope, self.norm.least_variance());
        student_above(-z, self.norm.df)
    }

    /// `b - a y` over its standard error under the null, which has `least` where `delta` and `a` are 0, and its skewness.
    fn score(&self, slope: f64, least: f64) -> (f64, f64) {
        let [along, through, square, unit] = self.products;
        let supposed = slope * self.number;
        let delta = if supposed > 0.0 { supposed } else { 0.0 };
        let root = delta.sqrt();
        let linear = 4.0 * self.norm.along * delta - 4.0 * slope * root * along + slope * slope * self.variance;
        let variance = linear + least;
        let third = 6.0 * (4.0 * delta * unit - 4.0 * slope * root * through + slope * slope * square)
            + 8.0 * self.norm.trace_of_square * self.norm.trace_of_square / self.norm.trace;
        let error = variance.sqrt();
        ((self.norm.debiased() - supposed) / error, third / (variance * error))
    }

    /// What neither test rejects at `(1 - level)/2`; an end that the data do not know is infinite, or 0 below a norm.
    #[must_use]
    pub fn interval(&self, level: f64) -> Interval {
        let tail = 0.5 * (1.0 - level);
        match self.upper {
            Upper::Norm => self.norm_interval(tail, level),
            Upper::Number => self.number_interval(tail, level),
        }
    }

    fn norm_interval(&self, tail: f64, level: f64) -> Interval {
        let Estimate { value, mcse, .. } = self.estimate();
        let centre = if value > 0.0 { value } else { 0.0 };
        let low = match self.p_above(0.0) < tail {
            true => turning(0.0, centre, |c| self.p_above(c) >= tail),
            false => 0.0,
        };
        let high = outwards(centre, mcse, |c| self.p_below(c) >= tail);
        Interval { low, high, level }
    }

    /// The reciprocal of the interval of `delta/y`, of a `y` whose sign is known.
    fn number_interval(&self, tail: f64, level: f64) -> Interval {
        let known = |sign: f64| student_above(sign * self.number / self.variance.sqrt(), self.norm.df) < tail;
        if known(1.0) {
            let inner = Self {
                upper: Upper::Norm,
                ..*self
            }
            .norm_interval(tail, level);
            return Interval {
                low: 1.0 / inner.high,
                high: 1.0 / inner.low,
                level,
            };
        }
        if known(-1.0) {
            let mirrored = self.mirrored().number_interval(tail, level);
            return Interval {
                low: -mirrored.high,
                high: -mirrored.low,
                level,
            };
        }
        Interval {
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            level,
        }
    }

    /// The same with `-y` for `y`.
    fn mirrored(&self) -> Self {
        let [along, through, square, unit] = self.products;
        Self {
            number: -self.number,
            products: [-along, -through, square, unit],
            ..*self
        }
    }
}

/// Where beyond `centre` a condition that holds there ceases to hold; infinite where it never does.
fn outwards(centre: f64, step: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for doubling in 0..DOUBLINGS {
        let far = centre + step * crate::numerics::elementary::powi(2.0, doubling);
        if !holds(far) {
            return turning(far, centre, holds);
        }
    }
    f64::INFINITY
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::jackknife::joint;
    use crate::inference::testing::{SplitMix, grouped};

    /// Joint means (d, y) of three coordinates and a number without noise, which is `number`.
    fn drawn(seed: u64, mean: f64, number: f64) -> Joint {
        let mut rng = SplitMix::new(seed);
        let groups = grouped(64, 1, 4, |out| {
            out[..3].iter_mut().for_each(|x| *x = rng.normal());
            out[0] += mean;
            out[3] = number;
        });
        joint(&groups, 4, |means, out| {
            (0..4).for_each(|slot| out[slot] = means.mean(slot))
        })
    }

    #[test]
    fn over_a_number_without_noise_it_is_the_score_of_the_norm() {
        let means = drawn(71, 0.8, 4.0);
        let norm = SquaredNorm::of(&means.part(0..3));
        let own = Quotient::of(&means, 1.0, Upper::Norm);
        assert!((own.estimate().value - norm.estimate().value / 4.0).abs() < 1e-15);
        assert!((own.estimate().mcse * 4.0 / norm.estimate().mcse - 1.0).abs() < 1e-12);
        assert!((own.p_above(0.0) / norm.p_above(0.0) - 1.0).abs() < 1e-9);
        assert!((own.p_below(0.3) / norm.p_below(1.2) - 1.0).abs() < 1e-9);
        assert!((own.interval(0.9).high * 4.0 / norm.interval(0.9).high - 1.0).abs() < 1e-6);
    }

    /// 4/|mu|^2 of a mean of 0: there is no upper end, and no estimate; of one of 0.8 there are both.
    #[test]
    fn what_is_divided_by_nothing_has_no_upper_end() {
        let drowned = Quotient::of(&drawn(72, 0.0, 4.0), 1.0, Upper::Number);
        assert!(drowned.is_drowned() && drowned.interval(0.9).high == f64::INFINITY);
        assert!(drowned.interval(0.9).low > 4.0 && drowned.p_above(1.0) < 1e-6);
        let known = Quotient::of(&drawn(73, 2.0, 4.0), 1.0, Upper::Number);
        let interval = known.interval(0.9);
        assert!(
            !known.is_drowned() && interval.contains(1.0) && interval.high < 2.0,
            "{interval:?}"
        );
        assert!(
            (known.p_above(interval.low) - 0.05).abs() < 1e-6 && (known.p_below(interval.high) - 0.05).abs() < 1e-6
        );
        // The same of the opposite sign.
        let mirrored = Quotient::of(&drawn(73, 2.0, -4.0), 1.0, Upper::Number).interval(0.9);
        assert!((mirrored.low + interval.high).abs() < 1e-9 && (mirrored.high + interval.low).abs() < 1e-9);
    }
}

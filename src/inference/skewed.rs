//! Estimates whose curvature is not small beside their slope: quadratic forms, and variances near their maximum.
//!
//! # Model
//!
//! `L = l + e'A e` with `e ~ N(0, S)` the error of a vector of means and `l` a part that is linear in it and in other means, of variance `q`
//! and covariance `c = Cov(e, l)`. Less its bias `tr AS`, the cumulants of `L` are
//!
//! ```text
//! k2 = q + 2 tr (AS)^2        k3 = 6 c'A c + 8 tr (AS)^3
//! ```
//!
//! The delta method knows `q` alone, which vanishes where the slope does; the jackknife puts the *observed* slope in it, whose square is too
//! large by `4 tr (AS)^2`, so that its error is too large by up to `sqrt 2` and yet all misses are on the side of the tail. Here that is
//! taken off, `q` never below 0, and the tail on the side of the skewness is that of a gamma law with the same three moments (Pearson's type III;
//! for quadratic forms Imhof 1961, section 5), which is exact for one coordinate and for equal eigenvalues. On the other side, where a
//! gamma law would be too daring, stands Student's t. Its degrees of freedom allow for the estimated `S` on both sides.
//!
//! Two kinds of estimand need it:
//!
//! - a variance, `mean |X - t|^2 - |mean (X - t)|^2`: where `|X - E X|^2` hardly varies, as that of one response whose share is near 1/2,
//!   the squared mean alone makes the variance vary, and it lies below its maximum in every sample. Its `q` is that at the *supposed* variance,
//!   as in the score of the squared distance by which it is below the maximum ([`Skewed::of_variance`]);
//! - an inner product `u.g`, whose sign is that of a cosine, where noise outweighs both vectors ([`Skewed::of_product`]).

use super::common::{dot, turning};
use super::estimate::{Estimate, Interval};
use super::jackknife::Joint;
use super::laws::{chi_squared_score, student_above, student_quantile};
use super::score::seen;

/// Share of the variance that curvature may have and still be left to the delta method: half of it of the standard error.
const CURVED: f64 = 0.01;

/// A chi-squared law of so many degrees of freedom is normal for every purpose here.
const NORMAL_FROM: f64 = 1e8;

/// An estimate with the cumulants of its law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Skewed {
    estimate: Estimate,
    /// `q` without its bias, which may bring it below 0.
    slope: f64,
    /// What `q` gains for each unit that the supposed truth is below the estimate: a variance falls from its maximum as a squared
    /// distance from it grows, whose `q` is 4 s times that.
    bend: f64,
    /// `2 tr (AS)^2`, with what the estimation of `tr AS` adds.
    curvature: f64,
    /// `6 c'A c` over the observed `q`.
    third_by_slope: f64,
    /// `8 tr (AS)^3`.
    third: f64,
}

/// What a quadratic form adds to the cumulants of a linear part, from the `G x G` matrix `B = X A X'`, `X` the square root of `S` by rows.
struct Form {
    matrix: Vec<f64>,
    count: usize,
    /// `tr AS`.
    trace: f64,
    /// `tr (AS)^2`, unbiased.
    square: f64,
}

impl Skewed {
    /// The variance `factor (y - |d|^2)` of the joint means `(d, y)`, `factor` being `R/(R-1)` and what a unit adds to it.
    #[must_use]
    pub fn of_variance(means: &Joint, factor: f64) -> Self {
        let len = means.len() - 1;
        let (d, y) = (&means.values()[..len], means.values()[len]);
        let form = Form::of(means, |row, other| -dot(&row[..len], &other[..len]));
        let slope = |row: &[f64]| row[len] - 2.0 * dot(d, &row[..len]);
        let covariance = |at: usize| means.rows().map(|row| row[at] * slope(row)).sum::<f64>();
        let linear = Linear {
            variance: means.rows().map(slope).map(|l| l * l).sum(),
            // c'A c with A = -1: less the squared length of Cov(d, l).
            along: -(0..len).map(|at| covariance(at) * covariance(at)).sum::<f64>(),
        };
        let mut own = Self::new(means, y - dot(d, d), &linear, &form);
        if form.trace < 0.0 {
            // No direction is known in which it falls: s is the mean over directions, as that of a squared norm of 0.
            own.bend = -4.0 * form.square / form.trace;
            let seen = seen(0.25 * own.slope, form.square, -form.trace);
            own.estimate.mcse = (4.0 * seen + own.curvature).sqrt();
        }
        own.scaled(factor)
    }

    /// The inner product of the two halves of a vector of joint means, debiased.
    #[must_use]
    pub fn of_product(means: &Joint) -> Self {
        let len = means.len() / 2;
        let (u, g) = means.values().split_at(len);
        let product = |row: &[f64], other: &[f64]| {
            0.5 * (dot(&row[..len], &other[len..2 * len]) + dot(&row[len..2 * len], &other[..len]))
        };
        let form = Form::of(means, product);
        let slope = |row: &[f64]| dot(u, &row[len..2 * len]) + dot(g, &row[..len]);
        let covariance = |at: usize| means.rows().map(|row| row[at] * slope(row)).sum::<f64>();
        let linear = Linear {
            variance: means.rows().map(slope).map(|l| l * l).sum(),
            along: (0..len).map(|at| covariance(at) * covariance(at + len)).sum(),
        };
        Self::new(means, dot(u, g) - form.trace, &linear, &form)
    }

    fn new(means: &Joint, value: f64, linear: &Linear, form: &Form) -> Self {
        let slope = linear.variance - 4.0 * form.square;
        let curvature = 2.0 * form.square * (1.0 + 1.0 / means.df());
        // Comparisons and not `max`: NaN passes through.
        let variance = curvature + if slope < 0.0 { 0.0 } else { slope };
        let curved = curvature > CURVED * variance;
        Self {
            estimate: Estimate {
                value,
                mcse: variance.sqrt(),
                df: means.df().max(0.0),
                replicates: means.replicates(),
            },
            slope,
            bend: 0.0,
            curvature,
            third_by_slope: if linear.variance > 0.0 {
                6.0 * linear.along / linear.variance
            } else {
                0.0
            },
            // A product of G^3 numbers, which what is not curved does without.
            third: if curved { 8.0 * form.cube() } else { 0.0 },
        }
    }

    fn scaled(self, factor: f64) -> Self {
        let square = factor * factor;
        Self {
            estimate: Estimate {
                value: self.estimate.value * factor,
                mcse: self.estimate.mcse * factor,
                ..self.estimate
            },
            slope: self.slope * square,
            bend: self.bend * factor,
            curvature: self.curvature * square,
            third_by_slope: self.third_by_slope * factor,
            third: self.third * square * factor,
        }
    }

    /// The same on so many degrees of freedom.
    #[must_use]
    pub(super) fn on(self, df: f64) -> Self {
        Self {
            estimate: self.estimate.on(df),
            ..self
        }
    }

    /// The debiased value with its standard error.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        self.estimate
    }

    /// Whether curvature matters: where not, the delta method and Student's t say the same.
    #[must_use]
    pub fn is_curved(&self) -> bool {
        self.curvature > CURVED * (self.estimate.mcse * self.estimate.mcse)
    }

    /// The p-value of 'the truth is at most `bound`': small where it is above.
    #[must_use]
    pub fn p_above(&self, bound: f64) -> f64 {
        let (z, skewness) = self.score(bound);
        gamma_above(z, skewness, self.estimate.df)
    }

    /// The p-value of 'the truth is at least `bound`': small where it is below.
    #[must_use]
    pub fn p_below(&self, bound: f64) -> f64 {
        let (z, skewness) = self.score(bound);
        gamma_above(-z, -skewness, self.estimate.df)
    }

    /// The distance from a supposed truth in the standard errors that it would have, and the skewness.
    fn score(&self, truth: f64) -> (f64, f64) {
        let distance = self.estimate.value - truth;
        let slope = self.slope + self.bend * distance;
        let slope = if slope < 0.0 { 0.0 } else { slope };
        let variance = slope + self.curvature;
        let error = variance.sqrt();
        let third = self.third_by_slope * slope + self.third;
        (distance / error, third / (variance * error))
    }

    /// The interval of equal tails: its ends are where the two tests reach `(1 - level)/2`.
    #[must_use]
    pub fn interval(&self, level: f64) -> Interval {
        let tail = 0.5 * (1.0 - level);
        let Estimate { value, mcse, df, .. } = self.estimate;
        // A gamma tail ends where t's would at most some times as far out; both ends are searched for on the same scale.
        let reach = 1e3 * mcse * student_quantile(1.0 - tail, df);
        Interval {
            low: turning(value - reach, value, |c| self.p_above(c) >= tail),
            high: turning(value + reach, value, |c| self.p_below(c) >= tail),
            level,
        }
    }
}

/// The observed cumulants of the part that is linear in the error.
struct Linear {
    /// `q`.
    variance: f64,
    /// `c'A c`.
    along: f64,
}

impl Form {
    fn of(means: &Joint, product: impl Fn(&[f64], &[f64]) -> f64) -> Self {
        let rows: Vec<&[f64]> = means.rows().collect();
        let entry = |one: &[f64]| rows.iter().map(|other| product(one, other)).collect::<Vec<f64>>();
        let matrix: Vec<f64> = rows.iter().flat_map(|row| entry(row)).collect();
        let (n, count) = (means.df(), rows.len());
        let trace: f64 = (0..count).map(|i| matrix[i * count + i]).sum();
        // The estimate from an estimated S is too large, as that of a squared norm is: see its score.
        let unbiased = n * n / ((n - 1.0) * (n + 2.0)) * (dot(&matrix, &matrix) - trace * trace / n);
        Self {
            matrix,
            count,
            trace,
            square: if unbiased < 0.0 { 0.0 } else { unbiased },
        }
    }

    /// `tr (AS)^3`, made smaller as the square was.
    fn cube(&self) -> f64 {
        let raw = dot(&self.matrix, &self.matrix);
        let row = |i: usize| &self.matrix[i * self.count..(i + 1) * self.count];
        let mut cube = 0.0;
        for i in 0..self.count {
            for j in 0..self.count {
                cube += row(i)[j] * dot(row(i), row(j));
            }
        }
        cube * self.square / raw
    }
}

/// `P(X >= z)` of a standardised law of this skewness: gamma where its tail is on this side, else Student's t; `df` of its scale.
pub(super) fn gamma_above(z: f64, skewness: f64, df: f64) -> f64 {
    let freedom = 8.0 / (skewness * skewness);
    // Written so that NaN is no gamma law either.
    if !(skewness > 0.0 && freedom < NORMAL_FROM) {
        return student_above(z, df);
    }
    let x = freedom + z * (2.0 * freedom).sqrt();
    if x <= 0.0 {
        return 1.0;
    }
    student_above(chi_squared_score(x, freedom), df)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::jackknife::joint;
    use crate::inference::score::SquaredNorm;
    use crate::inference::testing::{SplitMix, grouped};

    /// Joint means (d, y) of 40 groups, `y` the same in all of them.
    fn drawn(seed: u64, mean: f64) -> Joint {
        let mut rng = SplitMix::new(seed);
        let groups = grouped(40, 1, 2, |out| {
            out[0] = mean + rng.normal();
            out[1] = 9.0;
        });
        joint(&groups, 2, |means, out| {
            (out[0], out[1]) = (means.mean(0), means.mean(1))
        })
    }

    #[test]
    fn an_inner_product_of_a_vector_with_itself_is_its_debiased_square() {
        let means = drawn(64, 2.0);
        let twice = {
            let mut rng = SplitMix::new(64);
            let groups = grouped(40, 1, 1, |out| out[0] = 2.0 + rng.normal());
            joint(&groups, 2, |means, out| out.fill(means.mean(0)))
        };
        let norm = SquaredNorm::of(&means.part(0..1)).estimate();
        // The draws of `drawn` and these are the same: one normal a replicate.
        assert!((Skewed::of_product(&twice).estimate().value - norm.value).abs() < 1e-12);
    }

    #[test]
    fn a_gamma_law_of_one_degree_is_that_of_a_squared_normal() {
        // (chi^2_1 - 1)/sqrt 2 has the skewness sqrt 8; P(chi^2_1 >= 3.8415) = .05, on many degrees of freedom of the scale.
        let z = (3.841_459 - 1.0) / 2.0_f64.sqrt();
        assert!((gamma_above(z, 8.0_f64.sqrt(), 1e9) - 0.05).abs() < 1e-5);
        assert_eq!(gamma_above(-1.0, 8.0_f64.sqrt(), 1e9), 1.0);
        assert!((gamma_above(1.644_854, 0.0, 1e9) - 0.05).abs() < 1e-5);
    }
}

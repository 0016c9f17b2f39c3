//! Standard errors of smooth functions of slot means: the delete-one-group jackknife, for groups of any size.
//!
//! Model: `theta = f(means)`; `theta_j` is the same without group `j`; `n` replicates in all, `m_j` of them in group `j`, `G` groups.
//! With `h_j = n / m_j` (Busing, Meijer and van der Leeden 1999, Statistics and Computing 9: delete-m_j jackknife):
//!
//! ```text
//! corrected  theta_J = G theta - sum_j (1 - m_j/n) theta_j
//! pseudo     p_j     = h_j theta - (h_j - 1) theta_j
//! variance           = (1/G) sum_j (p_j - theta_J)^2 / (h_j - 1)
//! ```
//!
//! For equal groups this is the ordinary jackknife, `(G-1)/G sum (theta_j - mean theta_j)^2`. For a mean it is unbiased whatever the
//! sizes, since `E (p_j - theta)^2 = sigma^2 (1/m_j - 1/n) = sigma^2 (h_j - 1)/n`: each group brings an equal share, and a short last
//! group neither dominates nor is lost.
//!
//! The code works with the differences `theta - theta_j`, in which the large common part has cancelled once, not `h_j` times.
//!
//! Assumptions: groups are independent, and `f` is differentiable at the true means with a gradient that is not 0. At a boundary (a
//! squared norm whose mean vector is 0, a cosine of ±1) the gradient is 0 and the standard error is too large by up to `sqrt 2`.
//! A minimum over arms or a quantile has no such gradient: it gets no standard error here.
//!
//! Sizes are replicates drawn. An arm that failed in some replicates has a mean that is a ratio of two sums, and the jackknife
//! carries that too.

use super::estimate::Estimate;
use super::groups::{Groups, Means};
use std::ops::Range;

/// The estimate of a functional: its plain value, with the jackknife's standard error.
#[must_use]
pub fn jackknife(groups: &Groups, functional: impl Fn(&Means<'_>) -> f64) -> Estimate {
    joint(groups, 1, |means, out| out[0] = functional(means)).estimate(0)
}

/// Jackknifes a functional of `len` values at once.
///
/// The functional writes all of `out`. Allocates `groups * len` numbers and calls the functional `groups + 1` times.
#[must_use]
pub fn joint(groups: &Groups, len: usize, functional: impl Fn(&Means<'_>, &mut [f64])) -> Joint {
    let count = groups.groups().len();
    let mut values = vec![f64::NAN; len];
    functional(&groups.means(), &mut values);
    let mut without = vec![f64::NAN; count * len];
    for index in 0..count {
        functional(
            &groups.means_without(index),
            &mut without[index * len..(index + 1) * len],
        );
    }
    let sizes: Vec<u64> = groups.groups().iter().map(|group| group.replicates).collect();
    Joint::of(values, without, &sizes)
}

/// A vector of estimates with their joint covariance.
///
/// The covariance is kept as its square root, one row `x_j` per group with `cov = sum_j x_j x_j'`: a vector of thousands costs
/// `groups` times its length, not its length squared.
#[derive(Clone, Debug)]
pub struct Joint {
    values: Vec<f64>,
    corrected: Vec<f64>,
    /// `groups` rows of `values.len()`.
    rows: Vec<f64>,
    groups: usize,
    replicates: u64,
}

impl Joint {
    /// Of the values of all groups, and those without each group in turn: a row of `values.len()` for each of `sizes`.
    #[must_use]
    pub(super) fn of(values: Vec<f64>, without: Vec<f64>, sizes: &[u64]) -> Self {
        let len = values.len();
        let mut joint = Self {
            corrected: values.clone(),
            values,
            rows: without,
            groups: sizes.len(),
            replicates: sizes.iter().sum(),
        };
        let drawn = joint.replicates as f64;
        for (index, &size) in sizes.iter().enumerate() {
            let share = 1.0 - size as f64 / drawn;
            for at in 0..len {
                let entry = &mut joint.rows[index * len + at];
                *entry = joint.values[at] - *entry;
                joint.corrected[at] += share * *entry;
            }
        }
        joint.scale(sizes);
        joint
    }

    /// Turns rows of differences `theta - theta_j` into rows `x_j = (p_j - theta_J) / sqrt(G (h_j - 1))`.
    fn scale(&mut self, sizes: &[u64]) {
        let drawn = self.replicates as f64;
        let len = self.values.len();
        for (index, &size) in sizes.iter().enumerate() {
            let size = size as f64;
            // A single group has h = 1, and 0 / 0 marks its standard error as unknown.
            let excess = (drawn - size) / size;
            let divisor = (self.groups as f64 * excess).sqrt();
            for at in 0..len {
                let shift = self.corrected[at] - self.values[at];
                let entry = &mut self.rows[index * len + at];
                *entry = (excess * *entry - shift) / divisor;
            }
        }
    }

    /// The values in `range` alone.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        Self {
            values: self.values[range.clone()].to_vec(),
            corrected: self.corrected[range.clone()].to_vec(),
            rows: self.rows().flat_map(|row| &row[range.clone()]).copied().collect(),
            ..*self
        }
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The plain values.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The bias-corrected values `theta_J`.
    #[must_use]
    pub fn corrected(&self) -> &[f64] {
        &self.corrected
    }

    /// The rows `x_j`, one per group, whose outer products sum to the covariance.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> + Clone {
        (0..self.groups).map(|index| &self.rows[index * self.len()..(index + 1) * self.len()])
    }

    /// Replicates drawn.
    #[must_use]
    pub fn replicates(&self) -> u64 {
        self.replicates
    }

    /// Degrees of freedom of the covariance: groups - 1.
    #[must_use]
    pub fn df(&self) -> f64 {
        self.groups as f64 - 1.0
    }

    /// The covariance of the values at `row` and `column`; NaN for fewer than two groups.
    #[must_use]
    pub fn covariance(&self, row: usize, column: usize) -> f64 {
        if self.groups < 2 {
            return f64::NAN;
        }
        self.rows().map(|entry| entry[row] * entry[column]).sum()
    }

    /// The value at `at` as an estimate.
    #[must_use]
    pub fn estimate(&self, at: usize) -> Estimate {
        Estimate {
            value: self.values[at],
            mcse: self.covariance(at, at).sqrt(),
            df: self.df().max(0.0),
            replicates: self.replicates,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::testing::{SplitMix, grouped, uneven};

    /// The textbook form, from means that are summed afresh for each group left out.
    fn naive(groups: &Groups, functional: impl Fn(&[f64]) -> f64) -> f64 {
        let slots = groups.layout().slots();
        let count = groups.groups().len();
        let at = |skip: usize| {
            let kept = || (0..count).filter(move |&index| index != skip);
            let size: u64 = kept().map(|index| groups.groups()[index].replicates).sum();
            let mean = |slot: usize| -> f64 {
                kept().map(|index| groups.groups()[index].sums[slot]).sum::<f64>() / size as f64
            };
            functional(&(0..slots).map(mean).collect::<Vec<f64>>())
        };
        let total: u64 = groups.groups().iter().map(|group| group.replicates).sum();
        let share = |index: usize| groups.groups()[index].replicates as f64 / total as f64;
        let all = at(count);
        let corrected = count as f64 * all - (0..count).map(|index| (1.0 - share(index)) * at(index)).sum::<f64>();
        let term = |index: usize| {
            let ratio = 1.0 / share(index);
            let pseudo = ratio * all - (ratio - 1.0) * at(index);
            (pseudo - corrected) * (pseudo - corrected) / (ratio - 1.0)
        };
        ((0..count).map(term).sum::<f64>() / count as f64).sqrt()
    }

    #[test]
    fn a_mean_has_the_standard_error_of_the_group_means() {
        let mut rng = SplitMix::new(1);
        let groups = grouped(40, 5, 1, |out| out[0] = 3.0 + rng.normal());
        let estimate = jackknife(&groups, |means| means.mean(0));
        let means: Vec<f64> = groups.groups().iter().map(|group| group.sums[0] / 5.0).collect();
        let mean = means.iter().sum::<f64>() / 40.0;
        let spread = means.iter().map(|m| (m - mean) * (m - mean)).sum::<f64>() / 39.0;
        assert!((estimate.value - mean).abs() < 1e-14);
        assert!((estimate.mcse / (spread / 40.0).sqrt() - 1.0).abs() < 1e-12);
        assert_eq!((estimate.df, estimate.replicates), (39.0, 200));
    }

    #[test]
    fn a_ratio_has_the_delta_standard_error_up_to_its_curvature() {
        let mut rng = SplitMix::new(2);
        let groups = grouped(128, 50, 2, |out| {
            out[0] = 2.0 + rng.normal();
            out[1] = 4.0 + 0.5 * out[0] + rng.normal();
        });
        let estimate = jackknife(&groups, |means| means.mean(0) / means.mean(1));
        let ratio = estimate.value;
        let below = groups.means().mean(1);
        // Delta formula: the variance of the residual x - ratio y, over the squared denominator.
        let residual = |index: usize| {
            let sums = &groups.groups()[index].sums;
            (sums[0] - ratio * sums[1]) / 50.0
        };
        let spread: f64 = (0..128).map(|index| residual(index) * residual(index)).sum();
        let delta = (spread / (127.0 * 128.0)).sqrt() / below;
        // The two differ by O(1/G) times the coefficient of variation of a group's denominator (3 %).
        assert!((estimate.mcse / delta - 1.0).abs() < 1e-3, "{estimate:?} {delta}");
    }

    #[test]
    fn unequal_groups_agree_with_the_textbook_form() {
        let mut rng = SplitMix::new(3);
        let groups = uneven(&[7, 7, 7, 7, 3, 20, 1, 7], 2, |out| {
            out[0] = 1.0 + rng.normal();
            out[1] = 2.0 + rng.uniform();
        });
        let fast = jackknife(&groups, |means| means.mean(0) * means.mean(0) / means.mean(1));
        let slow = naive(&groups, |means| means[0] * means[0] / means[1]);
        assert!((fast.mcse / slow - 1.0).abs() < 1e-12, "{fast:?} {slow}");
        // The sizes matter: the ordinary form for equal groups is far off here.
        let without: Vec<f64> = (0..8)
            .map(|index| groups.means_without(index))
            .map(|means| means.mean(0) * means.mean(0) / means.mean(1))
            .collect();
        let centre = without.iter().sum::<f64>() / 8.0;
        let ordinary = without.iter().map(|v| (v - centre) * (v - centre)).sum::<f64>() * 7.0 / 8.0;
        assert!((ordinary.sqrt() / slow - 1.0).abs() > 0.05);
    }

    /// `E mcse^2 = sigma^2 / n` exactly: 4,000 repetitions of 8 groups leave a relative standard error of
    /// `sqrt(2/7/4000)` = 0.85 %, somewhat more for unequal groups; 4 of them are allowed.
    #[test]
    fn the_variance_of_a_mean_is_unbiased_for_unequal_groups() {
        let mut rng = SplitMix::new(4);
        let sizes = [5, 5, 5, 5, 5, 5, 5, 1];
        let mut sum = 0.0;
        for _ in 0..4000 {
            let groups = uneven(&sizes, 1, |out| out[0] = rng.normal());
            let mcse = jackknife(&groups, |means| means.mean(0)).mcse;
            sum += mcse * mcse * 36.0;
        }
        assert!((sum / 4000.0 - 1.0).abs() < 4.0 * 0.0085, "{}", sum / 4000.0);
    }

    #[test]
    fn the_correction_removes_the_bias_of_a_square() {
        let mut rng = SplitMix::new(5);
        let groups = grouped(30, 4, 1, |out| out[0] = rng.normal());
        let square = |means: &Means<'_>| means.mean(0) * means.mean(0);
        let corrected = joint(&groups, 1, |means, out| out[0] = square(means)).corrected()[0];
        // For equal groups the corrected square of a mean is the square less its squared standard error.
        let mean = jackknife(&groups, |means| means.mean(0));
        assert!((corrected - (mean.value * mean.value - mean.mcse * mean.mcse)).abs() < 1e-15);
    }

    #[test]
    fn joint_covariance_is_that_of_sums_and_differences() {
        let mut rng = SplitMix::new(6);
        let groups = grouped(50, 3, 2, |out| {
            out[0] = rng.normal();
            out[1] = out[0] + 0.5 * rng.normal();
        });
        let joint = joint(&groups, 2, |means, out| {
            out[0] = means.mean(0);
            out[1] = means.mean(1);
        });
        let difference = jackknife(&groups, |means| means.mean(0) - means.mean(1)).mcse;
        let from_parts = joint.covariance(0, 0) + joint.covariance(1, 1) - 2.0 * joint.covariance(0, 1);
        assert!((from_parts.sqrt() / difference - 1.0).abs() < 1e-12);
        assert_eq!(joint.covariance(0, 1), joint.covariance(1, 0));
    }

    #[test]
    fn one_group_or_a_void_arm_has_an_unknown_standard_error() {
        let one = grouped(1, 5, 1, |out| out[0] = 2.0);
        let estimate = jackknife(&one, |means| means.mean(0));
        assert_eq!(estimate.value, 2.0);
        assert!(estimate.mcse.is_nan());
        assert_eq!(estimate.df, 0.0);
        let none = grouped(0, 5, 1, |_| {});
        let estimate = jackknife(&none, |means| means.mean(0));
        assert!(estimate.value.is_nan() && estimate.mcse.is_nan());
    }

    /// Pinned: these bits must not depend on the machine. A change is a change of the numerics version.
    #[test]
    fn the_bits_are_stable() {
        let mut rng = SplitMix::new(7);
        let groups = uneven(&[4; 21], 2, |out| {
            out[0] = 1.0 + rng.uniform();
            out[1] = 2.0 + rng.uniform();
        });
        let estimate = jackknife(&groups, |means| means.mean(0) / means.mean(1));
        assert_eq!(
            (estimate.value.to_bits(), estimate.mcse.to_bits()),
            (4_603_609_924_834_430_157, 4_579_684_280_743_077_149)
        );
    }
}

//! Paired comparisons: two estimands of one scenario, whose arms saw the same draws.
//!
//! The contrast `f_a - f_b`, or `ln f_a - ln f_b`, is itself a smooth function of the joint means, so the jackknife of the contrast
//! carries the covariance between arms without a further word. Under common random numbers that covariance is large and positive, and
//! the standard error of the contrast is far below `sqrt(se_a^2 + se_b^2)`, which ignores it.
//!
//! | comparison | confirm | refute |
//! |---|---|---|
//! | below `c` | `P(T >= (c - v)/se)` | `P(T >= (v - c)/se)` |
//! | above `c` | `P(T >= (v - c)/se)` | `P(T >= (c - v)/se)` |
//!
//! A contrast without noise is compared as a number. Two arms that never differed are *tied*: a strict order between them is neither
//! confirmed nor refuted (a difference that is rare has no noise either until it is seen), while 'no more than 2 % above' is confirmed.
//! Of two shares of replicates not even that is: that an event struck both arms in the same replicates, or neither in any, bounds
//! neither probability ([`Paired::of_shares`]).
//!
//! Each arm's mean is over its own valid replicates. Where an arm failed in some, `f_a - f_b` therefore compares 'a where a did not fail'
//! with 'b where b did not fail': neither the difference over the replicates that both kept, nor what it would be without failures,
//! unless failing has nothing to do with what is measured. The standard error is right for what is estimated, as the jackknife leaves
//! a group out of both arms' sums and counts; replicates that one arm lost no longer cancel in it. Whoever shows a verdict says that the arms lost
//! different replicates.
//!
//! Assumptions: those of the jackknife, and for the log ratio that both estimands are positive. Groups of different scenarios share no
//! draws and are never compared here.

use super::cell::{Cell, FEWEST_GROUPS, Measured, NoVerdict, ROUNDING, Statement};
use super::estimate::Estimate;
use super::groups::{Groups, Means};
use super::jackknife::joint;
use crate::numerics::elementary::ln;

/// How two estimands are contrasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contrast {
    /// `f_a - f_b`.
    Difference,
    /// `ln f_a - ln f_b`: both must be positive.
    LogRatio,
}

/// On which side of a bound a contrast is said to lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    /// Below the bound; a tie does not count.
    Below(f64),
    /// Above the bound; a tie does not count.
    Above(f64),
    /// At most the bound; a tie counts.
    AtMost(f64),
}

/// A contrast, estimated from joint group sums.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// The contrast with its paired standard error.
    pub estimate: Estimate,
    /// The contrast less its bias.
    corrected: f64,
    /// The size of the numbers it was formed from: what rounding is measured against.
    size: f64,
    /// Both estimands are known, and a logarithm is not.
    not_positive: bool,
    /// Both estimands are shares of replicates.
    shares: bool,
}

impl Paired {
    /// The contrast of `a` with `b`.
    #[must_use]
    pub fn of(
        groups: &Groups,
        a: impl Fn(&Means<'_>) -> f64,
        b: impl Fn(&Means<'_>) -> f64,
        contrast: Contrast,
    ) -> Self {
        let parts = joint(groups, 3, |means, out| {
            (out[0], out[1]) = (a(means), b(means));
            out[2] = contrast.of(out[0], out[1]);
        });
        let [a, b] = [parts.estimate(0), parts.estimate(1)];
        let estimate = parts.estimate(2);
        let known = |e: Estimate| e.value.is_finite() && e.mcse.is_finite();
        let size = match contrast {
            Contrast::Difference => a.value.abs().max(b.value.abs()),
            Contrast::LogRatio => 1.0 + ln(a.value).abs().max(ln(b.value).abs()),
        };
        Self {
            estimate,
            corrected: parts.corrected()[2],
            size,
            not_positive: contrast == Contrast::LogRatio && known(a) && known(b) && !known(estimate),
            shares: false,
        }
    }

    /// The same without the bias of order 1/replicates that curvature brings, such as that of squared norms: the jackknife's.
    #[must_use]
    pub fn debiased(self) -> Self {
        Self {
            estimate: self.estimate.at(self.corrected),
            ..self
        }
    }

    /// The same where both estimands are shares of replicates with an event: a tie is then no evidence of anything.
    #[must_use]
    pub fn of_shares(self) -> Self {
        Self { shares: true, ..self }
    }

    /// The same after `factor` times the replicates, were the contrast to stay where it is.
    #[must_use]
    pub fn after(self, factor: f64) -> Self {
        Self {
            estimate: self.estimate.after(factor),
            ..self
        }
    }

    /// The same with its contrast at `truth`.
    #[must_use]
    pub fn placed_at(self, truth: f64) -> Self {
        Self {
            estimate: self.estimate.at(truth),
            ..self
        }
    }

    /// The same on so many degrees of freedom, where some groups have nothing to say of one of its arms.
    #[must_use]
    pub fn on(self, df: f64) -> Self {
        Self {
            estimate: self.estimate.on(df),
            ..self
        }
    }

    /// The evidence about a comparison; `alpha` sets the interval only.
    ///
    /// # Errors
    ///
    /// When there can be no evidence: see [`NoVerdict`].
    pub fn judge(&self, comparison: Comparison, alpha: f64) -> Result<Cell, NoVerdict> {
        let estimate = self.estimate;
        if estimate.df < FEWEST_GROUPS - 1.0 {
            return Err(NoVerdict::TooFewGroups);
        }
        if self.not_positive {
            return Err(NoVerdict::NoLogRatio);
        }
        let statement = comparison.statement();
        let cell = statement.judge(&Measured::Smooth(estimate), alpha)?;
        let slack = ROUNDING * self.size.max(comparison.bound().abs());
        if estimate.mcse > slack {
            return Ok(cell);
        }
        if self.shares && estimate.value.abs() <= slack {
            return Err(NoVerdict::Tied);
        }
        let holds = comparison.holds(estimate.value, slack).ok_or(NoVerdict::Tied)?;
        let (p_confirm, p_refute) = if holds { (0.0, 1.0) } else { (1.0, 0.0) };
        Ok(Cell {
            p_confirm,
            p_refute,
            exact: true,
            ..cell
        })
    }
}

impl Contrast {
    /// The contrast of two numbers; NaN where it has none.
    #[must_use]
    pub fn of(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Difference => a - b,
            Self::LogRatio if a > 0.0 && b > 0.0 => ln(a) - ln(b),
            Self::LogRatio => f64::NAN,
        }
    }
}

impl Comparison {
    /// The number that the contrast is compared with.
    #[must_use]
    pub fn bound(self) -> f64 {
        let (Self::Below(bound) | Self::Above(bound) | Self::AtMost(bound)) = self;
        bound
    }

    /// With noise a tie has probability 0, so strict and not strict are the same test.
    fn statement(self) -> Statement {
        match self {
            Self::Below(bound) | Self::AtMost(bound) => Statement::AtMost(bound),
            Self::Above(bound) => Statement::AtLeast(bound),
        }
    }

    /// Whether it is true of a number; none where the two sides are tied and a strict order is asked for.
    fn holds(self, value: f64, slack: f64) -> Option<bool> {
        let tied = (value - self.bound()).abs() <= slack;
        match self {
            Self::AtMost(bound) => Some(tied || value < bound),
            _ if tied => None,
            Self::Below(bound) => Some(value < bound),
            Self::Above(bound) => Some(value > bound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::jackknife::jackknife;
    use crate::inference::testing::{SplitMix, grouped};

    /// Two arms that share most of their noise.
    fn common(seed: u64, shift: f64) -> Groups {
        let mut rng = SplitMix::new(seed);
        grouped(64, 10, 2, |out| {
            let shared = rng.normal();
            out[0] = 5.0 + shared + 0.1 * rng.normal();
            out[1] = 5.0 + shift + shared + 0.1 * rng.normal();
        })
    }

    fn contrast(groups: &Groups, contrast: Contrast) -> Paired {
        Paired::of(groups, |means| means.mean(0), |means| means.mean(1), contrast)
    }

    #[test]
    fn the_paired_error_is_far_below_the_unpaired_one_under_common_random_numbers() {
        let groups = common(1, 0.0);
        let alone = |slot| jackknife(&groups, move |means| means.mean(slot)).mcse;
        let unpaired = (alone(0) * alone(0) + alone(1) * alone(1)).sqrt();
        let paired = contrast(&groups, Contrast::Difference).estimate.mcse;
        // By variances: sqrt(.02/2.02) = .0995 of it; the ratio of two standard errors from 64 groups errs by some 12 %.
        assert!((paired / unpaired - 0.0995).abs() < 0.04, "{paired} {unpaired}");
        // The delta method: a log ratio errs as the difference does, relative to the size.
        let log = contrast(&groups, Contrast::LogRatio).estimate.mcse;
        assert!((log * 5.0 / paired - 1.0).abs() < 0.1, "{log}");
    }

    #[test]
    fn comparisons_are_one_sided() {
        let low = contrast(&common(2, 0.1), Contrast::Difference);
        let p = |comparison| {
            let cell = low.judge(comparison, 0.05).expect("evidence");
            (cell.p_confirm < 0.001, cell.p_refute < 0.001)
        };
        assert_eq!(p(Comparison::Below(0.0)), (true, false));
        assert_eq!(p(Comparison::AtMost(0.0)), (true, false));
        assert_eq!(p(Comparison::Above(0.0)), (false, true));
        assert_eq!(p(Comparison::Below(-0.1)), (false, false));
    }

    #[test]
    fn arms_that_never_differ_are_tied_and_within_any_factor() {
        let mut rng = SplitMix::new(3);
        // The second is the first, formed in another way: equal up to rounding only.
        let groups = grouped(64, 10, 2, |out| {
            out[0] = 1.0 + rng.uniform();
            out[1] = 3.0 * out[0];
        });
        for kind in [Contrast::Difference, Contrast::LogRatio] {
            let tied = Paired::of(&groups, |m| m.mean(0), |m| m.mean(1) / 3.0, kind);
            assert_eq!(tied.judge(Comparison::Below(0.0), 0.05), Err(NoVerdict::Tied));
            assert_eq!(tied.judge(Comparison::Above(0.0), 0.05), Err(NoVerdict::Tied));
            for bound in [0.0, 0.02] {
                let cell = tied.judge(Comparison::AtMost(bound), 0.05).expect("evidence");
                assert_eq!((cell.p_confirm, cell.p_refute, cell.exact), (0.0, 1.0, true));
            }
        }
        // A constant factor between two noisy arms has a log ratio without noise: a number.
        let thrice = contrast(&groups, Contrast::LogRatio);
        let p = |comparison| thrice.judge(comparison, 0.05).expect("evidence").p_confirm;
        assert_eq!(p(Comparison::Below(0.0)), 0.0);
        assert_eq!(p(Comparison::Above(0.0)), 1.0);
        assert_eq!(p(Comparison::AtMost(ln(0.5))), 0.0);
        assert_eq!(thrice.judge(Comparison::Below(-ln(3.0)), 0.05), Err(NoVerdict::Tied));
    }

    #[test]
    fn shares_that_never_differ_are_not_even_within_a_factor() {
        let mut rng = SplitMix::new(5);
        let rare = grouped(64, 10, 2, |out| out.fill(f64::from(u8::from(rng.uniform() < 0.01))));
        let always = grouped(64, 10, 2, |out| out.fill(1.0));
        for groups in [&rare, &always] {
            let plain = contrast(groups, Contrast::LogRatio);
            assert!(plain.judge(Comparison::AtMost(0.02), 0.05).is_ok());
            let shares = plain.of_shares();
            assert_eq!(shares.judge(Comparison::AtMost(0.02), 0.05), Err(NoVerdict::Tied));
            assert_eq!(shares.judge(Comparison::Below(0.02), 0.05), Err(NoVerdict::Tied));
        }
        // Never against always is a difference all the same.
        let apart = grouped(64, 10, 2, |out| (out[0], out[1]) = (0.0, 1.0));
        let cell = contrast(&apart, Contrast::Difference).of_shares();
        assert_eq!(
            cell.judge(Comparison::Below(0.0), 0.05).expect("evidence").p_confirm,
            0.0
        );
    }

    #[test]
    fn what_cannot_be_compared_says_why() {
        let below = |groups: &Groups, kind| contrast(groups, kind).judge(Comparison::Below(0.0), 0.05).unwrap_err();
        let few = grouped(19, 5, 2, |out| out.fill(1.0));
        assert_eq!(below(&few, Contrast::Difference), NoVerdict::TooFewGroups);
        let mut rng = SplitMix::new(4);
        let negative = grouped(64, 5, 2, |out| {
            out[0] = 2.0 + rng.normal();
            out[1] = -2.0 + rng.normal();
        });
        assert_eq!(below(&negative, Contrast::LogRatio), NoVerdict::NoLogRatio);
        let infinite = grouped(64, 5, 2, |out| out.fill(f64::INFINITY));
        assert_eq!(below(&infinite, Contrast::LogRatio), NoVerdict::NotFinite);
    }
}

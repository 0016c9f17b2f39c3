//! Owns the unbiased variance components of a pilot, and the set of ratios that it does not reject.
//!
//! # Model
//!
//! n prompts; k_i responses y_ij of prompt i, vectors (one-hot for labels), independent given the prompt; T = sum k_i; p_i the mean of
//! prompt i, g that of all responses. Traces of the one-way analysis of variance of unbalanced data (Searle, Casella and McCulloch
//! 1992, Variance Components, section 3.6):
//!
//! ```text
//! MSW = sum_ij |y_ij - p_i|^2 / (T - n)      MSB = sum_i k_i |p_i - g|^2 / (n - 1)      k0 = (T - sum k_i^2/T) / (n - 1)
//! V_y|x = MSW                                V_x = (MSB - MSW) / k0
//! ```
//!
//! Both are unbiased if the k_i do not depend on the prompts' distributions: the correlation in [`diagnostics`](super::diagnostics) tells.
//!
//! # Interval
//!
//! A ratio rho = V_x/V_y|x stands while |V_x - rho V_y| <= t se(V_x - rho V_y), with the jackknife over prompts (or groups of them) for
//! the joint covariance and t on its degrees of freedom (Fieller 1954, JRSS B 16, 175-185). That is a quadratic inequality in rho. K* =
//! sqrt((C_p/C_r)/rho) has no upper end where 0 is in the set. The log-jackknife, which always ends, does not cover where prompts hardly
//! differ: there V_x is now and then 0 or below.

use super::super::estimate::{Estimate, Interval};
use super::super::jackknife::Joint;
use super::super::laws::{student_above, student_quantile};
use super::fieller::{Quadratic, RatioSet};
use super::group::{Group, Whole};
use super::responses::Refusal;
use crate::numerics::special::student_beyond;

/// Level of the intervals that people are shown.
pub const LEVEL: f64 = 0.95;

/// Sums from which the components follow: of all prompts, or without some.
#[derive(Clone, Copy, Debug)]
struct Totals {
    prompts: f64,
    responses: f64,
    squares: f64,
    within: f64,
    between: f64,
}

impl Totals {
    /// MSW; NaN where no prompt has two responses.
    fn response(&self) -> f64 {
        match self.responses > self.prompts {
            true => self.within / (self.responses - self.prompts),
            false => f64::NAN,
        }
    }

    /// k0: responses of a prompt, those of large ones counting less.
    fn size(&self) -> f64 {
        (self.responses - self.squares / self.responses) / (self.prompts - 1.0)
    }

    /// V_x and V_y|x.
    fn components(&self) -> [f64; 2] {
        let response = self.response();
        let prompt = (self.between / (self.prompts - 1.0) - response) / self.size();
        [if self.prompts > 1.0 { prompt } else { f64::NAN }, response]
    }
}

/// The sums of all groups, and without each of them. What is left out is taken from the sums: O(groups x dimension) in all.
fn totals(groups: &[Group]) -> Option<(Whole, Totals, Vec<Totals>)> {
    let whole = Whole::of(groups)?;
    let all = whole.responses as f64;
    let apart: Vec<f64> = groups.iter().map(|group| whole.distance(group)).collect();
    let between = groups
        .iter()
        .zip(&apart)
        .map(|(group, apart)| group.between() + group.responses as f64 * apart)
        .sum();
    let totals = Totals {
        prompts: whole.prompts as f64,
        responses: all,
        squares: groups.iter().map(|group| group.squares).sum(),
        within: groups.iter().map(|group| group.within).sum(),
        between,
    };
    // Without a group of T_g responses the mean moves by T_g/(T - T_g) times its distance.
    let without = |(group, apart): (&Group, &f64)| {
        let own = group.responses as f64;
        Totals {
            prompts: totals.prompts - group.prompts as f64,
            responses: all - own,
            squares: totals.squares - group.squares,
            within: totals.within - group.within,
            between: totals.between - group.between() - own * all / (all - own) * apart,
        }
    };
    let without = groups.iter().zip(&apart).map(without).collect();
    Some((whole, totals, without))
}

/// What the responses of one prompt differ by, of labels of any meaning: for labels, 1 less the rate at which two agree.
pub(super) fn response(groups: &[Group]) -> Result<Estimate, Refusal> {
    let (_, totals, without) = totals(groups).ok_or(TOO_FEW)?;
    if totals.responses <= totals.prompts {
        return Err(no_repeats(&totals));
    }
    let rows = without.iter().map(Totals::response).collect();
    let joint = Joint::of(vec![totals.response()], rows, &sizes(groups));
    finite(&joint)?;
    Ok(joint.estimate(0))
}

/// The components of all groups, which are of shared labels or numbers.
pub(super) fn of(groups: &[Group]) -> Result<Estimated, Refusal> {
    let (whole, totals, without) = totals(groups).ok_or(TOO_FEW)?;
    if whole.prompts < 2 {
        return Err(Refusal::TooFewPrompts {
            prompts: whole.prompts,
            responses: 1,
            needed: 2,
        });
    }
    if totals.responses <= totals.prompts {
        return Err(no_repeats(&totals));
    }
    let rows = without.iter().flat_map(Totals::components).collect();
    let joint = Joint::of(totals.components().to_vec(), rows, &sizes(groups));
    finite(&joint)?;
    Ok(Estimated {
        prompt: joint.estimate(0),
        response: joint.estimate(1),
        covariance: joint.covariance(0, 1),
        prompts: whole.prompts,
        responses: whole.responses,
        size: totals.size(),
    })
}

const TOO_FEW: Refusal = Refusal::TooFewPrompts {
    prompts: 0,
    responses: 1,
    needed: 2,
};

fn no_repeats(totals: &Totals) -> Refusal {
    Refusal::NoRepeats {
        prompts: totals.prompts as u64,
    }
}

fn sizes(groups: &[Group]) -> Vec<u64> {
    groups.iter().map(|group| group.prompts).collect()
}

/// Finite numbers have finite components, unless their squares overflow.
fn finite(joint: &Joint) -> Result<(), Refusal> {
    match joint.values().iter().all(|value| value.is_finite()) {
        true => Ok(()),
        false => Err(Refusal::TooLarge),
    }
}

/// The variance components of a pilot with their joint error, in squared units of the responses (for labels, of shares).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimated {
    /// V_x, unbiased: below 0 now and then where prompts hardly differ.
    pub prompt: Estimate,
    /// V_y|x, 0 or more.
    pub response: Estimate,
    /// The covariance of the two; NaN where their errors are.
    pub covariance: f64,
    /// n.
    pub prompts: u64,
    /// T, of all prompts.
    pub responses: u64,
    /// k0: k where all prompts have k responses, else somewhat below their mean number.
    pub size: f64,
}

/// A number and its interval, which may be infinite on a side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounded {
    /// The estimate; infinite for K* where V_x is not above 0.
    pub value: f64,
    /// What is not rejected; an infinite end means that the pilot does not know one.
    pub interval: Interval,
}

impl Estimated {
    /// V_x/V_y|x; infinite or NaN where responses of one prompt never differ.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        self.prompt.value / self.response.value
    }

    /// Whether the estimate of V_x is 0 or below: then K* has no upper end, and its estimate is infinite.
    #[must_use]
    pub fn has_no_prompt_variance(&self) -> bool {
        self.prompt.value <= 0.0
    }

    /// How often a pilot like this one finds V_x at 0 or below, by a normal law about the estimate with Student's tails. Above some .03
    /// errors on the scale of ln K* mean nothing; the intervals here do not rest on them.
    #[must_use]
    pub fn chance_of_no_prompt_variance(&self) -> f64 {
        student_above(self.prompt.value / self.prompt.mcse, self.prompt.df)
    }

    /// The ratios V_x/V_y|x that are not rejected at `level`, a probability such as .95. Everything where the errors are not known.
    #[must_use]
    pub fn ratios(&self, level: f64) -> RatioSet {
        let t = student_quantile(0.5 + level / 2.0, self.prompt.df);
        let (x, y, square) = (self.prompt, self.response, t * t);
        Quadratic {
            second: y.value * y.value - square * y.mcse * y.mcse,
            half_first: -(x.value * y.value - square * self.covariance),
            constant: x.value * x.value - square * x.mcse * x.mcse,
        }
        .below()
    }

    /// The two-sided p-value of a ratio V_x/V_y|x: at least 1 - `level` exactly for the [`ratios`](Self::ratios) that stand at that level.
    /// 1 where the errors are not known. It has the same bits on every machine, which the ends of the set have not.
    #[must_use]
    pub fn ratio_p(&self, ratio: f64) -> f64 {
        let (x, y) = (self.prompt, self.response);
        let variance = x.mcse * x.mcse - 2.0 * ratio * self.covariance + ratio * ratio * y.mcse * y.mcse;
        // An unknown variance stays unknown, which the larger of it and 0 would not.
        let t = (x.value - ratio * y.value) / variance.clamp(0.0, f64::INFINITY).sqrt();
        let p = student_beyond(t, x.df);
        if p.is_nan() { 1.0 } else { p }
    }

    /// Whether V_x = 0 is rejected at `level` for a V_x above it, so that K* has an upper end: that of
    /// [`best_responses`](Self::best_responses) is finite, unless V_y|x itself is not told apart from 0. Likewise the same on every machine.
    #[must_use]
    pub fn bounds_best(&self, level: f64) -> bool {
        !self.has_no_prompt_variance() && self.ratio_p(0.0) < 1.0 - level
    }

    /// K* = sqrt((C_p/C_r) V_y|x/V_x) for a `cost_ratio` C_p/C_r above 0, with its interval. Infinite where V_x is not above 0; the upper
    /// end is infinite where V_x = 0 is not rejected, and both are where every ratio above 0 is.
    #[must_use]
    pub fn best_responses(&self, cost_ratio: f64, level: f64) -> Bounded {
        let best = |ratio: f64| {
            if ratio > 0.0 {
                (cost_ratio / ratio).sqrt()
            } else {
                f64::INFINITY
            }
        };
        let (low, high) = self.ratios(level).at_least_0();
        Bounded {
            value: best(self.ratio()),
            interval: Interval {
                low: best(high),
                high: best(low),
                level,
            },
        }
    }

    /// V_x/(V_x + V_y|x), the intraclass correlation, with its interval within [0, 1].
    #[must_use]
    pub fn icc(&self, level: f64) -> Bounded {
        let icc = |ratio: f64| {
            if ratio == f64::INFINITY {
                1.0
            } else {
                ratio / (1.0 + ratio)
            }
        };
        let (low, high) = self.ratios(level).at_least_0();
        Bounded {
            value: self.prompt.value / (self.prompt.value + self.response.value),
            interval: Interval {
                low: icc(low),
                high: icc(high),
                level,
            },
        }
    }

    /// The standard error of ln(V_x/V_y|x) by the delta method, twice that of ln K*; NaN where V_x or V_y|x is not above 0.
    #[must_use]
    pub fn log_ratio_error(&self) -> f64 {
        if self.prompt.value <= 0.0 || self.response.value <= 0.0 {
            return f64::NAN;
        }
        let (x, y) = (
            self.prompt.mcse / self.prompt.value,
            self.response.mcse / self.response.value,
        );
        let both = self.covariance / (self.prompt.value * self.response.value);
        (x * x + y * y - 2.0 * both).sqrt()
    }
}

//! The mean of a number from 0 to 1 per replicate that few replicates may decide, such as the share of responses in a rare mode.
//!
//! # Model
//!
//! A replicate's number is the average over parts that are independent of one another (prompts) and, in each, over events that need not
//! be (the responses to one prompt: they come in clusters). Its mean `p` has the estimate `v` with the standard error `se` of the jackknife,
//! which sees clusters of every kind. So many independent events would know as much:
//!
//! ```text
//! n* = v (1 - v)/se^2 (df - 2)/df,  at most all events;   x* = n* v
//! p_above(c) = I_c(x*, n* - x* + 1)      p_below(c) = I_(1-c)(n* - x*, x* + 1)
//! ```
//!
//! the binomial's own tails for the effective counts (Korn and Graubard 1998; the design effect of Kish 1965). Where the events are few
//! Student's t is wrong by several times its level, since the error is small whenever the value is; where they are many the two agree. For events
//! that do not come in clusters it is the test of Clopper and Pearson, which errs on the safe side. For those that do it is an approximation.
//!
//! Of a number that was 0 in every replicate nothing is assumed of clusters: a part has a number above 0 with probability `p` or more, so that
//! none of `m` has one with probability `(1 - p)^m` or less. Which bounds `p` by `1 - .05^(1/m)`, the rule of three.

use super::estimate::{Estimate, Interval};
use super::share::Share;
use crate::numerics::special::beta_inc;

/// The mean of a number from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mass {
    estimate: Estimate,
    /// Independent parts of all replicates.
    parts: u64,
    /// `n*` and `x*`.
    effective: [f64; 2],
}

impl Mass {
    /// A mean with its estimate by the jackknife, of so many independent `parts` of `events` each.
    #[must_use]
    pub fn new(estimate: Estimate, parts: u64, events: u64) -> Self {
        let Estimate { value, mcse, df, .. } = estimate;
        let most = parts as f64 * events as f64;
        let known = value * (1.0 - value) / (mcse * mcse) * (df - 2.0) / df;
        let count = if known > most { most } else { known };
        Self {
            estimate,
            parts,
            effective: [count, count * value],
        }
    }

    /// The mean as an estimate; its MCSE is 0 where it was 0, or 1, in every replicate.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        self.estimate
    }

    /// The parts, all or none of which had the event, as a share of parts; none where some had.
    #[must_use]
    pub fn unseen(&self) -> Option<Share> {
        let seen = match self.estimate.value {
            0.0 => 0,
            1.0 => self.parts,
            _ => return None,
        };
        Some(Share::new(self.estimate, seen, self.parts))
    }

    /// Small where the truth is above `c`.
    #[must_use]
    pub fn p_above(&self, c: f64) -> f64 {
        let [n, x] = self.effective;
        match self.unseen() {
            _ if c < 0.0 => 0.0,
            _ if c >= 1.0 => 1.0,
            Some(share) => share.p_above(c),
            None => beta_inc(x, n - x + 1.0, c),
        }
    }

    /// Small where the truth is below `c`.
    #[must_use]
    pub fn p_below(&self, c: f64) -> f64 {
        let [n, x] = self.effective;
        match self.unseen() {
            _ if c <= 0.0 => 1.0,
            _ if c > 1.0 => 0.0,
            Some(share) => share.p_below(c),
            None => beta_inc(n - x, x + 1.0, 1.0 - c),
        }
    }

    /// The interval of equal tails.
    #[must_use]
    pub fn interval(&self, level: f64) -> Interval {
        let tail = 0.5 * (1.0 - level);
        let value = self.estimate.value;
        Interval {
            low: super::skewed::turning(0.0, value, |c| self.p_above(c) >= tail),
            high: super::skewed::turning(1.0, value, |c| self.p_below(c) >= tail),
            level,
        }
    }
}

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
//! p_above(c) = I_c(x*, n* - x* + 1)      p_below(c) = I_(1-c)(n' (1 - v'), n' v')
//! ```
//!
//! The first is the binomial's own tail for the effective counts (Korn and Graubard 1998; the design effect of Kish 1965). In the second `v'` and
//! `n'` are those of one more cluster as large as a part, `v' = v + w`, `se'^2 = se^2 + w^2`, `w` what a whole part adds to the mean: the
//! clusters that were seen say little of those that were not (Fay and Feuer 1997, for weighted sums of Poisson counts). Of events
//! that come alone both are the test of Clopper and Pearson. Student's t is wrong by several times its level where events are few,
//! since its error is small whenever the value is; where they are many all agree. Above 1/2 it is the absence of the event that is rare,
//! and the tests change places. Both err on the safe side; for clusters of unlike sizes that is measured, not proved.
//!
//! Of a number that was 0 in every replicate nothing is assumed of clusters: a part has a number above 0 with probability `p` or more, so that
//! none of `m` has one with probability `(1 - p)^m` or less. Which bounds `p` by `1 - .05^(1/m)`, the rule of three.

use super::common::turning;
use super::estimate::{Estimate, Interval};
use super::proportion::Proportion;
use crate::numerics::special::beta_inc;

/// The mean of a number from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mass {
    estimate: Estimate,
    /// Independent parts of all replicates.
    parts: u64,
    /// `n*`.
    effective: f64,
}

impl Mass {
    /// A mean with its estimate by the jackknife, of so many independent `parts` of `events` each.
    #[must_use]
    pub fn new(estimate: Estimate, parts: u64, events: u64) -> Self {
        let Estimate { value, mcse, df, .. } = estimate;
        let most = parts as f64 * events as f64;
        let known = value * (1.0 - value) / (mcse * mcse) * (df - 2.0) / df;
        Self {
            estimate,
            parts,
            effective: if known > most { most } else { known },
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

    /// The same after `factor` times the replicates, were the estimate to stay.
    #[must_use]
    pub(super) fn after(self, factor: f64) -> Self {
        Self {
            estimate: self.estimate.after(factor),
            // Beyond u64 it saturates: it is a count for foretelling.
            parts: (self.parts as f64 * factor) as u64,
            effective: self.effective * factor,
        }
    }

    /// The same with its estimate at `truth`.
    #[must_use]
    pub(super) fn placed_at(self, truth: f64) -> Self {
        Self {
            estimate: self.estimate.at(truth),
            ..self
        }
    }

    /// The mean as an estimate; its MCSE is 0 where it was 0, or 1, in every replicate.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        self.estimate
    }

    /// The parts, all or none of which had the event, as a share of parts; none where some had.
    #[must_use]
    pub fn unseen(&self) -> Option<Proportion> {
        let seen = match self.estimate.value {
            0.0 => 0,
            1.0 => self.parts,
            _ => return None,
        };
        Some(Proportion::new(self.estimate, seen, self.parts))
    }

    /// Small where the truth is above `c`.
    #[must_use]
    pub fn p_above(&self, c: f64) -> f64 {
        match self.unseen() {
            _ if c < 0.0 => 0.0,
            _ if c >= 1.0 => 1.0,
            Some(share) => share.p_above(c),
            None if self.estimate.value > 0.5 => self.rarer(1.0 - self.estimate.value, 1.0 - c),
            None => self.more_frequent(self.estimate.value, c),
        }
    }

    /// Small where the truth is below `c`.
    #[must_use]
    pub fn p_below(&self, c: f64) -> f64 {
        match self.unseen() {
            _ if c <= 0.0 => 1.0,
            _ if c > 1.0 => 0.0,
            Some(share) => share.p_below(c),
            None if self.estimate.value > 0.5 => self.more_frequent(1.0 - self.estimate.value, 1.0 - c),
            None => self.rarer(self.estimate.value, c),
        }
    }

    /// Small where an event seen with the frequency `seen` is more frequent than `c`.
    fn more_frequent(&self, seen: f64, c: f64) -> f64 {
        let n = self.effective;
        beta_inc(n * seen, n * (1.0 - seen) + 1.0, c)
    }

    /// Small where it is rarer than `c`.
    fn rarer(&self, seen: f64, c: f64) -> f64 {
        let part = 1.0 / self.parts as f64;
        let variance = seen * (1.0 - seen) / self.effective + part * part;
        let seen = seen + part;
        let n = seen * (1.0 - seen) / variance;
        beta_inc(n * (1.0 - seen), n * seen, 1.0 - c)
    }

    /// The interval of equal tails.
    #[must_use]
    pub fn interval(&self, level: f64) -> Interval {
        let tail = 0.5 * (1.0 - level);
        let value = self.estimate.value;
        Interval {
            low: turning(0.0, value, |c| self.p_above(c) >= tail),
            high: turning(1.0, value, |c| self.p_below(c) >= tail),
            level,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::elementary::powi;

    fn mass(value: f64, mcse: f64, parts: u64, events: u64) -> Mass {
        let estimate = Estimate {
            value,
            mcse,
            df: 1e12,
            replicates: parts,
        };
        Mass::new(estimate, parts, events)
    }

    /// Three of 2,000 events that come alone: the tails are sums of binomial probabilities.
    #[test]
    fn of_events_that_come_alone_it_is_the_binomial() {
        let (n, value) = (2000_u64, 3.0 / 2000.0);
        let own = mass(value, (value * (1.0 - value) / 2000.0_f64).sqrt(), n, 1);
        let share = Proportion::new(own.estimate(), 3, n);
        for c in [5e-4, 1.5e-3, 5e-3] {
            assert!((own.p_above(c) / share.p_above(c) - 1.0).abs() < 1e-9, "{c}");
            // The one event more stands in the variance too: 1 in 2,000 of the count.
            assert!((own.p_below(c) / share.p_below(c) - 1.0).abs() < 0.01, "{c}");
        }
        let absent = mass(1.0 - value, own.estimate().mcse, n, 1);
        assert!((absent.p_below(0.995) / own.p_above(0.005) - 1.0).abs() < 1e-9);
        assert!((absent.p_above(0.995) / own.p_below(0.005) - 1.0).abs() < 1e-9);
    }

    /// Seen in none of 500 parts, however many events each has.
    #[test]
    fn what_was_never_seen_is_bounded_by_the_parts() {
        for events in [1, 64] {
            let own = mass(0.0, 0.0, 500, events);
            assert!((own.p_below(0.01) / powi(0.99, 500) - 1.0).abs() < 1e-9);
            assert_eq!((own.p_above(0.01), own.interval(0.9).low), (1.0, 0.0));
            assert!((powi(1.0 - own.interval(0.9).high, 500) / 0.05 - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_interval_holds_the_estimate_and_ends_where_the_tests_turn() {
        let own = mass(0.01, 0.004, 300, 8);
        let interval = own.interval(0.9);
        assert!(interval.low > 0.0 && interval.low < 0.01 && interval.high > 0.01);
        assert!((own.p_above(interval.low) - 0.05).abs() < 1e-9);
        assert!((own.p_below(interval.high) - 0.05).abs() < 1e-9);
    }
}

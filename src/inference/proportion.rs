//! The share of replicates in which an event was seen, and exact tests about its probability.
//!
//! Seen in `x` of `n` replicates, which are independent, an event of probability `p` has `x ~ binomial(n, p)`. A test of one side is
//! the binomial's own tail, and the interval its inversion (Clopper and Pearson 1934):
//!
//! ```text
//! p_above(c) = P(X >= x | c) = I_c(x, n-x+1)        small where p > c is shown
//! p_below(c) = P(X <= x | c) = I_(1-c)(n-x, x+1)    small where p < c is shown
//! ```
//!
//! A Monte Carlo standard error says nothing here when the event is rare: of one that was never seen it is 0, as if that were certain,
//! and yet a probability of `3/n` leaves it unseen once in twenty times. The tails are right for every `x`, so there is one rule and no
//! threshold. They are exact or err on the safe side, because a binomial is discrete.
//!
//! It never estimates: the share and its standard error come from the jackknife, as those of any mean.

use super::estimate::{Estimate, Interval};
use super::statement::Statement;
use crate::numerics::special::beta_inc;

/// The share of replicates in which an event was seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    estimate: Estimate,
    seen: u64,
    of: u64,
}

impl Proportion {
    /// The share `seen / of`, with its estimate by the jackknife.
    ///
    /// # Panics
    ///
    /// When `seen` exceeds `of`: the slot then does not count an event.
    #[must_use]
    pub fn new(estimate: Estimate, seen: u64, of: u64) -> Self {
        assert!(seen <= of, "an event seen in {seen} of {of} replicates");
        Self { estimate, seen, of }
    }

    /// The share as an estimate; its MCSE is 0 where the event was seen in no replicate or in all.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        self.estimate
    }

    /// Whether it was seen in no replicate, or in all.
    #[must_use]
    pub fn is_unseen(&self) -> bool {
        self.seen == 0 || self.seen == self.of
    }

    /// Whether it was seen at all.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.seen > 0
    }

    /// The same after `factor` times the replicates, were it seen in the same share of them.
    pub(super) fn after(self, factor: f64) -> Self {
        let times = |count: u64| (count as f64 * factor).round() as u64;
        Self {
            estimate: self.estimate.after(factor),
            seen: times(self.seen).min(times(self.of)),
            of: times(self.of),
        }
    }

    /// The same with the event seen in the share `truth` of replicates.
    pub(super) fn placed_at(self, truth: f64) -> Self {
        Self {
            estimate: self.estimate.at(truth),
            seen: ((truth * self.of as f64).round() as u64).min(self.of),
            ..self
        }
    }

    /// The same on so many degrees of freedom of the estimate.
    #[must_use]
    pub fn on(self, df: f64) -> Self {
        Self {
            estimate: self.estimate.on(df),
            ..self
        }
    }

    /// `P(X >= x)` if the event had probability `c` in `[0, 1]`.
    #[must_use]
    pub fn p_above(&self, c: f64) -> f64 {
        match self.seen {
            0 => 1.0,
            seen => beta_inc(seen as f64, (self.of - seen) as f64 + 1.0, c),
        }
    }

    /// `P(X <= x)` if the event had probability `c` in `[0, 1]`.
    #[must_use]
    pub fn p_below(&self, c: f64) -> f64 {
        match self.of - self.seen {
            0 => 1.0,
            unseen => beta_inc(unseen as f64, self.seen as f64 + 1.0, 1.0 - c),
        }
    }

    /// The Clopper-Pearson interval: each end is a one-sided bound at `(1 - level)/2`.
    #[must_use]
    pub fn interval(&self, level: f64) -> Interval {
        let tail = 0.5 * (1.0 - level);
        let (mut low, mut high) = (0.0, 1.0);
        if self.seen > 0 {
            low = crossing(|c| self.p_above(c) > tail);
        }
        if self.seen < self.of {
            high = crossing(|c| self.p_below(c) <= tail);
        }
        Interval { low, high, level }
    }

    /// Confirming and refuting p-values of a statement about the event's probability, which is never outside `[0, 1]`.
    ///
    /// Agreement tests both ends; its refutation takes twice the smaller of two one-sided p-values (Bonferroni).
    #[must_use]
    pub(super) fn judge(&self, statement: &Statement) -> (f64, f64) {
        match *statement {
            Statement::AgreesByRatio { target, margin } => {
                self.between(target / (1.0 + margin), target * (1.0 + margin))
            }
            Statement::AgreesWithin { target, margin } => self.between(target - margin, target + margin),
            Statement::AtMost(bound) => self.at_most(bound),
            Statement::AtLeast(bound) => self.at_least(bound),
            // Seen once, it has a probability; never seen, it may still have one, however small.
            Statement::Positive => (if self.seen > 0 { 0.0 } else { 1.0 }, 1.0),
            Statement::Negative => (1.0, 0.0),
        }
    }

    fn between(&self, low: f64, high: f64) -> (f64, f64) {
        let ends = [self.at_least(low), self.at_most(high)];
        let [(above, not_above), (below, not_below)] = ends;
        (above.max(below), (2.0 * not_above.min(not_below)).min(1.0))
    }

    fn at_most(&self, bound: f64) -> (f64, f64) {
        match bound {
            _ if bound >= 1.0 => (0.0, 1.0),
            _ if bound < 0.0 => (1.0, 0.0),
            _ => (self.p_below(bound), self.p_above(bound)),
        }
    }

    fn at_least(&self, bound: f64) -> (f64, f64) {
        match bound {
            _ if bound <= 0.0 => (0.0, 1.0),
            _ if bound > 1.0 => (1.0, 0.0),
            _ => (self.p_above(bound), self.p_below(bound)),
        }
    }
}

/// Where in `[0, 1]` a condition that fails below and holds above begins to hold, to the last bit.
fn crossing(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return high;
        }
        match holds(middle) {
            true => high = middle,
            false => low = middle,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::cell::{Measured, NoVerdict};
    use crate::numerics::elementary::powi;

    fn share(seen: u64, of: u64) -> Proportion {
        let value = seen as f64 / of as f64;
        let estimate = Estimate {
            value,
            mcse: (value * (1.0 - value) / of as f64).sqrt(),
            df: 63.0,
            replicates: of,
        };
        Proportion::new(estimate, seen, of)
    }

    /// The binomial's probabilities one by one.
    fn tail(of: u64, c: f64, counts: std::ops::RangeInclusive<u64>) -> f64 {
        let ways = |x: u64| (0..x).map(|i| (of - i) as f64 / (x - i) as f64).product::<f64>();
        let mass = |x: u64| ways(x) * powi(c, x as i32) * powi(1.0 - c, (of - x) as i32);
        counts.map(mass).sum()
    }

    #[test]
    fn tails_are_sums_of_binomial_probabilities() {
        for (seen, of) in [(0, 20), (1, 20), (7, 20), (19, 20), (20, 20), (3, 200)] {
            for c in [0.01, 0.3, 0.5, 0.97] {
                let (above, below) = (tail(of, c, seen..=of), tail(of, c, 0..=seen));
                let own = share(seen, of);
                assert!((own.p_above(c) - above).abs() < 1e-12, "{seen} of {of} at {c}");
                assert!((own.p_below(c) - below).abs() < 1e-12, "{seen} of {of} at {c}");
            }
        }
    }

    /// By hand: unseen in n, the bound at 5% is 1 - 0.05^(1/n), the rule of three. Of 10 of 20 it is the
    /// 95% interval, .2720 to .7280: there a tail is 2.5%.
    #[test]
    fn intervals_are_those_of_clopper_and_pearson() {
        let unseen = share(0, 1000).interval(0.9);
        assert_eq!(unseen.low, 0.0);
        assert!((powi(1.0 - unseen.high, 1000) / 0.05 - 1.0).abs() < 1e-9, "{unseen:?}");
        assert!((unseen.high - 0.002_991).abs() < 1e-6, "{unseen:?}");
        let always = share(1000, 1000).interval(0.9);
        assert!((always.low - (1.0 - unseen.high)).abs() < 1e-12 && always.high == 1.0);
        let half = share(10, 20).interval(0.95);
        assert!(
            (half.low - 0.2720).abs() < 5e-5 && (half.high - 0.7280).abs() < 5e-5,
            "{half:?}"
        );
    }

    fn p(statement: Statement, seen: u64, of: u64) -> (f64, f64) {
        let cell = statement
            .judge(&Measured::Proportion(share(seen, of)), 0.05)
            .expect("evidence");
        assert!(!cell.exact, "a share is never without noise");
        (cell.p_confirm, cell.p_refute)
    }

    #[test]
    fn an_event_that_was_never_seen_is_judged_by_how_often_it_could_have_been() {
        let unseen = |c: f64| powi(1.0 - c, 1000);
        let close = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        let within = |target, margin| Statement::AgreesWithin { target, margin };
        close(p(Statement::AtMost(0.001), 0, 1000).0, unseen(0.001));
        close(p(Statement::AtLeast(0.01), 0, 1000).1, unseen(0.01));
        // The limit of agreement is what counts, not the distance of 0 from the target.
        close(p(within(1e-4, 1e-3), 0, 1000).0, unseen(1.1e-3));
        close(p(within(0.02, 0.01), 0, 1000).1, 2.0 * unseen(0.01));
        // By ratio 0 is below every target, and whether it is too far below the replicates must tell.
        let ratio = |target| Statement::AgreesByRatio { target, margin: 0.25 };
        assert_eq!(p(ratio(1e-6), 0, 1000), (1.0, 1.0));
        close(p(ratio(0.02), 0, 1000).1, 2.0 * unseen(0.016));
        assert_eq!(p(Statement::Positive, 0, 1000), (1.0, 1.0));
        assert_eq!(p(Statement::Positive, 1, 1000), (0.0, 1.0));
        // Seen always, it is the other event that was never seen.
        close(p(Statement::AtLeast(0.999), 1000, 1000).0, powi(0.999, 1000));
        close(p(within(1.0, 0.01), 1000, 1000).0, powi(0.99, 1000));
    }

    #[test]
    fn what_holds_of_every_probability_needs_no_data() {
        assert_eq!(p(Statement::AtMost(1.0), 7, 7 * 5), (0.0, 1.0));
        assert_eq!(p(Statement::AtMost(1.0), 35, 35), (0.0, 1.0));
        assert_eq!(p(Statement::AtMost(-0.1), 0, 35), (1.0, 0.0));
        assert_eq!(p(Statement::AtMost(0.0), 1, 35).1, 0.0);
        assert_eq!(p(Statement::AtMost(0.0), 0, 35), (1.0, 1.0));
        assert_eq!(p(Statement::AtLeast(0.0), 0, 35), (0.0, 1.0));
        assert_eq!(p(Statement::AtLeast(1.1), 35, 35), (1.0, 0.0));
        assert_eq!(p(Statement::Negative, 0, 35), (1.0, 0.0));
        let judge = |statement: Statement| statement.judge(&Measured::Proportion(share(1, 35)), 0.05);
        let ratio = Statement::AgreesByRatio {
            target: 0.0,
            margin: 0.1,
        };
        assert_eq!(judge(ratio).unwrap_err(), NoVerdict::NotPositive);
    }

    #[test]
    fn the_interval_lies_within_the_margins_exactly_when_the_cell_confirms() {
        let statement = Statement::AgreesWithin {
            target: 0.1,
            margin: 0.05,
        };
        for seen in 0..80 {
            let cell = statement
                .judge(&Measured::Proportion(share(seen, 400)), 0.05)
                .expect("evidence");
            let inside = cell.interval.low >= 0.05 && cell.interval.high <= 0.15;
            assert_eq!(cell.p_confirm <= 0.05, inside, "{seen}");
        }
    }
}

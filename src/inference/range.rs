//! The values that an estimand can have at all, and what follows from them alone.
//!
//! A squared norm is never below 0 and a share lies in [0, 1]. An estimate may lie outside: a squared norm without its bias is
//! negative about every second time where the truth is 0. Intervals know the range, and whoever shows an estimate beside its interval
//! shows the nearest value in it ([`Range::nearest`]). A statement that holds of every value of the range, or of none, needs no data
//! ([`Range::settles`]): its p-value is 0 by logic, not by evidence.

use super::cell::{Measured, Statement};

/// The closed interval of possible values, in the unit of the estimand; its ends may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The smallest possible value.
    pub low: f64,
    /// The largest possible value.
    pub high: f64,
}

impl Range {
    /// The range of what was measured.
    #[must_use]
    pub fn of(measured: &Measured) -> Self {
        let (low, high) = match measured {
            Measured::Proportion(_) | Measured::Mass(_) => (0.0, 1.0),
            Measured::Angle(angle) => angle.range(),
            measured if measured.is_never_negative() => (0.0, f64::INFINITY),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        };
        Self { low, high }
    }

    /// The possible value that is nearest to `value`; NaN stays.
    #[must_use]
    pub fn nearest(self, value: f64) -> f64 {
        // Comparisons and not `clamp`, whose result at NaN is none of its promises.
        if value < self.low {
            self.low
        } else if value > self.high {
            self.high
        } else {
            value
        }
    }

    /// Whether a statement holds of every possible value, or of none.
    #[must_use]
    pub fn settles(self, statement: &Statement) -> bool {
        let Self { low, high } = self;
        // All that is said is that the value lies between two bounds.
        let between = |from: f64, to: f64| (from <= low && high <= to) || to < low || high < from;
        match *statement {
            Statement::AgreesByRatio { target, margin } => between(target / (1.0 + margin), target * (1.0 + margin)),
            Statement::AgreesWithin { target, margin } => between(target - margin, target + margin),
            Statement::AtMost(bound) => between(f64::NEG_INFINITY, bound),
            Statement::AtLeast(bound) => between(bound, f64::INFINITY),
            Statement::Positive => low > 0.0 || high <= 0.0,
            Statement::Negative => high < 0.0 || low >= 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::estimate::Estimate;
    use crate::inference::jackknife::joint;
    use crate::inference::proportion::Proportion;
    use crate::inference::score::SquaredNorm;
    use crate::inference::testing::{SplitMix, grouped};

    const SHARE: Range = Range { low: 0.0, high: 1.0 };
    const NORM: Range = Range {
        low: 0.0,
        high: f64::INFINITY,
    };
    const ANY: Range = Range {
        low: f64::NEG_INFINITY,
        high: f64::INFINITY,
    };

    #[test]
    fn what_holds_of_every_value_or_of_none_needs_no_data() {
        let settled = [
            (SHARE, Statement::AtMost(1.0)),
            (SHARE, Statement::AtMost(-0.1)),
            (SHARE, Statement::AtLeast(0.0)),
            (SHARE, Statement::AtLeast(1.1)),
            (NORM, Statement::AtLeast(0.0)),
            (NORM, Statement::AtMost(-1e-9)),
            (NORM, Statement::Negative),
        ];
        for (range, statement) in settled {
            assert!(range.settles(&statement), "{statement:?}");
            assert!(!ANY.settles(&statement), "{statement:?}");
        }
        let within = |target, margin| Statement::AgreesWithin { target, margin };
        assert!(SHARE.settles(&within(0.5, 0.5)) && SHARE.settles(&within(2.0, 0.5)));
        let open = [
            Statement::AtMost(0.0),
            Statement::AtLeast(0.1),
            Statement::Positive,
            within(0.5, 0.49),
            Statement::AgreesByRatio {
                target: 0.5,
                margin: 9.0,
            },
        ];
        for statement in open {
            assert!(!SHARE.settles(&statement) && !NORM.settles(&statement), "{statement:?}");
        }
    }

    #[test]
    fn the_nearest_value_of_the_range() {
        assert_eq!((NORM.nearest(-3.0), NORM.nearest(3.0)), (0.0, 3.0));
        assert_eq!(
            (SHARE.nearest(-3e-16), SHARE.nearest(1.1), SHARE.nearest(0.5)),
            (0.0, 1.0, 0.5)
        );
        assert!(ANY.nearest(f64::NAN).is_nan() && SHARE.nearest(f64::NAN).is_nan());
    }

    /// A statement, and the numbers that it speaks of where they are positive.
    fn statements() -> [Statement; 5] {
        [
            Statement::AtMost(0.1),
            Statement::AtLeast(0.1),
            Statement::Positive,
            Statement::AgreesWithin {
                target: 0.1,
                margin: 0.05,
            },
            Statement::AgreesByRatio {
                target: 0.1,
                margin: 0.5,
            },
        ]
    }

    /// Smooth estimands with and without noise, shares from never to always, and squared norms of which every second is below 0.
    fn measurements() -> Vec<Measured> {
        let mut rng = SplitMix::new(7);
        let mut all = Vec::new();
        for round in 0..40_u64 {
            let estimate = |value: f64, mcse: f64| Estimate {
                value,
                mcse,
                df: 63.0,
                replicates: 640,
            };
            let value = 0.3 * rng.uniform();
            all.push(Measured::Smooth(estimate(value, 0.0)));
            all.push(Measured::Smooth(estimate(value - 0.15, 0.1 * rng.uniform())));
            let (seen, of) = (round * 16, 624);
            let share = seen as f64 / of as f64;
            all.push(Measured::Proportion(Proportion::new(estimate(share, 0.02), seen, of)));
            let size = if round % 2 == 0 { 0.0 } else { 0.02 * round as f64 };
            let groups = grouped(32, 4, 5, |out| {
                out.iter_mut().for_each(|out| *out = size + rng.normal())
            });
            let vector = joint(&groups, 5, |means, out| {
                (0..5).for_each(|slot| out[slot] = means.mean(slot))
            });
            all.push(Measured::SquaredNorm(SquaredNorm::of(&vector)));
        }
        all
    }

    /// 'No estimate outside its own interval', over every kind of measurement, statement and level: what a claim prints.
    #[test]
    fn every_estimate_lies_in_its_own_interval() {
        let (mut judged, mut below) = (0, 0);
        for measured in measurements() {
            let range = Range::of(&measured);
            for (statement, alpha) in statements()
                .iter()
                .flat_map(|own| [0.001, 0.05, 0.3, 0.49].map(|alpha| (own, alpha)))
            {
                let Ok(cell) = statement.judge(&measured, alpha) else {
                    continue;
                };
                let value = cell.estimate.value;
                assert!(
                    cell.interval.contains(range.nearest(value)),
                    "{statement:?} {alpha} {measured:?}: {:?}",
                    cell.interval
                );
                judged += 1;
                below += usize::from(!cell.interval.contains(value));
            }
        }
        // The control: without the range, squared norms below 0 lie outside.
        assert!(judged > 2000 && below > 100, "{judged} {below}");
    }
}

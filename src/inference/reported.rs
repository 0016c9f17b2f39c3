//! What may be shown of an estimate: a number that noise dominates is none, and one without a standard error has a bound instead.

use super::cell::{FEWEST_GROUPS, Measured, ROUNDING};
use super::estimate::Estimate;

/// Level of the interval whose ends are one-sided 95% bounds.
const LEVEL: f64 = 0.9;

/// What a reader must know of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Caution {
    /// An event without a replicate.
    #[error("seen in no replicate: it has no standard error, and `high` is the exact one-sided 95% bound")]
    NeverSeen,
    /// An event in every replicate.
    #[error(
        "seen in all replicates and responses: it has no standard error, and `low` is the exact one-sided 95% bound"
    )]
    AlwaysSeen,
    /// A value that was the same in all groups, for no known reason.
    #[error("it never varied, which is no proof that it cannot: it has no standard error")]
    NeverVaried,
    /// A quotient, an angle or a length of noise.
    #[error(
        "noise drowns it: a length or denominator is within 4 standard errors of 0, so that an estimate would mean nothing"
    )]
    Drowned,
    /// A standard error with an error of its own.
    #[error("fewer than 20 groups: the standard error is itself uncertain by more than 16%, and no claim is judged")]
    FewGroups,
}

/// An estimate as tables and figures may show it. All of its numbers are portable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reported {
    /// The estimate, where it means something.
    pub value: Option<f64>,
    /// Its standard error, where it has one.
    pub mcse: Option<f64>,
    /// Ends of an exact interval of what has no standard error, each a one-sided 95% bound or the end of the range.
    pub bounds: Option<(f64, f64)>,
    /// What must be known beside it.
    pub cautions: Vec<Caution>,
}

impl Measured {
    /// What may be shown of it beside its exact value. An error of 0 stands only where theory says the same value: nothing random is there.
    #[must_use]
    pub fn reported(&self, exact: Option<f64>) -> Reported {
        let Estimate { value, mcse, df, .. } = self.estimate();
        let mut own = Reported {
            value: Some(value).filter(|value| value.is_finite()),
            mcse: Some(mcse).filter(|mcse| mcse.is_finite()),
            ..Reported::default()
        };
        if self.is_drowned() {
            (own.value, own.mcse) = (None, None);
            own.cautions.push(Caution::Drowned);
        } else if mcse == 0.0 && !exact.is_some_and(|exact| same(exact, value)) {
            own.mcse = None;
            own.bound(self);
        }
        if df < FEWEST_GROUPS - 1.0 {
            own.cautions.push(Caution::FewGroups);
        }
        own
    }
}

impl Reported {
    /// Puts the bound of what was never, or always, seen in the place of an error.
    fn bound(&mut self, measured: &Measured) {
        let Some(share) = measured.unseen() else {
            self.cautions.push(Caution::NeverVaried);
            return;
        };
        let interval = share.interval(LEVEL);
        self.bounds = Some((interval.low, interval.high));
        self.cautions.push(match share.is_seen() {
            true => Caution::AlwaysSeen,
            false => Caution::NeverSeen,
        });
    }
}

/// Whether two values differ by rounding alone.
fn same(exact: f64, value: f64) -> bool {
    (exact - value).abs() <= ROUNDING * exact.abs().max(value.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::jackknife::joint;
    use crate::inference::mass::Mass;
    use crate::inference::proportion::Proportion;
    use crate::inference::score::SquaredNorm;
    use crate::inference::testing::{SplitMix, grouped};

    fn estimate(value: f64, mcse: f64) -> Estimate {
        Estimate {
            value,
            mcse,
            df: 63.0,
            replicates: 4000,
        }
    }

    /// 1 - .05^(1/4000) = 7.4865e-4, and the same for the mass of as many prompts.
    #[test]
    fn an_event_that_was_never_seen_has_a_bound_and_no_error() {
        let share = |seen: u64| Measured::Proportion(Proportion::new(estimate(seen as f64 / 4000.0, 0.0), seen, 4000));
        let never = share(0).reported(Some(1e-6));
        assert_eq!((never.value, never.mcse), (Some(0.0), None));
        let (low, high) = never.bounds.expect("a bound");
        assert!(low == 0.0 && (high - 7.4865e-4).abs() < 1e-8, "{high}");
        assert_eq!(never.cautions, [Caution::NeverSeen]);
        let always = share(4000).reported(None);
        // The same by symmetry, up to the last bit of the bisection.
        let (least, most) = always.bounds.expect("a bound");
        assert!((least - (1.0 - high)).abs() < 1e-15 && most == 1.0, "{least}");
        assert_eq!((always.mcse, always.cautions), (None, vec![Caution::AlwaysSeen]));
        let mass = Measured::Mass(Mass::new(estimate(0.0, 0.0), 4000, 16)).reported(None);
        assert_eq!((mass.mcse, mass.bounds), (None, never.bounds));
    }

    /// What is not random keeps 0: theory says so. Nobody says it of what merely never varied.
    #[test]
    fn an_error_of_0_stands_only_where_theory_says_the_same_value() {
        let never_varied = Measured::Smooth(estimate(0.3, 0.0));
        assert_eq!(never_varied.reported(Some(0.1 + 0.2)).mcse, Some(0.0));
        assert_eq!(never_varied.reported(Some(0.300_001)).mcse, None);
        let unknown = never_varied.reported(None);
        assert_eq!((unknown.value, unknown.mcse), (Some(0.3), None));
        assert_eq!(unknown.cautions, [Caution::NeverVaried]);
        let impossible = Measured::Proportion(Proportion::new(estimate(0.0, 0.0), 0, 4000));
        assert_eq!(
            (
                impossible.reported(Some(0.0)).mcse,
                impossible.reported(Some(0.0)).bounds
            ),
            (Some(0.0), None)
        );
    }

    #[test]
    fn a_length_of_noise_is_no_estimate() {
        let mut rng = SplitMix::new(31);
        for (length, shown) in [(1.0, false), (20.0, true)] {
            let groups = grouped(64, 1, 3, |out| {
                out.iter_mut().for_each(|x| *x = 8.0 * rng.normal());
                out[0] += length;
            });
            let vector = joint(&groups, 3, |means, out| {
                (0..3).for_each(|slot| out[slot] = means.mean(slot))
            });
            let reported = Measured::Norm(SquaredNorm::of(&vector)).reported(None);
            assert_eq!(
                (reported.value.is_some(), reported.mcse.is_some()),
                (shown, shown),
                "{reported:?}"
            );
            assert_eq!(reported.cautions.contains(&Caution::Drowned), !shown);
        }
    }

    #[test]
    fn fewer_than_20_groups_are_told() {
        let few = Measured::Smooth(Estimate {
            df: 18.0,
            ..estimate(1.0, 0.1)
        });
        assert_eq!(few.reported(None).cautions, [Caution::FewGroups]);
        assert_eq!(few.reported(None).mcse, Some(0.1));
    }
}

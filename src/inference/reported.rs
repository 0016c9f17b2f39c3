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
    #[error("seen in all replicates and responses: it has no standard error, and `low` is the exact one-sided 95% bound")]
    AlwaysSeen,
    /// A value that was the same in all groups, for no known reason.
    #[error("it never varied, which is no proof that it cannot: it has no standard error")]
    NeverVaried,
    /// A quotient, an angle or a length of noise.
    #[error("noise drowns it: a length or denominator is within 4 standard errors of 0, so that an estimate would mean nothing")]
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

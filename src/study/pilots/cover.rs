//! Owns whether the interval of a pilot holds the truth.

use crate::inference::pilot::{Estimated, LEVEL};

/// Whether the set of ratios V_x/V_{y|x} of a pilot holds this one. Tests put a broken one in place of [`covers`].
pub(super) type Covers = fn(&Estimated, f64) -> bool;

/// By the p-value of the ratio, which stands in the set exactly if that is at least 1 - level: the same on every machine.
pub(super) fn covers(own: &Estimated, ratio: f64) -> bool {
    own.ratio_p(ratio) >= 1.0 - LEVEL
}

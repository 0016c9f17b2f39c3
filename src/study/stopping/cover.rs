//! Owns whether an interval holds the truth.

use crate::inference::estimate::Estimate;
use crate::numerics::special::student_beyond;

/// The coverage that intervals state.
pub const NOMINAL: f64 = 0.95;

/// Whether the interval of an estimate holds this truth. Tests put a broken one in place of [`covers`].
pub(super) type Covers = fn(&Estimate, f64) -> bool;

/// By the tail of Student's t and not by its quantile: P(|T| > t) is a regularised incomplete beta function, of which the
/// house has a portable one, and an interval of level 1 - a holds the truth exactly if that tail is at least a.
pub(super) fn covers(estimate: &Estimate, truth: f64) -> bool {
    let t = (estimate.value - truth) / estimate.mcse;
    student_beyond(t, estimate.df) >= 1.0 - NOMINAL
}

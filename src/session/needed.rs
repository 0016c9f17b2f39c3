//! Owns what would settle a claim: about how many times the replicates, were its estimates to stay where they are.

use super::evidence::Evidence;
use crate::inference::cell::Cell;

/// A claim that so many times the replicates do not settle stands on its margin, as far as anyone could wait.
const MOST: f64 = 1_048_576.0;

/// Halvings of the last doubling, on the scale of the logarithm: within 5 %, since a standard error is known to 10 % at best.
const HALVINGS: usize = 4;

/// Which way more replicates would settle a claim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Way {
    /// It would be confirmed after this many times the replicates.
    Confirm(f64),
    /// It would be refuted.
    Refute(f64),
    /// Neither: a deciding estimate stands on its margin, or can never tell.
    Never,
}

/// The levels that p-values of single cells have to reach.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    /// Of confirming.
    pub confirm: f64,
    /// Of refuting, over the number of cells.
    pub refute: f64,
}

impl Levels {
    /// Those of a claim of so many cells, one of a family of so many claims: Bonferroni's, which are enough for Holm's.
    pub fn of(alpha: f64, claims: usize, cells: usize) -> Self {
        Self {
            confirm: alpha / claims as f64,
            refute: alpha / (claims * cells) as f64,
        }
    }
}

/// What would settle a claim over all of these cells; `failing` is the one that speaks most against it.
pub(super) fn way(cells: &[Evidence], failing: usize, levels: Levels) -> Way {
    let mut factor = 1.0;
    let confirmed = cells.iter().all(|cell| {
        let own = until(cell, factor, |judged| judged.p_confirm <= levels.confirm);
        factor = own.unwrap_or(factor);
        own.is_some()
    });
    if confirmed {
        return Way::Confirm(factor);
    }
    let refuted = cells.get(failing);
    let refuted = refuted.and_then(|cell| until(cell, 1.0, |judged| judged.p_refute <= levels.refute));
    refuted.map_or(Way::Never, Way::Refute)
}

/// The least factor from `from` on at which a condition holds of a cell; none up to [`MOST`].
fn until(cell: &Evidence, from: f64, holds: impl Fn(&Cell) -> bool) -> Option<f64> {
    // The level of the interval is of no account here.
    let at = |factor: f64| cell.after(factor).judge(0.05).is_ok_and(|judged| holds(&judged));
    let mut high = from;
    while !at(high) {
        high *= 2.0;
        if high > MOST {
            return None;
        }
    }
    let mut low = if high > from { high / 2.0 } else { high };
    for _ in 0..HALVINGS {
        let middle = (low * high).sqrt();
        match at(middle) {
            true => high = middle,
            false => low = middle,
        }
    }
    Some(high)
}

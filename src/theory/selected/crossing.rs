//! Owns the share of wrong responses beyond which a selection is right: where it leaves as much of the excess NLL of many prompts as random
//! selection does.
//!
//! Of random responses fits tend to (1 - eps) pibar on right modes, which costs -ln(1 - eps); of selected ones to the share q(eps) kept of each
//! mode, which costs KL(pibar || q(eps)). Without errors the first is 0 and the second is what selection spoils.

use super::{PoolLaw, Wrong};
use crate::numerics::elementary::ln_1p;
use crate::theory::gradient_path::divergence;

/// No share above this is looked at.
const MOST: f64 = 0.999;

/// Where steps end: the width of the interval, or their number.
const WITHIN: f64 = 1e-10;
const MOST_STEPS: u32 = 60;

/// eps*, where KL(pibar || q(eps)) = -ln(1 - eps), within 1e-10, for a law with wrong responses, whatever their share is in it; `mean` gives
/// the share kept of each mode for a law with another share of them, if it is known. None where that is not, or random selection is
/// better up to a share of .999.
pub fn crossing_share(law: &PoolLaw, mean: impl Fn(&PoolLaw) -> Option<Vec<f64>>) -> Option<f64> {
    let mut target = law.right_weights();
    target.resize(law.modes(), 0.0);
    let advantage = |share: f64| {
        let kept = mean(&law.with_share(share)?)?;
        Some(-ln_1p(-share) - divergence(&kept, &target)).filter(|found| found.is_finite())
    };
    let (mut low, mut high) = ((0.0, advantage(0.0)?), (MOST, advantage(MOST)?));
    // What rounding leaves of a selection that spoils nothing.
    if low.1 >= -1e-12 {
        return Some(0.0);
    }
    if high.1 < 0.0 {
        return None;
    }
    // False position, halving the value of an end that stays (Dowell and Jarratt 1971).
    let mut stayed = 0;
    for _ in 0..MOST_STEPS {
        if high.0 - low.0 <= WITHIN {
            break;
        }
        let at = (low.0 * high.1 - high.0 * low.1) / (high.1 - low.1);
        let found = advantage(at)?;
        if found.abs() <= 1e-14 {
            return Some(at);
        }
        if found < 0.0 {
            low = (at, found);
            high.1 *= if stayed < 0 { 0.5 } else { 1.0 };
            stayed = -1;
        } else {
            high = (at, found);
            low.1 *= if stayed > 0 { 0.5 } else { 1.0 };
            stayed = 1;
        }
    }
    Some(if stayed < 0 { low.0 } else { high.0 })
}

impl PoolLaw {
    /// The same law with another share of wrong responses, in [0, 1); none where there can be none.
    pub fn with_share(&self, share: f64) -> Option<Self> {
        let wrong = self.wrong()?;
        let right = PoolLaw::new(self.right_weights(), self.concentration(), self.candidates()).ok()?;
        right.with_wrong(Wrong { share, ..wrong }).ok()
    }
}

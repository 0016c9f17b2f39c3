//! Owns the steps of W fits in lanes, in the form in which the compiler makes vector code of them: chains of loops over
//! lanes without branches.
//!
//! Logits are kept in base 2, v = theta / ln 2, so that e^theta is 2^v and costs no multiplication. While no |v| of a lane
//! can have passed [`NEAR`], 2^v needs no shift by the highest logit. How far a lane can have come is bounded by its
//! start and the sum of its steps; once past it, a lane is far, and shifted, for good. That is decided for each lane by its
//! own numbers; a lane that is not far has the same bits beside one that is (law 4).

use super::{Descent, Fitted};
use crate::numerics::elementary::exp2_kernel;
use std::f64::consts::{LN_2, LOG2_E};

/// Up to this |v|, 2^v, the sum of 65,536 such, and any of them over that sum are normal numbers.
const NEAR: f64 = 500.0;

/// Further than this below the highest logit, in base 2, the probability of a far lane counts as 0. Others are normal numbers.
const LEAST: f64 = -1000.0;

/// One or more numbers for each lane.
type Row<const W: usize> = [f64; W];

impl Descent {
    /// Rows of scratch that a fit needs of each mode: its slope and its logit.
    pub const SCRATCH: usize = 2;
}

/// [`Descent::fit`] of W lanes.
#[inline(always)]
pub(super) fn fit<const W: usize>(
    descent: &Descent,
    target: &[Row<W>],
    logits: &mut [Row<W>],
    scratch: &mut [Row<W>],
) -> Fitted<W> {
    // Adding 0 times a logit would change no number, but takes a tenth of the time.
    if descent.ridge == 0.0 {
        descend::<W, false>(descent, target, logits, scratch)
    } else {
        descend::<W, true>(descent, target, logits, scratch)
    }
}

#[inline(always)]
fn descend<const W: usize, const RIDGE: bool>(
    descent: &Descent,
    target: &[Row<W>],
    logits: &mut [Row<W>],
    scratch: &mut [Row<W>],
) -> Fitted<W> {
    let (slopes, v) = scratch.split_at_mut(logits.len());
    let full = descent.rate * LOG2_E;
    let mut reach = start(logits, slopes, v);
    let (mut rate, mut steps, mut largest) = ([0.0; W], [0.0; W], [0.0; W]);
    for step in 0..=descent.steps {
        let total = if any_far(&reach) {
            step_far(&rate, &reach, v, slopes)
        } else {
            step_near(&rate, v, slopes)
        };
        largest = slope::<W, RIDGE>(descent.ridge, target, v, &total, slopes);
        let mut moving = 0;
        for l in 0..W {
            // A gradient that is no number stands still too: its lane has failed and is not converged.
            rate[l] = if largest[l] > descent.tolerance { full } else { 0.0 };
        }
        for l in 0..W {
            moving |= rate[l].to_bits();
        }
        if step == descent.steps || moving == 0 {
            break;
        }
        for l in 0..W {
            steps[l] += if rate[l] > 0.0 { 1.0 } else { 0.0 };
        }
        for l in 0..W {
            reach[l] += rate[l] * largest[l];
        }
    }
    finish(descent, logits, v, &steps, &largest)
}

/// Fills `v` from the logits and clears `slopes`; returns the largest |v| of each lane.
#[inline(always)]
fn start<const W: usize>(logits: &[Row<W>], slopes: &mut [Row<W>], v: &mut [Row<W>]) -> Row<W> {
    let mut reach = [0.0; W];
    for ((row, v), slope) in logits.iter().zip(v).zip(slopes) {
        *slope = [0.0; W];
        for l in 0..W {
            v[l] = row[l] * LOG2_E;
        }
        for l in 0..W {
            let size = v[l].abs();
            reach[l] = if reach[l] > size { reach[l] } else { size };
        }
    }
    reach
}

/// Whether some lane may have left the range in which 2^v needs no shift.
#[inline(always)]
fn any_far<const W: usize>(reach: &Row<W>) -> bool {
    let mut far = [0_u64; W];
    for l in 0..W {
        far[l] = if reach[l] > NEAR { 1 } else { 0 };
    }
    let mut any = 0;
    for l in 0..W {
        any |= far[l];
    }
    any != 0
}

/// Steps down the slopes, then writes 2^v in their place; returns its sum over rows.
///
/// One loop: without something that rows hand on, such as this sum, the compiler makes vectors of rows and not of lanes,
/// by gathers and scatters that cost as much as all the rest. And rows are read whole before one is written, since it does
/// not see that `v` and `slopes` are apart.
#[inline(always)]
fn step_near<const W: usize>(rate: &Row<W>, v: &mut [Row<W>], slopes: &mut [Row<W>]) -> Row<W> {
    let mut total = [0.0; W];
    for (v, slope) in v.iter_mut().zip(slopes) {
        let (mut at, mut power) = (*v, *slope);
        for l in 0..W {
            at[l] -= rate[l] * power[l];
        }
        for l in 0..W {
            power[l] = exp2_kernel(at[l]);
        }
        for l in 0..W {
            total[l] += power[l];
        }
        *v = at;
        *slope = power;
    }
    total
}

/// The same where some lanes are far: these are shifted by their highest logit, the others by 0.
#[inline(always)]
fn step_far<const W: usize>(rate: &Row<W>, reach: &Row<W>, v: &mut [Row<W>], slopes: &mut [Row<W>]) -> Row<W> {
    let mut top = [f64::NEG_INFINITY; W];
    for (v, slope) in v.iter_mut().zip(slopes.iter()) {
        for l in 0..W {
            v[l] -= rate[l] * slope[l];
        }
        for l in 0..W {
            top[l] = if top[l] > v[l] { top[l] } else { v[l] };
        }
    }
    let mut shift = [0.0; W];
    for l in 0..W {
        shift[l] = if reach[l] > NEAR { top[l] } else { 0.0 };
    }
    let mut total = [0.0; W];
    for (v, slope) in v.iter().zip(slopes) {
        for l in 0..W {
            let below = v[l] - shift[l];
            // Written so that NaN passes both.
            let power = exp2_kernel(if LEAST > below { LEAST } else { below });
            slope[l] = if LEAST > below { 0.0 } else { power };
        }
        for l in 0..W {
            total[l] += slope[l];
        }
    }
    total
}

/// Turns `slopes` from 2^v into the gradient in theta; returns its largest coordinate in absolute value, NaN where the
/// last is. `total` is the sum of 2^v.
#[inline(always)]
fn slope<const W: usize, const RIDGE: bool>(
    ridge: f64,
    target: &[Row<W>],
    v: &[Row<W>],
    total: &Row<W>,
    slopes: &mut [Row<W>],
) -> Row<W> {
    let ridge = ridge * LN_2;
    let mut inverse = [0.0; W];
    for l in 0..W {
        inverse[l] = 1.0 / total[l];
    }
    let mut largest = [0.0; W];
    for ((slope, target), v) in slopes.iter_mut().zip(target).zip(v) {
        let mut own = *slope;
        for l in 0..W {
            own[l] = own[l] * inverse[l] - target[l];
        }
        if RIDGE {
            for l in 0..W {
                own[l] += ridge * v[l];
            }
        }
        for l in 0..W {
            let size = own[l].abs();
            largest[l] = if largest[l] > size { largest[l] } else { size };
        }
        *slope = own;
    }
    largest
}

/// Writes the logits of the lanes that moved; the others keep theirs, which base 2 would have rounded.
#[inline(always)]
fn finish<const W: usize>(
    descent: &Descent,
    logits: &mut [Row<W>],
    v: &[Row<W>],
    steps: &Row<W>,
    largest: &Row<W>,
) -> Fitted<W> {
    for (row, v) in logits.iter_mut().zip(v) {
        for l in 0..W {
            row[l] = if steps[l] > 0.0 { number(v[l] * LN_2) } else { row[l] };
        }
    }
    let mut fitted = Fitted {
        steps: *steps,
        gradient: [0.0; W],
        converged: [0.0; W],
    };
    for l in 0..W {
        fitted.gradient[l] = number(largest[l]);
        fitted.converged[l] = if largest[l] <= descent.tolerance { 1.0 } else { 0.0 };
    }
    fitted
}

/// x, with one payload for NaN: that of a computed one differs between processors.
#[inline(always)]
fn number(x: f64) -> f64 {
    if x.is_nan() { f64::NAN } else { x }
}

//! Owns the steps of fits in lanes, in the form in which the compiler makes vector code of them: chains of loops over
//! lanes without branches.
//!
//! Logits are kept in base 2, v = theta / ln 2, and beside them the weights 2^v. A step changes v by little, so that weights are
//! multiplied by 2^change, a short series; every [`ANEW`] steps, and where a step is long, they are taken from v anew, which bounds what
//! roundings add up to. While no |v| of a lane can have passed [`NEAR`], 2^v needs no shift by the highest logit. How far a lane can have
//! come is bounded by its start and the sum of its steps; once past it, a lane is far, and shifted, for good. Between one and the next time that
//! weights are taken from logits they change by a factor of 2^16 at most, so that they stay normal numbers.
//!
//! All of that is decided for each lane by its own numbers, and what other lanes need besides leaves its bits alone (law 4). A lane that
//! stands still keeps its weights too.
//!
//! A step is one chain of dependent parts: the changes, their sum, a division, the slopes, the largest of them. While one set of lanes
//! waits for its own, the processor takes the changes of the next.

use super::{Descent, Fitted, SETS};
use crate::numerics::elementary::{EXP2_M1_WITHIN, exp2_kernel, exp2_m1_kernel, exp2_m1_terms};
use crate::numerics::lanes::{LANES, Lanes, add, any_above};
use std::f64::consts::{LN_2, LOG2_E};

/// Up to this |v|, 2^v, the sum of 65,536 such, and any of them over that sum are normal numbers.
const NEAR: f64 = 500.0;

/// Further than this below the highest logit, in base 2, the weight of a far lane is taken as 0. Others are normal numbers, also after as many
/// short steps as there may be.
const LEAST: f64 = -1000.0;

/// After so many steps weights are taken from logits anew. Until then each is rounded twice a step: by at most an ulp together.
const ANEW: u32 = 128;

type Row = Lanes<f64>;

/// Rows of each mode that stay in scratch: its target, slope, logit and weight.
const KEPT: usize = 4;

impl Descent {
    /// Rows of scratch that fits of `rows` rows of logits need: some for each of them, and one to begin where a cache line does.
    pub const fn scratch(rows: usize) -> usize {
        KEPT * rows + 1
    }
}

/// A fit of eight lanes on its way. Its rows begin where cache lines do.
#[repr(align(64))]
struct Fit<'a> {
    target: &'a mut [Row],
    /// The gradient in theta.
    slopes: &'a mut [Row],
    /// Logits in base 2.
    v: &'a mut [Row],
    /// 2^v, of far lanes over the highest, and their sum.
    weights: &'a mut [Row],
    total: Row,
    /// The largest slope in absolute value.
    largest: Row,
    /// The most that the next step changes a logit; 0 where a lane stands still.
    longest: Row,
    /// No |v| is larger after it.
    reach: Row,
    /// Steps taken.
    steps: Row,
    /// Whether all lanes stand still from now on.
    ended: bool,
}

/// [`Descent::fit`].
#[inline(always)]
pub(super) fn fit(descent: &Descent, target: &[Row], logits: &mut [Row], scratch: &mut [Row]) -> Fitted {
    let [fitted] = fit_sets(descent, target, logits, scratch);
    fitted
}

/// [`Descent::fit_together`].
#[inline(always)]
pub(super) fn fit_together(
    descent: &Descent,
    target: &[Row],
    logits: &mut [Row],
    scratch: &mut [Row],
) -> [Fitted; SETS] {
    fit_sets(descent, target, logits, scratch)
}

#[inline(always)]
fn fit_sets<const S: usize>(descent: &Descent, target: &[Row], logits: &mut [Row], scratch: &mut [Row]) -> [Fitted; S] {
    // Adding 0 times a logit would change no number, but takes a tenth of the time.
    if descent.ridge == 0.0 {
        descend::<S, false>(descent, target, logits, scratch)
    } else {
        descend::<S, true>(descent, target, logits, scratch)
    }
}

#[inline(always)]
fn descend<const S: usize, const RIDGE: bool>(
    descent: &Descent,
    target: &[Row],
    logits: &mut [Row],
    scratch: &mut [Row],
) -> [Fitted; S] {
    let modes = target.len() / S;
    let mut rows = aligned(scratch).chunks_exact_mut(modes.max(1));
    let mut fits: [Fit<'_>; S] = std::array::from_fn(|s| {
        let of_set = s * modes..(s + 1) * modes;
        let own = [(); KEPT].map(|()| rows.next().unwrap_or_default());
        Fit::new(&target[of_set.clone()], &logits[of_set], own)
    });
    for step in 0..=descent.steps {
        let mut ended = true;
        for fit in &mut fits {
            if !fit.ended {
                fit.advance(descent, step);
            }
        }
        for fit in &mut fits {
            if !fit.ended {
                fit.slope::<RIDGE>(descent.ridge);
                fit.decide(descent, step);
            }
            ended &= fit.ended;
        }
        if ended {
            break;
        }
    }
    std::array::from_fn(|s| fits[s].finish(descent, &mut logits[s * modes..(s + 1) * modes]))
}

impl<'a> Fit<'a> {
    /// From these logits: lanes stand still, and nothing has been worked out.
    #[inline(always)]
    fn new(of: &[Row], logits: &[Row], [target, slopes, v, weights]: [&'a mut [Row]; KEPT]) -> Self {
        target.copy_from_slice(of);
        let mut reach = [0.0; LANES];
        for (row, v) in logits.iter().zip(&mut *v) {
            for l in 0..LANES {
                v[l] = row[l] * LOG2_E;
            }
            for l in 0..LANES {
                let size = v[l].abs();
                reach[l] = if reach[l] > size { reach[l] } else { size };
            }
        }
        slopes.fill([0.0; LANES]);
        weights.fill([0.0; LANES]);
        let [total, largest, longest, steps] = [[0.0; LANES]; 4];
        Self {
            target,
            slopes,
            v,
            weights,
            total,
            largest,
            longest,
            reach,
            steps,
            ended: false,
        }
    }

    /// Takes the step that was decided on, none at first.
    #[inline(always)]
    fn advance(&mut self, descent: &Descent, step: u32) {
        let mut rate = [0.0; LANES];
        for l in 0..LANES {
            rate[l] = if self.longest[l] > 0.0 { -full(descent) } else { 0.0 };
        }
        if step.is_multiple_of(ANEW) {
            self.walk(&rate);
            self.renew(step == 0, true);
        } else if any_above(&self.longest, EXP2_M1_WITHIN[9]) {
            self.scale::<9>(&rate);
            self.renew(false, false);
        } else if !any_above(&self.longest, EXP2_M1_WITHIN[5]) {
            self.scale::<5>(&rate);
        } else if !any_above(&self.longest, EXP2_M1_WITHIN[6]) {
            self.scale::<6>(&rate);
        } else if !any_above(&self.longest, EXP2_M1_WITHIN[7]) {
            self.scale::<7>(&rate);
        } else {
            self.scale::<9>(&rate);
        }
    }

    /// Decides on the next step by the slopes.
    #[inline(always)]
    fn decide(&mut self, descent: &Descent, step: u32) {
        let full = full(descent);
        for l in 0..LANES {
            // A gradient that is no number stands still too: its lane has failed and is not converged.
            self.longest[l] = if self.largest[l] > descent.tolerance {
                full * self.largest[l]
            } else {
                0.0
            };
        }
        self.ended = step == descent.steps || !any_above(&self.longest, 0.0);
        if self.ended {
            return;
        }
        for l in 0..LANES {
            self.steps[l] += if self.longest[l] > 0.0 { 1.0 } else { 0.0 };
        }
        add(&mut self.reach, &self.longest);
    }

    /// Steps down the slopes and multiplies weights by what that changes, with as many terms of a series as each lane needs and at most `TERMS`.
    ///
    /// One loop: without something that rows hand on, such as the sum, the compiler makes vectors of rows and not of lanes,
    /// by gathers and scatters that cost as much as all the rest. And rows are read whole before one is written, since it does
    /// not see that they are apart.
    #[inline(always)]
    fn scale<const TERMS: usize>(&mut self, rate: &Row) {
        let [fifth, sixth, seventh, eighth, ninth] = exp2_m1_terms(&self.longest);
        let mut total = [0.0; LANES];
        for ((v, weight), slope) in self.v.iter_mut().zip(&mut *self.weights).zip(&*self.slopes) {
            let (mut at, mut own, slope) = (*v, *weight, *slope);
            for l in 0..LANES {
                let change = rate[l] * slope[l];
                let more = [fifth[l], sixth[l], seventh[l], eighth[l], ninth[l]];
                at[l] += change;
                own[l] += own[l] * exp2_m1_kernel::<TERMS>(more, change);
            }
            add(&mut total, &own);
            (*v, *weight) = (at, own);
        }
        self.total = total;
    }

    /// Steps down the slopes and leaves weights as they are.
    #[inline(always)]
    fn walk(&mut self, rate: &Row) {
        for (v, slope) in self.v.iter_mut().zip(&*self.slopes) {
            let mut at = *v;
            for l in 0..LANES {
                at[l] += rate[l] * slope[l];
            }
            *v = at;
        }
    }

    /// Takes weights from logits where the last step was long, of all lanes that move where that is `due`, and of all where there were none
    /// before. Those of far lanes are shifted by their highest logit.
    #[inline(always)]
    fn renew(&mut self, first: bool, due: bool) {
        let mut top = [f64::NEG_INFINITY; LANES];
        for v in &*self.v {
            for l in 0..LANES {
                top[l] = if top[l] > v[l] { top[l] } else { v[l] };
            }
        }
        let (mut shift, mut fresh) = ([0.0; LANES], [0.0; LANES]);
        for l in 0..LANES {
            let far = self.reach[l] > NEAR;
            shift[l] = if far { top[l] } else { 0.0 };
            let moves = self.longest[l] > 0.0;
            let asks = due || self.longest[l] > EXP2_M1_WITHIN[9];
            fresh[l] = if first || moves && asks { 1.0 } else { 0.0 };
        }
        let mut total = [0.0; LANES];
        for (v, weight) in self.v.iter().zip(&mut *self.weights) {
            let (mut own, v) = (*weight, *v);
            for l in 0..LANES {
                let below = v[l] - shift[l];
                // Written so that NaN passes both.
                let power = exp2_kernel(if LEAST > below { LEAST } else { below });
                let power = if LEAST > below { 0.0 } else { power };
                own[l] = if fresh[l] > 0.0 { power } else { own[l] };
            }
            add(&mut total, &own);
            *weight = own;
        }
        self.total = total;
    }

    /// Sets the slopes from the weights and their sum, and the largest of them, which is NaN where the last is.
    #[inline(always)]
    fn slope<const RIDGE: bool>(&mut self, ridge: f64) {
        let ridge = ridge * LN_2;
        let (mut inverse, mut largest) = ([0.0; LANES], [0.0; LANES]);
        for l in 0..LANES {
            inverse[l] = 1.0 / self.total[l];
        }
        let rows = self
            .slopes
            .iter_mut()
            .zip(&*self.weights)
            .zip(&*self.target)
            .zip(&*self.v);
        for (((slope, weight), target), v) in rows {
            let mut own = *weight;
            for l in 0..LANES {
                own[l] = own[l] * inverse[l] - target[l];
            }
            if RIDGE {
                for l in 0..LANES {
                    own[l] += ridge * v[l];
                }
            }
            for l in 0..LANES {
                let size = own[l].abs();
                largest[l] = if largest[l] > size { largest[l] } else { size };
            }
            *slope = own;
        }
        self.largest = largest;
    }

    /// Writes the logits of the lanes that moved; the others keep theirs, which base 2 would have rounded.
    #[inline(always)]
    fn finish(&self, descent: &Descent, logits: &mut [Row]) -> Fitted {
        for (row, v) in logits.iter_mut().zip(&*self.v) {
            for l in 0..LANES {
                row[l] = if self.steps[l] > 0.0 {
                    number(v[l] * LN_2)
                } else {
                    row[l]
                };
            }
        }
        let mut fitted = Fitted {
            steps: self.steps,
            gradient: [0.0; LANES],
            converged: [0.0; LANES],
        };
        for l in 0..LANES {
            fitted.gradient[l] = number(self.largest[l]);
            fitted.converged[l] = if self.largest[l] <= descent.tolerance { 1.0 } else { 0.0 };
        }
        fitted
    }
}

/// From the first number that begins a cache line: rows that lie in two take up to a fifth longer.
#[inline(always)]
fn aligned(scratch: &mut [Row]) -> &mut [Row] {
    let numbers = scratch.as_flattened_mut();
    let first = numbers.as_ptr().align_offset(size_of::<Row>()).min(LANES);
    numbers[first..].as_chunks_mut().0
}

/// How far a step goes along the slope, in base 2.
#[inline(always)]
fn full(descent: &Descent) -> f64 {
    descent.rate * LOG2_E
}

/// x, with one payload for NaN: that of a computed one differs between processors.
#[inline(always)]
fn number(x: f64) -> f64 {
    if x.is_nan() { f64::NAN } else { x }
}

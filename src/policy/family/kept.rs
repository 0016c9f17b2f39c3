//! Owns gradients of log-linear fits on full batches, by weights that are kept from step to step.
//!
//! Logits are linear in the parameters: what a step changes them by is their product with the step. Weights 2^logit of each prompt are
//! multiplied by 2^change, a short series, as in the shared descent; every [`ANEW`] steps, and where a step is long, they are
//! taken from logits anew, which bounds what roundings add up to. What targets add to a gradient is the same in all steps.
//!
//! All of that is decided for each lane by its own numbers, and what other lanes need besides leaves its bits alone (law 4). A lane that
//! stands still keeps its weights too, and so its gradient.

use super::evaluation::{BLOCK, Data, Evaluation, Target};
use super::kernels::{anew, highest, power, scale};
use super::rows::Rows;
use crate::numerics::elementary::{EXP2_M1_WITHIN, exp2_m1_kernel, exp2_m1_terms};
use crate::numerics::lanes::{LANES, Lanes, add, any_above, dispatch};
use std::f64::consts::LOG2_E;

/// After so many steps weights are taken from logits anew. Until then each is rounded twice a step: by at most an ulp together.
const ANEW: u32 = 128;

/// Softmax's weights at all prompts under the parameters of the last step.
pub(super) struct KeptWeights {
    /// e^logit over that of the highest when they were last taken, prompts x modes. Weights below 2^-1000 of it were taken as that: until they
    /// are taken again they grow by a factor of 2^16 at most, and stay nothing.
    weights: Rows,
    /// What part of the loss each prompt is.
    shares: Rows,
    /// The largest of each feature in absolute value.
    sizes: Rows,
    /// What targets take from the gradient.
    pull: Rows,
    theta: Rows,
    /// What the parameters have changed by, in base 2.
    change: Rows,
    /// How many gradients there were.
    steps: u32,
}

impl KeptWeights {
    pub fn new() -> Self {
        let [weights, shares, sizes, pull, theta, change] = [const { Rows::new() }; 6];
        Self {
            weights,
            shares,
            sizes,
            pull,
            theta,
            change,
            steps: 0,
        }
    }

    /// Takes up data sets for policies with so many parameters, of which each mode but the last has one per feature.
    pub fn begin(&mut self, evaluation: &Evaluation, data: Data<'_>) {
        let (level, modes, seen) = (evaluation.level, evaluation.modes, data.prompts.coordinates);
        let (prompts, parameters) = (data.prompts.count(), evaluation.form.parameters());
        let share = 1.0 / prompts as f64;
        self.steps = 0;
        self.weights.resize(prompts * modes);
        self.theta.resize(parameters);
        self.change.resize(parameters);
        let shares = self.shares.resize(prompts);
        match data.weights {
            Some(weights) => scale::run_at(level, shares, weights, share),
            None => shares.fill([share; LANES]),
        }
        let sizes = self.sizes.resize(seen);
        sizes.fill([0.0; LANES]);
        widen::run_at(level, sizes, data.prompts.features);
        let pull = self.pull.resize(parameters);
        pull.fill([0.0; LANES]);
        // Full batches have shares.
        if let Target::Shares(target) = data.target {
            evaluation.form.back(level, data.prompts, &[], &mut [], target, pull);
        }
        pull.iter_mut().flatten().for_each(|x| *x *= share);
    }

    /// The gradient of the loss on the data sets that were taken up.
    pub fn gradient(
        &mut self,
        evaluation: &mut Evaluation,
        data: Data<'_>,
        theta: &[Lanes<f64>],
        decay: f64,
        gradient: &mut [Lanes<f64>],
    ) {
        let (level, modes) = (evaluation.level, evaluation.modes);
        let longest = self.follow(evaluation, data, theta);
        evaluation.pack(self.change.rows());
        begin::run_at(level, gradient, theta, self.pull.rows(), decay);
        let weights = self.weights.rows_mut().chunks_mut(BLOCK * modes);
        let kept = weights.zip(self.shares.rows().chunks(BLOCK));
        for (data, (weights, shares)) in data.blocks(modes).zip(kept) {
            let changes = evaluation.logits(data.prompts);
            multiply::run_at(level, changes, weights, shares, &longest, modes);
            evaluation.back(data.prompts, theta, gradient);
        }
    }

    /// Goes to `theta`: sets `change`, and gives the most that it changes a logit. Takes weights anew in lanes which are to have them so; to
    /// these nothing changes any more.
    fn follow(&mut self, evaluation: &mut Evaluation, data: Data<'_>, theta: &[Lanes<f64>]) -> Lanes<f64> {
        let (first, due) = (self.steps == 0, self.steps.is_multiple_of(ANEW));
        self.steps += 1;
        let (change, sizes) = (self.change.rows_mut(), self.sizes.rows());
        let mut longest = differ::run_at(evaluation.level, change, self.theta.rows_mut(), theta, sizes);
        let mut fresh = [0.0; LANES];
        for l in 0..LANES {
            let asks = longest[l] > 0.0 && (due || longest[l] > EXP2_M1_WITHIN[9]);
            fresh[l] = if first || asks { 1.0 } else { 0.0 };
        }
        if fresh == [0.0; LANES] {
            return longest;
        }
        let select = |x: &mut Lanes<f64>| (0..LANES).for_each(|l| x[l] = if fresh[l] > 0.0 { 0.0 } else { x[l] });
        change.iter_mut().for_each(select);
        select(&mut longest);
        evaluation.pack(theta);
        let (level, modes) = (evaluation.level, evaluation.modes);
        let weights = self.weights.rows_mut().chunks_mut(BLOCK * modes);
        for (data, weights) in data.blocks(modes).zip(weights) {
            renew::run_at(level, weights, evaluation.logits(data.prompts), &fresh, modes);
        }
        longest
    }
}

/// The larger of each size and what any of the prompts has.
#[inline(always)]
fn widen_kernel(sizes: &mut [Lanes<f64>], features: &[Lanes<f64>]) {
    for features in features.chunks_exact(sizes.len().max(1)) {
        for (size, x) in sizes.iter_mut().zip(features) {
            for l in 0..LANES {
                let own = x[l].abs();
                size[l] = if size[l] > own { size[l] } else { own };
            }
        }
    }
}

dispatch!(mod widen = widen_kernel(sizes: &mut [Lanes<f64>], features: &[Lanes<f64>]));

/// Writes how far `theta` is from where it was, in base 2, and gives the most that this changes a logit of prompts with features of these
/// sizes.
#[inline(always)]
fn differ_kernel(
    change: &mut [Lanes<f64>],
    from: &mut [Lanes<f64>],
    theta: &[Lanes<f64>],
    sizes: &[Lanes<f64>],
) -> Lanes<f64> {
    let (seen, mut longest) = (sizes.len(), [0.0; LANES]);
    let modes = change.chunks_exact_mut(seen).zip(from.chunks_exact_mut(seen));
    for ((change, from), theta) in modes.zip(theta.chunks_exact(seen)) {
        let mut most = [0.0; LANES];
        for (((change, from), theta), size) in change.iter_mut().zip(from).zip(theta).zip(sizes) {
            let mut own = [0.0; LANES];
            for l in 0..LANES {
                own[l] = (theta[l] - from[l]) * LOG2_E;
                most[l] += own[l].abs() * size[l];
            }
            (*change, *from) = (own, *theta);
        }
        for l in 0..LANES {
            longest[l] = if longest[l] > most[l] { longest[l] } else { most[l] };
        }
    }
    longest
}

dispatch!(mod differ = differ_kernel(
    change: &mut [Lanes<f64>],
    from: &mut [Lanes<f64>],
    theta: &[Lanes<f64>],
    sizes: &[Lanes<f64>],
) -> Lanes<f64>);

/// What decay and targets make of the gradient.
#[inline(always)]
fn begin_kernel(gradient: &mut [Lanes<f64>], theta: &[Lanes<f64>], pull: &[Lanes<f64>], decay: f64) {
    let rows = gradient.as_flattened_mut().iter_mut();
    for ((slope, theta), pull) in rows.zip(theta.as_flattened()).zip(pull.as_flattened()) {
        *slope = decay * theta - pull;
    }
}

dispatch!(mod begin = begin_kernel(gradient: &mut [Lanes<f64>], theta: &[Lanes<f64>], pull: &[Lanes<f64>], decay: f64));

/// Takes weights from logits in the lanes that are `fresh`.
#[inline(always)]
fn renew_kernel(weights: &mut [Lanes<f64>], logits: &[Lanes<f64>], fresh: &Lanes<f64>, modes: usize) {
    for (weights, logits) in weights.chunks_exact_mut(modes).zip(logits.chunks_exact(modes)) {
        let top = highest(logits);
        for (weight, logit) in weights.iter_mut().zip(logits) {
            let (mut own, power) = (*weight, power(logit, anew(&top)));
            for l in 0..LANES {
                own[l] = if fresh[l] > 0.0 { power[l] } else { own[l] };
            }
            *weight = own;
        }
    }
}

dispatch!(mod renew = renew_kernel(
    weights: &mut [Lanes<f64>],
    logits: &[Lanes<f64>],
    fresh: &Lanes<f64>,
    modes: usize,
));

/// Multiplies weights by 2^change, of which none is larger than `longest`, and writes over the changes what part of the loss times
/// which probability each mode is. The last mode's weight stays.
#[inline(always)]
fn multiply_kernel(
    changes: &mut [Lanes<f64>],
    weights: &mut [Lanes<f64>],
    shares: &[Lanes<f64>],
    longest: &Lanes<f64>,
    modes: usize,
) {
    if any_above(longest, EXP2_M1_WITHIN[7]) {
        multiply_by::<9>(changes, weights, shares, longest, modes);
    } else if any_above(longest, EXP2_M1_WITHIN[6]) {
        multiply_by::<7>(changes, weights, shares, longest, modes);
    } else if any_above(longest, EXP2_M1_WITHIN[5]) {
        multiply_by::<6>(changes, weights, shares, longest, modes);
    } else {
        multiply_by::<5>(changes, weights, shares, longest, modes);
    }
}

dispatch!(mod multiply = multiply_kernel(
    changes: &mut [Lanes<f64>],
    weights: &mut [Lanes<f64>],
    shares: &[Lanes<f64>],
    longest: &Lanes<f64>,
    modes: usize,
));

/// The same with as many terms of the series as each lane needs and at most `TERMS`.
#[inline(always)]
fn multiply_by<const TERMS: usize>(
    changes: &mut [Lanes<f64>],
    weights: &mut [Lanes<f64>],
    shares: &[Lanes<f64>],
    longest: &Lanes<f64>,
    modes: usize,
) {
    let [fifth, sixth, seventh, eighth, ninth] = exp2_m1_terms(longest);
    let prompts = changes.chunks_exact_mut(modes).zip(weights.chunks_exact_mut(modes));
    for ((changes, weights), share) in prompts.zip(shares) {
        let Some((last, weights)) = weights.split_last_mut() else {
            return;
        };
        let (mut total, mut scale) = (*last, *share);
        for (weight, change) in weights.iter_mut().zip(&*changes) {
            let (mut own, change) = (*weight, *change);
            for l in 0..LANES {
                let more = [fifth[l], sixth[l], seventh[l], eighth[l], ninth[l]];
                own[l] += own[l] * exp2_m1_kernel::<TERMS>(more, change[l]);
            }
            add(&mut total, &own);
            *weight = own;
        }
        for l in 0..LANES {
            scale[l] /= total[l];
        }
        for (slope, weight) in changes.iter_mut().zip(&*weights) {
            let (mut own, scale) = (*weight, anew(&scale));
            for l in 0..LANES {
                own[l] *= scale[l];
            }
            *slope = own;
        }
    }
}

//! Owns the arithmetic of aggregation on rows of lanes: draws of votes, and slopes of the cross-entropy.

use super::rows::Rows;
use super::{BESIDE, EVIDENCE, PRESENCE, PRIOR, VOTES};
use crate::numerics::elementary::ln_kernel;
use crate::numerics::lanes::{LANES, Lanes, add, dispatch};
use crate::policy::family::kernels::{Matrix, add_product_kernel, anew, powers};
use std::ops::Range;

/// The most modes of a slot.
pub const MOST_MODES: usize = 64;

/// Adds the votes of drafts `drafts`, all drawn from `p`, by the inverse of its distribution function at uniforms; `stride` uniforms stand
/// for each group. `right` gets, for each group and draft of all, what `values` has at the mode drawn; it may be empty.
#[inline(always)]
fn draw_kernel(
    p: &[Lanes<f64>],
    modes: usize,
    (uniforms, stride): (&[Lanes<f64>], usize),
    drafts: Range<usize>,
    counts: &mut [Lanes<f64>],
    (values, right): (&[Lanes<f64>], &mut [Lanes<f64>]),
) {
    // The last stays infinite: rounding leaves no uniform above all.
    let mut below = [[f64::INFINITY; LANES]; MOST_MODES];
    for (group, (p, counts)) in p.chunks_exact(modes).zip(counts.chunks_exact_mut(modes)).enumerate() {
        let mut sum = [0.0; LANES];
        for (below, p) in below[..modes - 1].iter_mut().zip(p) {
            add(&mut sum, anew(p));
            *below = sum;
        }
        let (uniforms, below) = (&uniforms[group * stride..][drafts.clone()], &below[..modes]);
        // Copies: what the compiler reads in place it takes apart.
        let (fives, rest) = uniforms.as_chunks::<5>();
        for [a, b, c, d, e] in fives {
            count(&[*a, *b, *c, *d, *e], below, counts);
        }
        match rest {
            [a] => count(&[*a], below, counts),
            [a, b] => count(&[*a, *b], below, counts),
            [a, b, c] => count(&[*a, *b, *c], below, counts),
            [a, b, c, d] => count(&[*a, *b, *c, *d], below, counts),
            _ => {}
        }
        if !right.is_empty() {
            let values = &values[group * modes..][..modes];
            for (right, u) in right[group * stride..][drafts.clone()].iter_mut().zip(uniforms) {
                *right = at_first_above(u, below, values);
            }
        }
    }
}

/// Adds the votes of some drafts: of each mode how many uniforms are below its bound and not below the one before. So few stay in registers.
#[inline(always)]
fn count<const N: usize>(uniforms: &[Lanes<f64>; N], below: &[Lanes<f64>], counts: &mut [Lanes<f64>]) {
    let mut before = [0.0; LANES];
    for (count, below) in counts.iter_mut().zip(below) {
        let (below, mut reached) = (anew(below), [0.0; LANES]);
        for u in uniforms {
            for l in 0..LANES {
                reached[l] = if u[l] < below[l] { reached[l] + 1.0 } else { reached[l] };
            }
        }
        for l in 0..LANES {
            count[l] += reached[l] - before[l];
        }
        before = reached;
    }
}

/// The value of the first mode below whose bound a uniform lies.
#[inline(always)]
fn at_first_above(u: &Lanes<f64>, below: &[Lanes<f64>], values: &[Lanes<f64>]) -> Lanes<f64> {
    let mut found = [0.0; LANES];
    for (below, &value) in below.iter().zip(values).rev() {
        for l in 0..LANES {
            found[l] = if u[l] < below[l] { value[l] } else { found[l] };
        }
    }
    found
}

dispatch!(pub(super) mod draw = draw_kernel(
    p: &[Lanes<f64>],
    modes: usize,
    uniforms: (&[Lanes<f64>], usize),
    drafts: Range<usize>,
    counts: &mut [Lanes<f64>],
    right: (&[Lanes<f64>], &mut [Lanes<f64>]),
));

/// sum_m p_m value_m by group.
#[inline(always)]
fn expected_kernel(p: &[Lanes<f64>], values: &[Lanes<f64>], modes: usize, out: &mut [Lanes<f64>]) {
    let groups = p.chunks_exact(modes).zip(values.chunks_exact(modes));
    for (out, (p, values)) in out.iter_mut().zip(groups) {
        let mut sum = [0.0; LANES];
        for (p, values) in p.iter().zip(values) {
            let (p, values) = (anew(p), *values);
            for l in 0..LANES {
                sum[l] += p[l] * values[l];
            }
        }
        *out = sum;
    }
}

dispatch!(pub(super) mod expected = expected_kernel(
    p: &[Lanes<f64>],
    values: &[Lanes<f64>],
    modes: usize,
    out: &mut [Lanes<f64>],
));

#[inline(always)]
pub(super) fn dot(w: &[f64], features: &[Lanes<f64>]) -> Lanes<f64> {
    let mut sum = [0.0; LANES];
    for (w, feature) in w.iter().zip(features) {
        for l in 0..LANES {
            sum[l] += w * feature[l];
        }
    }
    sum
}

/// Adds, over groups of examples, the slopes of the cross-entropy in all parameters and, last, itself. Passes have these recall bits, a row per
/// group; without any all of them lapse.
#[inline(always)]
fn slopes_kernel(
    rows: Rows<'_>,
    theta: &[f64],
    groups: &[u32],
    recall: Option<&[Lanes<f64>]>,
    sums: &mut [Lanes<f64>],
) {
    let (modes, width) = (rows.modes, theta.len() - BESIDE);
    let (w, beside) = theta.split_at(width);
    let (own_sums, others) = sums.split_at_mut(width);
    let (mut logits, mut recalled) = ([[0.0; LANES]; MOST_MODES], [[0.0; LANES]; MOST_MODES]);
    let (logits, recalled) = (&mut logits[..modes], &mut recalled[..modes]);
    for (at, &group) in groups.iter().enumerate() {
        let first = group as usize * modes;
        let recall = recall.map(|recall| &recall[at]);
        let features = &rows.features[first * width..][..modes * width];
        let prior = &rows.prior[first..][..modes];
        let shown = rows.drafts.map(|drafts| drafts.rows(first..first + modes));
        logits.fill([0.0; LANES]);
        if let Some(recall) = recall {
            let alpha = if shown.is_some() { beside[PRIOR] } else { 0.0 };
            for ((logit, features), prior) in logits.iter_mut().zip(features.chunks_exact(width)).zip(prior) {
                let (own, recall, prior) = (dot(w, features), *anew(recall), *prior);
                for l in 0..LANES {
                    logit[l] = recall[l] * (own[l] + alpha * prior[l]);
                }
            }
        }
        if let Some(shown) = shown {
            for (m, logit) in logits.iter_mut().enumerate() {
                add_shown(logit, shown.map(|rows| &rows[m]), beside);
            }
        }
        let active = &rows.active[group as usize % rows.active.len()];
        let hit = to_slopes(logits, &rows.target[first..][..modes], active);
        if let Some(recall) = recall {
            for (recalled, slope) in recalled.iter_mut().zip(logits.iter()) {
                *recalled = times(slope, anew(recall));
            }
            add_products(own_sums, recalled, features);
            if shown.is_some() {
                add_products(&mut others[PRIOR..][..1], recalled, prior);
            }
        }
        for (place, shown) in [VOTES, EVIDENCE, PRESENCE].into_iter().zip(shown.into_iter().flatten()) {
            add_products(&mut others[place..][..1], logits, shown);
        }
        let loss = &mut others[BESIDE];
        for l in 0..LANES {
            loss[l] -= hit[l];
        }
    }
}

/// Adds what drafts say of a mode to its logit: by votes, checks and presence, each a row.
#[inline(always)]
fn add_shown(logit: &mut Lanes<f64>, [votes, checked, presence]: [&Lanes<f64>; 3], beside: &[f64]) {
    let (own, votes, checked, presence) = (*logit, *votes, *checked, *presence);
    for l in 0..LANES {
        logit[l] = own[l] + beside[VOTES] * votes[l] + beside[EVIDENCE] * checked[l] + beside[PRESENCE] * presence[l];
    }
}

/// Turns the logits of a group into slopes of its cross-entropy; returns the logarithm of what the target had.
#[inline(always)]
fn to_slopes(logits: &mut [Lanes<f64>], target: &[Lanes<f64>], active: &Lanes<f64>) -> Lanes<f64> {
    let scale = powers(logits, 1.0);
    let mut hit = [0.0; LANES];
    for (logit, target) in logits.iter_mut().zip(target) {
        let (scale, active, target) = (*anew(&scale), *anew(active), *target);
        let mut p = *logit;
        for l in 0..LANES {
            p[l] *= scale[l];
        }
        for l in 0..LANES {
            hit[l] += p[l] * target[l];
        }
        for l in 0..LANES {
            logit[l] = (p[l] - target[l]) * active[l];
        }
    }
    // What lanes without a slot hold is a logarithm of 0 times 0 otherwise.
    for l in 0..LANES {
        hit[l] = if active[l] > 0.0 { hit[l] } else { 1.0 };
    }
    for l in 0..LANES {
        hit[l] = ln_kernel(hit[l]);
    }
    hit
}

#[inline(always)]
fn times(x: &Lanes<f64>, y: &Lanes<f64>) -> Lanes<f64> {
    let mut product = *x;
    for l in 0..LANES {
        product[l] *= y[l];
    }
    product
}

/// sums[j] += sum_m x[m] y[m][j].
#[inline(always)]
fn add_products(sums: &mut [Lanes<f64>], x: &[Lanes<f64>], y: &[Lanes<f64>]) {
    let (width, modes) = (sums.len(), x.len());
    add_product_kernel(
        sums,
        width,
        Matrix::of(x, modes),
        Matrix::of(y, width),
        [1, width, modes],
    );
}

dispatch!(pub(super) mod slopes = slopes_kernel(
    rows: Rows<'_>,
    theta: &[f64],
    groups: &[u32],
    recall: Option<&[Lanes<f64>]>,
    sums: &mut [Lanes<f64>],
));

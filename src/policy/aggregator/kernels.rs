//! Owns the arithmetic of aggregation on rows of lanes: draws of votes, mixtures, and slopes of the cross-entropy.

use super::rows::Rows;
use super::{BESIDE, EVIDENCE, PRESENCE, PRIOR, VOTES};
use crate::numerics::elementary::ln_kernel;
use crate::numerics::lanes::{LANES, Lanes, add, dispatch};
use crate::policy::family::kernels::powers;
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
    let mut below = [[f64::INFINITY; LANES]; MOST_MODES];
    for (group, (p, counts)) in p.chunks_exact(modes).zip(counts.chunks_exact_mut(modes)).enumerate() {
        // The last stays infinite: rounding leaves no uniform above all.
        let mut sum = [0.0; LANES];
        for (below, p) in below[..modes - 1].iter_mut().zip(p) {
            add(&mut sum, p);
            *below = sum;
        }
        for draft in drafts.clone() {
            let u = &uniforms[group * stride + draft];
            let (mut before, mut found) = ([0.0; LANES], [0.0; LANES]);
            for (m, (count, below)) in counts.iter_mut().zip(&below[..modes]).enumerate() {
                for l in 0..LANES {
                    let under = if u[l] < below[l] { 1.0 } else { 0.0 };
                    let vote = under - before[l];
                    count[l] += vote;
                    before[l] = under;
                    if !values.is_empty() {
                        found[l] += vote * values[group * modes + m][l];
                    }
                }
            }
            if !right.is_empty() {
                right[group * stride + draft] = found;
            }
        }
    }
}

dispatch!(pub(super) mod draw = draw_kernel(
    p: &[Lanes<f64>],
    modes: usize,
    uniforms: (&[Lanes<f64>], usize),
    drafts: Range<usize>,
    counts: &mut [Lanes<f64>],
    right: (&[Lanes<f64>], &mut [Lanes<f64>]),
));

/// a = (recalled + read)/tau and b = read/tau.
#[inline(always)]
fn cool_kernel(recalled: &[Lanes<f64>], read: &[Lanes<f64>], cold: f64, a: &mut [Lanes<f64>], b: &mut [Lanes<f64>]) {
    for (((recalled, read), a), b) in recalled.iter().zip(read).zip(a).zip(b) {
        for l in 0..LANES {
            a[l] = (recalled[l] + read[l]) * cold;
            b[l] = read[l] * cold;
        }
    }
}

dispatch!(pub(super) mod cool = cool_kernel(
    recalled: &[Lanes<f64>],
    read: &[Lanes<f64>],
    cold: f64,
    a: &mut [Lanes<f64>],
    b: &mut [Lanes<f64>],
));

/// a = (1 - h) a + h b.
#[inline(always)]
fn mix_kernel(a: &mut [Lanes<f64>], b: &[Lanes<f64>], lapse: f64) {
    for (a, b) in a.iter_mut().zip(b) {
        for l in 0..LANES {
            a[l] = (1.0 - lapse) * a[l] + lapse * b[l];
        }
    }
}

dispatch!(pub(super) mod mix = mix_kernel(a: &mut [Lanes<f64>], b: &[Lanes<f64>], lapse: f64));

/// What drafts say: beta g + z (gamma s + eta), g by a table over counts.
#[inline(always)]
fn read_kernel(
    counts: &[Lanes<f64>],
    evidence: &[Lanes<f64>],
    table: &[f64],
    [gamma, eta]: [f64; 2],
    out: &mut [Lanes<f64>],
) {
    for ((counts, evidence), out) in counts.iter().zip(evidence).zip(out) {
        for l in 0..LANES {
            let seen = if counts[l] > 0.0 { 1.0 } else { 0.0 };
            out[l] = table[counts[l] as usize] + seen * (gamma * evidence[l] + eta);
        }
    }
}

dispatch!(pub(super) mod read = read_kernel(
    counts: &[Lanes<f64>],
    evidence: &[Lanes<f64>],
    table: &[f64],
    weights: [f64; 2],
    out: &mut [Lanes<f64>],
));

/// w phi by row, beside alpha times the prior.
#[inline(always)]
fn opinion_kernel(features: &[Lanes<f64>], w: &[f64], (prior, alpha): (&[Lanes<f64>], f64), out: &mut [Lanes<f64>]) {
    for ((features, prior), out) in features.chunks_exact(w.len()).zip(prior).zip(out) {
        *out = dot(w, features);
        for l in 0..LANES {
            out[l] += alpha * prior[l];
        }
    }
}

dispatch!(pub(super) mod opinion = opinion_kernel(
    features: &[Lanes<f64>],
    w: &[f64],
    prior: (&[Lanes<f64>], f64),
    out: &mut [Lanes<f64>],
));

#[inline(always)]
fn dot(w: &[f64], features: &[Lanes<f64>]) -> Lanes<f64> {
    let mut sum = [0.0; LANES];
    for (w, feature) in w.iter().zip(features) {
        for l in 0..LANES {
            sum[l] += w * feature[l];
        }
    }
    sum
}

/// Adds, over groups of examples with these recall bits, the slopes of the cross-entropy in all parameters and, last, itself.
#[inline(always)]
fn slopes_kernel(rows: Rows<'_>, theta: &[f64], groups: &[u32], recall: &[Lanes<f64>], sums: &mut [Lanes<f64>]) {
    let (modes, width) = (rows.modes, theta.len() - BESIDE);
    let (w, beside) = theta.split_at(width);
    let mut logits = [[0.0; LANES]; MOST_MODES];
    for (&group, recall) in groups.iter().zip(recall) {
        let first = group as usize * modes;
        let features = &rows.features[first * width..][..modes * width];
        let (target, active) = (
            &rows.target[first..][..modes],
            &rows.active[group as usize % rows.active.len()],
        );
        for (m, logit) in logits[..modes].iter_mut().enumerate() {
            *logit = dot(w, &features[m * width..][..width]);
            match rows.drafts {
                None => (0..LANES).for_each(|l| logit[l] *= recall[l]),
                Some(drafts) => {
                    let row = first + m;
                    let (prior, votes) = (&rows.prior[row], &drafts.votes[row]);
                    let (presence, checked) = (&drafts.presence[row], &drafts.checked[row]);
                    for l in 0..LANES {
                        logit[l] = recall[l] * (logit[l] + beside[PRIOR] * prior[l])
                            + beside[VOTES] * votes[l]
                            + beside[EVIDENCE] * checked[l]
                            + beside[PRESENCE] * presence[l];
                    }
                }
            }
        }
        let scale = powers(&mut logits[..modes], 1.0);
        let mut hit = [0.0; LANES];
        for (logit, target) in logits[..modes].iter_mut().zip(target) {
            for l in 0..LANES {
                logit[l] *= scale[l];
                hit[l] += logit[l] * target[l];
                logit[l] = (logit[l] - target[l]) * active[l];
            }
        }
        for (m, slope) in logits[..modes].iter().enumerate() {
            let mut recalled = *slope;
            (0..LANES).for_each(|l| recalled[l] *= recall[l]);
            for (sum, feature) in sums[..width].iter_mut().zip(&features[m * width..][..width]) {
                add_product(sum, &recalled, feature);
            }
            if let Some(drafts) = rows.drafts {
                let (row, beside) = (first + m, &mut sums[width..]);
                add_product(&mut beside[PRIOR], &recalled, &rows.prior[row]);
                add_product(&mut beside[VOTES], slope, &drafts.votes[row]);
                add_product(&mut beside[EVIDENCE], slope, &drafts.checked[row]);
                add_product(&mut beside[PRESENCE], slope, &drafts.presence[row]);
            }
        }
        // What lanes without a slot hold is a logarithm of 0 times 0 otherwise.
        for l in 0..LANES {
            let loss = -ln_kernel(if active[l] > 0.0 { hit[l] } else { 1.0 });
            sums[theta.len()][l] += loss;
        }
    }
}

#[inline(always)]
fn add_product(sum: &mut Lanes<f64>, x: &Lanes<f64>, y: &Lanes<f64>) {
    for l in 0..LANES {
        sum[l] += x[l] * y[l];
    }
}

dispatch!(pub(super) mod slopes = slopes_kernel(
    rows: Rows<'_>,
    theta: &[f64],
    groups: &[u32],
    recall: &[Lanes<f64>],
    sums: &mut [Lanes<f64>],
));

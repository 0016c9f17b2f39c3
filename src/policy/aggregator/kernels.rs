//! Owns the arithmetic of aggregation on rows of lanes: draws of votes, mixtures, and slopes of the cross-entropy.

use super::rows::Rows;
use super::{BESIDE, EVIDENCE, PRESENCE, PRIOR, VOTES};
use crate::numerics::elementary::ln_kernel;
use crate::numerics::lanes::{LANES, Lanes, add, dispatch};
use crate::policy::family::kernels::{Matrix, add_product_kernel, anew, highest, powers};
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
    let mut below = [[0.0; LANES]; MOST_MODES];
    // It stays infinite: rounding leaves no uniform above all.
    below[modes - 1] = [f64::INFINITY; LANES];
    for (group, (p, counts)) in p.chunks_exact(modes).zip(counts.chunks_exact_mut(modes)).enumerate() {
        let mut sum = [0.0; LANES];
        for (below, p) in below[..modes - 1].iter_mut().zip(p) {
            add(&mut sum, p);
            *below = sum;
        }
        let uniforms = &uniforms[group * stride..][drafts.clone()];
        let mut before = [0.0; LANES];
        for (count, below) in counts.iter_mut().zip(&below[..modes]) {
            let mut reached = [0.0; LANES];
            for u in uniforms {
                for l in 0..LANES {
                    reached[l] += if u[l] < below[l] { 1.0 } else { 0.0 };
                }
            }
            for l in 0..LANES {
                count[l] += reached[l] - before[l];
            }
            before = reached;
        }
        if !right.is_empty() {
            let values = &values[group * modes..][..modes];
            for (right, u) in right[group * stride..][drafts.clone()].iter_mut().zip(uniforms) {
                *right = at_first_above(u, &below[..modes], values);
            }
        }
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

/// w phi by row.
#[inline(always)]
fn opinion_kernel(features: &[Lanes<f64>], w: &[f64], out: &mut [Lanes<f64>]) {
    for (features, out) in features.chunks_exact(w.len()).zip(out) {
        *out = dot(w, features);
    }
}

dispatch!(pub(super) mod opinion = opinion_kernel(features: &[Lanes<f64>], w: &[f64], out: &mut [Lanes<f64>]));

/// What a pass sees of drafts, in rows, and how it minds that: alpha, gamma and eta, and beta g by votes.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub counts: &'a [Lanes<f64>],
    pub prior: &'a [Lanes<f64>],
    pub evidence: &'a [Lanes<f64>],
    pub table: &'a [f64],
    pub weights: [f64; 3],
}

impl Shown<'_> {
    /// What drafts say of a mode: beta g + z (gamma s + eta).
    #[inline(always)]
    fn read(&self, row: usize) -> Lanes<f64> {
        let [_, gamma, eta] = self.weights;
        let (counts, evidence) = (&self.counts[row], &self.evidence[row]);
        let mut read = voted(counts, self.table);
        for l in 0..LANES {
            let seen = if counts[l] > 0.0 { 1.0 } else { 0.0 };
            read[l] += seen * (gamma * evidence[l] + eta);
        }
        read
    }
}

/// What a table has at counts.
#[inline(always)]
fn voted(counts: &Lanes<f64>, table: &[f64]) -> Lanes<f64> {
    /// Up to so many entries, choosing among all of them in lanes is faster than eight looks.
    const FEW: usize = 32;
    if table.len() > FEW {
        return counts.map(|n| table[n as usize]);
    }
    let (mut found, mut n) = ([0.0; LANES], 0.0);
    for &entry in table {
        for l in 0..LANES {
            found[l] = if counts[l] >= n { entry } else { found[l] };
        }
        n += 1.0;
    }
    found
}

/// Logits of a pass over temperature, by row of a group: of one that recalls, and of one that lapses, which are 0 without drafts.
#[inline(always)]
fn cool(own: &[Lanes<f64>], first: usize, shown: Option<Shown<'_>>, cold: f64, [a, b]: [&mut [Lanes<f64>]; 2]) {
    for (m, (a, b)) in a.iter_mut().zip(b).enumerate() {
        let (row, mut recalled) = (first + m, own[first + m]);
        if let Some(shown) = shown {
            let read = shown.read(row);
            for l in 0..LANES {
                recalled[l] = (recalled[l] + shown.weights[0] * shown.prior[row][l]) + read[l];
                b[l] = read[l] * cold;
            }
        }
        for l in 0..LANES {
            a[l] = recalled[l] * cold;
        }
    }
}

/// What a pass answers, (1 - h) softmax of one that recalls + h softmax of one that lapses: by its own opinion and what drafts say.
#[inline(always)]
fn answer_kernel(
    own: &[Lanes<f64>],
    shown: Option<Shown<'_>>,
    modes: usize,
    [cold, lapse]: [f64; 2],
    out: &mut [Lanes<f64>],
) {
    let (mut lapsed, keep) = ([[0.0; LANES]; MOST_MODES], 1.0 - lapse);
    let lapsed = &mut lapsed[..modes];
    // To a pass that lapses every mode is as likely, without drafts; where none lapses it adds nothing.
    let flat = lapse * (1.0 / modes as f64);
    for (group, out) in out.chunks_exact_mut(modes).enumerate() {
        cool(own, group * modes, shown, cold, [out, lapsed]);
        let scale = powers(out, 1.0);
        if shown.is_some() && lapse > 0.0 {
            let of_lapsed = powers(lapsed, 1.0);
            for (a, b) in out.iter_mut().zip(lapsed.iter()) {
                let (scale, of_lapsed) = (anew(&scale), anew(&of_lapsed));
                for l in 0..LANES {
                    a[l] = keep * (a[l] * scale[l]) + lapse * (b[l] * of_lapsed[l]);
                }
            }
        } else {
            for row in out {
                let scale = anew(&scale);
                for l in 0..LANES {
                    row[l] = keep * (row[l] * scale[l]) + flat;
                }
            }
        }
    }
}

dispatch!(pub(super) mod answer = answer_kernel(
    own: &[Lanes<f64>],
    shown: Option<Shown<'_>>,
    modes: usize,
    by: [f64; 2],
    out: &mut [Lanes<f64>],
));

/// The same as the temperature goes to 0: each pass takes its likeliest modes.
#[inline(always)]
fn greedy_kernel(own: &[Lanes<f64>], shown: Option<Shown<'_>>, modes: usize, lapse: f64, out: &mut [Lanes<f64>]) {
    let mut lapsed = [[0.0; LANES]; MOST_MODES];
    let lapsed = &mut lapsed[..modes];
    for (group, out) in out.chunks_exact_mut(modes).enumerate() {
        cool(own, group * modes, shown, 1.0, [out, lapsed]);
        to_highest(out);
        to_highest(lapsed);
        for (a, b) in out.iter_mut().zip(lapsed.iter()) {
            for l in 0..LANES {
                a[l] = (1.0 - lapse) * a[l] + lapse * b[l];
            }
        }
    }
}

dispatch!(pub(super) mod greedy = greedy_kernel(
    own: &[Lanes<f64>],
    shown: Option<Shown<'_>>,
    modes: usize,
    lapse: f64,
    out: &mut [Lanes<f64>],
));

/// Shares of the highest rows, equal where several are.
#[inline(always)]
pub(super) fn to_highest(rows: &mut [Lanes<f64>]) {
    let (top, mut ties) = (highest(rows), [0.0; LANES]);
    for row in rows.iter() {
        for l in 0..LANES {
            ties[l] += if row[l] == top[l] { 1.0 } else { 0.0 };
        }
    }
    for row in rows {
        for l in 0..LANES {
            row[l] = if row[l] == top[l] { 1.0 / ties[l] } else { 0.0 };
        }
    }
}

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
                *logit = dot(w, features);
                for l in 0..LANES {
                    logit[l] = recall[l] * (logit[l] + alpha * prior[l]);
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
    for l in 0..LANES {
        logit[l] = logit[l] + beside[VOTES] * votes[l] + beside[EVIDENCE] * checked[l] + beside[PRESENCE] * presence[l];
    }
}

/// Turns the logits of a group into slopes of its cross-entropy; returns the logarithm of what the target had.
#[inline(always)]
fn to_slopes(logits: &mut [Lanes<f64>], target: &[Lanes<f64>], active: &Lanes<f64>) -> Lanes<f64> {
    let scale = powers(logits, 1.0);
    let mut hit = [0.0; LANES];
    for (logit, target) in logits.iter_mut().zip(target) {
        let (scale, active) = (anew(&scale), anew(active));
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

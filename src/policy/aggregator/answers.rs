//! Owns the arithmetic of answers on rows of lanes: opinions, mixtures of softmaxes, and the likeliest modes.

use super::kernels::{MOST_MODES, dot};
use crate::numerics::lanes::{LANES, Lanes, dispatch};
use crate::policy::family::kernels::{anew, highest, powers};

/// The most that a factor's logarithm to base 2 may be away from 0. Products of three are then within 2^480 and shares of 64 of them above 2^-966:
/// nothing is lost below the least normal number, 2^-1022.
pub(super) const REACH: f64 = 160.0;

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
pub(super) fn voted(counts: &Lanes<f64>, table: &[f64]) -> Lanes<f64> {
    /// Up to so many entries, choosing among all of them in lanes is faster than eight looks.
    const FEW: usize = 32;
    if table.len() > FEW {
        return counts.map(|n| table[n as usize]);
    }
    let (mut found, mut n, counts) = ([0.0; LANES], 0.0, *counts);
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

/// What a pass answers without drafts, (1 - h) softmax of its opinion + h / M: to a pass that lapses every mode is as likely.
#[inline(always)]
fn direct_kernel(own: &[Lanes<f64>], modes: usize, [cold, lapse]: [f64; 2], out: &mut [Lanes<f64>]) {
    let (cold, flat) = ([cold; LANES], lapse * (1.0 / modes as f64));
    for (own, out) in own.chunks_exact(modes).zip(out.chunks_exact_mut(modes)) {
        for (own, row) in own.iter().zip(out.iter_mut()) {
            let cold = *anew(&cold);
            for l in 0..LANES {
                row[l] = own[l] * cold[l];
            }
        }
        let scale = powers(out, 1.0 - lapse);
        for row in out {
            let scale = *anew(&scale);
            for l in 0..LANES {
                row[l] = row[l] * scale[l] + flat;
            }
        }
    }
}

dispatch!(pub(super) mod direct = direct_kernel(own: &[Lanes<f64>], modes: usize, by: [f64; 2], out: &mut [Lanes<f64>]));

/// Opinions and what is answered by them, group by group: features come from afar while powers are worked out.
#[inline(always)]
fn opinion_and_direct_kernel(
    features: &[Lanes<f64>],
    w: &[f64],
    modes: usize,
    by: [f64; 2],
    own: &mut [Lanes<f64>],
    out: &mut [Lanes<f64>],
) {
    let groups = features.chunks_exact(modes * w.len()).zip(own.chunks_exact_mut(modes));
    for ((features, own), out) in groups.zip(out.chunks_exact_mut(modes)) {
        opinion_kernel(features, w, own);
        direct_kernel(own, modes, by, out);
    }
}

dispatch!(pub(super) mod opinion_and_direct = opinion_and_direct_kernel(
    features: &[Lanes<f64>],
    w: &[f64],
    modes: usize,
    by: [f64; 2],
    own: &mut [Lanes<f64>],
    out: &mut [Lanes<f64>],
));

/// What a pass answers to drafts, (1 - h) softmax of one that recalls + h softmax of one that lapses, by its own opinion and what drafts say: by
/// logits, whatever these are, in lanes of which `reach` says that factors are too far away from 1; without it, in all.
#[inline(always)]
fn by_logits_kernel(
    own: &[Lanes<f64>],
    shown: Shown<'_>,
    reach: Option<&[Lanes<f64>]>,
    modes: usize,
    by: [f64; 2],
    out: &mut [Lanes<f64>],
) {
    let (mut lapsed, mut found) = ([[0.0; LANES]; MOST_MODES], [[0.0; LANES]; MOST_MODES]);
    let (lapsed, found) = (&mut lapsed[..modes], &mut found[..modes]);
    for (group, out) in out.chunks_exact_mut(modes).enumerate() {
        let reach = reach.map_or([f64::INFINITY; LANES], |reach| reach[group]);
        group_by_logits(own, group * modes, shown, by, [found, lapsed]);
        for (row, found) in out.iter_mut().zip(found.iter()) {
            for l in 0..LANES {
                row[l] = if reach[l] > REACH { found[l] } else { row[l] };
            }
        }
    }
}

dispatch!(pub(super) mod by_logits = by_logits_kernel(
    own: &[Lanes<f64>],
    shown: Shown<'_>,
    reach: Option<&[Lanes<f64>]>,
    modes: usize,
    by: [f64; 2],
    out: &mut [Lanes<f64>],
));

/// What is answered to the drafts of a group, by softmaxes of logits.
#[inline(always)]
fn group_by_logits(
    own: &[Lanes<f64>],
    first: usize,
    shown: Shown<'_>,
    [cold, lapse]: [f64; 2],
    [out, lapsed]: [&mut [Lanes<f64>]; 2],
) {
    cool(own, first, Some(shown), cold, [out, lapsed]);
    let (scale, of_lapsed) = (powers(out, 1.0 - lapse), powers(lapsed, lapse));
    for (a, b) in out.iter_mut().zip(lapsed.iter()) {
        let (scale, of_lapsed) = (*anew(&scale), *anew(&of_lapsed));
        for l in 0..LANES {
            a[l] = a[l] * scale[l] + b[l] * of_lapsed[l];
        }
    }
}

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

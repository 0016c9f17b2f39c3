//! Owns passes of a model over slots: what it answers without drafts and with them, and drafts drawn of that.

use super::{Weights, kernels};
use crate::numerics::elementary::ln;
use crate::numerics::lanes::{LANES, Lanes};
use std::cell::OnceCell;
use std::ops::Range;

/// What models see of slots, in rows of lanes: a row per group of eight slots and mode, of features one more for each.
#[derive(Debug, Clone, Copy)]
pub struct SlotRows<'a> {
    /// M.
    pub modes: usize,
    /// phi.
    pub features: &'a [Lanes<f64>],
    /// w_0 phi: what the base model thinks.
    pub prior: &'a [Lanes<f64>],
    /// s: what checking a draft finds.
    pub evidence: &'a [Lanes<f64>],
}

impl SlotRows<'_> {
    /// Those of some groups.
    fn part(&self, groups: Range<usize>) -> Self {
        let Range { start, end } = groups;
        let features = self.features.len() / self.prior.len().max(1);
        let rows = start * self.modes..end * self.modes;
        Self {
            modes: self.modes,
            features: &self.features[rows.start * features..rows.end * features],
            prior: &self.prior[rows.clone()],
            evidence: &self.evidence[rows],
        }
    }
}

/// What is the same for all passes of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pass {
    /// h: the probability that it does not recall the features of a slot.
    pub lapse: f64,
    /// eps, added to the votes of each mode.
    pub pseudo_votes: f64,
}

impl Pass {
    /// g of n votes among `width` drafts of `modes` modes.
    pub fn votes(&self, n: u32, width: u32, modes: usize) -> f64 {
        let eps = self.pseudo_votes;
        ln((f64::from(n) + eps) / (f64::from(width) + modes as f64 * eps))
    }
}

/// A model at slots: every answer is a row of probabilities per group and mode.
#[derive(Debug)]
pub struct Proposer<'a> {
    weights: &'a Weights,
    pass: Pass,
    rows: SlotRows<'a>,
    /// w phi, once that is asked for.
    own: OnceCell<Vec<Lanes<f64>>>,
}

impl<'a> Proposer<'a> {
    /// At these slots.
    pub fn new(weights: &'a Weights, pass: Pass, rows: SlotRows<'a>) -> Self {
        Self {
            weights,
            pass,
            rows,
            own: OnceCell::new(),
        }
    }

    /// The same at some groups of them: what it sees of a few stays in the nearest caches from pass to pass.
    pub fn part(&self, groups: Range<usize>) -> Self {
        Self::new(self.weights, self.pass, self.rows.part(groups))
    }

    fn own(&self) -> &[Lanes<f64>] {
        self.own.get_or_init(|| {
            let mut own = vec![[0.0; LANES]; self.rows.prior.len()];
            kernels::opinion::run(self.rows.features, self.weights.features(), &mut own);
            own
        })
    }

    /// What it answers without drafts, at this temperature.
    pub fn direct(&self, temperature: f64, out: &mut [Lanes<f64>]) {
        self.answer(None, temperature, out);
    }

    /// What it answers to drafts with these votes, `width` of each slot.
    pub fn aggregate(&self, counts: &[Lanes<f64>], width: u32, temperature: f64, out: &mut [Lanes<f64>]) {
        self.answer(Some(self.shown(counts, &self.table(width))), temperature, out);
    }

    fn answer(&self, shown: Option<kernels::Shown<'_>>, temperature: f64, out: &mut [Lanes<f64>]) {
        let by = [1.0 / temperature, self.pass.lapse];
        kernels::answer::run(self.own(), shown, self.rows.modes, by, out);
    }

    /// What it answers as the temperature goes to 0: each pass takes its likeliest mode, one of them at random where several are.
    pub fn greedy(&self, drafts: Option<(&[Lanes<f64>], u32)>, out: &mut [Lanes<f64>]) {
        let table = drafts.map_or(Vec::new(), |(_, width)| self.table(width));
        let shown = drafts.map(|(counts, _)| self.shown(counts, &table));
        kernels::greedy::run(self.own(), shown, self.rows.modes, self.pass.lapse, out);
    }

    /// beta g by votes.
    fn table(&self, width: u32) -> Vec<f64> {
        let of = |n| self.weights.votes() * self.pass.votes(n, width, self.rows.modes);
        (0..=width).map(of).collect()
    }

    fn shown<'b>(&'b self, counts: &'b [Lanes<f64>], table: &'b [f64]) -> kernels::Shown<'b> {
        let own = self.weights;
        kernels::Shown {
            counts,
            prior: self.rows.prior,
            evidence: self.rows.evidence,
            table,
            weights: [own.prior(), own.evidence(), own.presence()],
        }
    }
}

/// Draws drafts of every group's slots from `p` and adds their votes to `counts`. Draft i of a group takes the uniforms
/// `uniforms[group * stride + i]`, so that policies drawn from at the same uniforms differ by the policies alone. Where `values` is not empty,
/// `found[group * stride + i]` becomes what it has at the mode drawn.
pub fn draw(
    p: &[Lanes<f64>],
    modes: usize,
    (uniforms, stride): (&[Lanes<f64>], usize),
    drafts: Range<usize>,
    counts: &mut [Lanes<f64>],
    (values, found): (&[Lanes<f64>], &mut [Lanes<f64>]),
) {
    kernels::draw::run(p, modes, (uniforms, stride), drafts, counts, (values, found));
}

/// What `values` is on average at the modes with the most votes, by group.
pub fn plurality(counts: &[Lanes<f64>], values: &[Lanes<f64>], modes: usize) -> Vec<Lanes<f64>> {
    let rows = counts.chunks_exact(modes).zip(values.chunks_exact(modes));
    rows.map(|(counts, values)| {
        let mut shares = counts.to_vec();
        kernels::to_highest(&mut shares);
        let mut sum = [0.0; LANES];
        for (share, value) in shares.iter().zip(values) {
            (0..LANES).for_each(|l| sum[l] += share[l] * value[l]);
        }
        sum
    })
    .collect()
}

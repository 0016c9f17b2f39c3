//! Owns passes of a model over slots: what it answers without drafts and with them, and drafts drawn of that.

use super::{Weights, kernels};
use crate::numerics::elementary::ln;
use crate::numerics::lanes::{LANES, Lanes};
use crate::policy::family::kernels::{highest, softmax};
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

/// A model at slots, with scratch: every answer is a row of probabilities per group and mode.
#[derive(Debug)]
pub struct Proposer<'a> {
    weights: &'a Weights,
    pass: Pass,
    rows: SlotRows<'a>,
    /// Logits of a pass that recalls, without drafts and with them but for what they say.
    direct: Vec<Lanes<f64>>,
    drafted: Vec<Lanes<f64>>,
    /// Those of what drafts say, and of a pass that lapses.
    read: Vec<Lanes<f64>>,
    lapsed: Vec<Lanes<f64>>,
}

impl<'a> Proposer<'a> {
    /// At these slots.
    pub fn new(weights: &'a Weights, pass: Pass, rows: SlotRows<'a>) -> Self {
        let zero = vec![[0.0; LANES]; rows.prior.len()];
        let opinion = |alpha: f64| {
            let mut out = zero.clone();
            kernels::opinion::run(rows.features, weights.features(), (rows.prior, alpha), &mut out);
            out
        };
        Self {
            direct: opinion(0.0),
            drafted: opinion(weights.prior()),
            read: zero.clone(),
            lapsed: zero,
            weights,
            pass,
            rows,
        }
    }

    /// What it answers without drafts, at this temperature.
    pub fn direct(&mut self, temperature: f64, out: &mut [Lanes<f64>]) {
        self.read.fill([0.0; LANES]);
        kernels::cool::run(&self.direct, &self.read, 1.0 / temperature, out, &mut self.lapsed);
        self.mix(out);
    }

    /// What it answers to drafts with these votes, `width` of each slot.
    pub fn aggregate(&mut self, counts: &[Lanes<f64>], width: u32, temperature: f64, out: &mut [Lanes<f64>]) {
        self.read(counts, width);
        kernels::cool::run(&self.drafted, &self.read, 1.0 / temperature, out, &mut self.lapsed);
        self.mix(out);
    }

    /// What it answers as the temperature goes to 0: each pass takes its likeliest mode, one of them at random where several are.
    pub fn greedy(&mut self, drafts: Option<(&[Lanes<f64>], u32)>, out: &mut [Lanes<f64>]) {
        let own = match drafts {
            None => {
                self.read.fill([0.0; LANES]);
                &self.direct
            }
            Some((counts, width)) => {
                self.read(counts, width);
                &self.drafted
            }
        };
        kernels::cool::run(own, &self.read, 1.0, out, &mut self.lapsed);
        for rows in [&mut *out, &mut self.lapsed[..]] {
            rows.chunks_exact_mut(self.rows.modes).for_each(to_highest);
        }
        kernels::mix::run(out, &self.lapsed, self.pass.lapse);
    }

    fn read(&mut self, counts: &[Lanes<f64>], width: u32) {
        let (own, modes) = (self.weights, self.rows.modes);
        let table: Vec<f64> = (0..=width)
            .map(|n| own.votes() * self.pass.votes(n, width, modes))
            .collect();
        let beside = [own.evidence(), own.presence()];
        kernels::read::run(counts, self.rows.evidence, &table, beside, &mut self.read);
    }

    fn mix(&mut self, out: &mut [Lanes<f64>]) {
        softmax::run(out, self.rows.modes);
        if self.pass.lapse > 0.0 {
            softmax::run(&mut self.lapsed, self.rows.modes);
            kernels::mix::run(out, &self.lapsed, self.pass.lapse);
        }
    }
}

/// Shares of the highest rows, equal where several are.
fn to_highest(rows: &mut [Lanes<f64>]) {
    let top = highest(rows);
    for l in 0..LANES {
        let ties = rows.iter().filter(|row| row[l] == top[l]).count() as f64;
        rows.iter_mut()
            .for_each(|row| row[l] = if row[l] == top[l] { 1.0 / ties } else { 0.0 });
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
        to_highest(&mut shares);
        let mut sum = [0.0; LANES];
        for (share, value) in shares.iter().zip(values) {
            (0..LANES).for_each(|l| sum[l] += share[l] * value[l]);
        }
        sum
    })
    .collect()
}

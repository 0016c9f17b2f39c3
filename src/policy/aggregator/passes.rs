//! Owns passes of a model over slots: what it answers without drafts and with them, and drafts drawn of that.

use super::answers::{self, Shown};
use super::factors::{self, Factors, Votes};
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

/// By what drafts of one width are answered at one temperature.
#[derive(Debug)]
struct Heard {
    width: u32,
    temperature: f64,
    /// beta g by votes.
    table: Vec<f64>,
    /// Their factors, where these are in reach.
    votes: Option<Votes>,
    factors: Factors,
    /// Whether some lane's factors are not.
    is_far: bool,
}

/// A model at slots: every answer is a row of probabilities per group and mode.
#[derive(Debug)]
pub struct Proposer<'a> {
    weights: &'a Weights,
    pass: Pass,
    rows: SlotRows<'a>,
    /// w phi, once that is asked for.
    own: OnceCell<Vec<Lanes<f64>>>,
    /// What it answers to drafts by, at the first temperature and the first width that are asked for.
    heard: OnceCell<Heard>,
}

impl<'a> Proposer<'a> {
    /// At these slots.
    pub fn new(weights: &'a Weights, pass: Pass, rows: SlotRows<'a>) -> Self {
        Self {
            weights,
            pass,
            rows,
            own: OnceCell::new(),
            heard: OnceCell::new(),
        }
    }

    /// The same at some groups of them: what it sees of a few stays in the nearest caches from pass to pass.
    pub fn part(&self, groups: Range<usize>) -> Self {
        Self::new(self.weights, self.pass, self.rows.part(groups))
    }

    fn own(&self) -> &[Lanes<f64>] {
        self.own.get_or_init(|| {
            let mut own = vec![[0.0; LANES]; self.rows.prior.len()];
            answers::opinion::run(self.rows.features, self.weights.features(), &mut own);
            own
        })
    }

    /// What it answers without drafts, at this temperature.
    pub fn direct(&self, temperature: f64, out: &mut [Lanes<f64>]) {
        let (modes, by) = (self.rows.modes, self.by(temperature));
        if let Some(own) = self.own.get() {
            return answers::direct::run(own, modes, by, out);
        }
        self.own.get_or_init(|| {
            let mut own = vec![[0.0; LANES]; self.rows.prior.len()];
            let (features, w) = (self.rows.features, self.weights.features());
            answers::opinion_and_direct::run(features, w, modes, by, &mut own, out);
            own
        });
    }

    /// What it answers to drafts with these votes, `width` of each slot.
    pub fn aggregate(&self, counts: &[Lanes<f64>], width: u32, temperature: f64, out: &mut [Lanes<f64>]) {
        if self.weights.ignore_drafts() {
            // The same to the last bit: a difference of such answers is 0 and no rounding.
            return self.direct(temperature, out);
        }
        let another = OnceCell::new();
        let known = match self.heard.get() {
            Some(first) if (first.width, first.temperature) != (width, temperature) => &another,
            _ => &self.heard,
        };
        let heard = known.get_or_init(|| self.heard(width, temperature));
        let (by, modes, factors) = (self.by(temperature), self.rows.modes, &heard.factors);
        if let Some(votes) = &heard.votes {
            factors::by_factors::run(factors, votes, counts, modes, by[1], out);
        }
        if heard.votes.is_none() || heard.is_far {
            let reach = heard.votes.as_ref().map(|_| &factors.reach[..]);
            answers::by_logits::run(self.own(), self.shown(counts, &heard.table), reach, modes, by, out);
        }
    }

    fn heard(&self, width: u32, temperature: f64) -> Heard {
        let (table, factors) = (self.table(width), self.factors(temperature));
        Heard {
            width,
            temperature,
            votes: Votes::new(&table, 1.0 / temperature),
            is_far: factors.is_far(),
            table,
            factors,
        }
    }

    /// What it answers as the temperature goes to 0: each pass takes its likeliest mode, one of them at random where several are.
    pub fn greedy(&self, drafts: Option<(&[Lanes<f64>], u32)>, out: &mut [Lanes<f64>]) {
        let table = drafts.map_or(Vec::new(), |(_, width)| self.table(width));
        let shown = drafts.map(|(counts, _)| self.shown(counts, &table));
        answers::greedy::run(self.own(), shown, self.rows.modes, self.pass.lapse, out);
    }

    /// The inverse of a temperature, and h.
    fn by(&self, temperature: f64) -> [f64; 2] {
        [1.0 / temperature, self.pass.lapse]
    }

    fn factors(&self, temperature: f64) -> Factors {
        let SlotRows {
            modes, prior, evidence, ..
        } = self.rows;
        let rows = || vec![[0.0; LANES]; prior.len()];
        let mut factors = Factors {
            recalled: rows(),
            checked: rows(),
            reach: vec![[0.0; LANES]; prior.len() / modes],
        };
        let seen = [self.own(), prior, evidence];
        factors::factors::run(seen, self.beside(), 1.0 / temperature, modes, &mut factors);
        factors
    }

    /// beta g by votes.
    fn table(&self, width: u32) -> Vec<f64> {
        let of = |n| self.weights.votes() * self.pass.votes(n, width, self.rows.modes);
        (0..=width).map(of).collect()
    }

    /// alpha, gamma and eta.
    fn beside(&self) -> [f64; 3] {
        [self.weights.prior(), self.weights.evidence(), self.weights.presence()]
    }

    fn shown<'b>(&'b self, counts: &'b [Lanes<f64>], table: &'b [f64]) -> Shown<'b> {
        Shown {
            counts,
            prior: self.rows.prior,
            evidence: self.rows.evidence,
            table,
            weights: self.beside(),
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

/// What `values` is on average at modes drawn from `p`: a row of `out` for every `modes` rows.
pub fn expected(p: &[Lanes<f64>], values: &[Lanes<f64>], modes: usize, out: &mut [Lanes<f64>]) {
    kernels::expected::run(p, values, modes, out);
}

/// What `values` is on average at the modes with the most votes, by group.
pub fn plurality(counts: &[Lanes<f64>], values: &[Lanes<f64>], modes: usize) -> Vec<Lanes<f64>> {
    let rows = counts.chunks_exact(modes).zip(values.chunks_exact(modes));
    rows.map(|(counts, values)| {
        let mut shares = counts.to_vec();
        answers::to_highest(&mut shares);
        let mut sum = [0.0; LANES];
        for (share, value) in shares.iter().zip(values) {
            (0..LANES).for_each(|l| sum[l] += share[l] * value[l]);
        }
        sum
    })
    .collect()
}

//! Owns how a query is answered: layers of drafts, the probabilities of the answer, and the best of several.

use super::arm::{Answer, How, Judge, Source};
use super::bench::{Bench, Part, Uniforms};
use super::rows;
use crate::numerics::lanes::{LANES, Lanes, across};
use crate::policy::aggregator::{Proposer, draw};
use crate::theory::aggregation::{best_of, poisson_binomial};
use std::borrow::Cow;
use std::ops::Range;

/// The first layer: votes, and what its drafts are worth.
pub(super) struct First {
    /// Votes of each mode.
    pub counts: Vec<Lanes<f64>>,
    /// By group and draft, `stride` apart: 1 where the draft's mode is right.
    pub right: Vec<Lanes<f64>>,
    pub stride: usize,
}

/// What an answer that aggregates rests on.
pub(super) struct Answered {
    /// The probabilities of the answer.
    pub p: Vec<Lanes<f64>>,
    pub first: Option<First>,
    /// Votes that the answer saw, and how many of a slot.
    pub seen: Option<(Vec<Lanes<f64>>, u32)>,
}

/// Layers of drafts and the answer to the last. A part of the queries goes through all of them before the next.
pub(super) fn aggregate(bench: &Bench<'_>, proposer: &Proposer<'_>, answer: &Answer) -> Answered {
    let zero = |rows: usize| vec![[0.0; LANES]; rows];
    let mut p = zero(bench.queries.rows());
    if answer.is_direct() {
        proposer.direct(answer.temperature, &mut p);
    }
    let Some(layers) = Layers::new(bench, proposer, answer) else {
        return Answered {
            p,
            first: None,
            seen: None,
        };
    };
    let stride = bench.uniforms(0).stride;
    let mut first = First {
        counts: zero(p.len()),
        right: zero(bench.count() * bench.world.groups() * stride),
        stride,
    };
    let (mut seen, mut scratch) = (zero(p.len()), [Votes::default(), Votes::default()]);
    for part in bench.parts() {
        let rows = part.rows();
        let out = Out {
            p: &mut p[rows.clone()],
            votes: &mut first.counts[rows.clone()],
            right: &mut first.right[part.drafts(stride)],
            seen: &mut seen[rows],
        };
        layers.answer(&part, &proposer.part(part.groups()), out, &mut scratch);
    }
    Answered {
        p,
        first: Some(first),
        seen: Some((seen, layers.shown as u32)),
    }
}

/// Where the answers to a part go: their probabilities, the votes and right drafts of the first layer, and the votes that answers saw.
struct Out<'a> {
    p: &'a mut [Lanes<f64>],
    votes: &'a mut [Lanes<f64>],
    right: &'a mut [Lanes<f64>],
    seen: &'a mut [Lanes<f64>],
}

/// Votes of one layer of a part.
#[derive(Default)]
struct Votes {
    all: Vec<Lanes<f64>>,
    /// By draft, its own, where passes see some drafts and not all.
    each: Vec<Vec<Lanes<f64>>>,
}

impl Votes {
    /// None yet.
    fn clear(&mut self, rows: usize, each: usize) {
        self.each.resize_with(each, Vec::new);
        for votes in self.each.iter_mut().chain([&mut self.all]) {
            votes.clear();
            votes.resize(rows, [0.0; LANES]);
        }
    }
}

/// How layers are drawn, the same for all parts.
struct Layers<'a, 'w> {
    bench: &'a Bench<'w>,
    answer: &'a Answer,
    width: usize,
    /// Drafts that a pass sees.
    shown: usize,
    /// The uniforms of each layer.
    uniforms: Vec<Cow<'a, Uniforms>>,
    /// What the model answers at once to the next query, where the first layer is drawn of that.
    another: Option<Vec<Lanes<f64>>>,
}

impl<'a, 'w> Layers<'a, 'w> {
    /// None where an answer has none.
    fn new(bench: &'a Bench<'w>, proposer: &Proposer<'_>, answer: &'a Answer) -> Option<Self> {
        let How::Aggregate { width, depth, subset } = answer.how else {
            return None;
        };
        let another = || {
            let mut p = vec![[0.0; LANES]; bench.queries.rows()];
            proposer.direct(answer.temperature, &mut p);
            rows::of_next_query(&p, bench.world)
        };
        (depth > 0).then(|| Self {
            bench,
            answer,
            width: width as usize,
            shown: subset.map_or(width, |kept| kept.min(width)) as usize,
            uniforms: (0..depth as usize).map(|layer| bench.drawn(layer, answer)).collect(),
            another: (answer.source == Source::AnotherQuery).then(another),
        })
    }

    /// Drafts whose own votes are kept, because passes differ in those that they see.
    fn apart(&self) -> usize {
        if self.shown < self.width { self.width } else { 0 }
    }

    /// Answers a part by what a model sees of it.
    fn answer(&self, part: &Part, proposer: &Proposer<'_>, out: Out<'_>, [before, next]: &mut [Votes; 2]) {
        let (p, temperature, apart) = (out.p, self.answer.temperature, self.apart());
        let aggregate = |shown: &[Lanes<f64>], p: &mut [Lanes<f64>]| {
            proposer.aggregate(shown, self.shown as u32, temperature, p);
        };
        proposer.direct(temperature, p);
        before.clear(p.len(), apart);
        self.propose(part, p, before, out.right);
        out.votes.copy_from_slice(&before.all);
        for layer in 1..self.uniforms.len() {
            next.clear(p.len(), apart);
            for pass in 0..apart.max(1) {
                aggregate(&self.seen(before, part, layer, pass), p);
                let drafts = if apart > 0 { pass..pass + 1 } else { 0..self.width };
                self.take(part, layer, p, drafts, (next, &mut []));
            }
            std::mem::swap(before, next);
        }
        out.seen
            .copy_from_slice(&self.seen(before, part, self.uniforms.len(), 0));
        aggregate(out.seen, p);
    }

    /// Draws some drafts of a layer from `p`; says of each whether it is right where that is asked for.
    fn take(
        &self,
        part: &Part,
        layer: usize,
        p: &[Lanes<f64>],
        drafts: Range<usize>,
        (votes, right): (&mut Votes, &mut [Lanes<f64>]),
    ) {
        let (modes, Uniforms { all, stride }) = (self.bench.world.modes, &*self.uniforms[layer]);
        let uniforms = (&all[part.drafts(*stride)], *stride);
        let values = &self.bench.queries.valid[part.rows()];
        let Votes { all, each } = votes;
        if each.is_empty() {
            draw(p, modes, uniforms, drafts, all, (values, right));
            return;
        }
        for draft in drafts {
            let own = &mut each[draft];
            draw(p, modes, uniforms, draft..draft + 1, own, (values, right));
            rows::add(all, own);
        }
    }

    /// Votes of a layer that a pass of the next one, `layer`, sees.
    fn seen<'v>(&self, votes: &'v Votes, part: &Part, layer: usize, pass: usize) -> Cow<'v, [Lanes<f64>]> {
        if votes.each.is_empty() {
            return Cow::Borrowed(&votes.all);
        }
        let mut seen = vec![[0.0; LANES]; votes.all.len()];
        let of_query = self.bench.world.groups() * self.bench.world.modes;
        for (place, (query, seen)) in part.queries.clone().zip(seen.chunks_exact_mut(of_query)).enumerate() {
            for draft in self.bench.subset(query, layer, pass, [self.width, self.shown]) {
                rows::add(seen, &votes.each[draft][place * of_query..][..of_query]);
            }
        }
        Cow::Owned(seen)
    }

    /// The first layer, of whose passes none sees a draft.
    fn propose(&self, part: &Part, own: &[Lanes<f64>], votes: &mut Votes, right: &mut [Lanes<f64>]) {
        let (bench, rows, width) = (self.bench, part.rows(), self.width);
        let valid = &bench.queries.valid[rows.clone()];
        let those = |right| those(own, valid, bench.world.modes, right);
        let mut take = |p: &[Lanes<f64>], drafts| self.take(part, 0, p, drafts, (&mut *votes, &mut *right));
        match self.answer.source {
            Source::Own => take(own, 0..width),
            Source::Uniform => take(&vec![[1.0 / bench.world.modes as f64; LANES]; own.len()], 0..width),
            Source::AnotherQuery => take(self.another.as_ref().map_or(own, |p| &p[rows]), 0..width),
            Source::AllRight => take(&those(true), 0..width),
            Source::AllWrong => take(&those(false), 0..width),
            Source::Others | Source::Misleading => {
                let models = match self.answer.source {
                    Source::Others => &bench.others,
                    _ => &bench.misled,
                };
                (0..width).for_each(|draft| take(&models[draft % models.len()][rows.clone()], draft..draft + 1));
            }
            Source::Right(right) => {
                take(&those(true), 0..right as usize);
                take(&those(false), right as usize..width);
            }
        }
    }
}

/// The probabilities of right modes alone, or of wrong ones.
fn those(p: &[Lanes<f64>], valid: &[Lanes<f64>], modes: usize, right: bool) -> Vec<Lanes<f64>> {
    let keep = |valid: f64| if right { valid } else { 1.0 - valid };
    let mut kept: Vec<Lanes<f64>> = p
        .iter()
        .zip(valid)
        .map(|(p, valid)| std::array::from_fn(|l| p[l] * keep(valid[l])))
        .collect();
    for rows in kept.chunks_exact_mut(modes) {
        let mut total = [0.0; LANES];
        rows.iter().for_each(|row| (0..LANES).for_each(|l| total[l] += row[l]));
        // Lanes without a slot have no right mode.
        rows.iter_mut()
            .for_each(|row| (0..LANES).for_each(|l| row[l] /= if total[l] > 0.0 { total[l] } else { 1.0 }));
    }
    kept
}

/// The mean reward of the best of several answers, judged by a reward model with this noise: exact, given the model's probabilities.
pub(super) fn best_by_reward(bench: &Bench<'_>, p: &[Lanes<f64>], candidates: u32, noise: f64) -> f64 {
    let rewards = by_query(bench, |query| {
        let right: Vec<f64> = (0..bench.world.slots)
            .map(|slot| right(bench, p, query, slot))
            .collect();
        best_of(&poisson_binomial(&right), candidates, noise)
    });
    rewards / bench.count() as f64
}

/// The probability that a slot is answered right.
pub(super) fn right(bench: &Bench<'_>, p: &[Lanes<f64>], query: usize, slot: usize) -> f64 {
    let (modes, lane) = (bench.world.modes, slot % LANES);
    let first = (query * bench.world.groups() + slot / LANES) * modes;
    let rows = p[first..][..modes].iter().zip(&bench.queries.valid[first..][..modes]);
    rows.map(|(p, valid)| p[lane] * valid[lane]).sum()
}

/// The sum over queries.
pub(super) fn by_query(bench: &Bench<'_>, of: impl FnMut(usize) -> f64) -> f64 {
    (0..bench.count()).map(of).sum()
}

/// The mean reward of the best of several answers by what evidence says of them, on average over slots.
pub(super) fn best_by_evidence(
    bench: &Bench<'_>,
    p: &[Lanes<f64>],
    answer: &Answer,
    (candidates, judge): (u32, Judge),
    evidence: &[Lanes<f64>],
) -> f64 {
    let (world, n) = (bench.world, candidates as usize);
    let mut values = evidence.to_vec();
    if judge == Judge::Bayes {
        let kappa = answer.verification.unwrap_or(world.verification);
        for (row, value) in values.iter_mut().enumerate() {
            let first = bench.queries.features[row * world.features];
            (0..LANES).for_each(|l| value[l] = world.discriminability * first[l] + kappa * value[l]);
        }
    }
    // Lanes without a slot have nothing to judge.
    for (row, value) in values.iter_mut().enumerate() {
        let active = world.active(row / world.modes % world.groups());
        (0..LANES).for_each(|l| value[l] *= active[l]);
    }
    let uniforms = bench.uniforms(0);
    let (stride, groups) = (uniforms.stride, world.groups());
    let found = |values: &[Lanes<f64>]| {
        let mut found = vec![[0.0; LANES]; bench.count() * groups * stride];
        let mut counts = vec![[0.0; LANES]; p.len()];
        draw(p, world.modes, uniforms.get(), 0..n, &mut counts, (values, &mut found));
        found
    };
    let (judged, rewards) = (found(&values), found(&bench.queries.valid));
    let total = |found: &[Lanes<f64>], query: usize, draft: usize| -> f64 {
        (0..groups)
            .map(|group| across(&found[(query * groups + group) * stride + draft]))
            .sum()
    };
    let sum = by_query(bench, |query| {
        let better = |best: usize, other: usize| {
            if total(&judged, query, other) > total(&judged, query, best) {
                other
            } else {
                best
            }
        };
        total(&rewards, query, (1..n).fold(0, better))
    });
    sum / (bench.count() * world.slots) as f64
}

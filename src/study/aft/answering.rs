//! Owns how a query is answered: layers of drafts, the probabilities of the answer, and the best of several.

use super::arm::{Answer, How, Judge, Source};
use super::bench::{Bench, Uniforms};
use super::rows;
use crate::numerics::lanes::{LANES, Lanes, across};
use crate::policy::aggregator::{Proposer, draw};
use crate::theory::aggregation::{best_of, poisson_binomial};
use std::borrow::Cow;

/// Votes of a layer, and what its drafts are worth.
pub(super) struct Layer {
    /// Votes of each mode.
    pub counts: Vec<Lanes<f64>>,
    /// By group and draft, `stride` apart: 1 where the draft's mode is right.
    pub right: Vec<Lanes<f64>>,
    pub stride: usize,
    /// By draft, its own votes, where passes see some drafts and not all.
    each: Vec<Vec<Lanes<f64>>>,
}

/// What an answer that aggregates rests on.
pub(super) struct Answered {
    /// The probabilities of the answer.
    pub p: Vec<Lanes<f64>>,
    pub first: Option<Layer>,
    /// Votes that the answer saw, and how many of a slot.
    pub seen: Option<(Vec<Lanes<f64>>, u32)>,
}

/// Layers of drafts and the answer to the last.
pub(super) fn aggregate(bench: &Bench<'_>, proposer: &mut Proposer<'_>, answer: &Answer) -> Answered {
    let zero = || vec![[0.0; LANES]; bench.queries.rows()];
    let How::Aggregate { width, depth, subset } = answer.how else {
        return Answered {
            p: zero(),
            first: None,
            seen: None,
        };
    };
    let mut p = zero();
    proposer.direct(answer.temperature, &mut p);
    if depth == 0 {
        return Answered {
            p,
            first: None,
            seen: None,
        };
    }
    let each = subset.is_some_and(|kept| kept < width);
    let first = proposals(bench, &p, answer, each);
    let mut last: Option<Layer> = None;
    for layer in 1..depth as usize {
        let before = last.as_ref().unwrap_or(&first);
        let mut next = empty(bench, width, layer, each);
        for pass in 0..if each { width as usize } else { 1 } {
            let (counts, seen) = before.seen(bench, layer, pass, answer);
            proposer.aggregate(&counts, seen, answer.temperature, &mut p);
            let drafts = if each { pass..pass + 1 } else { 0..width as usize };
            next.take(bench, layer, answer, &p, drafts);
        }
        last = Some(next);
    }
    let before = last.as_ref().unwrap_or(&first);
    let (counts, width) = before.seen(bench, depth as usize, 0, answer);
    proposer.aggregate(&counts, width, answer.temperature, &mut p);
    let seen = (counts.into_owned(), width);
    Answered {
        p,
        first: Some(first),
        seen: Some(seen),
    }
}

fn empty(bench: &Bench<'_>, width: u32, layer: usize, each: bool) -> Layer {
    let stride = bench.uniforms(layer).stride;
    Layer {
        counts: vec![[0.0; LANES]; bench.queries.rows()],
        right: vec![[0.0; LANES]; bench.count() * bench.world.groups() * stride],
        stride,
        each: match each {
            true => vec![vec![[0.0; LANES]; bench.queries.rows()]; width as usize],
            false => Vec::new(),
        },
    }
}

impl Layer {
    /// Draws some drafts of the layer from `p`.
    fn take(
        &mut self,
        bench: &Bench<'_>,
        layer: usize,
        answer: &Answer,
        p: &[Lanes<f64>],
        drafts: std::ops::Range<usize>,
    ) {
        let copied = bench.copied(layer, answer);
        let uniforms: &Uniforms = copied.as_ref().unwrap_or(bench.uniforms(layer));
        let values = &bench.queries.valid[..];
        let modes = bench.world.modes;
        if self.each.is_empty() {
            draw(
                p,
                modes,
                uniforms.get(),
                drafts,
                &mut self.counts,
                (values, &mut self.right),
            );
            return;
        }
        for draft in drafts {
            let own = &mut self.each[draft];
            draw(
                p,
                modes,
                uniforms.get(),
                draft..draft + 1,
                own,
                (values, &mut self.right),
            );
            for (sum, own) in self.counts.iter_mut().zip(own.iter()) {
                (0..LANES).for_each(|l| sum[l] += own[l]);
            }
        }
    }

    /// Votes that a pass of the layer `layer` sees of this one.
    fn seen(&self, bench: &Bench<'_>, layer: usize, pass: usize, answer: &Answer) -> (Cow<'_, [Lanes<f64>]>, u32) {
        let How::Aggregate { width, subset, .. } = answer.how else {
            return (Cow::Borrowed(&self.counts), answer.width());
        };
        let Some(kept) = subset.filter(|_| !self.each.is_empty()) else {
            return (Cow::Borrowed(&self.counts), width);
        };
        let mut counts = vec![[0.0; LANES]; self.counts.len()];
        let of_query = bench.world.groups() * bench.world.modes;
        for (query, counts) in counts.chunks_exact_mut(of_query).enumerate() {
            for draft in bench.subset(query, layer, pass, [width as usize, kept as usize]) {
                for (sum, own) in counts.iter_mut().zip(&self.each[draft][query * of_query..]) {
                    (0..LANES).for_each(|l| sum[l] += own[l]);
                }
            }
        }
        (Cow::Owned(counts), kept)
    }
}

/// The first layer, of whose passes none sees a draft.
fn proposals(bench: &Bench<'_>, own: &[Lanes<f64>], answer: &Answer, each: bool) -> Layer {
    let (world, width) = (bench.world, answer.width() as usize);
    let mut layer = empty(bench, answer.width(), 0, each);
    let all = |p: &[Lanes<f64>], layer: &mut Layer| layer.take(bench, 0, answer, p, 0..width);
    let in_turn = |models: &[Vec<Lanes<f64>>], layer: &mut Layer| {
        for draft in 0..width {
            layer.take(bench, 0, answer, &models[draft % models.len()], draft..draft + 1);
        }
    };
    match answer.source {
        Source::Own => all(own, &mut layer),
        Source::Uniform => all(&vec![[1.0 / world.modes as f64; LANES]; own.len()], &mut layer),
        Source::AnotherQuery => all(&rows::of_next_query(own, world), &mut layer),
        Source::AllRight => all(&those(bench, own, true), &mut layer),
        Source::AllWrong => all(&those(bench, own, false), &mut layer),
        Source::Others => in_turn(&bench.others, &mut layer),
        Source::Misleading => in_turn(&bench.misled, &mut layer),
        Source::Right(right) => {
            let right = right as usize;
            layer.take(bench, 0, answer, &those(bench, own, true), 0..right);
            layer.take(bench, 0, answer, &those(bench, own, false), right..width);
        }
    }
    layer
}

/// The probabilities of right modes alone, or of wrong ones.
fn those(bench: &Bench<'_>, p: &[Lanes<f64>], right: bool) -> Vec<Lanes<f64>> {
    let modes = bench.world.modes;
    let keep = |valid: f64| if right { valid } else { 1.0 - valid };
    let mut kept: Vec<Lanes<f64>> = p
        .iter()
        .zip(&bench.queries.valid)
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

//! Owns the queries that answers are scored on: what models see of them, and the uniforms that drafts are drawn by, the same for all arms.

use super::arm::{AftArm, Answer, Copied, How, Source};
use super::rows;
use crate::numerics::lanes::Lanes;
use crate::numerics::stream::{Purpose, Streams};
use crate::world::{Queries, SlotStreams, SlotWorld};
use std::borrow::Cow;
use std::ops::Range;

/// The set of queries that answers are scored on.
pub(super) const SCORED: &str = "scored";

/// The streams of scoring.
#[derive(Debug, Clone)]
pub(super) struct BenchStreams {
    queries: SlotStreams,
    layers: Vec<Purpose>,
    common: Vec<Purpose>,
    copies: Vec<Purpose>,
    pub subsets: Purpose,
}

/// Layers of an arm whose drafts are drawn: best-of has one.
fn layers(arm: &AftArm) -> u32 {
    match arm.answer.how {
        How::Aggregate { depth, .. } => depth,
        How::BestOf { .. } => 1,
    }
}

impl BenchStreams {
    pub fn new(streams: &Streams, arms: &[AftArm]) -> Self {
        let depth = arms.iter().map(layers).max().unwrap_or(0);
        let each = |what: &str| {
            (1..=depth)
                .map(|layer| streams.purpose(&format!("{what} {layer}")))
                .collect()
        };
        Self {
            queries: SlotStreams::new(streams, SCORED),
            layers: each("drafts of layer"),
            common: each("common draw of layer"),
            copies: each("copies of layer"),
            subsets: streams.purpose("subsets"),
        }
    }
}

/// Uniforms of one layer: `stride` for each group.
#[derive(Clone)]
pub(super) struct Uniforms {
    pub all: Vec<Lanes<f64>>,
    pub stride: usize,
}

impl Uniforms {
    pub fn get(&self) -> (&[Lanes<f64>], usize) {
        (&self.all, self.stride)
    }
}

/// Some of the queries.
pub(super) struct Part {
    pub queries: Range<usize>,
    groups: usize,
    modes: usize,
}

impl Part {
    /// Where they stand among what there are `each` of a query.
    fn of(&self, each: usize) -> Range<usize> {
        self.queries.start * each..self.queries.end * each
    }

    /// Their groups.
    pub fn groups(&self) -> Range<usize> {
        self.of(self.groups)
    }

    /// Their modes' rows.
    pub fn rows(&self) -> Range<usize> {
        self.of(self.groups * self.modes)
    }

    /// Their drafts' rows, of which groups have `stride`.
    pub fn drafts(&self, stride: usize) -> Range<usize> {
        self.of(self.groups * stride)
    }
}

/// Queries of one replicate.
pub(super) struct Bench<'a> {
    pub world: &'a SlotWorld,
    pub queries: Queries<'a>,
    pub replicate: u64,
    streams: &'a BenchStreams,
    layers: Vec<Uniforms>,
    /// What the other models choose, and those that mislead; empty where no arm asks.
    pub others: Vec<Vec<Lanes<f64>>>,
    pub misled: Vec<Vec<Lanes<f64>>>,
}

impl<'a> Bench<'a> {
    pub fn new(world: &'a SlotWorld, count: u32, streams: &'a BenchStreams, replicate: u64, arms: &[AftArm]) -> Self {
        let count = count as usize;
        let queries = Queries::draw(world, &streams.queries, replicate, count);
        let widest = |layer: usize| {
            let there = arms.iter().filter(|arm| layers(arm) as usize > layer);
            there.map(|arm| arm.answer.width()).max().unwrap_or(0) as usize
        };
        let drawn = |(layer, &purpose): (usize, &Purpose)| Uniforms {
            all: rows::uniforms(world, purpose, replicate, count, widest(layer)),
            stride: widest(layer),
        };
        let asked = |source: Source| arms.iter().filter(move |arm| arm.answer.source == source);
        let misled = asked(Source::Misleading).map(|arm| arm.answer.width()).max();
        Self {
            layers: streams.layers.iter().enumerate().map(drawn).collect(),
            others: match asked(Source::Others).next() {
                Some(_) => queries.others(None),
                None => Vec::new(),
            },
            misled: misled.map_or(Vec::new(), |count| queries.others(Some(count as usize))),
            world,
            queries,
            replicate,
            streams,
        }
    }

    /// Queries.
    pub fn count(&self) -> usize {
        self.queries.count()
    }

    /// The uniforms of a layer, from 0.
    pub fn uniforms(&self, layer: usize) -> &Uniforms {
        &self.layers[layer]
    }

    /// Those that an arm draws a layer by. Where its drafts copy each other, a draft's slot takes the common uniform with the probability that
    /// the arm names.
    pub fn drawn(&self, layer: usize, answer: &Answer) -> Cow<'_, Uniforms> {
        let own = &self.layers[layer];
        if answer.copying == 0.0 || (answer.copied == Copied::First && layer > 0) {
            return Cow::Borrowed(own);
        }
        let draw = |purpose, drafts| rows::uniforms(self.world, purpose, self.replicate, self.count(), drafts);
        let (common, copies) = (
            draw(self.streams.common[layer], 1),
            draw(self.streams.copies[layer], own.stride),
        );
        let of = |(at, u): (usize, &Lanes<f64>)| {
            let common = &common[at / own.stride];
            std::array::from_fn(|l| {
                if copies[at][l] < answer.copying {
                    common[l]
                } else {
                    u[l]
                }
            })
        };
        Cow::Owned(Uniforms {
            all: own.all.iter().enumerate().map(of).collect(),
            stride: own.stride,
        })
    }

    /// All queries, in parts.
    pub fn parts(&self) -> impl Iterator<Item = Part> {
        /// Their rows stay in the nearest caches.
        const GROUPS: usize = 32;
        let (world, count) = (self.world, self.count());
        let size = (GROUPS / world.groups()).max(1);
        (0..count).step_by(size).map(move |first| Part {
            queries: first..(first + size).min(count),
            groups: world.groups(),
            modes: world.modes,
        })
    }

    /// Which `kept` of `width` drafts the pass `pass` of a layer sees of a query: the first places of a shuffle.
    pub fn subset(&self, query: usize, layer: usize, pass: usize, [width, kept]: [usize; 2]) -> Vec<usize> {
        // One stream for each query, layer and pass: how many are drawn by one moves no other.
        let item = query as u32;
        let replicate = self.replicate << 16 | (layer as u64) << 8 | pass as u64;
        let mut stream = self.streams.subsets.stream(replicate, item);
        let mut order: Vec<usize> = (0..width).collect();
        for place in 0..kept {
            let other = place + (stream.uniform() * (width - place) as f64) as usize;
            order.swap(place, other);
        }
        order.truncate(kept);
        order
    }
}

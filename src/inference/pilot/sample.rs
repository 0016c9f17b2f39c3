//! Owns the prompts of a pilot that are kept whole, for what sums do not tell: a reservoir in bounded memory.
//!
//! Every prompt has the same chance to be kept (Vitter 1985, algorithm R, ACM TOMS 11, 37-57), and is kept with its first responses. Of
//! numbers the distances between responses are kept, whatever the dimension.

use super::responses::Responses;
use crate::numerics::stream::{Stream, Streams};

/// Prompts that are kept: all of a pilot up to so many.
pub(super) const MOST_PROMPTS: usize = 4096;

/// Responses of a prompt that are kept, the first ones.
pub(super) const MOST_RESPONSES: usize = 16;

/// A prompt that is kept.
#[derive(Clone, Debug)]
pub(super) struct Prompt {
    /// k_i, also of responses beyond those kept.
    pub(super) responses: usize,
    /// Unbiased variance of its responses, of all of them; NaN for one.
    pub(super) variance: f64,
    /// How many are kept.
    pub(super) kept: usize,
    first: First,
}

/// What is kept of the first responses.
#[derive(Clone, Debug)]
enum First {
    Labels(Vec<u32>),
    /// Of (0, 1), (0, 2), (1, 2), (0, 3) and so on.
    Distances(Vec<f64>),
}

impl Prompt {
    fn of(responses: &Responses<'_>, count: usize, within: f64) -> Self {
        let kept = count.min(MOST_RESPONSES);
        let first = match responses {
            Responses::Labels(labels) => First::Labels(labels[..kept].to_vec()),
            _ => First::Distances(
                (1..kept)
                    .flat_map(|other| (0..other).map(move |one| responses.distance(one, other)))
                    .collect(),
            ),
        };
        Self {
            responses: count,
            variance: within / (count as f64 - 1.0),
            kept,
            first,
        }
    }

    /// Half the squared distance of two kept responses.
    pub(super) fn distance(&self, one: usize, other: usize) -> f64 {
        let (low, high) = (one.min(other), one.max(other));
        match &self.first {
            First::Labels(labels) => f64::from(u8::from(labels[low] != labels[high])),
            First::Distances(_) if low == high => 0.0,
            First::Distances(distances) => distances[high * (high - 1) / 2 + low],
        }
    }

    /// The labels that are kept; none of numbers.
    pub(super) fn labels(&self) -> &[u32] {
        match &self.first {
            First::Labels(labels) => labels,
            First::Distances(_) => &[],
        }
    }

    /// For each kept response the sum of its distances to the others.
    pub(super) fn row_sums(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.kept).map(|one| (0..self.kept).map(|other| self.distance(one, other)).sum())
    }
}

/// A simple random sample of the prompts so far.
#[derive(Clone, Debug)]
pub(super) struct Reservoir {
    prompts: Vec<Prompt>,
    seen: u64,
    stream: Stream,
}

impl Reservoir {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            prompts: Vec::new(),
            seen: 0,
            stream: streams(seed).purpose("kept prompts").stream(0, 0),
        }
    }

    /// Offers a prompt of `count` responses with these squares within.
    pub(super) fn offer(&mut self, responses: &Responses<'_>, count: usize, within: f64) {
        self.seen += 1;
        if self.prompts.len() < MOST_PROMPTS {
            self.prompts.push(Prompt::of(responses, count, within));
            return;
        }
        let place = (self.stream.uniform() * self.seen as f64) as usize;
        if let Some(old) = self.prompts.get_mut(place) {
            *old = Prompt::of(responses, count, within);
        }
    }

    pub(super) fn prompts(&self) -> &[Prompt] {
        &self.prompts
    }
}

/// The random streams of a pilot with this seed.
pub(super) fn streams(seed: u64) -> Streams {
    Streams::new(&format!("pilot seed {seed}"))
}

/// Puts the items in a random order, all orders alike (Fisher and Yates; Durstenfeld 1964).
pub(super) fn shuffle<T>(items: &mut [T], stream: &mut Stream) {
    for at in (1..items.len()).rev() {
        let other = (stream.uniform() * (at as f64 + 1.0)) as usize;
        items.swap(at, other);
    }
}

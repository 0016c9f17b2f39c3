//! Owns what each step sees: all prompts, or minibatches in random order, each lane's in its own.

use super::evaluation::Data;
use super::form::Prompts;
use super::rows::Rows;
use super::{Batch, Examples};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::Stream;

/// The examples of one step, and what they are drawn from.
pub(super) struct Batches {
    batch: Batch,
    seen: usize,
    modes: usize,
    prompts: usize,
    responses: usize,
    features: Rows,
    target: Rows,
    /// What each prompt counts, where full batches do not count alike.
    weights: Option<Rows>,
    /// Lane by lane, so that a prompt's numbers are together: its features, then its shares of responses if these go together.
    records: Vec<f64>,
    /// Lane by lane, the mode of each response, where responses go alone.
    labels: Vec<u16>,
    /// Lane by lane, what there is to draw, the first [`drawn`](Self::drawn) of which this epoch has had.
    order: Vec<u32>,
    drawn: usize,
    /// How many a minibatch draws.
    size: usize,
}

impl Batches {
    pub fn new(batch: Batch, seen: usize, modes: usize) -> Self {
        Self {
            batch,
            seen,
            modes,
            prompts: 0,
            responses: 0,
            features: Rows::new(),
            target: Rows::new(),
            weights: None,
            records: Vec::new(),
            labels: Vec::new(),
            order: Vec::new(),
            drawn: 0,
            size: 0,
        }
    }

    pub fn are_full(&self) -> bool {
        self.batch == Batch::Full
    }

    /// What the step sees.
    pub fn data(&self) -> Data<'_> {
        Data {
            prompts: Prompts {
                features: self.features.rows(),
                coordinates: self.seen,
            },
            target: self.target.rows(),
            weights: self.weights.as_ref().map(Rows::rows),
        }
    }

    /// Takes up data sets. Full batches are those for good.
    pub fn begin(&mut self, examples: &Examples<'_>) {
        let (prompts, responses) = (examples.prompts, examples.responses.max(1));
        (self.prompts, self.responses) = (prompts, responses);
        let (size, among) = self.batch.sizes(prompts, responses);
        self.size = size;
        self.features.resize(self.size * self.seen);
        self.target.resize(self.size * self.modes);
        if self.are_full() {
            return self.copy_all(examples);
        }
        self.order.clear();
        self.order.extend((0..LANES).flat_map(|_| 0..among as u32));
        self.drawn = among;
        self.records.clear();
        self.labels.clear();
        for l in 0..LANES {
            self.record(examples, l);
        }
    }

    fn copy_all(&mut self, examples: &Examples<'_>) {
        let to = self.features.rows_mut().chunks_exact_mut(self.seen);
        for (to, from) in to.zip(examples.features.chunks_exact(examples.coordinates)) {
            to.copy_from_slice(&from[..self.seen]);
        }
        self.target.rows_mut().copy_from_slice(examples.target);
        self.weights = examples.weights.map(|weights| {
            let mut own = self.weights.take().unwrap_or(Rows::new());
            own.resize(weights.len()).copy_from_slice(weights);
            own
        });
    }

    /// Writes the records and labels of one lane.
    fn record(&mut self, examples: &Examples<'_>, l: usize) {
        let features = examples.features.chunks_exact(examples.coordinates);
        for (features, target) in features.zip(examples.target.chunks_exact(self.modes)) {
            self.records.extend(features[..self.seen].iter().map(|row| row[l]));
            if let Batch::Shuffled(_) = self.batch {
                label(target, l, self.responses, &mut self.labels);
            } else {
                self.records.extend(target.iter().map(|row| row[l]));
            }
        }
    }

    /// Makes the examples of the next step. Full batches draw nothing.
    pub fn next(&mut self, streams: &mut [Stream]) {
        if self.are_full() {
            return;
        }
        let among = self.order.len() / LANES;
        if self.drawn + self.size > among {
            self.drawn = 0;
        }
        for (l, stream) in streams.iter_mut().enumerate() {
            let order = &mut self.order[l * among..][..among];
            shuffle(order, self.drawn, self.size, stream);
        }
        match self.batch {
            Batch::Shuffled(_) => self.gather_responses(among),
            _ => self.gather_prompts(among),
        }
        self.drawn += self.size;
    }

    /// Writes the prompts that each lane has drawn.
    fn gather_prompts(&mut self, among: usize) {
        let width = self.seen + self.modes;
        let features = self.features.rows_mut().chunks_exact_mut(self.seen);
        let examples = features.zip(self.target.rows_mut().chunks_exact_mut(self.modes));
        for (e, (features, target)) in examples.enumerate() {
            for l in 0..LANES {
                let drawn = self.order[l * among + self.drawn + e] as usize;
                let record = &self.records[(l * among + drawn) * width..][..width];
                set_lane(features, l, &record[..self.seen]);
                set_lane(target, l, &record[self.seen..]);
            }
        }
    }

    /// Writes the prompts of the responses that each lane has drawn, and their modes.
    fn gather_responses(&mut self, among: usize) {
        let responses = self.responses as u32;
        let features = self.features.rows_mut().chunks_exact_mut(self.seen);
        let examples = features.zip(self.target.rows_mut().chunks_exact_mut(self.modes));
        for (e, (features, target)) in examples.enumerate() {
            target.fill([0.0; LANES]);
            for l in 0..LANES {
                let drawn = self.order[l * among + self.drawn + e];
                let prompt = l * self.prompts + (drawn / responses) as usize;
                set_lane(features, l, &self.records[prompt * self.seen..][..self.seen]);
                let label = self.labels[l * among + drawn as usize];
                target[usize::from(label)][l] = 1.0;
            }
        }
    }
}

#[inline]
fn set_lane(rows: &mut [Lanes<f64>], l: usize, numbers: &[f64]) {
    for (row, x) in rows.iter_mut().zip(numbers) {
        row[l] = *x;
    }
}

/// Adds the modes of a prompt's responses in lane `l`, in the order of modes; responses that shares leave out, by rounding
/// or because they are no numbers, are of the last mode.
pub(super) fn label(target: &[Lanes<f64>], l: usize, responses: usize, labels: &mut Vec<u16>) {
    let end = labels.len() + responses;
    for (m, row) in target.iter().enumerate() {
        let count = (row[l] * responses as f64).round() as usize;
        let count = count.min(end - labels.len());
        labels.extend(std::iter::repeat_n(m as u16, count));
    }
    labels.resize(end, target.len() as u16 - 1);
}

/// Puts a random choice of what comes from `first` on into the places `first..first + count`: the next steps of a shuffle
/// (Fisher and Yates; Durstenfeld 1964). A place is chosen by the high word of a product, to 2^-64 of the number of places.
pub(super) fn shuffle(order: &mut [u32], first: usize, count: usize, stream: &mut Stream) {
    for place in first..first + count {
        let left = (order.len() - place) as u128;
        let chosen = place + ((u128::from(stream.word()) * left) >> 64) as usize;
        order.swap(place, chosen);
    }
}

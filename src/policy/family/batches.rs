//! Owns what each step sees: all prompts, or minibatches in random order, each lane's in its own.

use super::evaluation::{Data, Target};
use super::form::Prompts;
use super::rows::Rows;
use super::{Batch, Examples};
use crate::numerics::lanes::{LANES, Lanes, Level, dispatch};
use crate::numerics::stream::LaneStreams;
use std::hint::black_box;

/// The examples of one step, and what they are drawn from.
pub(super) struct Batches {
    batch: Batch,
    seen: usize,
    modes: usize,
    prompts: usize,
    features: Rows,
    /// Shares of responses, or the mode of each response where these go alone.
    target: Rows,
    /// What each prompt counts, where full batches do not count alike.
    weights: Option<Rows>,
    /// Lane by lane, so that a prompt's numbers are together: its features but the first, then its shares of responses if these go together.
    records: Vec<f64>,
    /// What there is to draw, the first [`drawn`](Self::drawn) of which this epoch has had: prompts; or responses, whose last bits are
    /// the mode and the others the prompt.
    order: Vec<Lanes<u32>>,
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
            features: Rows::new(),
            target: Rows::new(),
            weights: None,
            records: Vec::new(),
            order: Vec::new(),
            drawn: 0,
            size: 0,
        }
    }

    pub fn are_full(&self) -> bool {
        self.batch == Batch::Full
    }

    fn are_responses(&self) -> bool {
        matches!(self.batch, Batch::Shuffled(_))
    }

    /// What the step sees.
    pub fn data(&self) -> Data<'_> {
        let target = self.target.rows();
        Data {
            prompts: Prompts {
                features: self.features.rows(),
                coordinates: self.seen,
            },
            target: if self.are_responses() {
                Target::Modes(target)
            } else {
                Target::Shares(target)
            },
            weights: self.weights.as_ref().map(Rows::rows),
        }
    }

    /// Takes up data sets. Full batches are those for good.
    pub fn begin(&mut self, examples: &Examples<'_>) {
        let (prompts, responses) = (examples.prompts, examples.responses.max(1));
        self.prompts = prompts;
        let (size, among) = self.batch.sizes(prompts, responses);
        self.size = size;
        self.features.resize(size * self.seen);
        self.target
            .resize(size * if self.are_responses() { 1 } else { self.modes });
        if self.are_full() {
            return self.copy_all(examples);
        }
        // The first feature is 1 of whatever is drawn.
        self.features.rows_mut().fill([1.0; LANES]);
        self.drawn = among;
        self.record(examples);
        self.order.resize(among, [0; LANES]);
        let (alone, bits) = (self.are_responses(), self.bits().unwrap_or(0));
        assert!(prompts as u64 <= 1 << (u32::BITS - bits), "{prompts} prompts");
        let order = self.order.chunks_exact_mut(if alone { responses } else { 1 });
        for (prompt, (own, target)) in (0..).zip(order.zip(examples.target.chunks_exact(self.modes))) {
            own.fill([prompt << bits; LANES]);
            if alone {
                add_modes(target, own);
            }
        }
    }

    /// How many bits a mode takes, where responses go alone.
    fn bits(&self) -> Option<u32> {
        self.are_responses()
            .then(|| usize::BITS - (self.modes - 1).leading_zeros())
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

    /// How many numbers a record has.
    fn width(&self) -> usize {
        self.seen - 1 + if self.are_responses() { 0 } else { self.modes }
    }

    /// Writes the records.
    fn record(&mut self, examples: &Examples<'_>) {
        let alone = self.are_responses();
        self.records.clear();
        for l in 0..LANES {
            let features = examples.features.chunks_exact(examples.coordinates);
            for (features, target) in features.zip(examples.target.chunks_exact(self.modes)) {
                self.records.extend(features[1..self.seen].iter().map(|row| row[l]));
                if !alone {
                    self.records.extend(target.iter().map(|row| row[l]));
                }
            }
        }
    }

    /// Makes the examples of the next step. Full batches draw nothing.
    pub fn next(&mut self, level: Level, streams: Option<&mut LaneStreams>) {
        let Some(streams) = streams.filter(|_| !self.are_full()) else {
            return;
        };
        if self.drawn + self.size > self.order.len() {
            self.drawn = 0;
        }
        shuffle::run_at(level, &mut self.order, self.drawn, self.size, streams);
        let drawn = &self.order[self.drawn..][..self.size];
        let (bits, each) = (self.bits(), self.width());
        let records = |first| Records {
            numbers: &self.records,
            each,
            first,
            prompts: self.prompts,
        };
        let (features, target) = (self.features.rows_mut(), self.target.rows_mut());
        gather::run_at(level, drawn, bits.unwrap_or(0), records(0), features, [1, self.seen]);
        match bits {
            Some(bits) => modes::run_at(level, drawn, bits, target),
            None => gather::run_at(level, drawn, 0, records(self.seen - 1), target, [0, self.modes]),
        }
        self.drawn += self.size;
    }
}

/// Numbers of prompts by lane, `each` for a prompt, of which are asked those from `first` on; `prompts` prompts in a lane.
#[derive(Clone, Copy)]
struct Records<'a> {
    numbers: &'a [f64],
    each: usize,
    first: usize,
    prompts: usize,
}

/// Writes numbers of the prompts that each lane has drawn, into rows of `out` of which there are `each` for a prompt and the first `skip` stay.
#[inline(always)]
fn gather_kernel(
    drawn: &[Lanes<u32>],
    bits: u32,
    records: Records<'_>,
    out: &mut [Lanes<f64>],
    [skip, each]: [usize; 2],
) {
    let count = each - skip;
    for (drawn, out) in drawn.iter().zip(out.chunks_exact_mut(each)) {
        let out = &mut out[skip..];
        // Of one length, which is asked once and not by number.
        let mut own: Lanes<&[f64]> = [&[]; LANES];
        for l in 0..LANES {
            let prompt = l * records.prompts + (drawn[l] >> bits) as usize;
            own[l] = &records.numbers[prompt * records.each + records.first..][..count];
        }
        for (j, out) in out.iter_mut().enumerate() {
            for l in 0..LANES {
                out[l] = own[l][j];
            }
        }
    }
}

dispatch!(mod gather = gather_kernel(
    drawn: &[Lanes<u32>],
    bits: u32,
    records: Records<'_>,
    out: &mut [Lanes<f64>],
    rows: [usize; 2],
));

/// Writes the modes of the responses that each lane has drawn.
#[inline(always)]
fn modes_kernel(drawn: &[Lanes<u32>], bits: u32, out: &mut [Lanes<f64>]) {
    let mask = (1 << bits) - 1;
    for (drawn, out) in drawn.iter().zip(out) {
        let drawn = black_box(drawn);
        for l in 0..LANES {
            // By way of a signed number, for which every vector unit has an instruction.
            out[l] = f64::from((drawn[l] & mask) as i32);
        }
    }
}

dispatch!(mod modes = modes_kernel(drawn: &[Lanes<u32>], bits: u32, out: &mut [Lanes<f64>]));

/// Adds its mode to each of a prompt's responses, in the order of modes: how many modes end before it. Responses that shares leave out, by rounding
/// or because they are no numbers, are of the last mode.
pub(super) fn add_modes(target: &[Lanes<f64>], responses: &mut [Lanes<u32>]) {
    let (of_all, mut end) = (responses.len() as f64, [0_u32; LANES]);
    for row in &target[..target.len() - 1] {
        for l in 0..LANES {
            end[l] = end[l].saturating_add((row[l] * of_all + 0.5) as u32);
        }
        for (i, response) in (0..).zip(&mut *responses) {
            for l in 0..LANES {
                response[l] += u32::from(end[l] <= i);
            }
        }
    }
}

/// Puts a random choice of what comes from `first` on into the places `first..first + count`, in each lane its own: the next steps of a shuffle
/// (Fisher and Yates; Durstenfeld 1964). A place is chosen by the high word of a product, to 2^-64 of the number of places.
#[inline(always)]
fn shuffle_kernel(order: &mut [Lanes<u32>], first: usize, count: usize, streams: &mut LaneStreams) {
    for place in first..first + count {
        let left = (order.len() - place) as u128;
        let (words, mut chosen) = (streams.words(), [0; LANES]);
        for l in 0..LANES {
            chosen[l] = place + ((u128::from(words[l]) * left) >> 64) as usize;
        }
        let here = order[place];
        let mut came = here;
        for l in 0..LANES {
            let there = &mut order[chosen[l]][l];
            came[l] = *there;
            *there = here[l];
        }
        order[place] = came;
    }
}

dispatch!(pub(super) mod shuffle = shuffle_kernel(
    order: &mut [Lanes<u32>],
    first: usize,
    count: usize,
    streams: &mut LaneStreams,
));

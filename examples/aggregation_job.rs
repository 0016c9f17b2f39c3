//! The job that peers of aggregation are timed on: 32,000 slots answered from two layers of five drafts.
//!
//!     cargo run --release --example aggregation_job -- [THREADS] [REPEATS]
//!
//! Prints one line: nanoseconds per slot (the median of REPEATS after one to warm up), the mean score, which is the probability that the
//! answer to a slot is right, and its standard error over draws of the drafts. What is seen of a slot any language can redo; drafts
//! are drawn anew in each repetition.

mod peers;

use mode_lottery::numerics::lanes::{LANES, Lanes};
use mode_lottery::numerics::stream::{Purpose, Streams};
use mode_lottery::policy::aggregator::{Pass, Proposer, SlotRows, Weights, draw, expected};
use peers::uniform;
use rayon::prelude::*;
use std::hint::black_box;
use std::ops::Range;

const SLOTS: usize = 32_000;
const MODES: usize = 8;
const FEATURES: usize = 6;
const WIDTH: usize = 5;
const DEPTH: usize = 2;
const TEMPERATURE: f64 = 0.7;
/// A mode is right where its evidence is above.
const BAR: f64 = 0.4;
/// Groups of eight slots that go through all layers together, as in the study.
const PART: usize = 32;
const GROUPS: usize = SLOTS / LANES;

const PASS: Pass = Pass {
    lapse: 0.25,
    pseudo_votes: 0.5,
};

/// Rows of lanes of all slots.
struct Slots {
    features: Vec<Lanes<f64>>,
    prior: Vec<Lanes<f64>>,
    evidence: Vec<Lanes<f64>>,
    valid: Vec<Lanes<f64>>,
}

impl Slots {
    fn new() -> Self {
        // Numbers of a slot stand together, as other languages have them: row `row` of a group is what lane l's slot has there.
        let rows = |first: u64, each: usize| -> Vec<Lanes<f64>> {
            let number = |group: usize, l: usize, row: usize| (group * LANES + l) * each + row;
            let centred = |n: usize| 12.0_f64.sqrt() * (uniform(first + n as u64) - 0.5);
            let row = |at: usize| std::array::from_fn(|l| centred(number(at / each, l, at % each)));
            (0..GROUPS * each).map(row).collect()
        };
        let evidence = rows(1 << 41, MODES);
        Self {
            features: rows(0, MODES * FEATURES),
            prior: rows(1 << 40, MODES),
            valid: evidence.iter().map(|row| row.map(|s| f64::from(s > BAR))).collect(),
            evidence,
        }
    }

    fn seen(&self) -> SlotRows<'_> {
        SlotRows {
            modes: MODES,
            features: &self.features,
            prior: &self.prior,
            evidence: &self.evidence,
        }
    }
}

/// What a thread needs for any number of parts.
struct Worker {
    uniforms: Vec<Lanes<f64>>,
    p: Vec<Lanes<f64>>,
    counts: Vec<Lanes<f64>>,
}

impl Worker {
    fn new() -> Self {
        let rows = |each: usize| vec![[0.0; LANES]; PART * each];
        Self {
            uniforms: rows(WIDTH),
            p: rows(MODES),
            counts: rows(MODES),
        }
    }

    /// Writes the scores of one part, a row for each of its groups.
    fn answer(
        &mut self,
        proposer: &Proposer<'_>,
        valid: &[Lanes<f64>],
        (layers, repetition, groups): (&[Purpose; DEPTH], u64, Range<u32>),
        out: &mut [Lanes<f64>],
    ) {
        proposer.direct(TEMPERATURE, &mut self.p);
        for purpose in layers {
            purpose.fill_items(repetition, groups.clone(), self.uniforms.as_flattened_mut());
            self.counts.fill([0.0; LANES]);
            let uniforms = (&self.uniforms[..], WIDTH);
            draw(&self.p, MODES, uniforms, 0..WIDTH, &mut self.counts, (&[], &mut []));
            proposer.aggregate(&self.counts, WIDTH as u32, TEMPERATURE, &mut self.p);
        }
        expected(&self.p, valid, MODES, out);
    }
}

/// Scores of all slots, with the drafts of one repetition.
fn score(slots: &Slots, weights: &Weights, layers: &[Purpose; DEPTH], repetition: u64, out: &mut [Lanes<f64>]) {
    let parts = out.par_chunks_mut(PART).enumerate();
    parts.for_each_init(Worker::new, |worker, (at, out)| {
        let groups = at * PART..at * PART + out.len();
        let rows = groups.start * MODES..groups.end * MODES;
        let drawn = (layers, repetition, groups.start as u32..groups.end as u32);
        let proposer = Proposer::new(weights, PASS, slots.seen()).part(groups);
        worker.answer(&proposer, &slots.valid[rows], drawn, out);
    });
}

/// The mean over slots and repetitions of sums over `repetitions`, and its standard error: the variance of each slot's own.
fn mean_and_error(sums: &[[f64; 2]], repetitions: f64) -> (f64, f64) {
    let (mut mean, mut variance) = (0.0, 0.0);
    for [sum, squares] in sums {
        mean += sum / repetitions;
        variance += (squares - sum * sum / repetitions) / (repetitions - 1.0);
    }
    (mean / SLOTS as f64, (variance / repetitions).sqrt() / SLOTS as f64)
}

fn main() {
    assert!(GROUPS.is_multiple_of(PART), "parts are whole");
    let (threads, repeats) = (peers::threads(peers::argument(1, 2)), peers::argument(2, 9));
    let weights = Weights::new(&[0.87, 0.23, 0.0, 0.0, 0.0, 0.0], [-0.46, 0.40, 0.64, 0.54]);
    let (slots, streams) = (Slots::new(), Streams::new("aggregation job"));
    // A stream for each layer, repetition and group, as the study has one for each layer, replicate and query.
    let layers = std::array::from_fn(|layer| streams.purpose(&format!("drafts of layer {layer}")));
    let mut scores = vec![[0.0; LANES]; GROUPS];
    let mut repetition = 0;
    let mut once = |scores: &mut [Lanes<f64>]| {
        threads.install(|| score(black_box(&slots), &weights, &layers, repetition, scores));
        repetition += 1;
    };
    let seconds = peers::timed(repeats, || once(&mut scores));
    // Drafts of their own, so that adding up is not timed.
    let (mut sums, rounds) = (vec![[0.0; 2]; SLOTS], repeats.max(10));
    for _ in 0..rounds {
        once(&mut scores);
        for (sum, &x) in sums.iter_mut().zip(scores.as_flattened()) {
            *sum = [sum[0] + x, sum[1] + x * x];
        }
    }
    let (mean, error) = mean_and_error(&sums, rounds as f64);
    println!("{:.3} {mean:e} {error:e}", 1e9 * seconds / SLOTS as f64);
}

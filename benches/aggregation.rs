//! Times what aggregation is scored by: layers of drafts and the answer to the last, for many slots of one trained model.
//!
//! An element is one slot, answered from two layers of five drafts; a part of them goes through all layers at a time, as in the study. `benches/peers/all.py --jobs J6` times the same work on all cores, beside NumPy.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mode_lottery::numerics::lanes::{LANES, Lanes, across, add};
use mode_lottery::numerics::special::normal_from_uniform;
use mode_lottery::numerics::stream::Streams;
use mode_lottery::policy::aggregator::{Pass, Proposer, SlotRows, Weights, draw, expected};
use std::hint::black_box;

const SLOTS: usize = 32_000;
const MODES: usize = 8;
const FEATURES: usize = 6;
const WIDTH: u32 = 5;
const DEPTH: usize = 2;
/// Groups of eight slots that go through all layers together.
const PART: usize = 32;
const TEMPERATURE: f64 = 0.7;

fn lanes(count: usize, item: u32, of: fn(f64) -> f64) -> Vec<Lanes<f64>> {
    let mut stream = Streams::new("bench").purpose("aggregation").stream(0, item);
    (0..count)
        .map(|_| std::array::from_fn(|_| of(stream.uniform())))
        .collect()
}

fn aggregation(c: &mut Criterion) {
    let rows = SLOTS / LANES * MODES;
    let [features, prior, evidence] = [rows * FEATURES, rows, rows].map(|count| lanes(count, 0, normal_from_uniform));
    let valid = lanes(rows, 1, |u| if u < 0.375 { 1.0 } else { 0.0 });
    let weights = Weights::new(&[0.87, 0.23, 0.0, 0.0, 0.0, 0.0], [-0.46, 0.40, 0.64, 0.54]);
    let pass = Pass {
        lapse: 0.25,
        pseudo_votes: 0.5,
    };
    let seen = SlotRows {
        modes: MODES,
        features: &features,
        prior: &prior,
        evidence: &evidence,
    };
    let streams = Streams::new("bench");
    let layers: [_; DEPTH] = std::array::from_fn(|layer| streams.purpose(&format!("drafts of layer {layer}")));
    let mut group = c.benchmark_group("aggregation");
    group.throughput(Throughput::Elements(SLOTS as u64)).sample_size(20);
    group.bench_function("two layers of five", |b| {
        b.iter(|| {
            let whole = Proposer::new(&weights, pass, seen);
            let mut sum = [0.0; LANES];
            let mut uniforms = vec![[0.0; LANES]; PART * WIDTH as usize];
            let (mut p, mut counts) = (vec![[0.0; LANES]; PART * MODES], vec![[0.0; LANES]; PART * MODES]);
            let mut scores = vec![[0.0; LANES]; PART];
            for first in (0..SLOTS / LANES).step_by(PART) {
                let proposer = whole.part(first..first + PART);
                proposer.direct(TEMPERATURE, &mut p);
                for layer in &layers {
                    layer.fill_items(0, first as u32..(first + PART) as u32, uniforms.as_flattened_mut());
                    counts.fill([0.0; LANES]);
                    let all = 0..WIDTH as usize;
                    draw(&p, MODES, (&uniforms, WIDTH as usize), all, &mut counts, (&[], &mut []));
                    proposer.aggregate(&counts, WIDTH, TEMPERATURE, &mut p);
                }
                expected(&p, &valid[first * MODES..], MODES, &mut scores);
                scores.iter().for_each(|score| add(&mut sum, score));
            }
            black_box(across(&sum))
        });
    });
    group.finish();
}

criterion_group!(benches, aggregation);
criterion_main!(benches);

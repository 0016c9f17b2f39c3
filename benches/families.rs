//! Times fits of policies that see prompts: log-linear, small and wide networks, and their policies at a population of prompts.
//!
//! An element is one fit, of eight side by side.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mode_lottery::numerics::lanes::{LANES, Lanes};
use mode_lottery::numerics::special::normal_from_uniform;
use mode_lottery::numerics::stream::{LaneStreams, Purpose, Streams};
use mode_lottery::policy::{Average, Batch, Examples, Family, Fitter, Optimiser, Schedule, Training};
use std::hint::black_box;

const PROMPTS: usize = 256;
const RESPONSES: usize = 8;

/// Features and shares of responses of a data set per lane.
fn data(coordinates: usize, modes: usize) -> [Vec<Lanes<f64>>; 2] {
    let purpose = Streams::new("bench").purpose("families");
    let mut features = vec![[0.0; LANES]; PROMPTS * coordinates];
    let mut target = vec![[0.0; LANES]; PROMPTS * modes];
    for l in 0..LANES {
        let mut stream = purpose.stream(l as u64, 0);
        for x in features.chunks_exact_mut(coordinates) {
            x.iter_mut()
                .for_each(|row| row[l] = normal_from_uniform(stream.uniform()));
            x[0][l] = 1.0;
        }
        for shares in target.chunks_exact_mut(modes) {
            for _ in 0..RESPONSES {
                shares[(stream.uniform() * modes as f64) as usize][l] += 1.0 / RESPONSES as f64;
            }
        }
    }
    [features, target]
}

fn purpose() -> Purpose {
    Streams::new("bench").purpose("order")
}

fn fit(c: &mut Criterion, name: &str, family: Family, (coordinates, modes): (usize, usize), training: Training) {
    let mut group = c.benchmark_group("eight fits");
    group.throughput(Throughput::Elements(LANES as u64)).sample_size(10);
    let [features, target] = data(coordinates, modes);
    let examples = Examples {
        prompts: PROMPTS,
        coordinates,
        modes,
        features: &features,
        target: &target,
        weights: None,
        responses: RESPONSES,
    };
    let start: Vec<_> = family
        .start(modes, &mut purpose().stream(0, 0))
        .into_iter()
        .map(|x| [x; LANES])
        .collect();
    let mut fitter = Fitter::new(family, modes, training);
    group.bench_function(name, |b| {
        b.iter(|| {
            let mut theta = start.clone();
            fitter.fit(
                black_box(&examples),
                &mut theta,
                Some(&mut LaneStreams::open(purpose(), 0, 0)),
            )
        });
    });
    group.finish();
}

const FULL: Training = Training {
    optimiser: Optimiser::Gradient {
        rate: 1.0,
        momentum: 0.0,
        schedule: Schedule::Constant,
    },
    decay: 1e-4,
    steps: 300,
    tolerance: 0.0,
    batch: Batch::Full,
    average: Average::Last,
};

fn log_linear(c: &mut Criterion) {
    let family = Family::LogLinear { inputs: 8 };
    fit(c, "log-linear 8, 8 modes, 300 full steps", family, (9, 8), FULL);
    let newton = Training {
        optimiser: Optimiser::Newton,
        steps: 50,
        tolerance: 1e-6,
        ..FULL
    };
    fit(c, "log-linear 8, 8 modes, Newton", family, (9, 8), newton);
}

fn networks(c: &mut Criterion) {
    let family = Family::Network { inputs: 4, hidden: 8 };
    let minibatches = Training {
        optimiser: Optimiser::Gradient {
            rate: 0.1,
            momentum: 0.9,
            schedule: Schedule::Cosine,
        },
        steps: 3000,
        batch: Batch::Grouped(64),
        ..FULL
    };
    fit(
        c,
        "network 4-8-8, 3,000 steps of 8 prompts",
        family,
        (5, 8),
        minibatches,
    );
    let shuffled = Training {
        batch: Batch::Shuffled(64),
        ..minibatches
    };
    fit(
        c,
        "network 4-8-8, 3,000 steps of 64 responses",
        family,
        (5, 8),
        shuffled,
    );
    let wide = Training {
        optimiser: Optimiser::Adam {
            rate: 0.02,
            schedule: Schedule::Cosine,
        },
        steps: 400,
        ..FULL
    };
    let family = Family::Network { inputs: 8, hidden: 64 };
    fit(c, "network 8-64-12, 400 full steps of Adam", family, (9, 12), wide);
}

fn policies(c: &mut Criterion) {
    let (prompts, coordinates, modes) = (2048, 9, 8);
    let mut group = c.benchmark_group("policies at 2,048 prompts");
    group.throughput(Throughput::Elements(LANES as u64));
    let family = Family::LogLinear { inputs: 8 };
    let theta = vec![[0.1; LANES]; family.parameters(modes)];
    let features = vec![0.5; prompts * coordinates];
    let mut out = vec![[0.0; LANES]; prompts * modes];
    group.bench_function("log-linear 8, 8 modes", |b| {
        b.iter(|| family.log_policies(modes, black_box(&theta), &features, coordinates, &mut out));
    });
    group.finish();
}

criterion_group!(benches, log_linear, networks, policies);
criterion_main!(benches);

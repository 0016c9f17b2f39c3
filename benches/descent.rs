//! Times gradient descent of the shared policy: eight and sixteen lanes at every vector level of this machine.
//!
//! A step of one fit costs the time of an element. `peers/all.py --jobs J2` times the whole job on all cores.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mode_lottery::numerics::lanes::{LANES, Level};
use mode_lottery::policy::{Descent, PAIR, descend, descend_pair};
use std::hint::black_box;

const MODES: usize = 8;

const DESCENT: Descent = Descent {
    steps: 300,
    tolerance: 0.0,
    ..Descent::USUAL
};

macro_rules! fits {
    ($name:ident, $lanes:expr, $kernel:ident) => {
        fn $name(c: &mut Criterion) {
            let mut group = c.benchmark_group(concat!("fits of 8 modes and 300 steps, ", stringify!($name)));
            group.throughput(Throughput::Elements(u64::from(DESCENT.steps) * $lanes as u64));
            let total = (MODES * (MODES + 1) / 2) as f64;
            let target: Vec<_> = (1..=MODES).map(|m| [m as f64 / total; $lanes]).collect();
            let mut scratch = vec![[0.0; $lanes]; Descent::SCRATCH * MODES];
            for level in Level::available() {
                group.bench_function(format!("{level:?}").to_lowercase(), |b| {
                    b.iter(|| {
                        let mut logits = [[0.0; $lanes]; MODES];
                        $kernel::run_at(level, &DESCENT, black_box(&target), &mut logits, &mut scratch);
                        logits
                    });
                });
            }
            group.finish();
        }
    };
}

fits!(eight_lanes, LANES, descend);
fits!(sixteen_lanes, PAIR, descend_pair);

criterion_group!(benches, eight_lanes, sixteen_lanes);
criterion_main!(benches);

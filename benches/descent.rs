//! Times gradient descent of the shared policy: one fit of eight lanes at every vector level of this machine.
//!
//! A step of one fit costs the time of an element. `peers/compare_descent.py` times the whole job on all cores.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mode_lottery::numerics::lanes::{LANES, Level};
use mode_lottery::policy::{Descent, descend};
use std::hint::black_box;

const MODES: usize = 8;

const DESCENT: Descent = Descent {
    rate: 1.0,
    steps: 300,
    ridge: 0.0,
    tolerance: 0.0,
};

fn fits(c: &mut Criterion) {
    let mut group = c.benchmark_group("a fit of 8 modes and 300 steps, 8 lanes");
    group.throughput(Throughput::Elements(u64::from(DESCENT.steps) * LANES as u64));
    let total = (MODES * (MODES + 1) / 2) as f64;
    let target: Vec<_> = (1..=MODES).map(|m| [m as f64 / total; LANES]).collect();
    let mut scratch = vec![[0.0; LANES]; 2 * MODES];
    for level in Level::available() {
        group.bench_function(format!("{level:?}").to_lowercase(), |b| {
            b.iter(|| {
                let mut logits = [[0.0; LANES]; MODES];
                descend::run_at(level, &DESCENT, black_box(&target), &mut logits, &mut scratch);
                logits
            });
        });
    }
    group.finish();
}

criterion_group!(benches, fits);
criterion_main!(benches);

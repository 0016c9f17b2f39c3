//! Times gradient descent of the shared policy: one set of eight lanes and several, at every vector level of this machine.
//!
//! A step of one fit costs the time of an element. `peers/all.py --jobs J2` times the whole job on all cores.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mode_lottery::numerics::lanes::{LANES, Level};
use mode_lottery::policy::{Descent, SETS, descend, descend_together};
use std::hint::black_box;

const MODES: usize = 8;

const DESCENT: Descent = Descent {
    steps: 300,
    tolerance: 0.0,
    ..Descent::USUAL
};

macro_rules! fits {
    ($name:ident, $sets:expr, $kernel:ident) => {
        fn $name(c: &mut Criterion) {
            let mut group = c.benchmark_group(concat!("fits of 8 modes and 300 steps, ", stringify!($name)));
            group.throughput(Throughput::Elements(
                u64::from(DESCENT.steps) * ($sets * LANES) as u64,
            ));
            let total = (MODES * (MODES + 1) / 2) as f64;
            let target: Vec<_> = (0..$sets * MODES)
                .map(|m| [(m % MODES + 1) as f64 / total; LANES])
                .collect();
            let mut scratch = vec![[0.0; LANES]; Descent::scratch($sets * MODES)];
            for level in Level::available() {
                group.bench_function(format!("{level:?}").to_lowercase(), |b| {
                    b.iter(|| {
                        let mut logits = [[0.0; LANES]; $sets * MODES];
                        $kernel::run_at(level, &DESCENT, black_box(&target), &mut logits, &mut scratch);
                        logits
                    });
                });
            }
            group.finish();
        }
    };
}

fits!(one_set, 1, descend);
fits!(several_sets, SETS, descend_together);

criterion_group!(benches, one_set, several_sets);
criterion_main!(benches);

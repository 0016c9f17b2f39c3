//! exp over a slice at every level of this machine against the platform's, in one group so that ratios can be read.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mode_lottery::numerics::elementary::{exp_lanes, ln_lanes};
use mode_lottery::numerics::lanes::Level;
use std::hint::black_box;

const LENGTH: usize = 4096;

/// Logits: where softmax and likelihoods live.
fn arguments(low: f64, high: f64) -> Vec<f64> {
    let step = 0.618_033_988_749_894_8;
    let part = |i: usize| (i as f64 * step).fract();
    (0..LENGTH).map(|i| low + (high - low) * part(i)).collect()
}

fn platform(x: &mut [f64], f: impl Fn(f64) -> f64) {
    for v in x {
        *v = f(*v);
    }
}

fn compare(c: &mut Criterion, name: &str, x: &[f64], ours: fn(Level, &mut [f64]), std: fn(f64) -> f64) {
    let mut group = c.benchmark_group(name);
    group.throughput(Throughput::Elements(LENGTH as u64));
    let mut bench = |name: &str, run: &dyn Fn(&mut [f64])| {
        group.bench_function(name, |b| {
            b.iter_batched_ref(|| x.to_vec(), |x| run(black_box(x)), BatchSize::SmallInput)
        });
    };
    bench("platform", &|x| platform(x, std));
    for level in Level::available() {
        bench(&format!("{level:?}").to_lowercase(), &|x| ours(level, x));
    }
    group.finish();
}

#[expect(
    clippy::disallowed_methods,
    reason = "the platform's functions are what ours are compared with"
)]
fn elementary(c: &mut Criterion) {
    compare(c, "exp", &arguments(-30.0, 5.0), exp_lanes::run_at, f64::exp);
    compare(c, "ln", &arguments(1e-3, 10.0), ln_lanes::run_at, f64::ln);
}

criterion_group!(benches, elementary);
criterion_main!(benches);

//! Times the study `selection` from the inside out: words, responses, a block with all its arms.
//!
//! Per prompt and per replicate figures follow by division; speed is never asserted, here or in a test.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mode_lottery::engine::{ExactCache, Study, Tally};
use mode_lottery::numerics::stream::Streams;
use mode_lottery::study::BATCH;
use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::selection::{Measure, Method, Selection, Theta};
use mode_lottery::world::{BaseWeights, Dirichlet, Urn, World};
use std::hint::black_box;
use std::sync::Arc;

const DEPTH: usize = 64;

fn base() -> BaseWeights {
    BaseWeights::geometric(8, 0.638).expect("eight positive weights")
}

fn words_and_responses(c: &mut Criterion) {
    let mut group = c.benchmark_group("one prompt, 64 responses, 8 lanes");
    group.throughput(Throughput::Elements((DEPTH * 8) as u64));
    let purpose = Streams::new("bench").purpose("responses");
    let mut uniforms = vec![[0.0; 8]; DEPTH];
    let mut item = 0_u32;
    group.bench_function("uniforms", |b| {
        b.iter(|| {
            item = item.wrapping_add(1);
            purpose.fill_uniforms(0, item, black_box(&mut uniforms));
        });
    });
    let urn = Urn::new(base().probabilities(), 8.0);
    let mut responses = urn.responses(DEPTH);
    group.bench_function("urn on given uniforms", |b| {
        b.iter(|| urn.draw(black_box(&uniforms), &mut responses))
    });
    let world = Dirichlet::new(base(), 8.0);
    let mut sampler = world.sampler(&Streams::new("bench"), DEPTH);
    group.bench_function("uniforms and urn", |b| {
        b.iter(|| {
            item = item.wrapping_add(1);
            black_box(sampler.draw(0, item, DEPTH).len())
        });
    });
    group.finish();
}

fn blocks(c: &mut Criterion) {
    let mut group = c.benchmark_group("one block of 32 replicates, K = 1..64");
    group.throughput(Throughput::Elements(BATCH));
    for prompts in [1, 16, 64] {
        let arm = |responses| Method {
            pool: PoolArm::all(prompts, responses),
            theta: Theta::Uniform,
        };
        let arms = [1, 2, 4, 8, 16, 32, 64].map(arm).to_vec();
        let study = Selection::new(1, Arc::new(Dirichlet::new(base(), 8.0)), arms, vec![Measure::ModeMass]).unwrap();
        let ready = study
            .prepare(&ExactCache::empty())
            .expect("nothing to prepare can fail");
        let mut worker = ready.worker();
        group.bench_function(format!("N_p = {prompts}"), |b| {
            b.iter(|| {
                let mut tally = Tally::new(study.spec(), 0..BATCH);
                worker.run(0..BATCH, &mut tally);
                tally
            });
        });
    }
    group.finish();
}

criterion_group!(benches, words_and_responses, blocks);
criterion_main!(benches);

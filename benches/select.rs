//! Times the picks of one pool: facility location by pool size, and one prompt's work with N = 32.
//!
//! `peers/all.py --jobs J3` times the same work against submodlib and NumPy.

use criterion::{Criterion, criterion_group, criterion_main};
use mode_lottery::numerics::stream::Streams;
use mode_lottery::select::{CoverageTies, Picker, Pool, Rule, Selector, Shares, Similarity};
use std::hint::black_box;

const COORDINATES: usize = 16;

/// Directions around eight centres, rewards and words.
struct Candidates {
    embeddings: Vec<f64>,
    rewards: Vec<f64>,
    words: Vec<u64>,
    similarity: Vec<f64>,
}

impl Candidates {
    fn draw(n: usize) -> Self {
        let mut stream = Streams::new("bench").purpose("select").stream(0, n as u32);
        let centres: Vec<f64> = (0..8 * COORDINATES).map(|_| stream.uniform() - 0.5).collect();
        let centre = |i: usize| &centres[i % 8 * COORDINATES..][..COORDINATES];
        let mut embeddings = Vec::new();
        for i in 0..n {
            embeddings.extend(centre(i).iter().map(|x| x + 0.3 * (stream.uniform() - 0.5)));
        }
        let mut drawn = Self {
            embeddings,
            rewards: (0..n).map(|_| stream.uniform()).collect(),
            words: (0..n).map(|_| stream.word()).collect(),
            similarity: vec![0.0; n * n],
        };
        drawn.compare(&mut Vec::new());
        drawn
    }

    fn compare(&mut self, scratch: &mut Vec<f64>) {
        let filled = Similarity::Cosine.fill(&self.embeddings, COORDINATES, scratch, &mut self.similarity);
        filled.expect("directions");
    }

    fn pool(&self) -> Pool<'_> {
        Pool {
            rewards: &self.rewards,
            similarity: &self.similarity,
            stride: self.words.len(),
            computed: true,
            words: &self.words,
            embeddings: &[],
            dimension: 0,
            candidates: self.words.len(),
        }
    }
}

fn sizes(c: &mut Criterion) {
    let mut group = c.benchmark_group("diverse, similarities given");
    for (n, keep) in [
        (8, 1),
        (8, 8),
        (32, 4),
        (32, 32),
        (64, 8),
        (64, 64),
        (256, 32),
        (1000, 50),
    ] {
        let drawn = Candidates::draw(n);
        let mut picker = Picker::new(n);
        let rule = Rule::new(Selector::Diverse);
        group.bench_function(format!("N = {n}, K = {keep}"), |b| {
            b.iter(|| {
                let picks = picker.pick(&rule, black_box(&drawn.pool()), keep);
                picks.expect("a fit pool").order[0]
            });
        });
    }
    group.finish();
}

fn prompt(c: &mut Criterion) {
    let mut group = c.benchmark_group("one prompt, N = 32, every K");
    let mut drawn = Candidates::draw(32);
    let mut scratch = Vec::new();
    group.bench_function("similarities of 16 coordinates", |b| {
        b.iter(|| drawn.compare(&mut scratch))
    });
    let mut picker = Picker::new(32);
    for selector in Selector::ALL {
        let rule = Rule::new(selector);
        group.bench_function(selector.name(), |b| {
            b.iter(|| {
                picker
                    .pick(&rule, black_box(&drawn.pool()), 32)
                    .expect("a fit pool")
                    .order[0]
            });
        });
    }
    let mut shares = Shares::new(32);
    let order: Vec<usize> = (0..32).collect();
    group.bench_function("coverage weights of all 32", |b| {
        b.iter(|| {
            let filled = shares.fill(black_box(&drawn.pool()), &order, CoverageTies::Split);
            filled.expect("candidates");
            shares.counts().sum::<f64>()
        });
    });
    group.finish();
}

criterion_group!(benches, sizes, prompt);
criterion_main!(benches);

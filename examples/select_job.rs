//! The jobs that peers of the selectors are timed on.
//!
//!     cargo run --release --example select_job -- facility N K SPREAD REPEATS
//!     cargo run --release --example select_job -- prompts THREADS REPEATS
//!
//! `facility`: greedy facility location on one pool, similarities given, one thread. Prints microseconds (the median of
//! REPEATS after one to warm up) and the objective reached.
//!
//! `prompts`: for each of 20,000 prompts with 32 candidates of 16 coordinates, their similarities and the picks of random,
//! best, diverse and diverse-best for every K. Prints nanoseconds per prompt (median) and the sum of the objectives reached
//! at K = 8.

use mode_lottery::select::{Picker, Pool, Rule, Selector, Similarity};
use rayon::prelude::*;
use std::hint::black_box;
use std::time::Instant;

const COORDINATES: usize = 16;
const CENTRES: usize = 8;
const CANDIDATES: usize = 32;
const PROMPTS: usize = 20_000;
/// Prompts that a thread takes at a time.
const CHUNK: usize = 500;
const COUNTED: usize = 8;
const SELECTORS: [Selector; 4] = [
    Selector::Random,
    Selector::Best,
    Selector::Diverse,
    Selector::DiverseBest,
];

/// A hash that any language can redo: the n-th output of SplitMix64.
fn word(n: u64) -> u64 {
    let z = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn uniform(n: u64) -> f64 {
    (word(n) >> 11) as f64 / (1_u64 << 53) as f64
}

/// `n` directions of a prompt around centres that all prompts share, row by row.
fn directions(prompt: usize, n: usize, spread: f64) -> Vec<f64> {
    let number = |i: usize, d: usize| {
        let nearest = word((1 << 42) + (prompt * n + i) as u64) as usize % CENTRES;
        let centre = uniform((nearest * COORDINATES + d) as u64) - 0.5;
        let own = uniform((1000 + (prompt * n + i) * COORDINATES + d) as u64) - 0.5;
        centre + spread * own
    };
    (0..n * COORDINATES)
        .map(|at| number(at / COORDINATES, at % COORDINATES))
        .collect()
}

fn words(prompt: usize, n: usize) -> Vec<u64> {
    (0..n).map(|i| word((1 << 40) + (prompt * n + i) as u64)).collect()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn timed<T>(repeats: usize, mut run: impl FnMut() -> T) -> f64 {
    let time = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64()
    };
    median((0..=repeats).map(time).skip(1).collect())
}

fn facility(n: usize, keep: usize, spread: f64, repeats: usize) {
    let (words, mut similarity) = (words(0, n), vec![0.0; n * n]);
    let filled = Similarity::Cosine.fill(&directions(0, n, spread), COORDINATES, &mut Vec::new(), &mut similarity);
    filled.expect("directions");
    let pool = Pool {
        rewards: &[],
        similarity: &similarity,
        stride: n,
        computed: true,
        words: &words,
        embeddings: &[],
        dimension: 0,
        candidates: n,
    };
    let (mut picker, rule) = (Picker::new(n), Rule::new(Selector::Diverse));
    let mut pick = || {
        picker
            .pick(&rule, black_box(&pool), keep)
            .expect("a fit pool")
            .gains
            .iter()
            .sum::<f64>()
    };
    let reached = pick();
    println!("{:.3} {reached:e}", 1e6 * timed(repeats, pick));
}

/// Given numbers, prompt after prompt.
struct Prompts {
    embeddings: Vec<f64>,
    rewards: Vec<f64>,
    words: Vec<u64>,
}

/// Those of one prompt.
struct Prompt<'a> {
    embeddings: &'a [f64],
    rewards: &'a [f64],
    words: &'a [u64],
}

impl Prompts {
    fn new() -> Self {
        let rewards = PROMPTS * CANDIDATES;
        Self {
            embeddings: (0..PROMPTS).flat_map(|p| directions(p, CANDIDATES, 0.6)).collect(),
            rewards: (0..rewards).map(|i| uniform(((1 << 41) + i) as u64)).collect(),
            words: (0..PROMPTS).flat_map(|p| words(p, CANDIDATES)).collect(),
        }
    }

    fn prompt(&self, p: usize) -> Prompt<'_> {
        const EACH: usize = CANDIDATES * COORDINATES;
        Prompt {
            embeddings: &self.embeddings[p * EACH..][..EACH],
            rewards: &self.rewards[p * CANDIDATES..][..CANDIDATES],
            words: &self.words[p * CANDIDATES..][..CANDIDATES],
        }
    }
}

/// What a thread needs for any number of prompts.
struct Worker {
    picker: Picker,
    scratch: Vec<f64>,
    similarity: Vec<f64>,
}

impl Worker {
    fn new() -> Self {
        Self {
            picker: Picker::new(CANDIDATES),
            scratch: Vec::new(),
            similarity: vec![0.0; CANDIDATES * CANDIDATES],
        }
    }

    /// All picks; the objectives that those of the first `COUNTED` reach, which need no key.
    fn keep(&mut self, prompt: &Prompt<'_>) -> f64 {
        let filled = Similarity::Cosine.fill(prompt.embeddings, COORDINATES, &mut self.scratch, &mut self.similarity);
        filled.expect("directions");
        let pool = Pool {
            rewards: prompt.rewards,
            similarity: &self.similarity,
            stride: CANDIDATES,
            computed: true,
            words: prompt.words,
            embeddings: &[],
            dimension: 0,
            candidates: CANDIDATES,
        };
        // One rule after the other, as studies and `select` do. The gains of `random` are 0.
        let mut reached = |selector| {
            let picks = self
                .picker
                .pick(&Rule::new(selector), &pool, CANDIDATES)
                .expect("a fit pool");
            black_box(picks).gains[..COUNTED].iter().sum::<f64>()
        };
        SELECTORS.map(&mut reached).into_iter().sum()
    }
}

fn prompts(threads: usize, repeats: usize) {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads");
    let prompts = Prompts::new();
    let keep = |chunk: usize| {
        let mut worker = Worker::new();
        let keep = |p: usize| worker.keep(&prompts.prompt(p));
        (chunk * CHUNK..(chunk + 1) * CHUNK).map(keep).sum::<f64>()
    };
    let all = || pool.install(|| (0..PROMPTS / CHUNK).into_par_iter().map(keep).sum::<f64>());
    let sum = all();
    println!("{:.1} {sum:e}", 1e9 / PROMPTS as f64 * timed(repeats, all));
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| given[at].parse::<usize>().expect("a number");
    match given.first().map(String::as_str) {
        Some("facility") => facility(number(1), number(2), given[3].parse().expect("a spread"), number(4)),
        Some("prompts") => prompts(number(1), number(2)),
        _ => eprintln!("facility N K SPREAD REPEATS, or prompts THREADS REPEATS"),
    }
}

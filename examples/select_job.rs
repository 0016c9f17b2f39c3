//! The jobs that peers of the selectors are timed on.
//!
//!     cargo run --release --example select_job -- facility N K SPREAD POOLS REPEATS
//!     cargo run --release --example select_job -- prompts THREADS REPEATS
//!
//! `facility`: greedy facility location on pools one after the other, similarities given, one thread. One pool stays in a cache, many
//! stream through memory. Prints microseconds per pool (the median of REPEATS passes after one to warm up) and the sum of the
//! objectives reached.
//!
//! `prompts`: for each of 20,000 prompts with 32 candidates of 16 coordinates, their similarities and the picks of random,
//! best, diverse and diverse-best for every K. Prints nanoseconds per prompt (median) and the sum of the objectives reached
//! at K = 8.

mod peers;

use mode_lottery::select::{Picker, Pool, Rule, Selector, Similarity};
use peers::{uniform, word};
use rayon::prelude::*;
use std::hint::black_box;

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

/// A pool that facility location picks from.
struct Given {
    similarity: Vec<f64>,
    words: Vec<u64>,
}

impl Given {
    fn new(prompt: usize, n: usize, spread: f64) -> Self {
        let (words, mut similarity) = (words(prompt, n), vec![0.0; n * n]);
        let directions = directions(prompt, n, spread);
        let filled = Similarity::Cosine.fill(&directions, COORDINATES, &mut Vec::new(), &mut similarity);
        filled.expect("directions");
        Self { similarity, words }
    }

    fn pool(&self) -> Pool<'_> {
        Pool {
            rewards: &[],
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

fn facility(n: usize, keep: usize, spread: f64, pools: usize, repeats: usize) {
    let given: Vec<Given> = (0..pools).map(|prompt| Given::new(prompt, n, spread)).collect();
    let (mut picker, rule) = (Picker::new(n), Rule::new(Selector::Diverse));
    let mut reached = 0.0;
    let seconds = peers::timed(repeats, || {
        reached = 0.0;
        for own in &given {
            let picks = picker.pick(&rule, black_box(&own.pool()), keep);
            reached += picks.expect("a fit pool").gains.iter().sum::<f64>();
        }
    });
    println!("{:.3} {reached:e}", 1e6 * seconds / pools as f64);
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
    let (threads, prompts) = (peers::threads(threads), Prompts::new());
    let keep = |chunk: usize| {
        let mut worker = Worker::new();
        let keep = |p: usize| worker.keep(&prompts.prompt(p));
        (chunk * CHUNK..(chunk + 1) * CHUNK).map(keep).sum::<f64>()
    };
    let mut sum = 0.0;
    let all = || sum = threads.install(|| (0..PROMPTS / CHUNK).into_par_iter().map(keep).sum());
    let seconds = peers::timed(repeats, all);
    println!("{:.1} {sum:e}", 1e9 / PROMPTS as f64 * seconds);
}

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| given[at].parse::<usize>().expect("a number");
    match given.first().map(String::as_str) {
        Some("facility") => {
            let spread = given[3].parse().expect("a spread");
            facility(number(1), number(2), spread, number(4), number(5));
        }
        Some("prompts") => prompts(number(1), number(2)),
        _ => eprintln!("facility N K SPREAD POOLS REPEATS, or prompts THREADS REPEATS"),
    }
}

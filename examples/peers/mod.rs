//! What the jobs that peers are timed on share: numbers that any language can redo, arguments, threads and times.
#![allow(dead_code, reason = "each job uses a part of it")]

use std::hint::black_box;
use std::time::Instant;

/// A hash that any language can redo: the n-th output of SplitMix64.
pub fn word(n: u64) -> u64 {
    let z = (n + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// In [0, 1).
pub fn uniform(n: u64) -> f64 {
    (word(n) >> 11) as f64 / (1_u64 << 53) as f64
}

/// The argument at a place, of which the first is 1, or what stands for it where it is not given.
pub fn argument(place: usize, default: usize) -> usize {
    let given = std::env::args().nth(place);
    given.map_or(default, |text| text.parse().expect("a number"))
}

/// So many threads.
pub fn threads(count: usize) -> rayon::ThreadPool {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(count);
    pool.build().expect("threads")
}

/// The median of the seconds that some work takes, `repeats` times after one to warm up.
pub fn timed<T>(repeats: usize, mut work: impl FnMut() -> T) -> f64 {
    let time = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_secs_f64()
    };
    let mut seconds: Vec<f64> = (0..=repeats).map(time).skip(1).collect();
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

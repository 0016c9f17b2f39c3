//! What this machine could do at most, by trivial loops over the same lanes, and what share of it kernels reach, on one core.
//!
//!     cargo bench --bench roofline
//!
//! Rates are those of the least of several stretches of time: what else the machine does only takes away. Operations are counted by hand
//! from the kernels, as vector instructions per lane: sums, products, divisions, comparisons with their choice, and integer operations
//! of the same registers, each as one, although a division takes as long as several. What is not counted (loads, gathers, shuffles,
//! scalar code) makes a share smaller. No share counts a fused operation: kernels have none, so that their bits are everywhere the same.

mod kernels;

use kernels::{AGGREGATION, DESCENT, DRAW, FACILITY, Kernel, LOG_LINEAR, NETWORK};
use kernels::{CANDIDATES, HIDDEN, KEPT, MINIBATCH, MODES, PROMPTS};
use mode_lottery::numerics::elementary::exp_lanes;
use mode_lottery::numerics::lanes::{LANES, Lanes, Level};
use mode_lottery::numerics::stream::Streams;
use std::hint::black_box;
use std::time::Instant;

/// Stretches of which the least counts, and how long each is at least, in seconds: short ones are not all interrupted.
const STRETCHES: usize = 200;
const LONG: f64 = 0.0005;

/// Seconds of one call.
fn least(work: &mut dyn FnMut()) -> f64 {
    let mut calls = 1_u32;
    let mut stretch = |calls: u32| {
        let start = Instant::now();
        (0..calls).for_each(|_| work());
        start.elapsed().as_secs_f64()
    };
    while stretch(calls) < LONG {
        calls *= 2;
    }
    let each = (0..STRETCHES).map(|_| stretch(calls) / f64::from(calls));
    each.fold(f64::INFINITY, f64::min)
}

/// One more product and sum in each chain.
#[inline(always)]
fn advance<const C: usize>(chains: &mut [Lanes<f64>; C], x: f64, y: f64) {
    for chain in chains {
        for l in 0..LANES {
            chain[l] = chain[l] * x + y;
        }
    }
}

/// Chains of products and sums, each of which waits for the one before. In four arrays: the compiler keeps a short one in registers, and
/// leaves a long one in memory.
#[inline(always)]
fn chains<const A: usize, const B: usize, const C: usize, const D: usize>(rounds: u32, x: f64, y: f64) -> Lanes<f64> {
    let (mut a, mut b, mut c, mut d) = (
        [[0.0; LANES]; A],
        [[0.0; LANES]; B],
        [[0.0; LANES]; C],
        [[0.0; LANES]; D],
    );
    for _ in 0..rounds {
        advance(&mut a, x, y);
        advance(&mut b, x, y);
        advance(&mut c, x, y);
        advance(&mut d, x, y);
    }
    let mut all = [0.0; LANES];
    for chain in a.iter().chain(&b).chain(&c).chain(&d) {
        (0..LANES).for_each(|l| all[l] += chain[l]);
    }
    all
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn avx512_chains(rounds: u32, x: f64, y: f64) -> Lanes<f64> {
    chains::<4, 4, 4, 4>(rounds, x, y)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2_chains(rounds: u32, x: f64, y: f64) -> Lanes<f64> {
    chains::<3, 3, 0, 0>(rounds, x, y)
}

/// As many chains as the registers of a level hold beside x and y: how many, and what they come to.
fn most_chains(level: Level, rounds: u32, x: f64, y: f64) -> (usize, Lanes<f64>) {
    match level {
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => {
            // SAFETY: the level is one of this machine.
            let all = unsafe { avx512_chains(rounds, x, y) };
            (16, all)
        }
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => {
            // SAFETY: the level is one of this machine.
            let all = unsafe { avx2_chains(rounds, x, y) };
            (6, all)
        }
        _ => (3, chains::<3, 0, 0, 0>(rounds, x, y)),
    }
}

/// Operations per second.
fn operations(level: Level) -> f64 {
    const ROUNDS: u32 = 1000;
    let (chains, _) = most_chains(level, 0, 0.5, 1.0);
    let seconds = least(&mut || {
        black_box(most_chains(level, ROUNDS, black_box(0.5), black_box(1.0)));
    });
    (2 * LANES * chains) as f64 * f64::from(ROUNDS) / seconds
}

/// Seconds of one exponential, over a slice that stays in the nearest cache.
fn exponential(level: Level) -> f64 {
    let arguments: Vec<f64> = (0..2048).map(|i| f64::from(i) / 64.0 - 30.0).collect();
    let mut x = arguments.clone();
    let seconds = least(&mut || {
        x.copy_from_slice(&arguments);
        exp_lanes::run_at(level, black_box(&mut x));
    });
    seconds / arguments.len() as f64
}

/// Bytes per second that a copy of so many numbers reads, and as many that it writes.
fn copied(numbers: usize) -> f64 {
    let (from, mut to) = (vec![1.0_f64; numbers], vec![0.0; numbers]);
    let seconds = least(&mut || to.copy_from_slice(black_box(&from)));
    black_box(to);
    size_of_val(&from[..]) as f64 / seconds
}

/// Seconds of one word of the generator, made a uniform, with the opening of streams of 64.
fn word() -> f64 {
    let purpose = Streams::new("roofline").purpose("words");
    let (mut uniforms, mut item) = ([[0.0; LANES]; 64], 0_u32);
    let seconds = least(&mut || {
        purpose.fill_uniforms(0, item, black_box(&mut uniforms));
        item = item.wrapping_add(1);
    });
    seconds / uniforms.as_flattened().len() as f64
}

/// Of the power of 2 in softmax: 3 to reduce, 2 for r^2 and r^4, 5 + 6 + 6 for three parts of the polynomial, 5 to join them and add 1, and a
/// shift and a product to scale.
const POWER: usize = 29;

/// Of a row of the shared descent, `policy/descent/kernel.rs`, in a step that asks for six terms, as most do: a product for the change, 7 products
/// and 5 sums for the series, a product and a sum for the weight, two sums for logit and total; then a product and a difference for the
/// slope, its size and the largest.
const DESCENT_ROW: usize = 1 + 12 + 2 + 2 + 2 + 2;

/// Of a logit to what its probability adds to slopes where weights are kept, `policy/family/kept.rs`, in a step that asks for five terms, as all but
/// the first do: 10 for the series, a product and a sum for the weight, one sum for the total and a product. The last mode's is 1 throughout.
/// Weights that are taken from logits anew are not counted.
const KEPT_LOGIT: usize = 10 + 2 + 1 + 1;

/// Of a parameter whose changes are followed: its change in base 2, what that comes to at most, and what targets take from its slope.
const FOLLOWED: usize = 2 + 3 + 1;

/// Of tanh, `numerics/elementary/tanh.rs`: 2 for bounds, 8 to reduce, 9 for two polynomials of its square, 2 for 2^k + 1 and 2^k - 1, 4 each for numerator
/// and denominator, a quotient, and a choice for NaN.
const TANH: usize = 2 + 8 + 9 + 2 + 8 + 1 + 1;

/// Of a logit to its slope where an example is one response, `policy/family/responses.rs`: a product; the power and its sum; a product, a choice and a
/// difference.
const RESPONSE_SLOPE: usize = 1 + POWER + 1 + 3;

/// Of a response that is drawn: a word of its stream, by two sums, two rotations, a shift and five exclusive ors, and its mode, by a mask and a
/// conversion. Where it is found is scalar code.
const DRAWN: usize = 2 + 2 + 1 + 5 + 2;

/// Of a parameter: its decay, and two products and two sums of momentum and step.
const PARAMETER: usize = 5;

/// A step of log-linear fits with a constant and 8 inputs: products with all but the last mode for each prompt, forth without the constant,
/// from which sums begin, and back; of softmax one division.
fn log_linear_step() -> usize {
    let (inputs, parameters) = ((MODES - 1) * 8, (MODES - 1) * 9);
    PROMPTS * (2 * inputs + (MODES - 1) * KEPT_LOGIT + 1 + 2 * parameters) + (PARAMETER + FOLLOWED) * parameters
}

/// A step of networks with a constant and 4 inputs: both layers forth, which begin with their constants; the outer one, the slopes of units and the inner
/// one back, with sums of slopes for constants; and once a bound on logits, of the outer layer.
fn network_step() -> usize {
    let (inner, outer) = (4 * HIDDEN, MODES * HIDDEN);
    let forth = 2 * inner + HIDDEN * TANH + 2 * outer;
    let slopes = MODES * RESPONSE_SLOPE + 1;
    let back = MODES + 2 * outer + 2 * outer + (3 + 1) * HIDDEN + 2 * inner;
    let parameters = MODES + outer + HIDDEN + inner;
    MINIBATCH * (DRAWN + forth + slopes + back) + PARAMETER * parameters + 2 * (MODES + outer)
}

/// Nanoseconds of a kernel per unit.
fn each(kernel: &Kernel) -> f64 {
    let mut work = (kernel.ready)();
    1e9 * least(&mut *work) / kernel.units as f64
}

/// Says what a kernel takes, and what share of that something is.
fn say(kernel: &Kernel, nanoseconds: f64, share: f64, what: &str) {
    let (name, unit) = (kernel.name, kernel.unit);
    println!("{name}: {nanoseconds:.3} ns per {unit}; {what} {:.0}%", 100.0 * share);
}

fn main() {
    let level = Level::current();
    let attainable = operations(level) / 1e9;
    println!("one core, lanes of {}", format!("{level:?}").to_lowercase());
    println!("product and sum, separate: {attainable:.1} billion operations per second");
    println!("exp over a slice: {:.3} ns each", exponential(level) * 1e9);
    // Two buffers of 16 kB fit into the nearest cache of most cores, two of 256 kB into the second.
    let (near, next) = (copied(1 << 11) / 1e9, copied(1 << 15) / 1e9);
    println!("copy, 16 kB: {near:.1} GB/s read and as much written; 256 kB: {next:.1}");
    let word = word() * 1e9;
    println!("generator: {word:.3} ns per word, {:.2} billion a second\n", 1.0 / word);

    let fits = [
        (DESCENT, DESCENT_ROW * MODES),
        (LOG_LINEAR, log_linear_step()),
        (NETWORK, network_step()),
    ];
    for (kernel, operations) in fits {
        let each = each(&kernel);
        let share = operations as f64 / each / attainable;
        say(
            &kernel,
            each,
            share,
            &format!("its {operations} operations at the attainable rate are"),
        );
    }
    let draw = each(&DRAW);
    say(&DRAW, draw, word / draw, "a word of the generator is");
    // Each similarity is read at least once for all gains of a pool; pools of this kernel lie in the second cache.
    let read = (CANDIDATES * CANDIDATES * size_of::<f64>()) as f64 / (KEPT * CANDIDATES) as f64 / next;
    let gain = each(&FACILITY);
    say(&FACILITY, gain, read / gain, "reading the similarities once is");
    println!(
        "{}: {:.1} ns per {}",
        AGGREGATION.name,
        each(&AGGREGATION),
        AGGREGATION.unit
    );
}

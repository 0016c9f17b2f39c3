//! Owns the random streams: Xoshiro256++ (Blackman and Vigna 2021), each opened by Philox4x32-10 (Salmon, Moraes, Dror,
//! Shaw, SC'11) at a counter that says what the stream is for.
//!
//! A stream is a function of (draws key, purpose, replicate, item) and nothing else (law 2): the key of Philox is a digest
//! of draws key and purpose, its counter holds item and replicate, and two of its blocks are the 256 bits of state.
//! So a prefix in prompts or responses never moves, and eight replicates advance together in lanes with the bits that
//! each would have alone (law 4). Philox alone would do, but costs five times as much per word in lanes as Xoshiro, and
//! Xoshiro alone cannot be opened by content. It never reads entropy, a clock or a thread id.

use super::lanes::{LANES, Lanes, dispatch};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::ops::Range;

const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const LOW: u64 = 0xFFFF_FFFF;

/// All streams of one scenario: the draws key, hashed.
#[derive(Debug, Clone)]
pub struct Streams {
    digest: [u8; 32],
}

impl Streams {
    /// Streams of the scenario whose canonical draws key is `draws`.
    pub fn new(draws: &str) -> Self {
        Self {
            digest: Sha256::digest(draws.as_bytes()).into(),
        }
    }

    /// The family of streams that serve one purpose. Distinct purposes never share a stream.
    pub fn purpose(&self, name: &str) -> Purpose {
        let mut hash = Sha256::new();
        hash.update(self.digest);
        hash.update(name.as_bytes());
        let digest: [u8; 32] = hash.finalize().into();
        let word = |i: usize| u32::from_le_bytes([digest[i], digest[i + 1], digest[i + 2], digest[i + 3]]);
        Purpose {
            key: [word(0), word(4)],
        }
    }
}

/// The streams of one purpose of a scenario: one per (replicate, item).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purpose {
    key: [u32; 2],
}

impl Purpose {
    /// The stream of one replicate and item (prompt or query).
    pub fn stream(&self, replicate: u64, item: u32) -> Stream {
        let mut seed = [0; 32];
        for block in 0..2 {
            let words = philox4x32(self.key, counter(block, item, replicate));
            for (bytes, word) in seed[16 * block as usize..].chunks_exact_mut(4).zip(words) {
                bytes.copy_from_slice(&word.to_le_bytes());
            }
        }
        // A state of 256 zero bits, which rand replaces, has probability 2^-256.
        Stream {
            rng: Xoshiro256PlusPlus::from_seed(seed),
        }
    }

    /// Draws `0..out.len()` of the streams of replicates `first..first + 8` and one item, as uniforms in [0, 1).
    ///
    /// Lane `l` of `out[j]` is what [`Stream::uniform`] of replicate `first + l` gives at its call `j`.
    #[inline]
    pub fn fill_uniforms(&self, first: u64, item: u32, out: &mut [Lanes<f64>]) {
        fill_uniforms::run(self.key, first, item, out);
    }

    /// Draws as many uniforms in [0, 1) of the stream of each of `items` as `out` has room for, all of one item after all of another; its length is
    /// a multiple of theirs. They are what [`Stream::uniform`] of each item gives from its first call on; eight items are drawn side by side.
    pub fn fill_items(&self, replicate: u64, items: Range<u32>, out: &mut [f64]) {
        let each = out.len() / items.len().max(1);
        if each > 0 {
            fill_items::run(self.key, replicate, items.start, each, out);
        }
    }
}

/// The uniform in [0, 1) made of the top 52 bits of a word: a multiple of 2^-52.
///
/// 52 and not 53 bits, because the conversion by exponent bits needs no integer-to-float instruction, which SSE2
/// and AVX2 lack for 64-bit lanes.
#[inline(always)]
pub fn uniform_from_bits(word: u64) -> f64 {
    f64::from_bits(0x3FF0_0000_0000_0000 | (word >> 12)) - 1.0
}

/// One sequential stream, for scalar code and as a source for `rand`.
#[derive(Debug, Clone)]
pub struct Stream {
    rng: Xoshiro256PlusPlus,
}

impl Stream {
    /// The next 64 bits.
    #[inline]
    pub fn word(&mut self) -> u64 {
        self.rng.next_u64()
    }

    /// The next uniform in [0, 1), a multiple of 2^-52.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        uniform_from_bits(self.word())
    }
}

impl rand::TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.rng.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.rng.try_next_u64()
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.rng.try_fill_bytes(out)
    }
}

#[inline(always)]
fn counter(block: u32, item: u32, replicate: u64) -> [u32; 4] {
    [block, item, replicate as u32, (replicate >> 32) as u32]
}

/// One block of Philox4x32-10: four words from a key and a counter.
pub fn philox4x32(key: [u32; 2], counter: [u32; 4]) -> [u32; 4] {
    let mut c = counter.map(|w| [u64::from(w)]);
    rounds(key, &mut c);
    c.map(|w| w[0] as u32)
}

/// Ten rounds on `L` counters at once. The low half of each u64 is a 32-bit word, so that a 32 x 32 multiply is one instruction; the high
/// half is of no meaning.
#[inline(always)]
fn rounds<const L: usize>(mut key: [u32; 2], c: &mut [[u64; L]; 4]) {
    for _ in 0..10 {
        for l in 0..L {
            let p0 = MULTIPLIERS[0] * (c[0][l] & LOW);
            let p1 = MULTIPLIERS[1] * (c[2][l] & LOW);
            c[0][l] = (p1 >> 32) ^ c[1][l] ^ u64::from(key[0]);
            c[1][l] = p1;
            c[2][l] = (p0 >> 32) ^ c[3][l] ^ u64::from(key[1]);
            c[3][l] = p0;
        }
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
}

dispatch!(
    /// [`Purpose::fill_uniforms`] at every vector level.
    pub(crate) mod fill_uniforms = fill_uniforms_kernel(key: [u32; 2], first: u64, item: u32, out: &mut [Lanes<f64>])
);

#[inline(always)]
fn fill_uniforms_kernel(key: [u32; 2], first: u64, item: u32, out: &mut [Lanes<f64>]) {
    let mut streams = LaneStreams::open(Purpose { key }, first, item);
    for uniforms in out {
        let words = streams.words();
        for l in 0..LANES {
            uniforms[l] = uniform_from_bits(words[l]);
        }
    }
}

dispatch!(
    /// [`Purpose::fill_items`] at every vector level: `each` of every item from `first` on.
    mod fill_items = fill_items_kernel(key: [u32; 2], replicate: u64, first: u32, each: usize, out: &mut [f64])
);

#[inline(always)]
fn fill_items_kernel(key: [u32; 2], replicate: u64, first: u32, each: usize, out: &mut [f64]) {
    let mut item = first;
    for out in out.chunks_mut(LANES * each) {
        let mut items = [item; LANES];
        for l in 0..LANES {
            items[l] = item.wrapping_add(l as u32);
        }
        let mut streams = LaneStreams::of(Purpose { key }, &[replicate; LANES], &items);
        for at in (0..each).step_by(LANES) {
            let mut drawn = [[0.0; LANES]; LANES];
            for drawn in &mut drawn {
                let words = streams.words();
                for l in 0..LANES {
                    drawn[l] = uniform_from_bits(words[l]);
                }
            }
            // The last numbers and the last items may be fewer than eight.
            for (out, own) in out.chunks_exact_mut(each).zip(&turned(drawn)) {
                let out = &mut out[at..];
                match out.first_chunk_mut() {
                    Some(out) => *out = *own,
                    None => out.copy_from_slice(&own[..out.len()]),
                }
            }
        }
        item = item.wrapping_add(LANES as u32);
    }
}

/// The transpose, by exchanging halves, quarters and eighths.
#[inline(always)]
fn turned(mut rows: [Lanes<f64>; LANES]) -> [Lanes<f64>; LANES] {
    rows = exchanged::<4>(rows);
    rows = exchanged::<2>(rows);
    exchanged::<1>(rows)
}

/// Exchanges, between rows that are `S` apart, lanes that are.
#[inline(always)]
fn exchanged<const S: usize>(rows: [Lanes<f64>; LANES]) -> [Lanes<f64>; LANES] {
    let mut out = rows;
    for i in 0..LANES {
        for l in 0..LANES {
            out[i][l] = if i & S == l & S { rows[i][l] } else { rows[i ^ S][l ^ S] };
        }
    }
    out
}

/// Eight streams of one purpose, for kernels that use words as they come: each gives the words of its [`Purpose::stream`].
#[derive(Debug, Clone, Copy)]
pub struct LaneStreams {
    state: [Lanes<u64>; 4],
}

impl LaneStreams {
    /// Those of replicates `first..first + 8` and one item.
    #[inline(always)]
    pub fn open(purpose: Purpose, first: u64, item: u32) -> Self {
        let mut replicates = [first; LANES];
        for l in 0..LANES {
            replicates[l] = first + l as u64;
        }
        Self::of(purpose, &replicates, &[item; LANES])
    }

    /// Those of a replicate and an item each.
    #[inline(always)]
    pub fn of(Purpose { key }: Purpose, replicates: &Lanes<u64>, items: &Lanes<u32>) -> Self {
        // Both blocks at once, since each waits for its own multiplies.
        let mut c = [[0; 2 * LANES]; 4];
        for l in 0..2 * LANES {
            let words = counter((l / LANES) as u32, items[l % LANES], replicates[l % LANES]);
            for i in 0..4 {
                c[i][l] = u64::from(words[i]);
            }
        }
        rounds(key, &mut c);
        let mut state = [[0; LANES]; 4];
        for (i, words) in state.iter_mut().enumerate() {
            for l in 0..LANES {
                let (of, low) = (i / 2 * LANES + l, i % 2 * 2);
                words[l] = c[low][of] & LOW | c[low + 1][of] << 32;
            }
        }
        Self { state }
    }

    /// The next 64 bits of each, by a step of Xoshiro256++.
    #[inline(always)]
    pub fn words(&mut self) -> Lanes<u64> {
        let [a, b, c, d] = &mut self.state;
        let mut words = [0; LANES];
        let mut shifted = [0; LANES];
        // Each step is a loop of its own: so it becomes vector code where several sets of streams stand side by side, too.
        for l in 0..LANES {
            words[l] = a[l].wrapping_add(d[l]).rotate_left(23).wrapping_add(a[l]);
        }
        for l in 0..LANES {
            shifted[l] = b[l] << 17;
        }
        for l in 0..LANES {
            c[l] ^= a[l];
        }
        for l in 0..LANES {
            d[l] ^= b[l];
        }
        for l in 0..LANES {
            b[l] ^= c[l];
        }
        for l in 0..LANES {
            a[l] ^= d[l];
        }
        for l in 0..LANES {
            c[l] ^= shifted[l];
        }
        for l in 0..LANES {
            d[l] = d[l].rotate_left(45);
        }
        words
    }
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;

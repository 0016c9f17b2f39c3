//! Owns the random streams: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC'11), keyed by content.
//!
//! A stream is a function of (draws key, purpose, replicate, item) and nothing else (law 2): the key of the generator is
//! a digest of draws key and purpose, its counter holds draw, item and replicate. So a prefix in prompts or
//! responses never moves, a stream opens for free, and eight replicates advance together in lanes with the bits
//! that each would have alone (law 4). It never reads entropy, a clock or a thread id.

use super::lanes::{LANES, Lanes, dispatch};
use sha2::{Digest, Sha256};
use std::convert::Infallible;

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
        Stream {
            key: self.key,
            replicate,
            item,
            block: 0,
            words: [0; 2],
            left: 0,
        }
    }

    /// Draws `0..out.len()` of the streams of replicates `first..first + 8` and one item, as uniforms in [0, 1).
    ///
    /// Lane `l` of `out[j]` is what [`Stream::uniform`] of replicate `first + l` gives at its call `j`.
    #[inline]
    pub fn fill_uniforms(&self, first: u64, item: u32, out: &mut [Lanes<f64>]) {
        fill_uniforms::run(self.key, first, item, out);
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
    key: [u32; 2],
    replicate: u64,
    item: u32,
    block: u32,
    words: [u64; 2],
    left: usize,
}

impl Stream {
    /// The next 64 bits.
    #[inline]
    pub fn word(&mut self) -> u64 {
        if self.left == 0 {
            let counter = counter(self.block, self.item, self.replicate);
            let w = philox4x32(self.key, counter);
            self.words = [join(w[0], w[1]), join(w[2], w[3])];
            self.block = self.block.wrapping_add(1);
            self.left = 2;
        }
        let word = self.words[2 - self.left];
        self.left -= 1;
        word
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
        Ok((self.word() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[inline(always)]
fn join(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
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

/// Ten rounds on `L` counters at once; each u64 holds one 32-bit word, so that a 32 x 32 multiply is one instruction.
#[inline(always)]
fn rounds<const L: usize>(mut key: [u32; 2], c: &mut [[u64; L]; 4]) {
    for _ in 0..10 {
        for l in 0..L {
            let p0 = MULTIPLIERS[0] * (c[0][l] & LOW);
            let p1 = MULTIPLIERS[1] * (c[2][l] & LOW);
            c[0][l] = (p1 >> 32) ^ c[1][l] ^ u64::from(key[0]);
            c[1][l] = p1 & LOW;
            c[2][l] = (p0 >> 32) ^ c[3][l] ^ u64::from(key[1]);
            c[3][l] = p0 & LOW;
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
    let mut base = [[0_u64; LANES]; 4];
    for l in 0..LANES {
        let words = counter(0, item, first + l as u64);
        for (lane, word) in base.iter_mut().zip(words) {
            lane[l] = u64::from(word);
        }
    }
    for (block, pair) in out.chunks_mut(2).enumerate() {
        let mut c = base;
        c[0] = [block as u64; LANES];
        rounds(key, &mut c);
        for (half, uniforms) in pair.iter_mut().enumerate() {
            for l in 0..LANES {
                uniforms[l] = uniform_from_bits(c[2 * half][l] | c[2 * half + 1][l] << 32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::lanes::Level;

    /// Known answers of Random123's `kat_vectors` for philox4x32 with ten rounds.
    #[test]
    fn philox_gives_the_known_answers_of_random123() {
        let ones = u32::MAX;
        let cases = [
            ([0; 2], [0; 4], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            (
                [ones; 2],
                [ones; 4],
                [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd],
            ),
            (
                [0xa409_3822, 0x299f_31d0],
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ];
        for (key, counter, expected) in cases {
            assert_eq!(philox4x32(key, counter), expected);
        }
    }

    /// A silent change of keying, counter layout or word order would change every stored number: it is pinned here.
    #[test]
    fn a_stream_keeps_its_first_words() {
        let purpose = Streams::new("seed 1").purpose("responses");
        let mut stream = purpose.stream(5, 3);
        let words = [stream.word(), stream.word(), stream.word()];
        assert_eq!(words, [4850046418241059688, 9457134795592509229, 14898392102425440359]);
    }

    #[test]
    fn lanes_have_the_bits_of_the_scalar_streams_at_every_level() {
        let purpose = Streams::new("any").purpose("p");
        let first = u64::from(u32::MAX) - 3;
        for level in Level::available() {
            for n in [1, 2, 7, 64] {
                let mut out = vec![[0.0; LANES]; n];
                fill_uniforms::run_at(level, purpose.key, first, 9, &mut out);
                for l in 0..LANES {
                    let mut stream = purpose.stream(first + l as u64, 9);
                    for (j, uniforms) in out.iter().enumerate() {
                        assert_eq!(uniforms[l].to_bits(), stream.uniform().to_bits(), "{level:?} {l} {j}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_part_of_the_key_changes_the_stream() {
        let word = |draws: &str, purpose: &str, replicate, item| {
            Streams::new(draws).purpose(purpose).stream(replicate, item).word()
        };
        let base = word("a", "b", 1, 2);
        for other in [
            word("c", "b", 1, 2),
            word("a", "d", 1, 2),
            word("a", "b", 1 << 32, 2),
            word("a", "b", 1, 3),
        ] {
            assert_ne!(base, other);
        }
    }
}

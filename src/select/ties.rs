//! Owns ties: when two values count as equal, and which of the candidates that hold them is kept.
//!
//! A tie at pick t goes to the candidate of lowest key, a hash of its random word and t. So ties fall uniformly at
//! random, by the candidate's own word and never by its index, and anew at every pick: under one fixed order the
//! candidate that represents its mode is the lowest of the mode, those left are late in the order, and modes with
//! few candidates get the surplus too often (science.md, pitfall ii of section 2). Cosines of equal directions differ by
//! rounding, which would decide by mode (pitfall i): hence the tolerance.

use crate::numerics::lanes::{LANES, Lanes};

/// Sums of similarities within this of each other, and similarities worked out from embeddings, are ties: absolute up to sums of 1,
/// relative to the pool's largest above.
///
/// A coverage is a sum of at most N terms in [0, 1], so its rounding error is below N * 2^-53 of N in absolute terms: under
/// 1e-9 for pools of some thousands. A true difference as small is lost to chance, which costs at most this much of the objective per
/// pick. Numbers that are given, rewards and similarities, are compared as they are: only equal ones tie.
pub const TOLERANCE: f64 = 1e-9;

/// What `random` mixes into keys instead of the number of a pick: its keys are no tie-break's.
pub(super) const RANDOM: u64 = u64::MAX - 1;

/// How far below the greatest of a pool's gains a gain may lie and tie with it, from the magnitudes of the largest coverage and the
/// largest reward on their scales.
///
/// Without coverage gains are rewards, and rounding leaves them in the order of the rewards as given. With it the sum of both is rounded
/// too, by up to 2^-53 of itself for each of two gains.
#[inline(always)]
pub(super) fn width(coverage: f64, reward: f64) -> f64 {
    if coverage == 0.0 {
        return 0.0;
    }
    TOLERANCE * higher(1.0, coverage) + f64::EPSILON * reward
}

/// The greatest magnitude of finite numbers; minus infinity, which marks what cannot be kept, is none.
#[inline(always)]
pub(super) fn largest(values: &[f64]) -> f64 {
    let finite = values.iter().filter(|value| **value > f64::NEG_INFINITY);
    finite.fold(0.0, |most, value| higher(most, value.abs()))
}

/// The key of a candidate's word at a pick: two rounds of the finaliser of SplitMix64 (Steele, Lea and Flood 2014), so
/// that words in arithmetic progression have unrelated keys too.
#[inline(always)]
pub(super) fn mix(word: u64, pick: u64) -> u64 {
    finalise(finalise(word) ^ pick.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

#[inline(always)]
fn finalise(word: u64) -> u64 {
    let z = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The greatest value. The values are whole lanes.
#[inline(always)]
pub(super) fn greatest(values: &[f64]) -> f64 {
    let mut best = [f64::NEG_INFINITY; LANES];
    for chunk in values.as_chunks::<LANES>().0 {
        for l in 0..LANES {
            best[l] = higher(best[l], chunk[l]);
        }
    }
    highest(&best)
}

/// The greatest value, in every lane. The blocks are a power of two.
#[inline(always)]
pub(super) fn greatest_everywhere<const B: usize>(values: &[Lanes<f64>; B]) -> Lanes<f64> {
    let mut tops = *values;
    let mut half = B / 2;
    while half > 0 {
        for b in 0..half {
            tops[b] = higher_each(&tops[b], &tops[b + half]);
        }
        half /= 2;
    }
    let mut top = tops[0];
    for turn in [4, 2, 1] {
        top = higher_each(&top, &std::array::from_fn(|l| top[l ^ turn]));
    }
    top
}

#[inline(always)]
fn higher_each(a: &Lanes<f64>, b: &Lanes<f64>) -> Lanes<f64> {
    let mut high = *a;
    for l in 0..LANES {
        high[l] = higher(a[l], b[l]);
    }
    high
}

/// The greatest of eight values.
#[inline(always)]
pub(super) fn highest(x: &Lanes<f64>) -> f64 {
    // Halves are compared, as vector units halve their width.
    let four = [
        higher(x[0], x[4]),
        higher(x[1], x[5]),
        higher(x[2], x[6]),
        higher(x[3], x[7]),
    ];
    higher(higher(four[0], four[2]), higher(four[1], four[3]))
}

#[inline(always)]
fn higher(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// Bit l is set where value l is `least` or more.
#[inline(always)]
fn reaching(values: &Lanes<f64>, least: f64) -> u32 {
    let mut mask = 0;
    for l in 0..LANES {
        mask |= u32::from(values[l] >= least) << l;
    }
    mask
}

/// The index of the value at or above `least` whose word has the lowest key; the first where words are equal. The values
/// are whole lanes, minus infinity beyond the words, and one of them is `least` or more.
#[inline(always)]
pub(super) fn lowest_key(values: &[f64], least: f64, words: &[u64], pick: usize) -> usize {
    let (mut found, mut lowest) = (usize::MAX, None);
    for (b, eight) in values.as_chunks::<LANES>().0.iter().enumerate() {
        let mut mask = reaching(eight, least);
        while mask != 0 {
            let j = b * LANES + mask.trailing_zeros() as usize;
            mask &= mask - 1;
            if found == usize::MAX {
                // Keys are hashed from the second on: most picks have no tie.
                found = j;
                continue;
            }
            let key = mix(words[j], pick as u64);
            if key < *lowest.get_or_insert_with(|| mix(words[found], pick as u64)) {
                (found, lowest) = (j, Some(key));
            }
        }
    }
    found
}

/// The place of a set bit whose word has the lowest key; the first where words are equal. Some bit is set.
///
/// Inlined always: a call would make its caller put all that registers hold aside.
#[inline(always)]
pub(super) fn lowest_key_of(mut tied: u64, words: &[u64], pick: usize) -> usize {
    let (mut found, mut lowest) = (0, None);
    while tied != 0 {
        let j = tied.trailing_zeros() as usize;
        tied &= tied - 1;
        let key = mix(words[j], pick as u64);
        if lowest.is_none_or(|lowest| key < lowest) {
            (found, lowest) = (j, Some(key));
        }
    }
    found
}

//! Owns registers of 64 bytes: trees of copies resolved by pointer doubling, and counts of what stands at each place.
//!
//! Of up to 64 items in each of eight lanes every one is fresh, with a value of its own by a table of 256, or a copy of an earlier one. With
//! the place of its parent in a byte, its own where it is fresh, six rounds of `parent = parent[parent]` give each item its root, and one
//! look-up more the root's value. All of it is integers, so that it is what copying one item after the other gives.
//!
//! The way is for machines with AVX-512 VBMI; others have none, and copy one after the other.

use super::lanes::{LANES, Lanes, Level};

/// Bytes of a register.
pub const PLACES: usize = 64;

/// Values of the table; rows of items follow them.
pub const TABLE: usize = 256;

/// In the table: the value is to be searched for.
pub const SEARCHED: u8 = u8::MAX;

/// A register.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Bytes(pub [u8; PLACES]);

impl Bytes {
    /// All zeroes.
    pub const ZERO: Self = Self([0; PLACES]);
}

/// Whether this machine permutes the bytes of a register, and is not told to do without.
pub fn is_available() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        Level::current() == Level::Avx512 && is_x86_feature_detected!("avx512vbmi")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

/// Adds 1 at each place of `counts` at which an item of that value stands: rows for each lane and value, lane by lane.
///
/// `planned` has a row per item, at most [`PLACES`]: for each lane the place in `table` of a fresh item, or [`TABLE`] and the place of an
/// earlier item that it copies. `search` gives the value of a fresh item, by item and lane, where the table says [`SEARCHED`].
///
/// # Panics
///
/// Where the machine lacks the instructions, or there are more items or none.
pub fn count_copies(
    planned: &[Lanes<u32>],
    table: &[u8; TABLE],
    search: &dyn Fn(usize, usize) -> u8,
    counts: &mut [Bytes],
) {
    assert!(is_available(), "no registers of bytes on this machine");
    assert!((1..=PLACES).contains(&planned.len()), "1 to {PLACES} items");
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: the machine has the features.
        unsafe { kernel::count_copies(planned, table, search, counts) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (planned, table, search, counts);
    }
}

#[cfg(target_arch = "x86_64")]
mod kernel {
    use super::{Bytes, LANES, Lanes, PLACES, SEARCHED, TABLE};
    use std::arch::x86_64::*;

    /// Places of a register.
    const IDENTITY: Bytes = {
        let mut places = [0; PLACES];
        let mut place = 0;
        while place < PLACES {
            places[place] = place as u8;
            place += 1;
        }
        Bytes(places)
    };

    /// Byte `8 l + j` is byte `8 j + l`: eight words by item become eight by lane.
    const BY_LANE: Bytes = {
        let mut places = [0; PLACES];
        let mut place = 0;
        while place < PLACES {
            places[place] = (8 * (place % 8) + place / 8) as u8;
            place += 1;
        }
        Bytes(places)
    };

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]
    fn load(bytes: &Bytes) -> __m512i {
        // SAFETY: 64 bytes, aligned to as many.
        unsafe { _mm512_load_si512(bytes.0.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]
    fn store(value: __m512i, bytes: &mut Bytes) {
        // SAFETY: 64 bytes, aligned to as many.
        unsafe { _mm512_store_si512(bytes.0.as_mut_ptr().cast(), value) }
    }

    /// The low bytes of the plan by lane: of an item the place in the table or of its parent; and a bit per lane of each item that says whether
    /// it is fresh. Items that are not there are fresh.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]
    fn by_lane(planned: &[Lanes<u32>]) -> ([Bytes; LANES], Bytes) {
        let mut words = [Bytes::ZERO; LANES];
        let mut fresh = Bytes([u8::MAX; PLACES]);
        for (j, row) in planned.iter().enumerate() {
            // SAFETY: eight numbers.
            let row = unsafe { _mm256_loadu_si256(row.as_ptr().cast()) };
            fresh.0[j] = _mm256_cmplt_epu32_mask(row, _mm256_set1_epi32(TABLE as i32));
            // Items follow the table, of which there are 256 values: the low byte is their place.
            let bytes = _mm_cvtsi128_si64(_mm256_cvtepi32_epi8(row)).to_le_bytes();
            words[j / LANES].0[LANES * (j % LANES)..][..LANES].copy_from_slice(&bytes);
        }
        let mut lanes = [Bytes::ZERO; LANES];
        for (group, row) in words.iter_mut().enumerate() {
            let turned = _mm512_permutexvar_epi8(load(&BY_LANE), load(row));
            store(turned, row);
            for (lane, bytes) in row.0.chunks_exact(LANES).enumerate() {
                lanes[lane].0[LANES * group..][..LANES].copy_from_slice(bytes);
            }
        }
        (lanes, fresh)
    }

    /// The bytes of a table of 256 at these places.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]
    fn look_up(table: &[__m512i; 4], places: __m512i) -> __m512i {
        let low = _mm512_permutex2var_epi8(table[0], places, table[1]);
        let high = _mm512_permutex2var_epi8(table[2], places, table[3]);
        _mm512_mask_blend_epi8(_mm512_movepi8_mask(places), low, high)
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]
    pub(super) fn count_copies(
        planned: &[Lanes<u32>],
        table: &[u8; TABLE],
        search: &dyn Fn(usize, usize) -> u8,
        counts: &mut [Bytes],
    ) {
        let (lanes, fresh) = by_lane(planned);
        let quarter = |index: usize| {
            let mut own = Bytes::ZERO;
            own.0.copy_from_slice(&table[PLACES * index..][..PLACES]);
            load(&own)
        };
        let table = [quarter(0), quarter(1), quarter(2), quarter(3)];
        let there = u64::MAX >> (PLACES - planned.len());
        let values = counts.len() / LANES;
        for (lane, (own, counts)) in lanes.iter().zip(counts.chunks_exact_mut(values)).enumerate() {
            let own = load(own);
            let is_fresh = _mm512_test_epi8_mask(load(&fresh), _mm512_set1_epi8((1_u8 << lane) as i8));
            let mut parent = _mm512_mask_blend_epi8(is_fresh, own, load(&IDENTITY));
            let mut value = look_up(&table, own);
            let searched = _mm512_cmpeq_epi8_mask(value, _mm512_set1_epi8(SEARCHED as i8)) & is_fresh & there;
            if searched != 0 {
                let mut found = Bytes::ZERO;
                store(value, &mut found);
                let mut left = searched;
                while left != 0 {
                    let item = left.trailing_zeros() as usize;
                    found.0[item] = search(item, lane);
                    left &= left - 1;
                }
                value = load(&found);
            }
            for _ in 0..6 {
                parent = _mm512_permutexvar_epi8(parent, parent);
            }
            value = _mm512_permutexvar_epi8(parent, value);
            for (own, row) in counts.iter_mut().enumerate() {
                let here = _mm512_mask_cmpeq_epi8_mask(there, value, _mm512_set1_epi8(own as i8));
                // All ones are -1.
                store(_mm512_sub_epi8(load(row), _mm512_movm_epi8(here)), row);
            }
        }
    }
}

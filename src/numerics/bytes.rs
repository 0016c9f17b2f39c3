//! Owns registers of 64 bytes: trees of copies resolved by pointer doubling.
//!
//! Of up to 64 items in each of eight lanes every one is fresh, in a cell that has a value, or a copy of an earlier one. With
//! the place of its parent in a byte, its own where it is fresh, six rounds of `parent = parent[parent]` give each item its root, and one
//! look-up more the root's value. All of it is integers, so that it is what copying one item after the other gives.
//!
//! Items come one after the other, eight lanes in eight words, and each pushes its byte into the words of its lanes; eight such groups, turned
//! about, are a register for each lane.
//!
//! The way is for machines with AVX-512 VBMI, which permutes bytes, and VBMI2, which shifts two words as one; others have none, and
//! copy one after the other.

use super::lanes::{LANES, Lanes, Level};

/// Bytes of a register.
pub const PLACES: usize = 64;

/// Cells of fresh items: a byte from here on is a copy, of the item of place `byte - CELLS`.
pub const CELLS: usize = 192;

/// Values, one bit of a byte each.
pub const VALUES: usize = 8;

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
        Level::current() == Level::Avx512
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

/// The values of fresh items: those of positions on a line that is cut at thresholds, and into cells.
#[derive(Debug, Clone)]
#[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only registers read it"))]
pub struct Cuts {
    /// By cell: the bit of the value of all positions in it, or 0 where they must be compared with the thresholds.
    cells: [Bytes; CELLS / PLACES],
    /// Bit patterns of the lower ends of the values' intervals but the first's, ascending; infinity where there are fewer.
    thresholds: Bytes,
}

impl Cuts {
    /// Cuts at thresholds that ascend, fewer than [`VALUES`]. `values` are by cell that of all its positions, if they have the same.
    pub fn new(thresholds: &[f64], values: impl Iterator<Item = Option<usize>>) -> Self {
        let mut own = Self {
            cells: [Bytes::ZERO; CELLS / PLACES],
            thresholds: Bytes::ZERO,
        };
        for (value, bytes) in own.thresholds.0.chunks_exact_mut(size_of::<f64>()).enumerate() {
            bytes.copy_from_slice(&thresholds.get(value).unwrap_or(&f64::INFINITY).to_le_bytes());
        }
        for (bit, value) in own.cells.iter_mut().flat_map(|bytes| &mut bytes.0).zip(values) {
            *bit = value.map_or(0, |value| 1 << value);
        }
        own
    }
}

/// Positions of items.
type Positions = [Lanes<f64>; PLACES];

/// Sets of items of eight lanes. Its functions are to be `#[inline(always)]`: so they are compiled for the vector unit of their caller.
pub trait Items {
    /// What the next item of a set follows from.
    type State: Copy;

    /// That of the first item of a set.
    fn open(&self, set: u32) -> Self::State;

    /// The positions of the item at a place below [`PLACES`], asked for in order, and in the low byte of each word its cell, or
    /// [`CELLS`] and the place of the earlier item that it copies.
    fn next(&self, state: &mut Self::State, place: usize) -> (Lanes<f64>, Lanes<u64>);
}

/// Room for the values of a set.
#[derive(Debug, Clone)]
#[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "only registers read it"))]
pub struct Room {
    /// Of each lane and item, by place: the bit of its value.
    pub values: Lanes<Bytes>,
    positions: Positions,
}

impl Room {
    /// Zeroes.
    pub const EMPTY: Self = Self {
        values: [Bytes::ZERO; LANES],
        positions: [[0.0; LANES]; PLACES],
    };
}

/// Writes the values of the first `count` items of `N` sets from `first` on, with zeroes behind them.
///
/// Two sets at once are faster: the words of a stream follow from one another, and half of a machine's units would wait.
///
/// # Panics
///
/// Where the machine lacks the instructions, or there are more items than [`PLACES`] or none.
pub fn write_values<const N: usize>(
    items: &impl Items,
    (first, count): (u32, usize),
    cuts: &Cuts,
    rooms: &mut [Room; N],
) {
    assert!(is_available(), "no registers of bytes on this machine");
    assert!((1..=PLACES).contains(&count), "1 to {PLACES} items");
    #[cfg(target_arch = "x86_64")]
    {
        // SAFETY: the machine has the features.
        unsafe { kernel::write_values(items, (first, count), cuts, rooms) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        let _ = (items, first, cuts, rooms);
    }
}

#[cfg(target_arch = "x86_64")]
mod kernel {
    use super::{Bytes, CELLS, Cuts, Items, LANES, Lanes, PLACES, Room};
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

    /// The byte of each item that copies the one before it.
    const LAST: Bytes = {
        let mut bytes = [0; PLACES];
        let mut place = 0;
        while place < PLACES {
            bytes[place] = (CELLS + place - 1) as u8;
            place += 1;
        }
        Bytes(bytes)
    };

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
    fn load(bytes: &Bytes) -> __m512i {
        // SAFETY: 64 bytes, aligned to as many.
        unsafe { _mm512_load_si512(bytes.0.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
    fn store(value: __m512i, bytes: &mut Bytes) {
        // SAFETY: 64 bytes, aligned to as many.
        unsafe { _mm512_store_si512(bytes.0.as_mut_ptr().cast(), value) }
    }

    /// The bytes of items, eight at a time in words by lane.
    #[inline(always)]
    fn packed<I: Items, const N: usize>(
        items: &I,
        (first, count): (u32, usize),
        rooms: &mut [Room; N],
    ) -> [[Bytes; LANES]; N] {
        // No closures: they would not be compiled for this vector unit.
        let mut states = [items.open(first); N];
        for set in 1..N {
            states[set] = items.open(first + set as u32);
        }
        let mut rows = [[Bytes::ZERO; LANES]; N];
        for group in 0..count / LANES {
            let mut eight = [[0; LANES]; N];
            for i in 0..LANES {
                push(items, &mut states, LANES * group + i, &mut eight, rooms);
            }
            for set in 0..N {
                rows[set][group] = bytes_of(&eight[set], 0);
            }
        }
        let others = count % LANES;
        if others != 0 {
            let mut eight = [[0; LANES]; N];
            for place in count - others..count {
                push(items, &mut states, place, &mut eight, rooms);
            }
            for set in 0..N {
                rows[set][count / LANES] = bytes_of(&eight[set], LANES - others);
            }
        }
        rows
    }

    /// The bytes of words, from byte `start` of each on.
    #[inline(always)]
    fn bytes_of(words: &Lanes<u64>, start: usize) -> Bytes {
        let mut bytes = Bytes::ZERO;
        for l in 0..LANES {
            bytes.0[8 * l..8 * l + 8].copy_from_slice(&(words[l] >> (8 * start)).to_le_bytes());
        }
        bytes
    }

    /// Puts the bytes of an item of each set on top of words.
    #[inline(always)]
    fn push<I: Items, const N: usize>(
        items: &I,
        states: &mut [I::State; N],
        place: usize,
        words: &mut [Lanes<u64>; N],
        rooms: &mut [Room; N],
    ) {
        for set in 0..N {
            let (position, byte) = items.next(&mut states[set], place);
            rooms[set].positions[place] = position;
            for l in 0..LANES {
                words[set][l] = words[set][l] >> 8 | byte[l] << 56;
            }
        }
    }

    /// Word `j` of row `i` as word `i` of row `j`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
    fn transposed(rows: [__m512i; LANES]) -> [__m512i; LANES] {
        let [a, b, c, d, e, f, g, h] = rows;
        // Words of odd and even lanes of two rows; then of four; then of all.
        let pairs = [[a, b], [c, d], [e, f], [g, h]];
        let [ab, cd, ef, gh] =
            pairs.map(|[one, other]| [_mm512_unpacklo_epi64(one, other), _mm512_unpackhi_epi64(one, other)]);
        let mut out = [_mm512_setzero_si512(); LANES];
        for odd in 0..2 {
            let (low, high) = (
                [
                    _mm512_shuffle_i64x2::<0x88>(ab[odd], cd[odd]),
                    _mm512_shuffle_i64x2::<0xDD>(ab[odd], cd[odd]),
                ],
                [
                    _mm512_shuffle_i64x2::<0x88>(ef[odd], gh[odd]),
                    _mm512_shuffle_i64x2::<0xDD>(ef[odd], gh[odd]),
                ],
            );
            for second in 0..2 {
                out[2 * second + odd] = _mm512_shuffle_i64x2::<0x88>(low[second], high[second]);
                out[4 + 2 * second + odd] = _mm512_shuffle_i64x2::<0xDD>(low[second], high[second]);
            }
        }
        out
    }

    /// The bit of the value of each cell. Of a copy it is any.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
    fn look_up(cells: &[__m512i; 3], places: __m512i) -> __m512i {
        let low = _mm512_permutex2var_epi8(cells[0], places, cells[1]);
        _mm512_mask_permutexvar_epi8(low, _mm512_movepi8_mask(places), places, cells[2])
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
    pub(super) fn write_values<const N: usize>(
        items: &impl Items,
        (first, count): (u32, usize),
        cuts: &Cuts,
        rooms: &mut [Room; N],
    ) {
        let rows = packed(items, (first, count), rooms);
        for (rows, room) in rows.iter().zip(rooms) {
            resolve(rows, count, cuts, room);
        }
    }

    /// The values of one set from its bytes.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2")]
    fn resolve(rows: &[Bytes; LANES], count: usize, cuts: &Cuts, room: &mut Room) {
        let mut own = [_mm512_setzero_si512(); LANES];
        for (own, row) in own.iter_mut().zip(rows) {
            *own = load(row);
        }
        let own = transposed(own);
        let cells = [load(&cuts.cells[0]), load(&cuts.cells[1]), load(&cuts.cells[2])];
        let thresholds = _mm512_castsi512_pd(load(&cuts.thresholds));
        let there = u64::MAX >> (PLACES - count);
        let mut parents = [_mm512_setzero_si512(); LANES];
        let mut values = parents;
        let mut searched = [0; LANES];
        for lane in 0..LANES {
            // Rounding may take the largest position for a copy of itself.
            let own = _mm512_min_epu8(own[lane], load(&LAST));
            let is_fresh = _mm512_cmplt_epu8_mask(own, _mm512_set1_epi8(CELLS as u8 as i8));
            values[lane] = look_up(&cells, own);
            searched[lane] = _mm512_mask_testn_epi8_mask(is_fresh & there, values[lane], values[lane]);
            // Only the low six bits count.
            parents[lane] = _mm512_mask_blend_epi8(is_fresh, own, load(&IDENTITY));
        }
        for _ in 0..6 {
            for parent in &mut parents {
                *parent = _mm512_permutexvar_epi8(*parent, *parent);
            }
        }
        for lane in 0..LANES {
            let mut left = searched[lane];
            // Most lanes have none or one: the first round asks not which.
            loop {
                let first = left & left.wrapping_neg();
                let at = room.positions[left.trailing_zeros() as usize % PLACES][lane];
                // Thresholds ascend: those passed are the low bits, and one more is the bit of the value.
                let bit = _mm512_cmp_pd_mask::<_CMP_LE_OQ>(thresholds, _mm512_set1_pd(at)) + 1;
                values[lane] = _mm512_mask_set1_epi8(values[lane], first, bit as i8);
                left ^= first;
                if left == 0 {
                    break;
                }
            }
            store(
                _mm512_maskz_permutexvar_epi8(there, parents[lane], values[lane]),
                &mut room.values[lane],
            );
        }
    }
}

//! Owns counts of modes by position: from them follow counts of the first K responses for every K at once.
//!
//! A mode at a position is one bit, and prompts are added as columns of bits are: two of a weight and the sum so far give a sum and one
//! of twice the weight. So a prompt costs one such addition on average, of all positions and modes at once, however many prompts
//! there are.

use crate::numerics::bytes::{Bytes, PLACES, Room, VALUES};
use crate::numerics::lanes::{LANES, Lanes, dispatch};

/// Positions of a tally.
pub const MOST_POSITIONS: usize = PLACES;

/// Modes of a tally.
pub const MOST_TALLIED: usize = VALUES;

/// Weights of bits: 1 to 128, so that a byte holds a count.
const WEIGHTS: usize = 8;

/// Most prompts that a byte counts.
const MOST_PROMPTS: u32 = u8::MAX as u32;

/// How often each mode stood at each position, in eight lanes.
#[derive(Debug, Clone)]
pub struct PositionTally {
    modes: usize,
    /// By weight; none for too many modes.
    columns: Vec<Column>,
    prompts: u32,
    /// For what is added to it.
    rooms: Box<[Room; 2]>,
}

/// Bits of one weight, of each lane, position and mode.
#[derive(Debug, Clone)]
struct Column {
    sum: Lanes<Bytes>,
    /// Those that wait for a second of their weight, while the number of prompts has this bit.
    waiting: Lanes<Bytes>,
}

impl PositionTally {
    /// An empty one of so many modes; of more than eight it has no room for any prompt.
    pub fn new(modes: usize) -> Self {
        let empty = Column {
            sum: [Bytes::ZERO; LANES],
            waiting: [Bytes::ZERO; LANES],
        };
        Self {
            modes,
            columns: vec![empty; Self::weights(modes)],
            prompts: 0,
            rooms: Box::new([Room::EMPTY; 2]),
        }
    }

    /// Bytes of one of so many modes.
    pub fn memory(modes: usize) -> u64 {
        (Self::weights(modes) * size_of::<Column>() + size_of::<[Room; 2]>()) as u64
    }

    fn weights(modes: usize) -> usize {
        if modes > MOST_TALLIED { 0 } else { WEIGHTS }
    }

    /// How many prompts can be added before it must be emptied.
    pub fn room(&self) -> u32 {
        MOST_PROMPTS - self.prompts
    }

    /// Adds one prompt or two of at most `modes` modes. `write` gives of each lane a byte by position, with the bit of the mode that stood
    /// there.
    ///
    /// # Panics
    ///
    /// Of a tally of less room or of fewer modes.
    pub(super) fn add<const N: usize>(&mut self, modes: usize, write: impl FnOnce(&mut [Room; N])) {
        assert!(
            N as u32 <= self.room() && modes <= self.modes && !self.columns.is_empty(),
            "a tally with room"
        );
        let Some(rooms) = self.rooms.first_chunk_mut() else {
            panic!("at most two at once");
        };
        write(rooms);
        for room in rooms {
            add_bits::run(&mut self.columns, self.prompts, &mut room.values);
            self.prompts += 1;
        }
    }

    /// Adds it to counts by segment between `depths`, which ascend to at most 64, and by mode; and empties it.
    pub fn empty_into(&mut self, depths: &[u32], counts: &mut [Lanes<u32>]) {
        if self.prompts == 0 {
            return;
        }
        count_bits::run(&self.columns, self.prompts, depths, self.modes, counts);
        // What waits is never read without its bit in the number of prompts.
        self.columns.iter_mut().for_each(|own| own.sum = [Bytes::ZERO; LANES]);
        self.prompts = 0;
    }
}

dispatch!(
    /// Adds the bits of one prompt to those of `prompts`.
    mod add_bits = add_bits_kernel(columns: &mut [Column], prompts: u32, bits: &mut Lanes<Bytes>)
);

#[inline(always)]
fn add_bits_kernel(columns: &mut [Column], prompts: u32, bits: &mut Lanes<Bytes>) {
    for (weight, column) in columns.iter_mut().enumerate() {
        if prompts >> weight & 1 == 0 {
            column.waiting = *bits;
            return;
        }
        for l in 0..LANES {
            for place in 0..PLACES {
                let (a, b, c) = (column.sum[l].0[place], column.waiting[l].0[place], bits[l].0[place]);
                column.sum[l].0[place] = a ^ b ^ c;
                bits[l].0[place] = a & b | (a | b) & c;
            }
        }
    }
}

/// The low bit of each byte of a word.
const ONES: u64 = 0x0101_0101_0101_0101;

dispatch!(
    /// Adds what `prompts` prompts gave to counts by segment and mode.
    mod count_bits = count_bits_kernel(
        columns: &[Column], prompts: u32, depths: &[u32], modes: usize, counts: &mut [Lanes<u32>],
    )
);

/// Eight positions of eight lanes at a time.
#[inline(always)]
fn count_bits_kernel(columns: &[Column], prompts: u32, depths: &[u32], modes: usize, counts: &mut [Lanes<u32>]) {
    let weights = (u32::BITS - prompts.leading_zeros()) as usize;
    for first in (0..PLACES).step_by(8) {
        let mut words = [[0; LANES]; 2 * WEIGHTS];
        for (words, column) in words.chunks_exact_mut(2).zip(&columns[..weights]) {
            words[0] = words_at(&column.sum, first);
            words[1] = words_at(&column.waiting, first);
        }
        for mode in 0..modes {
            let mut by_place = [0; LANES];
            for weight in 0..weights {
                let waits = u64::from(prompts >> weight & 1);
                for l in 0..LANES {
                    let [sum, waiting] = [0, 1].map(|i| words[2 * weight + i][l] >> mode & ONES);
                    by_place[l] += (sum + waiting * waits) << weight;
                }
            }
            let mut start = 0;
            for (segment, &depth) in depths.iter().enumerate() {
                let inside = bytes_between(start.max(first), (depth as usize).min(first + 8), first);
                if inside != 0 {
                    let counts = &mut counts[segment * modes + mode];
                    for l in 0..LANES {
                        counts[l] += sum_of_bytes(by_place[l] & inside);
                    }
                }
                start = depth as usize;
            }
        }
    }
}

/// The bytes of eight positions, a word for each lane.
#[inline(always)]
fn words_at(bits: &Lanes<Bytes>, first: usize) -> Lanes<u64> {
    let mut words = [0; LANES];
    for l in 0..LANES {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&bits[l].0[first..first + 8]);
        words[l] = u64::from_le_bytes(bytes);
    }
    words
}

/// All ones in bytes `start..end` of a word whose first is `first`.
#[inline(always)]
fn bytes_between(start: usize, end: usize, first: usize) -> u64 {
    if start >= end {
        return 0;
    }
    (u64::MAX >> (8 * (8 - (end - start)))) << (8 * (start - first))
}

#[inline(always)]
fn sum_of_bytes(word: u64) -> u32 {
    const HALVES: u64 = 0x00FF_00FF_00FF_00FF;
    let pairs = (word & HALVES) + (word >> 8 & HALVES);
    (pairs.wrapping_mul(0x0001_0001_0001_0001) >> 48) as u32
}

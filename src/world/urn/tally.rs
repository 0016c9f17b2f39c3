//! Owns counts of modes by position, and the fast way to them: a prompt's 64 responses in one register of bytes.
//!
//! Every response is fresh or a copy of an earlier one. With the place of its parent in a byte, its own where it is fresh, six rounds of
//! `parent = parent[parent]` give each response its root (pointer doubling), and one look-up more the root's mode. Then a byte per mode and
//! position counts how many prompts had that mode there: counts of the first K responses, for every K at once, are sums of these.
//!
//! What follows the uniforms is integers, so that counts are those of [`Urn::draw`] bit for bit; tests compare them.

use super::{SHARED, TO_INTEGER, Urn};
use crate::numerics::lanes::{LANES, Lanes, Level};

/// Positions of a tally: bytes of a register.
pub const MOST_POSITIONS: usize = 64;

/// Cells of an urn whose places fit into a byte.
const CELLS: usize = 256;

/// Modes of an urn with so many cells at most.
const MOST_MODES: usize = CELLS / super::CELLS_PER_MODE;

/// Marks a cell in which two modes meet.
const SHARED_BYTE: u8 = u8::MAX;

/// Most prompts that a byte counts.
const MOST_PROMPTS: u32 = 255;

/// How often each mode stood at each position, in eight lanes.
#[derive(Debug, Clone)]
pub struct PositionTally {
    modes: usize,
    /// A row of positions for each lane and mode, lane by lane.
    rows: Vec<Row>,
    prompts: u32,
}

#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Row([u8; MOST_POSITIONS]);

impl PositionTally {
    /// An empty one of so many modes.
    pub fn new(modes: usize) -> Self {
        Self {
            modes,
            rows: vec![Row([0; MOST_POSITIONS]); Self::rows(modes)],
            prompts: 0,
        }
    }

    /// Bytes of one of so many modes.
    pub fn memory(modes: usize) -> u64 {
        (Self::rows(modes) * size_of::<Row>()) as u64
    }

    /// None where no urn of so many modes can be tallied.
    fn rows(modes: usize) -> usize {
        if modes > MOST_MODES { 0 } else { LANES * modes }
    }

    /// Whether it must be emptied before another prompt is added.
    pub fn is_full(&self) -> bool {
        self.prompts == MOST_PROMPTS
    }

    /// Adds it to counts by segment between `depths`, which ascend to at most [`MOST_POSITIONS`], and by mode; and empties it.
    pub fn empty_into(&mut self, depths: &[u32], counts: &mut [Lanes<u32>]) {
        if self.prompts == 0 {
            return;
        }
        for (lane, rows) in self.rows.chunks_exact_mut(self.modes).enumerate() {
            for (mode, row) in rows.iter_mut().enumerate() {
                let mut start = 0;
                for (segment, &depth) in depths.iter().enumerate() {
                    let sum: u32 = row.0[start..depth as usize].iter().map(|&count| u32::from(count)).sum();
                    counts[segment * self.modes + mode][lane] += sum;
                    start = depth as usize;
                }
                row.0 = [0; MOST_POSITIONS];
            }
        }
        self.prompts = 0;
    }
}

/// The table of an urn in bytes, where this machine can look it up in registers.
#[derive(Debug, Clone)]
pub(super) struct ByteCells([u8; CELLS]);

impl ByteCells {
    /// None where the machine lacks the instructions or the urn has more modes than fit.
    pub fn of(urn: &Urn) -> Option<Self> {
        if !is_available() || urn.thresholds.len() >= MOST_MODES || urn.cells.len() != CELLS {
            return None;
        }
        let mut bytes = [0; CELLS];
        for (byte, &mode) in bytes.iter_mut().zip(&urn.cells) {
            // Fits because there are fewer modes than the mark.
            *byte = if mode == SHARED { SHARED_BYTE } else { mode as u8 };
        }
        Some(Self(bytes))
    }
}

/// Whether this machine permutes bytes of a 512-bit register, and is not told to do without.
pub(super) fn is_available() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        Level::current() == Level::Avx512 && is_x86_feature_detected!("avx512vbmi")
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        false
    }
}

impl Urn {
    /// Whether [`tally`](Self::tally) can be asked for so many responses of a prompt: on this machine, and of this urn.
    pub fn tallies(&self, depth: usize) -> bool {
        self.bytes.is_some() && (1..=MOST_POSITIONS).contains(&depth)
    }

    /// Adds the responses of one prompt in eight lanes to a tally, one response per uniform.
    ///
    /// # Panics
    ///
    /// Where [`tallies`](Self::tallies) denies it, and of a tally that is full or of fewer modes.
    pub fn tally(&self, uniforms: &[Lanes<f64>], tally: &mut PositionTally) {
        assert!(self.tallies(uniforms.len()), "not to be tallied");
        assert!(
            !tally.is_full() && tally.modes > self.thresholds.len(),
            "a tally with room"
        );
        tally.prompts += 1;
        #[cfg(target_arch = "x86_64")]
        if let Some(cells) = &self.bytes {
            // SAFETY: there are bytes only where the machine has the features.
            unsafe { kernel::add(self, cells, uniforms, &mut tally.rows) }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod kernel {
    //! The way for machines with AVX-512 VBMI; others have none, and draw.

    use super::{ByteCells, LANES, Lanes, MOST_POSITIONS, Row, SHARED_BYTE, TO_INTEGER, Urn};
    use std::arch::x86_64::*;

    /// Places of a register.
    const IDENTITY: Row = {
        let mut places = [0; MOST_POSITIONS];
        let mut place = 0;
        while place < MOST_POSITIONS {
            places[place] = place as u8;
            place += 1;
        }
        Row(places)
    };

    /// Byte `8 l + j` is byte `8 j + l`: eight words by response become eight by lane.
    const BY_LANE: Row = {
        let mut places = [0; MOST_POSITIONS];
        let mut place = 0;
        while place < MOST_POSITIONS {
            places[place] = (8 * (place % 8) + place / 8) as u8;
            place += 1;
        }
        Row(places)
    };

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]
    fn load(row: &Row) -> __m512i {
        // SAFETY: a row is 64 bytes, aligned to as many.
        unsafe { _mm512_load_si512(row.0.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]
    fn store(value: __m512i, row: &mut Row) {
        // SAFETY: a row is 64 bytes, aligned to as many.
        unsafe { _mm512_store_si512(row.0.as_mut_ptr().cast(), value) }
    }

    /// What each response stands for, by lane: a byte that is its cell where it is fresh, and else the place of an earlier response; and
    /// for each response a bit per lane that says whether it is fresh. Responses that are not drawn are fresh.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]
    fn plan(urn: &Urn, uniforms: &[Lanes<f64>]) -> ([Row; LANES], Row) {
        let mut words = [Row([0; MOST_POSITIONS]); LANES];
        let mut fresh = Row([u8::MAX; MOST_POSITIONS]);
        let [alpha, scale] = [urn.concentration, urn.scale].map(|x| _mm512_set1_pd(x));
        let whole = _mm512_set1_pd(super::CELLS as f64);
        for (j, u) in uniforms.iter().enumerate() {
            // SAFETY: eight numbers.
            let u = unsafe { _mm512_loadu_pd(u.as_ptr()) };
            let position = _mm512_mul_pd(u, _mm512_set1_pd(urn.concentration + j as f64));
            let below = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(position, alpha);
            let cell = _mm512_mask_mul_pd(whole, below, position, scale);
            let earlier = _mm512_max_pd(_mm512_sub_pd(position, alpha), _mm512_setzero_pd());
            let row = _mm512_sub_pd(_mm512_add_pd(cell, earlier), _mm512_set1_pd(0.5));
            let row = _mm512_castpd_si512(_mm512_add_pd(row, _mm512_set1_pd(TO_INTEGER)));
            let row = _mm512_and_si512(row, _mm512_set1_epi64(0xFFFF_FFFF));
            let row = _mm512_min_epu64(row, _mm512_set1_epi64((super::CELLS - 1 + j) as i64));
            fresh.0[j] = _mm512_cmplt_epu64_mask(row, _mm512_set1_epi64(super::CELLS as i64));
            // Rows of earlier responses follow the cells, of which there are 256: the low byte is their place.
            let bytes = _mm_cvtsi128_si64(_mm512_cvtepi64_epi8(row)).to_le_bytes();
            words[j / LANES].0[LANES * (j % LANES)..][..LANES].copy_from_slice(&bytes);
        }
        let mut lanes = [Row([0; MOST_POSITIONS]); LANES];
        for (group, row) in words.iter_mut().enumerate() {
            let by_lane = _mm512_permutexvar_epi8(load(&BY_LANE), load(row));
            store(by_lane, row);
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
    pub(super) fn add(urn: &Urn, cells: &ByteCells, uniforms: &[Lanes<f64>], rows: &mut [Row]) {
        let (planned, fresh) = plan(urn, uniforms);
        let quarter = |index: usize| {
            let mut row = Row([0; MOST_POSITIONS]);
            row.0
                .copy_from_slice(&cells.0[MOST_POSITIONS * index..][..MOST_POSITIONS]);
            load(&row)
        };
        let table = [quarter(0), quarter(1), quarter(2), quarter(3)];
        let drawn = u64::MAX >> (MOST_POSITIONS - uniforms.len().max(1));
        let modes = rows.len() / LANES;
        for (lane, (planned, rows)) in planned.iter().zip(rows.chunks_exact_mut(modes)).enumerate() {
            let planned = load(planned);
            let is_fresh = _mm512_test_epi8_mask(load(&fresh), _mm512_set1_epi8((1_u8 << lane) as i8));
            let mut parent = _mm512_mask_blend_epi8(is_fresh, planned, load(&IDENTITY));
            let mut mode = look_up(&table, planned);
            let shared = _mm512_cmpeq_epi8_mask(mode, _mm512_set1_epi8(SHARED_BYTE as i8)) & is_fresh & drawn;
            if shared != 0 {
                mode = searched(urn, uniforms, lane, mode, shared);
            }
            for _ in 0..6 {
                parent = _mm512_permutexvar_epi8(parent, parent);
            }
            mode = _mm512_permutexvar_epi8(parent, mode);
            for (own, row) in rows.iter_mut().enumerate() {
                let here = _mm512_mask_cmpeq_epi8_mask(drawn, mode, _mm512_set1_epi8(own as i8));
                // All ones are -1.
                store(_mm512_sub_epi8(load(row), _mm512_movm_epi8(here)), row);
            }
        }
    }

    /// The modes of fresh responses with those that fell into shared cells found by search.
    #[cold]
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi")]
    fn searched(urn: &Urn, uniforms: &[Lanes<f64>], lane: usize, modes: __m512i, mut shared: u64) -> __m512i {
        let mut row = Row([0; MOST_POSITIONS]);
        store(modes, &mut row);
        while shared != 0 {
            let j = shared.trailing_zeros() as usize;
            // Fits because the urn has fewer modes than the mark.
            row.0[j] = urn.fresh(uniforms[j][lane] * (urn.concentration + j as f64)) as u8;
            shared &= shared - 1;
        }
        load(&row)
    }
}

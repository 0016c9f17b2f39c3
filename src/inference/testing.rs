//! What the tests of this room share: a small portable generator and ready-made groups.

use super::groups::{Group, Groups, Layout};

/// SplitMix64 (Steele, Lea and Flood 2014): integers only, so that the draws are the same everywhere.
pub(crate) struct SplitMix(u64);

impl SplitMix {
    /// The seed is mixed first: the plain generator's streams of neighbouring multiples are shifts of one another.
    pub(crate) fn new(seed: u64) -> Self {
        let mut mixer = Self(seed);
        Self(mixer.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform on [0, 1).
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal, by Marsaglia's polar method.
    pub(crate) fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (2.0 * self.uniform() - 1.0, 2.0 * self.uniform() - 1.0);
            let square = u * u + v * v;
            if square > 0.0 && square < 1.0 {
                return u * (-2.0 * crate::numerics::elementary::ln(square) / square).sqrt();
            }
        }
    }
}

/// `count` groups of `size` replicates of one arm; `draw` writes the slots of a replicate.
pub(crate) fn grouped(count: usize, size: u64, slots: usize, draw: impl FnMut(&mut [f64])) -> Groups {
    uneven(&vec![size; count], slots, draw)
}

/// Groups of the given sizes, one arm; `draw` writes the slots of a replicate.
pub(crate) fn uneven(sizes: &[u64], slots: usize, mut draw: impl FnMut(&mut [f64])) -> Groups {
    let layout = Layout::new(vec![0; slots], 1);
    let mut replicate = vec![0.0; slots];
    let mut group = |&size: &u64| {
        let mut group = Group::empty(&layout);
        group.replicates = size;
        group.valid[0] = size;
        for _ in 0..size {
            draw(&mut replicate);
            for (sum, value) in group.sums.iter_mut().zip(&replicate) {
                *sum += value;
            }
        }
        group
    };
    let groups = sizes.iter().map(&mut group).collect();
    Groups::new(layout, groups)
}

//! Owns the triples on which conditions are checked.

use crate::numerics::stream::Stream;

/// Triples of each instance.
pub const TRIPLES: usize = 8;

/// Sets A inside B, and x outside B, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Triple {
    pub a: u32,
    pub b: u32,
    pub x: usize,
}

impl Triple {
    /// |B| uniform from 1 to n - 1, |A| uniform from 0 to |B| - 1, their members and x a uniformly random order of n (at
    /// least 2). It takes n + 1 words.
    pub fn draw(n: usize, stream: &mut Stream) -> Self {
        let mut below = |n: usize| (stream.uniform() * n as f64) as usize;
        let large = 1 + below(n - 1);
        let small = below(large);
        let mut order = [0; crate::select::MOST_SEARCHED];
        for (j, place) in order.iter_mut().enumerate() {
            *place = j;
        }
        for last in (1..n).rev() {
            order.swap(last, below(last + 1));
        }
        let word = |members: &[usize]| members.iter().fold(0, |set, j| set | 1 << j);
        Self {
            a: word(&order[..small]),
            b: word(&order[..large]),
            x: order[large],
        }
    }
}

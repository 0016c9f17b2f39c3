//! Owns the enumeration of every way in which N candidates can fall on M modes, each with its probability.
//!
//! Counts are Dirichlet-multinomial (multinomial where prompts are all alike). The order is fixed: the first mode's count runs slowest,
//! from 0 up. A probability is a product of conditional beta-binomial ones along the way, one factor per step. Where responses may be
//! wrong, how many are so comes before all else: right ones and wrong ones then fall on their modes by laws of their own.

use super::urn::pmf;
use super::{LawError, PoolLaw};

/// The most count vectors that are enumerated: seconds for one function of counts.
pub const MOST_COUNT_VECTORS: u64 = 3_000_000;

/// C(N + M - 1, M - 1), the number of count vectors; `u64::MAX` where it is larger.
pub fn count_vectors(candidates: u32, modes: usize) -> u64 {
    let n = u128::from(candidates);
    let mut vectors = 1_u128;
    // C(n + m, m) grows by a factor that divides without rest.
    for m in 1..modes as u128 {
        vectors = vectors * (n + m) / m;
        if vectors > u128::from(u64::MAX) {
            return u64::MAX;
        }
    }
    vectors as u64
}

/// Calls `visit` with every count vector of positive probability and that probability.
///
/// # Errors
///
/// When there are more than [`MOST_COUNT_VECTORS`].
pub fn for_each_count_vector(law: &PoolLaw, visit: impl FnMut(&[u32], f64)) -> Result<(), LawError> {
    let (candidates, modes) = (law.candidates(), law.modes());
    let vectors = count_vectors(candidates, modes);
    if vectors > MOST_COUNT_VECTORS {
        return Err(LawError::TooManyVectors {
            vectors,
            candidates,
            modes,
            most: MOST_COUNT_VECTORS,
        });
    }
    let right = law.right_modes();
    let mut walk = Walk {
        conditional: conditional(law),
        counts: vec![0; modes],
        right,
        wrong: 0,
        visit,
    };
    let Some(wrong) = law.wrong() else {
        walk.descend(0, candidates, 1.0);
        return Ok(());
    };
    for (count, probability) in wrong.among(candidates, 0, 0).into_iter().enumerate() {
        if probability > 0.0 {
            walk.wrong = count as u32;
            walk.descend(0, candidates - count as u32, probability);
        }
    }
    Ok(())
}

/// `[mode][left][c]`: the probability of c candidates in the mode, when `left` are in it or in later modes that are right, or wrong, as
/// it is.
fn conditional(law: &PoolLaw) -> Vec<Vec<Vec<f64>>> {
    let wrong = vec![1.0; law.modes() - law.right_modes()];
    let right = law.right_weights();
    let right = of_group(&right, law.candidates(), law.spread());
    right
        .into_iter()
        .chain(of_group(&wrong, law.candidates(), 0.0))
        .collect()
}

/// The same of modes of these weights; nothing is asked of the last.
fn of_group(weights: &[f64], candidates: u32, spread: f64) -> Vec<Vec<Vec<f64>>> {
    let mut later = vec![0.0; weights.len()];
    for m in (1..weights.len()).rev() {
        later[m - 1] = later[m] + weights[m];
    }
    let of_mode = |m: usize| {
        let rows = 0..=candidates;
        rows.map(|left| pmf(left, weights[m], later[m], spread)).collect()
    };
    let last = |m: usize| m + 1 == weights.len();
    let rows = |m: usize| if last(m) { Vec::new() } else { of_mode(m) };
    (0..weights.len()).map(rows).collect()
}

struct Walk<V> {
    conditional: Vec<Vec<Vec<f64>>>,
    counts: Vec<u32>,
    /// Modes of right responses, and candidates that are wrong.
    right: usize,
    wrong: u32,
    visit: V,
}

impl<V: FnMut(&[u32], f64)> Walk<V> {
    /// Visits all vectors with the counts before `mode` as they are and `left` candidates from it on, right or wrong as it is; leaves
    /// zeros behind.
    fn descend(&mut self, mode: usize, left: u32, probability: f64) {
        let end = if mode < self.right {
            self.right
        } else {
            self.counts.len()
        };
        if left == 0 {
            self.close(end, probability);
            return;
        }
        if mode + 1 == end {
            self.counts[mode] = left;
            self.close(end, probability);
            self.counts[mode] = 0;
            return;
        }
        for count in 0..=left {
            let next = probability * self.conditional[mode][left as usize][count as usize];
            if next > 0.0 {
                self.counts[mode] = count;
                self.descend(mode + 1, left - count, next);
            }
        }
        self.counts[mode] = 0;
    }

    /// Goes on with the modes of wrong responses where those of right ones end.
    fn close(&mut self, end: usize, probability: f64) {
        match std::mem::take(&mut self.wrong) {
            wrong if wrong > 0 => {
                self.descend(end, wrong, probability);
                self.wrong = wrong;
            }
            _ => (self.visit)(&self.counts, probability),
        }
    }
}

//! Owns the comparison of one pool's greedy picks with its best sets, and the adversary that lowers it.

use super::family::drawn;
use crate::numerics::stream::Stream;
use crate::select::{MOST_SEARCHED, Picker, Pool, Rule, Small};

/// Ratios that differ by less are equal: the rounding of sums of a few terms.
pub(super) const EQUAL: f64 = 1e-9;

/// Fills a list with the picks in the order kept. Tests put a broken one in place of [`greedy`].
pub(super) type Pick = fn(&mut Picker, &Rule, &Pool<'_>, &mut [usize]);

/// The picks of the house's own greedy selection.
pub(super) fn greedy(picker: &mut Picker, rule: &Rule, pool: &Pool<'_>, order: &mut [usize]) {
    order.copy_from_slice(drawn(picker.pick(rule, pool, order.len())).order);
}

/// Scratch for the comparison.
pub(super) struct Judge {
    pick: Pick,
    picker: Picker,
    small: Small,
    order: [usize; MOST_SEARCHED],
    best: [f64; MOST_SEARCHED],
}

impl Judge {
    pub fn new(pick: Pick) -> Self {
        Self {
            pick,
            picker: Picker::new(MOST_SEARCHED),
            small: Small::default(),
            order: [0; MOST_SEARCHED],
            best: [0.0; MOST_SEARCHED],
        }
    }

    /// Takes in a pool of which up to `keep` are kept.
    pub fn look(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) {
        drawn(self.small.fill(rule, pool, keep));
    }

    /// Compares the picks and the best sets of every size up to `keep` of the pool that was looked at.
    pub fn compare(&mut self, rule: &Rule, pool: &Pool<'_>, keep: usize) {
        (self.pick)(&mut self.picker, rule, pool, &mut self.order[..keep]);
        self.small.best(&mut self.best[..keep]);
    }

    /// F of the first `keep` picks over F of the best set of `keep`, after [`Judge::compare`].
    pub fn ratio(&self, keep: usize) -> f64 {
        let picks = self.order[..keep].iter().fold(0, |set, j| set | 1 << j);
        ratio(self.small.value(picks), self.best[keep - 1])
    }

    /// The objective of the pool that was looked at.
    pub fn small(&self) -> &Small {
        &self.small
    }
}

/// A value over the best: 1 where they are equal up to rounding. NaN, which voids the arm, where the best is not the best
/// or not positive: neither happens, since each family has sets of positive F and the search knows every set.
fn ratio(value: f64, best: f64) -> f64 {
    let gap = best - value;
    if gap.abs() <= EQUAL * best.abs().max(1.0) {
        1.0
    } else if gap > 0.0 && best > 0.0 {
        value / best
    } else {
        f64::NAN
    }
}

/// One arm against its adversary.
pub(super) struct Adversary<'a> {
    pub rule: &'a Rule,
    pub keep: usize,
    /// Before it begins.
    pub pool: Pool<'a>,
}

impl Adversary<'_> {
    fn ratio(&self, judge: &mut Judge, similarity: &[f64]) -> f64 {
        let pool = Pool {
            similarity,
            ..self.pool
        };
        judge.look(self.rule, &pool, self.keep);
        judge.compare(self.rule, &pool, self.keep);
        judge.ratio(self.keep)
    }

    /// Flips `steps` entries of `similarity` (0 or 1, off the diagonal, uniformly random by `flips`), taking back each that
    /// raises the ratio. A flip that leaves it is kept: else the climb would stay where no single flip helps.
    /// The ratios at the start and at the end; `judge` is left looking at the end.
    pub fn climb(&self, judge: &mut Judge, similarity: &mut [f64], flips: &mut Stream, steps: u32) -> [f64; 2] {
        let start = self.ratio(judge, similarity);
        let mut lowest = start;
        let others = self.pool.candidates - 1;
        for _ in 0..steps {
            let entry = (flips.uniform() * (self.pool.candidates * others) as f64) as usize;
            let (i, j) = (entry / others, entry % others);
            let at = i * self.pool.stride + j + usize::from(j >= i);
            similarity[at] = 1.0 - similarity[at];
            let ratio = self.ratio(judge, similarity);
            if ratio > lowest {
                similarity[at] = 1.0 - similarity[at];
            } else {
                lowest = ratio;
            }
        }
        // The last flip may have been taken back.
        [start, self.ratio(judge, similarity)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_ratio_1_and_impossible_ones_none() {
        assert_eq!(ratio(3.0 - 1e-12, 3.0), 1.0);
        assert_eq!(ratio(3.0 + 1e-12, 3.0), 1.0);
        assert_eq!(ratio(0.0, 0.0), 1.0);
        assert_eq!(ratio(1.5, 2.0), 0.75);
        assert!(ratio(2.0, 1.9).is_nan(), "better than the best");
        assert!(ratio(-1.0, -0.5).is_nan(), "a best below 0");
    }
}

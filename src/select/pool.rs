//! Owns the view of one prompt's candidates, its checks, and rewards on the objective's scale.

use super::{Candidates, RewardScale, SelectError, Selector, SelectorKind};
use crate::numerics::lanes::{LANES, dispatch};

/// The largest gain: half of it may come from rewards, half from similarities, and differences of two are numbers.
pub(super) const LARGEST: f64 = f64::MAX / 4.0;

/// What a selector may know of one prompt's N candidates. A prefix of the candidates is a pool too: the same slices
/// with fewer `candidates`.
#[derive(Debug, Clone, Copy)]
pub struct Pool<'a> {
    /// One reward per candidate, finite. May be empty for selectors without [`Selector::needs_rewards`].
    pub rewards: &'a [f64],
    /// How well candidate j represents candidate i, at `i * stride + j`; in [0, 1] in ordinary use, finite. May be
    /// empty for selectors without [`Selector::needs_similarity`].
    pub similarity: &'a [f64],
    /// From one row of `similarity` to the next: at least `candidates`.
    pub stride: usize,
    /// Whether [`Similarity::fill`](super::Similarity::fill) worked `similarity` out. It is its own transpose then, so that greedy picks
    /// may read rows for columns, and equal to rounding only; given numbers are compared as they are.
    pub computed: bool,
    /// A random word per candidate, distinct within the pool: it decides ties. Candidates of equal words would fall
    /// back on their order.
    pub words: &'a [u64],
    /// One embedding of `dimension` coordinates per candidate. Only selectors of one's own look at them, where they
    /// [ask for them](super::SelectorKind::embeddings); else it may be empty.
    pub embeddings: &'a [f64],
    /// Coordinates of an embedding.
    pub dimension: usize,
    /// N.
    pub candidates: usize,
}

/// A pool's similarities as given: `numbers[i * stride + j]` is how well j represents i, for i and j below n.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix<'a> {
    pub numbers: &'a [f64],
    pub stride: usize,
    pub n: usize,
}

impl<'a> Matrix<'a> {
    #[inline(always)]
    pub fn row(&self, i: usize) -> &'a [f64] {
        &self.numbers[i * self.stride..][..self.n]
    }
}

impl<'a> Pool<'a> {
    /// An error unless the slices hold what `selector` needs to keep `keep`. The similarities themselves are checked
    /// where they are first added up.
    pub(super) fn check(&self, selector: Selector, keep: usize) -> Result<(), SelectError> {
        let candidates = self.candidates;
        if keep > candidates {
            return Err(SelectError::MoreThanPool { keep, candidates });
        }
        long_enough("words", self.words.len(), candidates)?;
        if selector.needs_rewards() {
            self.check_rewards()?;
        }
        if selector.needs_similarity() {
            self.check_shape()?;
        } else if selector.needs_embeddings() {
            let need = candidates.saturating_mul(self.dimension);
            long_enough("coordinates of embeddings", self.embeddings.len(), need)?;
        }
        Ok(())
    }

    pub(super) fn check_rewards(&self) -> Result<(), SelectError> {
        long_enough("rewards", self.rewards.len(), self.candidates)?;
        let rewards = &self.rewards[..self.candidates];
        // Without a branch per reward where all is well.
        if rewards.iter().fold(true, |all, r| all & r.is_finite()) {
            return Ok(());
        }
        match rewards.iter().position(|r| !r.is_finite()) {
            None => Ok(()),
            Some(candidate) => Err(SelectError::Reward {
                candidate,
                value: self.rewards[candidate],
            }),
        }
    }

    pub(super) fn check_shape(&self) -> Result<(), SelectError> {
        let (stride, candidates) = (self.stride, self.candidates);
        if stride < candidates {
            return Err(SelectError::Stride { stride, candidates });
        }
        // A stride times a length of a slice in memory; saturation only makes an absurd need absurd.
        let need = candidates
            .saturating_sub(1)
            .saturating_mul(stride)
            .saturating_add(candidates);
        long_enough("similarities", self.similarity.len(), need)
    }

    /// What a selector of one's own sees of it. The slices were checked.
    pub(super) fn seen_by(&self, kind: &SelectorKind) -> Candidates<'a> {
        let n = self.candidates;
        let coordinates = if kind.embeddings { n * self.dimension } else { 0 };
        Candidates {
            rewards: &self.rewards[..n],
            embeddings: &self.embeddings[..coordinates],
            dimension: self.dimension,
            words: &self.words[..n],
        }
    }

    /// The similarities. Their shape was checked.
    pub(super) fn matrix(&self) -> Matrix<'a> {
        Matrix {
            numbers: self.similarity,
            stride: self.stride,
            n: self.candidates,
        }
    }

    /// The first similarity, by row, that is not finite or too large to be added up.
    pub(super) fn bad_similarity(&self) -> Option<SelectError> {
        let n = self.candidates;
        (0..n * n)
            .map(|at| (at / n, at % n))
            .map(|(row, column)| (row, column, self.similarity[row * self.stride + column]))
            .find(|(_, _, value)| value.is_nan() || value.abs() > LARGEST / (2.0 * n as f64))
            .map(|(row, column, value)| SelectError::Similarity { row, column, value })
    }

    /// Rewards on a scale, times `factor`, into `out` (one per candidate). The rewards are finite.
    pub(super) fn scaled_rewards(&self, scale: RewardScale, factor: f64, out: &mut [f64]) -> Result<(), SelectError> {
        let rewards = &self.rewards[..self.candidates];
        let out = &mut out[..rewards.len()];
        let (least, greatest) = span(rewards);
        let (offset, shift, width) = match scale {
            RewardScale::Raw => (0.0, 0.0, 1.0),
            _ if greatest == least => {
                out.fill(0.0);
                return Ok(());
            }
            RewardScale::MinMax => (least, 0.0, greatest - least),
            RewardScale::ZScore => {
                let (mean, sd) = mean_and_sd(rewards, least);
                (least, mean, sd)
            }
        };
        for (out, reward) in out.iter_mut().zip(rewards) {
            *out = factor * ((reward - offset - shift) / width);
        }
        let size: f64 = out.iter().map(|r| r.abs()).sum();
        // An infinite width would make zeros of finite rewards.
        if width.is_finite() && size < LARGEST / 2.0 {
            Ok(())
        } else {
            Err(SelectError::RewardSpan { least, greatest })
        }
    }
}

fn long_enough(what: &'static str, have: usize, need: usize) -> Result<(), SelectError> {
    if have >= need {
        Ok(())
    } else {
        Err(SelectError::Short { what, have, need })
    }
}

/// The least and the greatest reward; (0, 0) of none.
pub(super) fn span(rewards: &[f64]) -> (f64, f64) {
    let first = rewards.first().copied().unwrap_or(0.0);
    rewards.iter().fold((first, first), |(least, greatest), &r| {
        (
            if r < least { r } else { least },
            if r > greatest { r } else { greatest },
        )
    })
}

/// Mean and standard deviation (divisor N) of numbers less an `offset`: theirs would be lost beside one that is large.
fn mean_and_sd(x: &[f64], offset: f64) -> (f64, f64) {
    let n = x.len() as f64;
    let mean = x.iter().map(|v| v - offset).sum::<f64>() / n;
    let square = |v: &f64| (v - offset - mean) * (v - offset - mean);
    (mean, (x.iter().map(square).sum::<f64>() / n).sqrt())
}

dispatch!(
    /// Whether all numbers are finite and no row's sum of magnitudes exceeds `largest`.
    pub(super) mod sound = sound_kernel(matrix: Matrix<'_>, largest: f64) -> bool
);

#[inline(always)]
fn sound_kernel(matrix: Matrix<'_>, largest: f64) -> bool {
    (0..matrix.n).all(|i| {
        let mut partial = [0.0; LANES];
        let (eights, end) = matrix.row(i).as_chunks::<LANES>();
        for eight in eights {
            for l in 0..LANES {
                partial[l] += eight[l].abs();
            }
        }
        let end: f64 = end.iter().map(|x| x.abs()).sum();
        let sum: f64 = partial.iter().sum();
        sum + end <= largest
    })
}

//! Owns picks from pools too large for a matrix: similarities are worked out where they are needed, and not kept.
//!
//! Memory is that of the embeddings once more and a few numbers per candidate. The first two picks of coverage ask every pair, N^2 dot
//! products each, on all threads; gains only fall after that, so that later picks ask again only those whose last gain could still win
//! (Minoux 1978). Each sum runs over candidates in order, whatever the threads: the picks are those of a matrix.

use super::similarity::clipped;
use super::ties::{self, TOLERANCE};
use super::{Pool, Rule, SelectError, Selector, Similarity};
use crate::numerics::elementary::exp_lanes;
use crate::numerics::lanes::{LANES, Lanes, dispatch};
use crate::numerics::threads;

/// The candidates of a large pool.
#[derive(Debug)]
pub struct Large {
    similarity: Similarity,
    /// Blocks of eight candidates, in each a row of eight per coordinate.
    blocks: Vec<Lanes<f64>>,
    coordinates: usize,
    candidates: usize,
}

/// What was kept of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LargePicks {
    /// As [`Picks::order`](super::Picks::order).
    pub order: Vec<usize>,
    /// As [`Picks::gains`](super::Picks::gains).
    pub gains: Vec<f64>,
}

impl Large {
    /// Of embeddings, row-major. Errors as of [`Similarity::fill`].
    pub fn new(similarity: Similarity, embeddings: &[f64], coordinates: usize) -> Result<Self, SelectError> {
        let mut columns = Vec::new();
        similarity.columns(embeddings, coordinates, &mut columns)?;
        let columns: &[Lanes<f64>] = columns.as_chunks().0;
        let count = columns.len().checked_div(coordinates).unwrap_or(0);
        let blocks = (0..columns.len()).map(|at| columns[at % coordinates * count + at / coordinates]);
        Ok(Self {
            similarity,
            blocks: blocks.collect(),
            coordinates,
            candidates: embeddings.len().checked_div(coordinates).unwrap_or(0),
        })
    }

    /// Keeps `keep` by a rule that compares candidates; `pool` has everything but similarities.
    pub fn pick(&self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<LargePicks, SelectError> {
        if keep > self.candidates {
            return Err(SelectError::MoreThanPool {
                keep,
                candidates: self.candidates,
            });
        }
        match rule.selector {
            Selector::DiverseMaxMin => Ok(self.farthest(pool, keep)),
            _ => self.covering(rule, pool, keep),
        }
    }

    /// How similar each candidate is to candidate j.
    pub fn column(&self, j: usize) -> Vec<f64> {
        let mut near = vec![0.0; self.padded()];
        column::run(self, j, &mut near);
        near[j] = 1.0;
        near
    }

    /// N, in whole lanes.
    fn padded(&self) -> usize {
        self.candidates.next_multiple_of(LANES)
    }

    fn farthest(&self, pool: &Pool<'_>, keep: usize) -> LargePicks {
        let mut picks = LargePicks::default();
        let mut nearest = vec![f64::NEG_INFINITY; self.padded()];
        let mut gains = vec![f64::NEG_INFINITY; self.padded()];
        gains[..self.candidates].fill(0.0);
        for t in 0..keep {
            let j = ties::lowest_key(&gains, ties::greatest(&gains) - TOLERANCE, pool.words, t);
            picks.push(j, 1.0 + gains[j], &mut gains);
            for ((nearest, near), gain) in nearest.iter_mut().zip(self.column(j)).zip(&mut gains) {
                *nearest = nearest.max(near);
                *gain = if *gain > f64::NEG_INFINITY { -*nearest } else { *gain };
            }
        }
        picks
    }

    fn covering(&self, rule: &Rule, pool: &Pool<'_>, keep: usize) -> Result<LargePicks, SelectError> {
        let objective = rule.effective();
        let (rewards, coverage) = objective.factors(keep, self.candidates);
        let mut own = vec![f64::NEG_INFINITY; self.padded()];
        own[..self.candidates].fill(0.0);
        if objective.reward_share > 0.0 {
            pool.check_rewards()?;
            pool.scaled_rewards(objective.rewards, rewards, &mut own)?;
        }
        let (mut picks, mut cover) = (LargePicks::default(), Vec::new());
        let mut sums = self.sums(&[]);
        let width = ties::width((coverage * ties::largest(&sums)).abs(), ties::largest(&own));
        let mut gains: Vec<f64> = own.iter().zip(&sums).map(|(own, sum)| own + coverage * sum).collect();
        for t in 0..keep {
            if t == 1 {
                sums = self.sums(&cover);
                let fresh = own.iter().zip(&sums).map(|(own, sum)| own + coverage * sum);
                gains.iter_mut().zip(fresh).for_each(|(gain, fresh)| *gain = fresh);
            } else if t > 1 {
                self.refresh(&mut gains, &own, coverage, &cover, width);
            }
            let j = ties::lowest_key(&gains, ties::greatest(&gains) - width, pool.words, t);
            own[j] = f64::NEG_INFINITY;
            picks.push(j, gains[j], &mut gains);
            raise(&mut cover, self.column(j));
        }
        Ok(picks)
    }

    /// Brings those gains up to date that could be the greatest, or tie with it: a gain of before is at least that of now.
    fn refresh(&self, gains: &mut [f64], own: &[f64], coverage: f64, cover: &[f64], width: f64) {
        let mut order: Vec<usize> = (0..self.candidates).collect();
        order.sort_unstable_by(|&a, &b| gains[b].total_cmp(&gains[a]));
        let mut best = f64::NEG_INFINITY;
        // Rounding may raise a gain by less than the width of a tie.
        for j in order {
            if gains[j] < best - 2.0 * width || gains[j] == f64::NEG_INFINITY {
                break;
            }
            let terms = self.column(j).into_iter().zip(cover).take(self.candidates);
            let sum: f64 = terms.map(|(near, cover)| (near - cover).max(0.0)).sum();
            gains[j] = own[j] + coverage * sum;
            best = best.max(gains[j]);
        }
    }

    /// What each candidate adds to a cover; to none, the sum of its similarities.
    fn sums(&self, cover: &[f64]) -> Vec<f64> {
        let count = self.padded() / LANES;
        let lefts: Vec<usize> = (0..count).collect();
        let sums = threads::map(
            &lefts,
            || (),
            |(), &left| {
                let mut sums = [0.0; LANES];
                summed::run(self, left, cover, &mut sums);
                sums
            },
        );
        sums.as_flattened().to_vec()
    }
}

impl LargePicks {
    fn push(&mut self, j: usize, gain: f64, gains: &mut [f64]) {
        self.order.push(j);
        self.gains.push(gain);
        gains[j] = f64::NEG_INFINITY;
    }
}

/// The cover with one more kept; the first sets it.
fn raise(cover: &mut Vec<f64>, near: Vec<f64>) {
    match cover.is_empty() {
        true => *cover = near,
        false => cover
            .iter_mut()
            .zip(near)
            .for_each(|(cover, near)| *cover = cover.max(near)),
    }
}

dispatch!(
    /// How similar each candidate is to candidate j.
    mod column = column_kernel(large: &Large, j: usize, out: &mut [f64])
);

#[inline(always)]
fn column_kernel(large: &Large, j: usize, out: &mut [f64]) {
    let q = large.coordinates;
    let (own, lane) = (&large.blocks[j / LANES * q..][..q], j % LANES);
    for (block, out) in large.blocks.chunks_exact(q).zip(out.as_chunks_mut::<LANES>().0) {
        let mut sums = [0.0; LANES];
        for (x, y) in block.iter().zip(own) {
            add(&mut sums, x, y[lane], large.similarity);
        }
        finish(&mut sums, large.similarity);
        *out = sums;
    }
}

dispatch!(
    /// What the eight candidates of block `left` add to a cover.
    mod summed = summed_kernel(large: &Large, left: usize, cover: &[f64], out: &mut Lanes<f64>)
);

#[inline(always)]
fn summed_kernel(large: &Large, left: usize, cover: &[f64], out: &mut Lanes<f64>) {
    let (q, n) = (large.coordinates, large.candidates);
    let own = &large.blocks[left * q..][..q];
    for (top, block) in large.blocks.chunks_exact(q).enumerate() {
        let mut tile = [[0.0; LANES]; LANES];
        for (x, y) in block.iter().zip(own) {
            for r in 0..LANES {
                add(&mut tile[r], y, x[r], large.similarity);
            }
        }
        finish(tile.as_flattened_mut(), large.similarity);
        for r in 0..LANES.min(n - top * LANES) {
            if top == left {
                tile[r][r] = 1.0;
            }
            match cover.get(top * LANES + r) {
                None => (0..LANES).for_each(|l| out[l] += tile[r][l]),
                Some(covered) => (0..LANES).for_each(|l| {
                    let over = tile[r][l] - covered;
                    out[l] += if over > 0.0 { over } else { 0.0 };
                }),
            }
        }
    }
}

/// Adds one coordinate's term of eight pairs.
#[inline(always)]
fn add(sums: &mut Lanes<f64>, x: &Lanes<f64>, y: f64, similarity: Similarity) {
    match similarity {
        Similarity::Rbf { .. } => (0..LANES).for_each(|l| sums[l] += (x[l] - y) * (x[l] - y)),
        Similarity::Cosine | Similarity::RawCosine => (0..LANES).for_each(|l| sums[l] += x[l] * y),
    }
}

/// Similarities of sums.
#[inline(always)]
fn finish(sums: &mut [f64], similarity: Similarity) {
    match similarity {
        Similarity::Rbf { .. } => {
            sums.iter_mut().for_each(|sum| *sum *= -0.5);
            exp_lanes::run(sums);
        }
        Similarity::Cosine => sums.iter_mut().for_each(|sum| *sum = clipped(*sum, 0.0)),
        Similarity::RawCosine => sums.iter_mut().for_each(|sum| *sum = clipped(*sum, -1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::select::{Picker, Shares};

    /// Directions around five centres, with rewards and words.
    fn made(n: usize, q: usize) -> (Vec<f64>, Vec<f64>, Vec<u64>) {
        let mut state = 7_u64;
        let mut word = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state >> 11
        };
        let mut unit = || word() as f64 / (1_u64 << 52) as f64 - 1.0;
        let centres: Vec<f64> = (0..5 * q).map(|_| unit()).collect();
        let embeddings = (0..n * q)
            .map(|at| centres[at / q % 5 * q + at % q] + 0.4 * unit())
            .collect();
        let rewards = (0..n).map(|_| unit()).collect();
        (embeddings, rewards, (0..n).map(|_| word()).collect())
    }

    /// The control: a pool of which one embedding is another keeps others.
    #[test]
    fn picks_and_weights_are_those_of_a_matrix() {
        let (n, q, keep) = (203, 6, 12);
        let (embeddings, rewards, words) = made(n, q);
        let mut others = embeddings.clone();
        others[..60 * q].iter_mut().for_each(|x| *x = -*x);
        for similarity in [
            Similarity::Cosine,
            Similarity::RawCosine,
            Similarity::Rbf { bandwidth: 0.8 },
        ] {
            let mut matrix = vec![0.0; n * n];
            similarity.fill(&embeddings, q, &mut Vec::new(), &mut matrix).unwrap();
            let pool = Pool {
                rewards: &rewards,
                similarity: &matrix,
                stride: n,
                computed: true,
                words: &words,
                embeddings: &[],
                dimension: 0,
                candidates: n,
            };
            for selector in [
                Selector::Diverse,
                Selector::DiverseMaxMin,
                Selector::DiverseBestWeighted,
            ] {
                let rule = Rule::new(selector);
                let mut picker = Picker::new(n);
                let expected = picker.pick(&rule, &pool, keep).unwrap();
                let large = Large::new(similarity, &embeddings, q).unwrap();
                let found = large.pick(&rule, &pool, keep).unwrap();
                assert_eq!(found.order, expected.order, "{selector:?} {similarity:?}");
                for (own, other) in found.gains.iter().zip(expected.gains) {
                    assert!((own - other).abs() < 1e-11, "{own} {other}");
                }
                let near: Vec<Vec<f64>> = found.order.iter().map(|&j| large.column(j)).collect();
                let near: Vec<f64> = (0..n).flat_map(|i| near.iter().map(move |column| column[i])).collect();
                let (mut own, mut other) = (Shares::new(n), Shares::new(n));
                own.fill_near(&near, keep, rule.objective.ties);
                other.fill(&pool, expected.order, rule.objective.ties).unwrap();
                assert!(own.weights().eq(other.weights()));
                let control = Large::new(similarity, &others, q)
                    .unwrap()
                    .pick(&rule, &pool, keep)
                    .unwrap();
                assert_ne!(control.order, found.order);
            }
        }
    }
}

//! Plain implementations for Monte Carlo: pools drawn as the world draws them, selectors over candidates and a similarity, no counts.

use super::*;
use rand_distr::{Distribution, Gamma};

/// One pool: a mode for each of N candidates. Dirichlet weights from gamma variables, not from the urn.
pub(super) fn draw_pool(law: &PoolLaw, rng: &mut Stream) -> Vec<usize> {
    let mut weights = law.weights().to_vec();
    if law.concentration().is_finite() {
        for w in &mut weights {
            let shape = *w * law.concentration();
            *w = if shape > 0.0 {
                Gamma::new(shape, 1.0).unwrap().sample(rng)
            } else {
                0.0
            };
        }
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= total);
    }
    (0..law.candidates())
        .map(|_| {
            let u = rng.uniform();
            let mut below = 0.0;
            let found = weights.iter().position(|w| {
                below += w;
                u < below
            });
            found.unwrap_or_else(|| weights.iter().rposition(|w| *w > 0.0).unwrap())
        })
        .collect()
}

/// What a greedy maximises.
#[derive(Debug, Clone)]
pub(super) enum Objective {
    /// lambda sum of merits + (1 - lambda) sum of largest similarities.
    Cover { lambda: f64, merits: Vec<f64> },
    /// The smallest distance to what is kept.
    MaxMin,
}

/// How a tie is broken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TieBreak {
    Fresh,
    /// Broken on purpose: the mode of the lowest index.
    ByMode,
    /// Broken on purpose: uniform over the tied modes, whatever their sizes.
    UniformOverModes,
    /// Broken on purpose: one order of the candidates for all picks.
    Fixed,
}

fn similarity(pool: &[usize], a: usize, b: usize) -> f64 {
    if pool[a] == pool[b] { 1.0 } else { 0.0 }
}

/// The gain of every candidate, negative infinity for those kept.
pub(super) fn gains(pool: &[usize], objective: &Objective, kept: &[usize]) -> Vec<f64> {
    let near = |i: usize| kept.iter().map(|&s| similarity(pool, i, s)).fold(0.0, f64::max);
    let covered: Vec<f64> = (0..pool.len()).map(near).collect();
    let gain = |c: usize| match objective {
        _ if kept.contains(&c) => f64::NEG_INFINITY,
        Objective::MaxMin => 1.0 - covered[c],
        Objective::Cover { lambda, merits } => {
            let more = |i: usize| (similarity(pool, i, c) - covered[i]).max(0.0);
            lambda * merits[c] + (1.0 - lambda) * (0..pool.len()).map(more).sum::<f64>()
        }
    };
    (0..pool.len()).map(gain).collect()
}

/// The candidates whose gain is within 1e-9 of the largest.
pub(super) fn tied(gains: &[f64]) -> Vec<usize> {
    let top = gains.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (0..gains.len()).filter(|&c| gains[c] >= top - 1e-9).collect()
}

/// The candidates kept, in the order of picks.
pub(super) fn greedy(
    pool: &[usize],
    objective: &Objective,
    keep: usize,
    ties: TieBreak,
    rng: &mut Stream,
) -> Vec<usize> {
    let mut pick = |n: usize| ((rng.uniform() * n as f64) as usize).min(n - 1);
    let mut kept = Vec::new();
    while kept.len() < keep {
        let mut open = tied(&gains(pool, objective, &kept));
        match ties {
            TieBreak::Fresh | TieBreak::Fixed => {}
            TieBreak::ByMode => {
                let lowest = open.iter().map(|&c| pool[c]).min().unwrap();
                open.retain(|&c| pool[c] == lowest);
            }
            TieBreak::UniformOverModes => {
                let mut modes: Vec<usize> = open.iter().map(|&c| pool[c]).collect();
                modes.sort_unstable();
                modes.dedup();
                let mode = modes[pick(modes.len())];
                open.retain(|&c| pool[c] == mode);
            }
        }
        // The pool is exchangeable, so the order of its indices is a random one, the same for all picks.
        kept.push(if ties == TieBreak::Fixed {
            open[0]
        } else {
            open[pick(open.len())]
        });
    }
    kept
}

/// The objective of a rule on one pool.
pub(super) fn objective(rule: &Rule, pool: &[usize]) -> Objective {
    let cover = |lambda: f64, merits: Vec<f64>| Objective::Cover { lambda, merits };
    match rule {
        Rule::Random => cover(1.0, vec![0.0; pool.len()]),
        Rule::Best { rewards } => cover(1.0, pool.iter().map(|&m| rewards[m]).collect()),
        // A greedy on rewards in which all that pass are equal.
        Rule::Filter { rewards, threshold } => {
            let merit = |&m: &usize| if rewards[m] > *threshold { 1e3 } else { rewards[m] };
            cover(1.0, pool.iter().map(merit).collect())
        }
        Rule::Diverse => cover(0.0, vec![0.0; pool.len()]),
        Rule::DiverseMaxMin => Objective::MaxMin,
        Rule::DiverseBest {
            rewards,
            lambda,
            scaling,
        } => {
            let mut merits: Vec<f64> = pool.iter().map(|&m| rewards[m]).collect();
            if *scaling == Scaling::InPool {
                let low = merits.iter().copied().fold(f64::INFINITY, f64::min);
                let high = merits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                for r in &mut merits {
                    *r = if high > low { (*r - low) / (high - low) } else { 0.0 };
                }
            }
            cover(*lambda, merits)
        }
    }
}

/// The share by mode of the kept candidates, or of their coverage weights.
pub(super) fn share(pool: &[usize], kept: &[usize], modes: usize, weights: Weights) -> Vec<f64> {
    let mut share = vec![0.0; modes];
    if weights == Equal {
        for &s in kept {
            share[pool[s]] += 1.0 / kept.len() as f64;
        }
        return share;
    }
    for i in 0..pool.len() {
        let most = kept.iter().map(|&s| similarity(pool, i, s)).fold(0.0, f64::max);
        let mut nearest: Vec<usize> = kept.to_vec();
        nearest.retain(|&s| similarity(pool, i, s) == most);
        if weights == FirstCoverage {
            nearest.truncate(1);
        }
        for s in &nearest {
            share[pool[*s]] += 1.0 / (nearest.len() * pool.len()) as f64;
        }
    }
    share
}

/// Sums over pools of a random share.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pools: f64,
    sum: Vec<f64>,
    pair: Vec<f64>,
    pair_squared: Vec<f64>,
}

impl Sample {
    pub(super) fn new(modes: usize) -> Self {
        let square = vec![0.0; modes * modes];
        Self {
            pools: 0.0,
            sum: vec![0.0; modes],
            pair: square.clone(),
            pair_squared: square,
        }
    }

    pub(super) fn add(&mut self, share: &[f64]) {
        self.pools += 1.0;
        for (a, f) in share.iter().enumerate() {
            self.sum[a] += f;
            for (b, g) in share.iter().enumerate() {
                self.pair[a * share.len() + b] += f * g;
                self.pair_squared[a * share.len() + b] += f * g * f * g;
            }
        }
    }

    /// The largest |z| over the entries of both moments, against exact ones; entries that fewer than 20 pools can be expected to
    /// show are left out, and so are those without variance, which must agree to rounding.
    pub(super) fn worst_z(&self, exact: &Selected) -> f64 {
        let modes = self.sum.len();
        let diagonal: Vec<f64> = (0..modes).map(|a| self.pair[a * modes + a]).collect();
        let mean = self.z(&self.sum, &diagonal, &exact.mean);
        let second = self.z(&self.pair, &self.pair_squared, &exact.second);
        mean.max(second)
    }

    /// The largest |z| over the mean alone.
    pub(super) fn worst_z_of_mean(&self, exact: &[f64]) -> f64 {
        let modes = self.sum.len();
        let diagonal: Vec<f64> = (0..modes).map(|a| self.pair[a * modes + a]).collect();
        self.z(&self.sum, &diagonal, exact)
    }

    fn z(&self, sums: &[f64], squares: &[f64], exact: &[f64]) -> f64 {
        let one = |((sum, square), exact): ((&f64, &f64), &f64)| {
            let mean = sum / self.pools;
            let variance = square / self.pools - mean * mean;
            if exact * self.pools < 20.0 && mean * self.pools < 20.0 {
                return 0.0;
            }
            if variance < 1e-14 {
                return if (mean - exact).abs() < 1e-10 {
                    0.0
                } else {
                    f64::INFINITY
                };
            }
            ((mean - exact) / (variance / self.pools).sqrt()).abs()
        };
        sums.iter().zip(squares).zip(exact).map(one).fold(0.0, f64::max)
    }
}

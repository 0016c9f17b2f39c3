//! Owns responses that end by themselves: after each increment a response of plan z ends with probability zeta_z, at the latest after n.
//!
//! Increments are independent given the plan, and so are decisions to end. So all that matters of a response is how many increments it has
//! of each kind: its [`Kind`]; everything is a sum over kinds. The policy has one distribution of increments and one hazard h, D = V; its
//! cells are V increments, one for going on and one for ending. A response that reaches n ends without a decision.

use super::plans::{PlanMixture, for_each_composition};
use super::scores::{Scores, Stages};
use crate::numerics::elementary::{exp, ln, power};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::special::ln_gamma;
use crate::theory::selected::{LawError, PoolLaw, best_mean};
use crate::theory::simplex::dirichlet_points;

/// Rewards that differ by less are tied: far above rounding, and far below a difference that is meant.
const TIE: f64 = 1e-9;

/// Responses with the same number of increments of each kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// Increments of each kind: V counts.
    pub counts: Vec<u32>,
    /// How many there are together, 1 to n.
    pub length: u32,
    /// ln of the number of orders that they can stand in.
    log_ways: f64,
    /// The probability of all responses of this kind under each plan.
    likelihoods: Vec<f64>,
}

/// What a selector looks at in a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResponseReward {
    /// ln p of the best policy: sums over increments and decisions to go on or end.
    LogLikelihood,
    /// The same for each increment: "length-normalised".
    MeanLogLikelihood,
    /// The sum of scores of increments.
    Score,
    /// Their mean.
    MeanScore,
}

/// Plans whose responses end by themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Endings {
    plans: PlanMixture,
    most: u32,
    kinds: Vec<Kind>,
    /// The kind of each code; codes of no kind have 0.
    places: Vec<u32>,
}

/// What is kept of a prompt's responses, by kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Kinds x plans: probabilities of what a kept response is.
    shares: Vec<f64>,
    plans: usize,
}

impl Kept {
    /// The probability of each kind.
    pub fn kinds(&self) -> Vec<f64> {
        self.shares
            .chunks_exact(self.plans)
            .map(|row| row.iter().sum())
            .collect()
    }

    /// The probability of each plan.
    pub fn plans(&self) -> Vec<f64> {
        let of = |z| self.shares.iter().skip(z).step_by(self.plans).sum();
        (0..self.plans).map(of).collect()
    }
}

impl Endings {
    /// Responses of at most `most` increments that end after each with probability `hazards`, one per plan, in (0, 1).
    ///
    /// # Panics
    ///
    /// Where there is not one for each plan, or [`kinds_of`](Self::kinds_of) is beyond 32 bits.
    pub fn new(plans: &PlanMixture, hazards: &[f64], most: u32) -> Self {
        assert_eq!(hazards.len(), plans.plans(), "a hazard for each plan");
        let tokens = plans.tokens();
        let mut kinds = Vec::new();
        for length in 1..=most {
            for_each_composition(tokens, length, &mut |counts| {
                kinds.push(Kind::new(plans, hazards, counts, length, most));
            });
        }
        let mut own = Self {
            plans: plans.clone(),
            most,
            kinds: Vec::new(),
            places: vec![0; Self::codes(tokens, most)],
        };
        for (place, kind) in kinds.iter().enumerate() {
            let code: usize = kind
                .counts
                .iter()
                .enumerate()
                .map(|(d, &c)| own.step(d) * c as usize)
                .sum();
            own.places[code] = place as u32;
        }
        own.kinds = kinds;
        own
    }

    /// How many codes of counts there are: (n + 1)^V, saturating.
    pub fn codes(tokens: usize, most: u32) -> usize {
        (most as usize + 1).saturating_pow(tokens as u32)
    }

    /// How many kinds there are: binomial(n + V, V) - 1, without making them.
    pub fn kinds_of(tokens: usize, most: u32) -> usize {
        let all = (1..=tokens).fold(1_usize, |own, v| own.saturating_mul(most as usize + v) / v);
        all - 1
    }

    /// What one increment of kind d adds to the code of a response.
    pub fn step(&self, increment: usize) -> usize {
        (self.most as usize + 1).pow(increment as u32)
    }

    /// The place among [`kinds`](Self::kinds) of a response with this code, the sum of the steps of its increments.
    pub fn place(&self, code: usize) -> usize {
        self.places[code] as usize
    }

    /// Every kind.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// Cells of a policy: V increments, going on, ending.
    pub fn cells(&self) -> usize {
        self.plans.tokens() + 2
    }

    /// How often a response of this kind goes through each cell.
    pub fn cells_of(&self, kind: &Kind) -> Vec<f64> {
        let mut cells: Vec<f64> = kind.counts.iter().map(|&c| f64::from(c)).collect();
        cells.extend([f64::from(kind.length - 1), f64::from(u8::from(kind.length < self.most))]);
        cells
    }

    /// The mean over kinds, weighted by `weights`, of how often each cell is gone through; each response counts as one, or each as 1 over its
    /// length where the loss is a mean over increments.
    pub fn mean_cells(&self, weights: &[f64], by_length: bool) -> Vec<f64> {
        let mut sum = vec![0.0; self.cells()];
        for (kind, weight) in self.kinds.iter().zip(weights) {
            let by = weight * kind.weight(by_length);
            sum.iter_mut()
                .zip(self.cells_of(kind))
                .for_each(|(sum, cell)| *sum += by * cell);
        }
        sum
    }

    /// The best policy for responses with these mean cells: the share of each increment, and of going on and ending.
    pub fn policy(&self, cells: &[f64]) -> Vec<f64> {
        let (increments, ends) = cells.split_at(self.plans.tokens());
        let shares = |own: &[f64]| {
            let all: f64 = own.iter().sum();
            own.iter().map(|cell| cell / all).collect::<Vec<f64>>()
        };
        [shares(increments), shares(ends)].concat()
    }

    /// The probability of each kind for a random prompt.
    pub fn mean(&self) -> Vec<f64> {
        self.kinds
            .iter()
            .map(|kind| kind.probability(self.plans.base()))
            .collect()
    }

    /// Expected NLL of a response to a random prompt under a policy, in nats.
    pub fn loss(&self, policy: &[f64]) -> f64 {
        let cells = self.mean_cells(&self.mean(), false);
        cells.iter().zip(policy).map(|(cell, p)| -cell * ln(*p)).sum()
    }

    /// The entropy of a response to a random prompt, in nats.
    pub fn entropy(&self) -> f64 {
        let each = self.kinds.iter().zip(self.mean());
        each.map(|(kind, p)| -p * (ln(p) - kind.log_ways)).sum()
    }

    /// P(z given y) of a response of this kind to a random prompt.
    pub fn posterior(&self, kind: &Kind) -> Vec<f64> {
        let all = kind.probability(self.plans.base());
        let own = self.plans.base().iter().zip(&kind.likelihoods);
        own.map(|(base, p)| base * p / all).collect()
    }

    /// The probability of each kind under eight policies.
    pub fn of_policies(&self, policies: &[Lanes<f64>]) -> Vec<Lanes<f64>> {
        let powers: Vec<Vec<Lanes<f64>>> = policies
            .iter()
            .map(|p| (0..=u64::from(self.most)).map(|n| p.map(|p| power(p, n))).collect())
            .collect();
        let one = |kind: &Kind| {
            let mut p = [exp(kind.log_ways); LANES];
            for (powers, times) in powers.iter().zip(self.cells_of(kind)) {
                (0..LANES).for_each(|l| p[l] *= powers[times as usize][l]);
            }
            p
        };
        self.kinds.iter().map(one).collect()
    }

    /// The whitened gradients of the policy at its optimum, by cell.
    pub fn scores(&self, cells: &[f64], policy: &[f64]) -> Scores {
        Scores::of_groups(cells, policy, &[self.plans.tokens(), 2])
    }

    /// V_m and V_t there.
    pub fn stages(&self, scores: &Scores) -> Stages {
        let (size, plans) = (scores.dimension(), self.plans.plans());
        let mut means = vec![0.0; plans * size];
        let mut squares = vec![0.0; plans];
        for kind in &self.kinds {
            let mut own = vec![0.0; size];
            for (cell, times) in self.cells_of(kind).into_iter().enumerate() {
                let (first, row) = scores.of(cell);
                own[first..].iter_mut().zip(row).for_each(|(sum, u)| *sum += times * u);
            }
            let square: f64 = own.iter().map(|u| u * u).sum();
            let all = means.chunks_exact_mut(size).zip(&mut squares).zip(&kind.likelihoods);
            for ((mean, sum), p) in all {
                mean.iter_mut().zip(&own).for_each(|(mean, u)| *mean += p * u);
                *sum += p * square;
            }
        }
        let mut stages = Stages {
            plan: 0.0,
            token: 0.0,
            token_shared: 0.0,
        };
        for ((mean, square), base) in means.chunks_exact(size).zip(&squares).zip(self.plans.base()) {
            let between: f64 = mean.iter().map(|u| u * u).sum();
            stages.plan += base * between;
            stages.token += base * (square - between);
            stages.token_shared += base * base * (square - between);
        }
        stages
    }

    /// What a random response is.
    pub fn kept_at_random(&self) -> Kept {
        let base = self.plans.base();
        let row = |kind: &Kind| {
            base.iter()
                .zip(&kind.likelihoods)
                .map(|(base, p)| base * p)
                .collect::<Vec<f64>>()
        };
        Kept {
            shares: self.kinds.iter().flat_map(row).collect(),
            plans: base.len(),
        }
    }

    /// What the best `keep` of `candidates` responses of a prompt are, by rewards of kinds, prompts being Dirichlet(`concentration` base); tied
    /// ones are kept at random. Given the prompt responses are independent, and what is kept is a polynomial of degree `candidates` in its
    /// weights, which is averaged without error.
    ///
    /// # Errors
    ///
    /// As [`best_mean`] has them.
    pub fn kept_best(
        &self,
        concentration: f64,
        rewards: &[f64],
        (candidates, keep): (u32, u32),
    ) -> Result<Kept, LawError> {
        let plans = self.plans.plans();
        let mut shares = vec![0.0; self.kinds.len() * plans];
        for (weight, prompt) in dirichlet_points(self.plans.base(), concentration, Self::nodes(candidates)) {
            let p: Vec<f64> = self.kinds.iter().map(|kind| kind.probability(&prompt)).collect();
            let kept = best_mean(&PoolLaw::new(p.clone(), f64::INFINITY, candidates)?, rewards, keep)?;
            let rows = self.kinds.iter().zip(shares.chunks_exact_mut(plans));
            for ((kind, row), (p, kept)) in rows.zip(p.iter().zip(kept)).filter(|(_, (p, _))| **p > 0.0) {
                for ((share, pi), likelihood) in row.iter_mut().zip(&prompt).zip(&kind.likelihoods) {
                    *share += weight * kept * (pi * likelihood / p);
                }
            }
        }
        Ok(Kept { shares, plans })
    }

    /// Nodes of each stick that [`kept_best`](Self::kept_best) takes.
    pub fn nodes(candidates: u32) -> usize {
        (candidates as usize + 2) / 2
    }

    /// The reward of each kind, `policy` being that whose likelihood is looked at and `scores` one number per increment. Numbers of equal size
    /// but for rounding are equal.
    pub fn rewards(&self, reward: ResponseReward, policy: &[f64], scores: &[f64]) -> Vec<f64> {
        let sum = |kind: &Kind, of: &dyn Fn(usize) -> f64| -> f64 {
            let cells = self.cells_of(kind);
            cells.iter().enumerate().map(|(cell, times)| times * of(cell)).sum()
        };
        let one = |kind: &Kind| {
            let log_p = |cell: usize| ln(policy[cell]);
            let score = |cell: usize| scores.get(cell).copied().unwrap_or(0.0);
            let length = f64::from(kind.length);
            let own = match reward {
                ResponseReward::LogLikelihood => sum(kind, &log_p),
                ResponseReward::MeanLogLikelihood => sum(kind, &log_p) / length,
                ResponseReward::Score => sum(kind, &score),
                ResponseReward::MeanScore => sum(kind, &score) / length,
            };
            (own / TIE).round() * TIE
        };
        self.kinds.iter().map(one).collect()
    }
}

impl Kind {
    fn new(plans: &PlanMixture, hazards: &[f64], counts: &[u32], length: u32, most: u32) -> Self {
        let log_ways = counts.iter().fold(ln_gamma(f64::from(length) + 1.0), |sum, &count| {
            sum - ln_gamma(f64::from(count) + 1.0)
        });
        let likelihood = |z: usize| {
            let end = if length < most { hazards[z] } else { 1.0 };
            let made = plans.emission(z).iter().zip(counts);
            let increments: f64 = made.map(|(b, &count)| power(*b, u64::from(count))).product();
            exp(log_ways) * increments * power(1.0 - hazards[z], u64::from(length - 1)) * end
        };
        Self {
            counts: counts.to_vec(),
            length,
            log_ways,
            likelihoods: (0..plans.plans()).map(likelihood).collect(),
        }
    }

    /// What a response of this kind weighs in a loss: 1, or 1 over its length.
    pub fn weight(&self, by_length: bool) -> f64 {
        match by_length {
            true => 1.0 / f64::from(self.length),
            false => 1.0,
        }
    }

    /// The probability of the kind for a prompt with these weights of plans.
    pub fn probability(&self, weights: &[f64]) -> f64 {
        weights.iter().zip(&self.likelihoods).map(|(pi, p)| pi * p).sum()
    }
}

#[cfg(test)]
#[path = "endings_tests.rs"]
mod tests;

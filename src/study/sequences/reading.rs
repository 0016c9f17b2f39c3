//! Owns what arms count of responses: increments in the states that a policy sees, or, where responses end by themselves, responses by kind.

use super::arm::{ResponseLoss, Seen};
use crate::numerics::lanes::{LANES, Lanes};
use crate::theory::sequences::{Contexts, Endings, Paths, PlanMixture, PlanShares};
use crate::world::PlanSampler;
use std::ops::Range;

/// What is counted of responses.
#[derive(Debug)]
pub(super) enum Reading {
    /// Increments in states.
    States(Contexts),
    /// Responses by kind.
    Kinds(KindReading),
}

/// Responses that end by themselves, and which of them are kept.
#[derive(Debug)]
pub(super) struct KindReading {
    pub endings: Endings,
    /// What each increment adds to the code of a response.
    steps: Vec<u32>,
    loss: ResponseLoss,
    /// Of each kind, by falling reward, and how many of a prompt's responses are kept; none where all are.
    best: Option<(Vec<u32>, usize)>,
}

impl KindReading {
    /// `rewards` are those of kinds, where the best are kept.
    pub fn new(endings: Endings, tokens: usize, seen: &Seen, rewards: Option<&[f64]>) -> Self {
        let ranked = rewards
            .zip(seen.best)
            .map(|(rewards, (_, keep))| (ranks(rewards), keep as usize));
        Self {
            steps: (0..tokens).map(|d| endings.step(d) as u32).collect(),
            endings,
            loss: seen.taught.loss,
            best: ranked,
        }
    }

    /// Counts responses of a prompt by kind: all of them, or the best.
    fn count(&self, sampler: &PlanSampler<'_>, length: usize, responses: &Range<usize>, bin: &mut [Lanes<f64>]) {
        let mut kinds: Vec<Lanes<u32>> = Vec::with_capacity(responses.len());
        for response in responses.clone() {
            let lengths = &sampler.lengths()[response];
            let mut code = [0_u32; LANES];
            for position in 0..length {
                let made = &sampler.increments(position)[response];
                for l in 0..LANES {
                    let there = position < usize::from(lengths[l]);
                    code[l] += if there { self.steps[usize::from(made[l])] } else { 0 };
                }
            }
            kinds.push(code.map(|code| self.endings.place(code as usize) as u32));
        }
        let Some((ranks, keep)) = &self.best else {
            kinds
                .iter()
                .for_each(|row| (0..LANES).for_each(|l| bin[row[l] as usize][l] += 1.0));
            return;
        };
        let mut order: Vec<u32> = Vec::with_capacity(kinds.len());
        for l in 0..LANES {
            order.clear();
            order.extend(kinds.iter().map(|row| row[l]));
            // Candidates are exchangeable: of those that tie the first are as good as any at random.
            order.sort_by_key(|&kind| ranks[kind as usize]);
            order.iter().take(*keep).for_each(|&kind| bin[kind as usize][l] += 1.0);
        }
    }

    /// How often each cell of the policy is gone through, from the number of responses of each kind.
    fn cells(&self, counts: &[Lanes<f64>], share: f64, cells: &mut Vec<Lanes<f64>>) {
        cells.resize(self.endings.cells(), [0.0; LANES]);
        for (kind, count) in self.endings.kinds().iter().zip(counts) {
            let by = share * kind.weight(self.loss == ResponseLoss::Mean);
            for (cell, times) in cells.iter_mut().zip(self.endings.cells_of(kind)) {
                (0..LANES).for_each(|l| cell[l] += by * times * count[l]);
            }
        }
    }
}

/// From 0, the highest reward; equal ones have one rank.
fn ranks(rewards: &[f64]) -> Vec<u32> {
    let mut falling: Vec<f64> = rewards.to_vec();
    falling.sort_by(|a, b| b.total_cmp(a));
    falling.dedup();
    let rank = |own: &f64| falling.partition_point(|other| other > own) as u32;
    rewards.iter().map(rank).collect()
}

impl Reading {
    /// Adds what these responses do, of `length` increments or at most so many; `merged` where one of each plan stands for those that share
    /// it, of the first `responses.end`.
    pub fn count(
        &self,
        sampler: &PlanSampler<'_>,
        length: usize,
        (responses, merged): (&Range<usize>, bool),
        bin: &mut [Lanes<f64>],
    ) {
        match self {
            Self::States(contexts) if merged => count_merged(sampler, contexts, length, responses.end, bin),
            Self::States(contexts) => count_states(sampler, contexts, length, responses, bin),
            Self::Kinds(kinds) => kinds.count(sampler, length, responses, bin),
        }
    }

    /// How often a response goes through each cell of the policy on average, from counts, each of which is so large a share of the data.
    pub fn cells(&self, counts: &[Lanes<f64>], share: f64, cells: &mut Vec<Lanes<f64>>) {
        cells.clear();
        match self {
            Self::States(_) => cells.extend(counts.iter().map(|row| row.map(|count| count * share))),
            Self::Kinds(kinds) => kinds.cells(counts, share, cells),
        }
    }

    /// The mean length of the responses counted.
    pub fn length(&self, counts: &[Lanes<f64>], share: f64) -> Lanes<f64> {
        let Self::Kinds(kinds) = self else {
            return [f64::NAN; LANES];
        };
        let mut sum = [0.0; LANES];
        for (kind, count) in kinds.endings.kinds().iter().zip(counts) {
            (0..LANES).for_each(|l| sum[l] += share * f64::from(kind.length) * count[l]);
        }
        sum
    }

    /// What the plans of responses of policies are told by.
    pub fn looks(&self, plans: &PlanMixture) -> Looks {
        match self {
            Self::States(contexts) => Looks::Paths(Paths::new(contexts, plans)),
            Self::Kinds(kinds) => {
                let own = &kinds.endings;
                Looks::Kinds(
                    own.clone(),
                    own.kinds().iter().flat_map(|kind| own.posterior(kind)).collect(),
                )
            }
        }
    }
}

/// What the plans of responses of policies are told by.
pub(super) enum Looks {
    Paths(Paths),
    /// And P(z given y): kinds x plans.
    Kinds(Endings, Vec<f64>),
}

impl Looks {
    /// What the responses of eight policies look like, by their probabilities in cells.
    pub fn shares(&self, p: &[Lanes<f64>]) -> PlanShares {
        match self {
            Self::Paths(paths) => paths.shares(p),
            Self::Kinds(endings, posteriors) => PlanShares::of(&endings.of_policies(p), posteriors),
        }
    }
}

/// Adds what these responses do in each state.
fn count_states(
    sampler: &PlanSampler<'_>,
    contexts: &Contexts,
    length: usize,
    responses: &Range<usize>,
    bin: &mut [Lanes<f64>],
) {
    let (tokens, next) = (contexts.tokens() as u32, contexts.next());
    for response in responses.clone() {
        let mut state = [0_u32; LANES];
        for position in 0..length {
            let made = &sampler.increments(position)[response];
            for l in 0..LANES {
                let cell = (state[l] * tokens + u32::from(made[l])) as usize;
                bin[cell][l] += 1.0;
                state[l] = next[cell];
            }
        }
    }
}

/// Adds what one of these responses of each plan does in each state, as often as there are responses that share its plan: the first.
fn count_merged(
    sampler: &PlanSampler<'_>,
    contexts: &Contexts,
    length: usize,
    responses: usize,
    bin: &mut [Lanes<f64>],
) {
    let (tokens, next) = (contexts.tokens() as u32, contexts.next());
    let plans = &sampler.plans()[..responses];
    let stands_for = |response: usize, l: usize| {
        let plan = plans[response][l];
        match plans[..response].iter().any(|before| before[l] == plan) {
            true => 0.0,
            false => plans[response..].iter().filter(|own| own[l] == plan).count() as f64,
        }
    };
    for response in 0..responses {
        let weights: Lanes<f64> = std::array::from_fn(|l| stands_for(response, l));
        let mut state = [0_u32; LANES];
        for position in 0..length {
            let made = &sampler.increments(position)[response];
            for l in 0..LANES {
                let cell = (state[l] * tokens + u32::from(made[l])) as usize;
                bin[cell][l] += weights[l];
                state[l] = next[cell];
            }
        }
    }
}

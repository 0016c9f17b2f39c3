//! Owns what plans the responses of a policy look like: its states beside the counts of increments, which say which plan a response came
//! from.

use super::contexts::Contexts;
use super::plans::PlanMixture;
use crate::numerics::lanes::{LANES, Lanes};
use std::collections::HashMap;

/// All that responses of a policy may go through: pairs of a state and counts of increments, prefix by prefix.
#[derive(Debug, Clone)]
pub struct Paths {
    /// Cells of the contexts.
    cells: usize,
    /// Steps of every length, in order; those of one begin where those before end.
    steps: Vec<Vec<Step>>,
    /// Pairs after each step.
    reached: Vec<usize>,
    plans: usize,
    /// P(z given y) at the end: pairs x plans.
    posteriors: Vec<f64>,
}

/// An increment that leads from one pair to another.
#[derive(Debug, Clone, Copy)]
struct Step {
    from: u32,
    cell: u32,
    to: u32,
}

/// What the responses of eight policies look like.
#[derive(Debug, Clone)]
pub struct PlanShares {
    /// E max_z P(z given y) over responses y of the policy: how surely a response tells its plan; from 1/Z to 1.
    pub purity: Lanes<f64>,
    /// E P(z given y): the share of responses of each plan.
    pub shares: Vec<Lanes<f64>>,
}

impl PlanShares {
    /// Those of ends that eight policies reach with such probabilities, each of which says which plan it came from: `posteriors`, ends x plans.
    pub fn of(reached: &[Lanes<f64>], posteriors: &[f64]) -> Self {
        let plans = posteriors.len() / reached.len().max(1);
        let mut found = Self {
            purity: [0.0; LANES],
            shares: vec![[0.0; LANES]; plans],
        };
        for (reached, posterior) in reached.iter().zip(posteriors.chunks_exact(plans)) {
            let most = posterior.iter().copied().fold(0.0, f64::max);
            for l in 0..LANES {
                found.purity[l] += reached[l] * most;
            }
            for (share, own) in found.shares.iter_mut().zip(posterior) {
                (0..LANES).for_each(|l| share[l] += reached[l] * own);
            }
        }
        found
    }
}

impl Paths {
    /// Those of policies with these contexts.
    pub fn new(contexts: &Contexts, plans: &PlanMixture) -> Self {
        let tokens = contexts.tokens();
        let mut here = vec![(0_u32, vec![0_u32; tokens])];
        let (mut steps, mut reached) = (Vec::new(), Vec::new());
        for length in 1..=contexts.length() {
            let mut places: HashMap<(u32, Vec<u32>), u32> = HashMap::new();
            let (mut there, mut own) = (Vec::new(), Vec::new());
            for (from, (state, counts)) in here.iter().enumerate() {
                for token in 0..tokens {
                    let cell = *state * tokens as u32 + token as u32;
                    let mut longer = counts.clone();
                    longer[token] += 1;
                    // At the end counts are all that matters.
                    let next = match length == contexts.length() {
                        true => 0,
                        false => contexts.next()[cell as usize],
                    };
                    let count = places.len() as u32;
                    let to = *places.entry((next, longer.clone())).or_insert(count);
                    if to == count {
                        there.push((next, longer));
                    }
                    let from = from as u32;
                    own.push(Step { from, cell, to });
                }
            }
            reached.push(there.len());
            steps.push(own);
            here = there;
        }
        let posteriors = here.iter().flat_map(|(_, counts)| plans.posterior(counts)).collect();
        Self {
            cells: contexts.states() * tokens,
            steps,
            reached,
            plans: plans.plans(),
            posteriors,
        }
    }

    /// How many steps there are: what one pass takes.
    pub fn size(&self) -> usize {
        self.steps.iter().map(Vec::len).sum()
    }

    /// What the responses of eight policies look like, whose distributions in states are `p`, a row for each cell.
    pub fn shares(&self, p: &[Lanes<f64>]) -> PlanShares {
        let mut here = vec![[1.0; LANES]];
        for (steps, &reached) in self.steps.iter().zip(&self.reached) {
            let mut there = vec![[0.0; LANES]; reached];
            for step in steps {
                let (from, p) = (&here[step.from as usize], &p[step.cell as usize]);
                let to = &mut there[step.to as usize];
                for l in 0..LANES {
                    to[l] += from[l] * p[l];
                }
            }
            here = there;
        }
        PlanShares::of(&here, &self.posteriors)
    }

    /// The same of responses to random prompts themselves.
    pub fn of_truth(&self, contexts: &Contexts, plans: &PlanMixture) -> PlanShares {
        let mut found = PlanShares {
            purity: [0.0; LANES],
            shares: vec![[0.0; LANES]; self.plans],
        };
        for plan in 0..plans.plans() {
            let (weight, emission) = (plans.base()[plan], plans.emission(plan));
            let rows: Vec<Lanes<f64>> = (0..self.cells)
                .map(|cell| [emission[cell % contexts.tokens()]; LANES])
                .collect();
            let own = self.shares(&rows);
            for l in 0..LANES {
                found.purity[l] += weight * own.purity[l];
            }
            for (sum, own) in found.shares.iter_mut().zip(&own.shares) {
                (0..LANES).for_each(|l| sum[l] += weight * own[l]);
            }
        }
        found
    }

    /// What a function says of P(z given y), by the cell of the last increment; nothing of other cells. Contexts must hold all counts, so that
    /// a cell has one end.
    pub(super) fn at_the_end(&self, of: impl Fn(&[f64]) -> Vec<f64>) -> Vec<Vec<f64>> {
        let mut found = vec![Vec::new(); self.cells];
        for step in self.steps.last().into_iter().flatten() {
            found[step.cell as usize] = of(&self.posteriors[step.to as usize * self.plans..][..self.plans]);
        }
        found
    }
}

//! Owns the groups of a query's drafts: their quality, their diversity, and what their aggregation is worth.

use super::arm::{Asked, Reward};
use crate::numerics::lanes::{LANES, Lanes, across};
use crate::numerics::symmetric::effective_number;
use crate::policy::aggregator::{Proposer, draw};
use crate::study::aft::rows;
use crate::world::{Queries, SlotWorld};

/// Drafts of one query.
pub(super) struct Pool {
    /// By draft, the mode of each slot.
    pub modes: Vec<Vec<usize>>,
    /// By draft, how many slots are right.
    pub right: Vec<u32>,
    votes: Vec<Vec<Lanes<f64>>>,
}

/// Groups, one number of each.
pub(super) struct Groups {
    /// The mean reward of their drafts.
    pub quality: Vec<f64>,
    /// The Vendi score of their drafts.
    pub diversity: Vec<f64>,
    /// What the answer to them is worth.
    pub result: Vec<f64>,
}

/// Every group of `width` of `pool` drafts, in the order of their names.
pub(super) fn all(pool: usize, width: usize) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    let mut group: Vec<usize> = (0..width).collect();
    loop {
        found.push(group.clone());
        // The last place that may still move up.
        let Some(place) = (0..width).rev().find(|&place| group[place] < pool - width + place) else {
            return found;
        };
        let next = group[place] + 1;
        (place..width).for_each(|other| group[other] = next + other - place);
    }
}

impl Pool {
    /// So many drafts, drawn from `p` at uniforms that stand draft by draft.
    pub fn draw(p: &[Lanes<f64>], drafts: usize, uniforms: &[Lanes<f64>], queries: &Queries<'_>) -> Self {
        let world = queries.world();
        let stride = uniforms.len() / world.groups();
        let mut right = vec![[0.0; LANES]; uniforms.len()];
        let mut own = Self {
            modes: Vec::with_capacity(drafts),
            right: Vec::with_capacity(drafts),
            votes: Vec::with_capacity(drafts),
        };
        for draft in 0..drafts {
            let mut votes = vec![[0.0; LANES]; p.len()];
            let found = (&queries.valid[..], &mut right[..]);
            draw(p, world.modes, (uniforms, stride), draft..draft + 1, &mut votes, found);
            own.modes
                .push((0..world.slots).map(|slot| mode(&votes, world, slot)).collect());
            own.right.push(total(&right, draft, stride, world) as u32);
            own.votes.push(votes);
        }
        own
    }

    /// The groups, answered by a model at this query. Answers are drawn at uniforms that stand group by group.
    pub fn groups(
        &self,
        asked: &Asked,
        all: &[Vec<usize>],
        proposer: &Proposer<'_>,
        queries: &Queries<'_>,
        uniforms: &[Lanes<f64>],
    ) -> Groups {
        let world = queries.world();
        let (mut p, mut counts) = (vec![[0.0; LANES]; queries.rows()], vec![[0.0; LANES]; queries.rows()]);
        let mut result = |(index, group): (usize, &Vec<usize>)| {
            counts.fill([0.0; LANES]);
            for votes in group.iter().map(|&draft| &self.votes[draft]) {
                for (sum, own) in counts.iter_mut().zip(votes) {
                    (0..LANES).for_each(|l| sum[l] += own[l]);
                }
            }
            proposer.aggregate(&counts, asked.width, asked.temperature, &mut p);
            match asked.reward {
                Reward::Expected => rows::mean(world, 1, &p, &queries.valid),
                Reward::Sampled => sampled(&p, index, uniforms, queries),
            }
        };
        let slots = f64::from(asked.width) * world.slots as f64;
        let right = |group: &Vec<usize>| group.iter().map(|&draft| self.right[draft]).sum::<u32>();
        Groups {
            quality: all.iter().map(|group| f64::from(right(group)) / slots).collect(),
            diversity: all.iter().map(|group| vendi(&self.modes, group)).collect(),
            result: all.iter().enumerate().map(&mut result).collect(),
        }
    }
}

/// The reward of an answer drawn.
fn sampled(p: &[Lanes<f64>], index: usize, uniforms: &[Lanes<f64>], queries: &Queries<'_>) -> f64 {
    let world = queries.world();
    let stride = uniforms.len() / world.groups();
    let (mut votes, mut right) = (vec![[0.0; LANES]; p.len()], vec![[0.0; LANES]; uniforms.len()]);
    let found = (&queries.valid[..], &mut right[..]);
    draw(p, world.modes, (uniforms, stride), index..index + 1, &mut votes, found);
    total(&right, index, stride, world) / world.slots as f64
}

/// What is found over all slots at one of the uniforms.
fn total(found: &[Lanes<f64>], index: usize, stride: usize, world: &SlotWorld) -> f64 {
    (0..world.groups())
        .map(|group| across(&found[group * stride + index]))
        .sum()
}

/// The mode that a slot's only vote is for.
fn mode(votes: &[Lanes<f64>], world: &SlotWorld, slot: usize) -> usize {
    let (first, lane) = (slot / LANES * world.modes, slot % LANES);
    (0..world.modes)
        .find(|m| votes[first + m][lane] > 0.0)
        .unwrap_or(world.modes)
}

/// The Vendi score of a group (Friedman and Dieng 2023): two drafts resemble each other by the share of slots in which they have the same
/// mode. What rounding makes of scores that are equal is rounded away, so that they tie.
pub(super) fn vendi(modes: &[Vec<usize>], group: &[usize]) -> f64 {
    const DIGITS: f64 = 1e12;
    let n = group.len();
    let alike = |i: usize, j: usize| {
        let (a, b) = (&modes[group[i]], &modes[group[j]]);
        let same = a.iter().zip(b).filter(|(a, b)| a == b).count();
        same as f64 / (n * a.len()) as f64
    };
    let matrix: Vec<f64> = (0..n * n).map(|at| alike(at / n, at % n)).collect();
    (effective_number(&matrix, n) * DIGITS).round() / DIGITS
}

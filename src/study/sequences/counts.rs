//! Owns the draws of eight data sets at once, and what arms count of them.
//!
//! Prompts are drawn one after the other and forgotten. A response is counted once for all arms that see alike and have it: arms with more
//! responses of a prompt have those of arms with fewer. Arms that keep the best are counted alone, and only where all else is equal together.

use super::SequenceArm;
use super::reading::Reading;
use crate::engine::list;
use crate::numerics::lanes::{LANES, Lanes, add};
use crate::numerics::stream::Streams;
use crate::study::pools::Trained;
use crate::theory::sequences::Endings;
use crate::world::{PlanSampler, PlanWorld};
use std::ops::Range;

/// What arms draw, planned once.
#[derive(Debug)]
pub(super) struct CountPlan {
    stretches: Vec<Stretch>,
    /// Cells of each arm.
    cells: Vec<usize>,
    deepest: usize,
    longest: usize,
}

/// Prompts that the same arms see.
#[derive(Debug)]
struct Stretch {
    prompts: Range<u32>,
    /// Responses that go on at each position.
    depths: Vec<usize>,
    groups: Vec<Group>,
}

/// Arms that see alike, by their responses.
#[derive(Debug)]
struct Group {
    /// An arm of it.
    first: usize,
    length: usize,
    /// Whether one response of each plan stands for those that share it.
    merged: bool,
    /// Responses of a prompt, and the arms that have them.
    bins: Vec<(Range<usize>, Vec<usize>)>,
}

impl CountPlan {
    /// What these arms need.
    pub fn new(world: &PlanWorld, arms: &[SequenceArm]) -> Self {
        let tokens = world.plans().tokens();
        let mut ends: Vec<u32> = arms.iter().map(|arm| arm.pool.prompts).collect();
        ends.sort_unstable();
        ends.dedup();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let cells = |arm: &SequenceArm| {
            if !world.hazards().is_empty() {
                return Endings::kinds_of(tokens, arm.length);
            }
            let features = arm.policy.features();
            features.states(tokens, arm.length as usize, usize::MAX) * tokens
        };
        Self {
            stretches: starts
                .zip(&ends)
                .map(|(start, &end)| Stretch::new(start..end, arms))
                .collect(),
            cells: arms.iter().map(cells).collect(),
            deepest: arms.iter().map(|arm| arm.pool.depth()).max().unwrap_or(0) as usize,
            longest: arms.iter().map(|arm| arm.length).max().unwrap_or(0) as usize,
        }
    }

    /// Random words that one replicate draws.
    pub fn words(&self, world: &PlanWorld) -> u64 {
        let of = |own: &Stretch| own.prompts.len() as u64 * world.words(&own.depths);
        self.stretches.iter().map(of).sum()
    }

    /// What a worker's counts take, in bytes.
    pub fn memory(&self) -> u64 {
        let counts: u64 = self.cells.iter().map(|&cells| 2 * list::<Lanes<f64>>(cells)).sum();
        let drawn = self.deepest * (self.longest * size_of::<Lanes<u8>>() + 2 * size_of::<Lanes<f64>>());
        counts + drawn as u64
    }

    /// A worker's counts.
    pub fn counter<'a>(&'a self, world: &'a PlanWorld, streams: &Streams) -> Counter<'a> {
        Counter {
            plan: self,
            sampler: world.sampler(streams, self.deepest, self.longest),
            arms: self.cells.iter().map(|&cells| vec![[0.0; LANES]; cells]).collect(),
        }
    }
}

impl Stretch {
    fn new(prompts: Range<u32>, arms: &[SequenceArm]) -> Self {
        let here = || {
            arms.iter()
                .enumerate()
                .filter(|(_, arm)| arm.pool.prompts >= prompts.end)
        };
        let longest = here().map(|(_, arm)| arm.length).max().unwrap_or(0);
        let depth = |position: u32| {
            let going = here().filter(|(_, arm)| arm.length > position);
            going.map(|(_, arm)| arm.pool.depth() as usize).max().unwrap_or(0)
        };
        let mut groups: Vec<Group> = Vec::new();
        for (index, arm) in here() {
            if !groups.iter().any(|own| arms[own.first].alike(arm)) {
                let alike: Vec<usize> = here().filter(|(_, other)| arm.alike(other)).map(|(at, _)| at).collect();
                groups.push(Group::new(index, &alike, arms));
            }
        }
        Self {
            depths: (0..longest).map(depth).collect(),
            groups,
            prompts,
        }
    }
}

impl Group {
    fn new(first: usize, alike: &[usize], arms: &[SequenceArm]) -> Self {
        let responses = |arm: usize| arms[arm].pool.depth() as usize;
        let mut ends: Vec<usize> = alike.iter().map(|&arm| responses(arm)).collect();
        ends.sort_unstable();
        ends.dedup();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let bin = |(start, &end): (usize, &usize)| {
            let having = alike.iter().copied().filter(|&arm| responses(arm) >= end);
            (start..end, having.collect())
        };
        Self {
            first,
            length: arms[first].length as usize,
            merged: arms[first].pool.trained == Trained::OnePerMode,
            bins: starts.zip(&ends).map(bin).collect(),
        }
    }
}

impl SequenceArm {
    /// Whether another arm counts responses in the same way.
    fn alike(&self, other: &Self) -> bool {
        let [own, other] = [self, other].map(|arm| {
            let seen = arm.seen();
            // What a response stands for depends on all of them.
            let merged = (arm.pool.trained == Trained::OnePerMode).then_some(arm.pool.responses);
            let best = seen.best.map(|best| (arm.taught.reward, best));
            (arm.policy.features(), arm.length, best, merged)
        });
        own == other
    }
}

/// Counts of eight data sets: one worker's scratch.
pub(super) struct Counter<'a> {
    plan: &'a CountPlan,
    sampler: PlanSampler<'a>,
    /// By arm, what it counts.
    arms: Vec<Vec<Lanes<f64>>>,
}

impl<'a> Counter<'a> {
    /// Draws the data sets of replicates `first..first + 8` and counts them. `reading` says what of an arm's. False where it is left because
    /// `stopped` says so.
    pub fn draw<'c>(&mut self, first: u64, reading: impl Fn(usize) -> &'c Reading, stopped: &dyn Fn() -> bool) -> bool {
        self.arms.iter_mut().for_each(|counts| counts.fill([0.0; LANES]));
        for stretch in &self.plan.stretches {
            let mut bins = stretch.bins(self.plan);
            for prompt in stretch.prompts.clone() {
                if prompt % PROMPTS_BETWEEN == 0 && stopped() {
                    return false;
                }
                self.sampler.draw(first, prompt, &stretch.depths);
                for (group, bins) in stretch.groups.iter().zip(&mut bins) {
                    for ((responses, _), bin) in group.bins.iter().zip(bins) {
                        reading(group.first).count(&self.sampler, group.length, (responses, group.merged), bin);
                    }
                }
            }
            self.give(stretch, &bins);
        }
        true
    }

    /// Adds the bins of a stretch to the arms that have them.
    fn give(&mut self, stretch: &Stretch, bins: &[Vec<Vec<Lanes<f64>>>]) {
        for (group, bins) in stretch.groups.iter().zip(bins) {
            for ((_, having), bin) in group.bins.iter().zip(bins) {
                for &arm in having {
                    self.arms[arm].iter_mut().zip(bin).for_each(|(sum, own)| add(sum, own));
                }
            }
        }
    }

    /// What was counted of an arm's data.
    pub fn of(&self, arm: usize) -> &[Lanes<f64>] {
        &self.arms[arm]
    }

    /// What was drawn of one prompt of a data set: the plan of each response, and its increments.
    pub fn seen(&mut self, replicate: u64, prompt: u32, arm: &SequenceArm) -> Vec<(u16, Vec<u8>)> {
        let lane = (replicate % LANES as u64) as usize;
        let responses = arm.pool.depth() as usize;
        let ends = !self.sampler.world().hazards().is_empty();
        let depths = vec![responses; arm.length as usize];
        self.sampler.draw(replicate - lane as u64, prompt, &depths);
        let increments = |response: usize| {
            let at = |position: usize| self.sampler.increments(position)[response][lane];
            let length = usize::from(self.sampler.lengths()[response][lane]);
            let made = if ends { depths.len().min(length) } else { depths.len() };
            (0..made).map(at).collect()
        };
        let one = |response: usize| (self.sampler.plans()[response][lane], increments(response));
        (0..responses).map(one).collect()
    }
}

impl Stretch {
    /// Zeros for each group and bin.
    fn bins(&self, plan: &CountPlan) -> Vec<Vec<Vec<Lanes<f64>>>> {
        let of = |group: &Group| vec![vec![[0.0; LANES]; plan.cells[group.first]]; group.bins.len()];
        self.groups.iter().map(of).collect()
    }
}

/// Prompts after which a draw asks whether it is to be left.
const PROMPTS_BETWEEN: u32 = 64;

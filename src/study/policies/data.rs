//! Owns the draws of eight data sets at once: prompts of the population, responses to them, and what each arm keeps.
//!
//! Prompts, responses and what selectors look at have streams of their own, by place in the sample: fewer prompts or responses are a
//! prefix of more (law 2), whatever the arms.

use super::allocation::Allocated;
use super::{Labels, PolicyArm, Prompts};
use crate::engine::list;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::{Purpose, Streams};
use crate::study::chosen::{Keeper, SelectionPlan};
use crate::world::Population;

/// What arms draw, planned once.
#[derive(Debug)]
pub(super) struct DataPlan {
    prompts: Prompts,
    /// sum of pi over the modes up to each: P rows of M.
    cumulative: Vec<f64>,
    /// Different prompts that some arm sees.
    distinct: usize,
    /// One for each number of copies that some arm has.
    sets: Vec<CopySet>,
    /// Which set an arm is of.
    set_of_arm: Vec<usize>,
}

/// Arms whose prompts occur equally often: those at one place are the same.
#[derive(Debug)]
struct CopySet {
    copies: usize,
    /// How deep the pool of each place is drawn: as deep as some arm that reaches it needs.
    depths: Vec<u32>,
    /// Where the responses of each place begin, and where the last end.
    starts: Vec<usize>,
    choosers: SelectionPlan,
    /// Arms that keep otherwise than at random, and where [`SelectionPlan`] puts what they keep.
    selecting: Vec<(usize, usize)>,
}

impl CopySet {
    fn new(copies: u32, all: &[PolicyArm], modes: usize) -> Self {
        let own = || all.iter().enumerate().filter(|(_, arm)| arm.copies == copies);
        let places = own().map(|(_, arm)| arm.pool.prompts).max().unwrap_or(0);
        let mut depths = vec![0; places as usize];
        for (_, arm) in own().filter(|(_, arm)| arm.sees_responses()) {
            let last = &mut depths[arm.pool.prompts as usize - 1];
            *last = arm.depth().max(*last);
        }
        for place in (1..depths.len()).rev() {
            depths[place - 1] = depths[place - 1].max(depths[place]);
        }
        let mut starts = vec![0];
        for depth in &depths {
            starts.push(starts[starts.len() - 1] + *depth as usize);
        }
        let chooses = |arm: &PolicyArm| arm.sees_responses() && !arm.pool.choice.is_random();
        let asked = |arm: &PolicyArm| (arm.pool.depth() as usize, arm.pool.responses as usize);
        let mut choosers = SelectionPlan::default();
        for (_, arm) in own().filter(|(_, arm)| chooses(arm)) {
            let (candidates, keep) = asked(arm);
            choosers.ask(arm.pool.choice, candidates, keep, arm.pool.prompts);
        }
        choosers.settle(modes);
        let row = |arm: &PolicyArm| choosers.row(&arm.pool.choice, asked(arm).0, asked(arm).1, modes);
        let selecting = own()
            .filter(|(_, arm)| chooses(arm))
            .map(|(index, arm)| (index, row(arm)));
        let selecting = selecting.collect();
        Self {
            copies: copies as usize,
            depths,
            starts,
            choosers,
            selecting,
        }
    }
}

impl DataPlan {
    /// What these arms need.
    pub fn new(prompts: &Prompts, arms: &[PolicyArm]) -> Self {
        let population = prompts.population.as_ref();
        let modes = population.modes();
        let mut copies: Vec<u32> = arms.iter().map(|arm| arm.copies).collect();
        copies.sort_unstable();
        copies.dedup();
        let set_of = |arm: &PolicyArm| copies.partition_point(|&own| own < arm.copies);
        Self {
            cumulative: cumulative(population),
            distinct: arms.iter().map(PolicyArm::distinct).max().unwrap_or(0) as usize,
            set_of_arm: arms.iter().map(set_of).collect(),
            sets: copies.iter().map(|&copies| CopySet::new(copies, arms, modes)).collect(),
            prompts: prompts.clone(),
        }
    }

    /// Random words that one replicate draws.
    pub fn words(&self) -> u64 {
        let attributes = self.prompts.population.attributes();
        let of_set = |set: &CopySet| set.starts[set.depths.len()] as u64 + set.choosers.words(attributes);
        self.distinct as u64 + self.sets.iter().map(of_set).sum::<u64>()
    }

    /// What it takes, in bytes, and each worker's data beside.
    pub fn memory(&self) -> (u64, u64) {
        let places: usize = self.sets.iter().map(|set| 3 * set.depths.len()).sum();
        let held = list::<f64>(self.cumulative.len()) + list::<u32>(places);
        (held, self.worker_memory())
    }

    fn worker_memory(&self) -> u64 {
        let population = self.prompts.population.as_ref();
        let of_set = |set: &CopySet| {
            let places = set.depths.len();
            let rows = places * (population.coordinates() + (1 + set.selecting.len()) * population.modes());
            rows * size_of::<Lanes<f64>>() + set.starts[places] * size_of::<Lanes<u16>>()
        };
        self.sets.iter().map(|set| of_set(set) as u64).sum()
    }

    /// A worker's data.
    pub fn data<'a>(&'a self, streams: &Streams) -> Data<'a> {
        let attributes = self.prompts.population.attributes();
        let deepest = self.sets.iter().flat_map(|set| set.depths.first()).max();
        let keeper = |set: &'a CopySet| set.choosers.keeper(attributes, streams);
        Data {
            plan: self,
            prompts: streams.purpose("prompts"),
            responses: streams.purpose("responses"),
            uniforms: vec![[0.0; LANES]; self.distinct.max(deepest.copied().unwrap_or(0) as usize)],
            drawn: vec![[0; LANES]; self.distinct],
            shuffled: Vec::new(),
            sets: self
                .sets
                .iter()
                .map(|set| SetData::new(set, &self.prompts, keeper(set)))
                .collect(),
        }
    }
}

/// The population's conditionals, cumulated; the last of each prompt is beyond every uniform.
fn cumulative(population: &Population) -> Vec<f64> {
    let mut all = population.conditionals().to_vec();
    for row in all.chunks_exact_mut(population.modes()) {
        for mode in 1..row.len() {
            row[mode] += row[mode - 1];
        }
        row[population.modes() - 1] = f64::INFINITY;
    }
    all
}

/// Eight data sets: one worker's scratch.
pub(super) struct Data<'a> {
    plan: &'a DataPlan,
    prompts: Purpose,
    responses: Purpose,
    uniforms: Vec<Lanes<f64>>,
    /// Which prompts of the population they are.
    drawn: Vec<Lanes<u32>>,
    /// The population in an order of one lane, where prompts are drawn without replacement.
    shuffled: Vec<u32>,
    sets: Vec<SetData<'a>>,
}

/// The same of one set of arms.
struct SetData<'a> {
    /// Features of the prompt at each place.
    features: Vec<Lanes<f64>>,
    /// Modes of the responses, place by place.
    modes: Vec<Lanes<u16>>,
    /// Kept responses by place and mode, of each arm that does not keep at random.
    kept: Vec<Vec<Lanes<f64>>>,
    keeper: Option<Keeper<'a>>,
}

impl<'a> SetData<'a> {
    fn new(set: &CopySet, prompts: &Prompts, keeper: Option<Keeper<'a>>) -> Self {
        let (places, population) = (set.depths.len(), prompts.population.as_ref());
        Self {
            features: vec![[0.0; LANES]; places * population.coordinates()],
            modes: vec![[0; LANES]; set.starts[places]],
            kept: vec![vec![[0.0; LANES]; places * population.modes()]; set.selecting.len()],
            keeper,
        }
    }
}

impl Data<'_> {
    /// Draws the data sets of replicates `first..first + 8`.
    pub fn draw(&mut self, first: u64) {
        self.draw_prompts(first);
        for (set, own) in self.plan.sets.iter().zip(&mut self.sets) {
            for place in 0..set.depths.len() {
                let prompts = self.drawn[place / set.copies];
                own.look_at(&self.plan.prompts.population, place, &prompts);
                let depth = set.depths[place] as usize;
                let uniforms = &mut self.uniforms[..depth];
                self.responses.fill_uniforms(first, place as u32, uniforms);
                let modes = &mut own.modes[set.starts[place]..][..depth];
                let count = self.plan.prompts.population.modes();
                respond(&self.plan.cumulative, count, &prompts, uniforms, modes);
                if let Some(keeper) = &mut own.keeper {
                    keeper.start();
                    keeper.prompt(first, place as u32, modes);
                    own.keep(set, place);
                }
            }
        }
    }

    /// Places in the population, with replacement or in the order of a shuffle (Fisher and Yates) as far as it is needed.
    fn draw_prompts(&mut self, first: u64) {
        let all = self.plan.prompts.population.prompts();
        let uniforms = &mut self.uniforms[..self.plan.distinct];
        self.prompts.fill_uniforms(first, 0, uniforms);
        for l in 0..LANES {
            if !self.plan.prompts.replacement {
                self.shuffled.clear();
                self.shuffled.extend(0..all as u32);
            }
            for (place, uniform) in uniforms.iter().enumerate() {
                self.drawn[place][l] = if self.plan.prompts.replacement {
                    below(uniform[l], all) as u32
                } else {
                    let other = place + below(uniform[l], all - place);
                    self.shuffled.swap(place, other);
                    self.shuffled[place]
                };
            }
        }
    }

    /// Features of the prompts of an arm: a row of coordinates for each.
    pub fn features(&self, index: usize, arm: &PolicyArm) -> &[Lanes<f64>] {
        let own = &self.sets[self.plan.set_of_arm[index]];
        &own.features[..arm.pool.prompts as usize * self.plan.prompts.population.coordinates()]
    }

    /// Writes what an arm is fitted to: shares of its kept responses by prompt and mode.
    pub fn target(&self, index: usize, arm: &PolicyArm, allocated: Option<&Allocated>, target: &mut [Lanes<f64>]) {
        if let Some(allocated) = allocated {
            return self.allocated_target(index, arm, &allocated.responses, target);
        }
        let place = self.plan.set_of_arm[index];
        let (set, own) = (&self.plan.sets[place], &self.sets[place]);
        let population = self.plan.prompts.population.as_ref();
        let (modes, share) = (population.modes(), 1.0 / f64::from(arm.pool.responses));
        if arm.labels == Labels::Exact {
            for (place, row) in target.chunks_exact_mut(modes).enumerate() {
                let prompts = self.drawn[place / set.copies];
                for (mode, out) in row.iter_mut().enumerate() {
                    *out = prompts.map(|prompt| population.conditionals()[prompt as usize * modes + mode]);
                }
            }
        } else if let Some(chosen) = set.selecting.iter().position(|(own, _)| *own == index) {
            for (out, kept) in target.iter_mut().zip(&own.kept[chosen]) {
                *out = kept.map(|count| count * share);
            }
        } else {
            target.fill([0.0; LANES]);
            for (place, row) in target.chunks_exact_mut(modes).enumerate() {
                for response in &own.modes[set.starts[place]..][..arm.pool.responses as usize] {
                    for l in 0..LANES {
                        row[usize::from(response[l])][l] += 1.0;
                    }
                }
                row.iter_mut()
                    .for_each(|counts| *counts = counts.map(|count| count * share));
            }
        }
    }

    /// The same where each prompt of the population has its own number of responses. Prompts that count as many as they have sum to that,
    /// over the mean.
    fn allocated_target(&self, index: usize, arm: &PolicyArm, responses: &[u32], target: &mut [Lanes<f64>]) {
        let place = self.plan.set_of_arm[index];
        let (set, own) = (&self.plan.sets[place], &self.sets[place]);
        let modes = self.plan.prompts.population.modes();
        target.fill([0.0; LANES]);
        for (place, row) in target.chunks_exact_mut(modes).enumerate() {
            let prompts = self.drawn[place / set.copies];
            let drawn = &own.modes[set.starts[place]..];
            for l in 0..LANES {
                let count = responses[prompts[l] as usize];
                let share = 1.0
                    / if arm.is_pooled() {
                        f64::from(arm.pool.responses)
                    } else {
                        f64::from(count)
                    };
                for response in &drawn[..count as usize] {
                    row[usize::from(response[l])][l] += share;
                }
            }
        }
    }

    /// Writes what each prompt of an arm counts, where that is as many responses as it has: the number over the mean.
    pub fn weights(&self, index: usize, arm: &PolicyArm, allocated: &Allocated, weights: &mut Vec<Lanes<f64>>) {
        let copies = self.plan.sets[self.plan.set_of_arm[index]].copies;
        let share = 1.0 / f64::from(arm.pool.responses);
        let of = |place: usize| {
            let prompts = self.drawn[place / copies];
            prompts.map(|prompt| share * f64::from(allocated.responses[prompt as usize]))
        };
        weights.clear();
        weights.extend((0..arm.pool.prompts as usize).map(of));
    }

    /// The prompts of an arm in one lane, and the modes of the responses drawn to each, as deep as its pool.
    pub fn seen(&self, index: usize, arm: &PolicyArm, lane: usize, place: usize) -> (u32, Vec<u16>) {
        let set = self.plan.set_of_arm[index];
        let (plan, own) = (&self.plan.sets[set], &self.sets[set]);
        let depth = (arm.depth() as usize).min(plan.depths[place] as usize);
        let rows = &own.modes[plan.starts[place]..][..depth];
        (
            self.drawn[place / plan.copies][lane],
            rows.iter().map(|row| row[lane]).collect(),
        )
    }
}

impl SetData<'_> {
    fn look_at(&mut self, population: &Population, place: usize, prompts: &Lanes<u32>) {
        let coordinates = population.coordinates();
        for (coordinate, out) in self.features[place * coordinates..][..coordinates]
            .iter_mut()
            .enumerate()
        {
            *out = prompts.map(|prompt| population.features()[prompt as usize * coordinates + coordinate]);
        }
    }

    fn keep(&mut self, set: &CopySet, place: usize) {
        let Some(keeper) = &self.keeper else { return };
        for ((_, row), kept) in set.selecting.iter().zip(&mut self.kept) {
            let counts = keeper.of(*row);
            kept[place * counts.len()..][..counts.len()].copy_from_slice(counts);
        }
    }
}

/// An integer below `n`, of a uniform.
fn below(uniform: f64, n: usize) -> usize {
    (uniform * n as f64) as usize
}

/// Responses by inversion, each lane of its own prompt, of `count` modes.
fn respond(cumulative: &[f64], count: usize, prompts: &Lanes<u32>, uniforms: &[Lanes<f64>], modes: &mut [Lanes<u16>]) {
    for l in 0..LANES {
        let row = &cumulative[prompts[l] as usize * count..][..count];
        for (uniform, mode) in uniforms.iter().zip(&mut *modes) {
            mode[l] = row.iter().map(|&up_to| u16::from(uniform[l] >= up_to)).sum();
        }
    }
}

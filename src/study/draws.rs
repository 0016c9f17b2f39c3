//! Owns one pass over the prompts of eight replicates that serves every arm: counts of modes for any N_p, K and selector.
//!
//! Responses are counted into segments between the distinct depths that arms ask for, so that the counts of any K are
//! a sum of segments and those of any N_p are what has been counted when that prompt is reached (law 3).

use super::chosen::{Keeper, SelectionPlan};
use super::pools::PoolArm;
use crate::engine::{StudyError, list};
use crate::numerics::lanes::{LANES, Lanes, dispatch};
use crate::numerics::stream::Streams;
use crate::theory::budget::Budget;
use crate::world::{PositionTally, Sampler, World};
use std::ops::Range;

/// Where an arm finds what it kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CountRef {
    /// Among the counts by depth: the first so many responses.
    Depth(usize),
    /// Among the rows of the choosers.
    Chosen(usize),
}

/// One prompt of one replicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DrawAt {
    pub replicate: u64,
    pub prompt: u32,
}

/// The pass over a scenario's arms, planned once.
#[derive(Debug)]
pub(super) struct DrawPlan {
    modes: usize,
    /// Distinct depths (K and N of arms), ascending.
    depths: Vec<u32>,
    /// Where prompts stop for some arms, ascending.
    stops: Vec<Cutoff>,
    choosers: SelectionPlan,
    arms: Vec<PoolArm>,
}

/// A number of prompts at which arms take their statistic.
#[derive(Debug)]
struct Cutoff {
    prompts: u32,
    /// Responses that prompts up to this stop need, for the arms not yet done.
    depth: u32,
    /// Segments that this depth spans.
    segments: usize,
    arms: Vec<usize>,
}

impl DrawPlan {
    /// The pass that serves these arms in a world: an error where one of them cannot be.
    pub fn new(world: &dyn World, arms: Vec<PoolArm>) -> Result<Self, StudyError> {
        let modes = world.mean().len();
        for (index, arm) in arms.iter().enumerate() {
            arm.check(Some(world.attributes().is_some()))
                .map_err(|why| StudyError::of_arm(index, why))?;
        }
        let mut depths: Vec<u32> = arms.iter().flat_map(|arm| [arm.responses, arm.depth()]).collect();
        depths.sort_unstable();
        depths.dedup();
        let mut choosers = SelectionPlan::default();
        for arm in arms.iter().filter(|arm| !arm.choice.is_random()) {
            let (candidates, keep) = (arm.depth() as usize, arm.responses as usize);
            choosers.ask(arm.choice, candidates, keep, arm.prompts);
        }
        choosers.settle(modes);
        Ok(Self {
            modes,
            stops: stops(&arms, &depths),
            depths,
            choosers,
            arms,
        })
    }

    /// The arms, in order.
    pub fn arms(&self) -> &[PoolArm] {
        &self.arms
    }

    /// The budget that all arms share.
    pub fn budget(&self) -> Option<Budget> {
        Budget::shared(self.arms.iter().map(|arm| arm.budget))
    }

    /// Where [`Counts::of`] finds the counts of the first `depth` responses; `depth` must be one of the arms'.
    pub fn place(&self, depth: u32) -> CountRef {
        CountRef::Depth(place(&self.depths, depth))
    }

    /// Where [`Counts::of`] finds what one of the arms keeps.
    pub fn kept(&self, arm: &PoolArm) -> CountRef {
        if arm.choice.is_random() {
            return self.place(arm.responses);
        }
        let (candidates, keep) = (arm.depth() as usize, arm.responses as usize);
        CountRef::Chosen(self.choosers.row(&arm.choice, candidates, keep, self.modes))
    }

    /// What it takes, in bytes.
    pub fn memory(&self) -> u64 {
        let arms: usize = self.stops.iter().map(|stop| stop.arms.len()).sum();
        list::<Cutoff>(self.stops.len())
            + 32 * self.stops.len() as u64
            + list::<usize>(arms)
            + list::<u32>(self.depths.len())
            + list::<PoolArm>(self.arms.len())
    }

    /// What a worker's scratch and sampler take: counts twice, and the words and modes of the deepest pool.
    pub fn worker_memory(&self) -> u64 {
        let deepest = self.depths.last().copied().unwrap_or(0) as usize;
        let rows = self.depths.len() * self.modes;
        list::<Lanes<u32>>(rows)
            + list::<Lanes<f64>>(rows)
            + list::<Lanes<f64>>(2 * deepest)
            + PositionTally::memory(self.modes)
    }

    /// Words that one replicate draws: for each prompt as many as the deepest arm that uses it needs, and what choosers look at.
    pub fn words(&self, world: &dyn World) -> u64 {
        let mut start = 0;
        let mut total = self.choosers.words(world.attributes());
        for stop in &self.stops {
            total += u64::from(stop.prompts - start) * world.words(u64::from(stop.depth));
            start = stop.prompts;
        }
        total
    }

    /// The modes of prompt `prompt`'s responses in the set of lanes that replicate `replicate` belongs to, as deep as a run
    /// draws them there, and what each of `arms` keeps of that replicate's, in the order kept. The arms are of this
    /// pass and have more prompts.
    pub fn one(
        &self,
        world: &dyn World,
        streams: &Streams,
        at: DrawAt,
        arms: &[PoolArm],
    ) -> (Vec<u16>, Vec<Vec<usize>>) {
        let DrawAt { replicate, prompt } = at;
        let lane = (replicate % LANES as u64) as usize;
        let first = replicate - lane as u64;
        let mut counter = self.counter(world, streams);
        let depth = self.stops.iter().find(|s| prompt < s.prompts).map_or(0, |s| s.depth);
        let rows = counter.sampler.draw(first, prompt, depth as usize);
        let modes = rows.iter().map(|row| row[lane]).collect();
        let mut keeper = counter.keeper;
        if let Some(keeper) = &mut keeper {
            keeper.prompt(first, prompt, rows);
        }
        let kept = |arm: &PoolArm| match &mut keeper {
            Some(keeper) if !arm.choice.is_random() => {
                let pool = &rows[..arm.depth() as usize];
                keeper.picks(lane, pool, &arm.choice, arm.responses as usize)
            }
            // The first K, which [`Counts`] read off the counts by depth.
            _ => (0..arm.responses as usize).collect(),
        };
        (modes, arms.iter().map(kept).collect())
    }

    /// A worker's scratch and sampler for this pass.
    pub fn counter<'a>(&'a self, world: &'a dyn World, streams: &Streams) -> ModeCounter<'a> {
        let deepest = self.depths.last().copied().unwrap_or(0) as usize;
        let rows = self.depths.len() * self.modes;
        ModeCounter {
            pass: self,
            sampler: world.sampler(streams, deepest),
            keeper: self.choosers.keeper(world.attributes(), streams),
            tally: PositionTally::new(self.modes),
            counts: vec![[0; LANES]; rows],
            cumulative: vec![[0.0; LANES]; rows],
        }
    }
}

/// Where prompts stop for some of `all` arms, ascending.
fn stops(all: &[PoolArm], depths: &[u32]) -> Vec<Cutoff> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|&arm| all[arm].prompts);
    let mut stops: Vec<Cutoff> = order
        .chunk_by(|&a, &b| all[a].prompts == all[b].prompts)
        .map(|arms| Cutoff {
            prompts: all[arms[0]].prompts,
            depth: arms.iter().map(|&arm| all[arm].depth()).max().unwrap_or(0),
            segments: 0,
            arms: arms.to_vec(),
        })
        .collect();
    let mut depth = 0;
    // Arms with more prompts use these too.
    for stop in stops.iter_mut().rev() {
        depth = depth.max(stop.depth);
        (stop.depth, stop.segments) = (depth, place(depths, depth) + 1);
    }
    stops
}

fn place(depths: &[u32], depth: u32) -> usize {
    // Every depth asked for is in the list by construction; the end would be caught as an index out of bounds.
    depths.partition_point(|&d| d < depth)
}

/// Draws and counts for one worker.
pub(super) struct ModeCounter<'a> {
    pass: &'a DrawPlan,
    sampler: Box<dyn Sampler + 'a>,
    /// Where some arm keeps otherwise than at random.
    keeper: Option<Keeper<'a>>,
    /// Prompts whose responses are not in `counts` yet.
    tally: PositionTally,
    /// Responses counted since the first prompt, by segment of depth and mode.
    counts: Vec<Lanes<u32>>,
    /// The same up to and including a segment.
    cumulative: Vec<Lanes<f64>>,
}

/// Counts of modes in the first N_p prompts of eight replicates.
pub(super) struct Counts<'a> {
    modes: usize,
    cumulative: &'a [Lanes<f64>],
    keeper: Option<&'a Keeper<'a>>,
}

impl Counts<'_> {
    /// The counts by mode of the responses at `place` (see [`DrawPlan::place`] and [`DrawPlan::kept`]).
    pub fn of(&self, place: CountRef) -> &[Lanes<f64>] {
        match place {
            CountRef::Depth(place) => &self.cumulative[place * self.modes..(place + 1) * self.modes],
            CountRef::Chosen(row) => self.keeper.map_or(&[], |keeper| keeper.of(row)),
        }
    }
}

impl ModeCounter<'_> {
    /// Draws replicates `first..first + 8` and hands each arm its counts when its prompts are drawn.
    pub fn run(&mut self, first: u64, mut each: impl FnMut(usize, &Counts<'_>)) {
        let pass = self.pass;
        self.counts.fill([0; LANES]);
        if let Some(keeper) = &mut self.keeper {
            keeper.start();
        }
        let mut prompt = 0;
        for stop in &pass.stops {
            let depths = &pass.depths[..stop.segments];
            while prompt < stop.prompts {
                prompt = self.some(first, prompt..stop.prompts, stop.depth as usize, depths);
            }
            self.tally.empty_into(depths, &mut self.counts);
            cumulate(&self.counts, pass.modes, &mut self.cumulative);
            let counts = Counts {
                modes: pass.modes,
                cumulative: &self.cumulative,
                keeper: self.keeper.as_ref(),
            };
            for &arm in &stop.arms {
                each(arm, &counts);
            }
        }
    }

    /// Draws and counts prompts of a range from its start on; where they end.
    fn some(&mut self, first: u64, prompts: Range<u32>, depth: usize, depths: &[u32]) -> u32 {
        let Range { start, end } = prompts;
        if self.keeper.is_none() {
            let end = end.min(start + self.tally.room());
            if self.sampler.tally(first, start..end, depth, &mut self.tally) {
                if self.tally.room() == 0 {
                    self.tally.empty_into(depths, &mut self.counts);
                }
                return end;
            }
        }
        let rows = self.sampler.draw(first, start, depth);
        count::run(rows, depths, self.pass.modes, &mut self.counts);
        if let Some(keeper) = &mut self.keeper {
            keeper.prompt(first, start, rows);
        }
        start + 1
    }
}

/// Up to this many modes, counts packed into bytes beat a scattered increment per response.
const PACKED_LIMIT: usize = 32;

/// Rows whose counts fit into bytes.
const PACKED_ROWS: usize = 255;

dispatch!(
    /// Adds responses to the counts of the segment of depth that each lies in.
    mod count = count_kernel(rows: &[Lanes<u16>], depths: &[u32], modes: usize, counts: &mut [Lanes<u32>])
);

#[inline(always)]
fn count_kernel(rows: &[Lanes<u16>], depths: &[u32], modes: usize, counts: &mut [Lanes<u32>]) {
    let mut start = 0;
    for (segment, &depth) in depths.iter().enumerate() {
        let rows = &rows[start..depth as usize];
        let counts = &mut counts[segment * modes..(segment + 1) * modes];
        // Plain loops: a closure does not inherit the vector unit that this kernel is compiled for.
        if modes <= 8 {
            for rows in rows.chunks(PACKED_ROWS) {
                count_packed::<false>(rows, 0, counts);
            }
        } else if modes <= PACKED_LIMIT {
            for (eight, counts) in counts.chunks_mut(8).enumerate() {
                for rows in rows.chunks(PACKED_ROWS) {
                    count_packed::<true>(rows, 8 * eight as u64, counts);
                }
            }
        } else {
            for row in rows {
                for l in 0..LANES {
                    counts[usize::from(row[l])][l] += 1;
                }
            }
        }
        start = depth as usize;
    }
}

/// Counts modes `first..first + 8`, one byte each of a word per lane. `OTHERS` says whether rows hold other modes too.
#[inline(always)]
fn count_packed<const OTHERS: bool>(rows: &[Lanes<u16>], first: u64, counts: &mut [Lanes<u32>]) {
    let mut packed = [0_u64; LANES];
    for row in rows {
        for l in 0..LANES {
            let mode = u64::from(row[l]).wrapping_sub(first);
            let one = if OTHERS { u64::from(mode < 8) } else { 1 };
            packed[l] += one << (8 * (mode & 7));
        }
    }
    for (byte, count) in counts.iter_mut().enumerate() {
        for l in 0..LANES {
            count[l] += (packed[l] >> (8 * byte)) as u32 & 255;
        }
    }
}

fn cumulate(counts: &[Lanes<u32>], modes: usize, cumulative: &mut [Lanes<f64>]) {
    for i in 0..counts.len() {
        for l in 0..LANES {
            let before = if i < modes { 0.0 } else { cumulative[i - modes][l] };
            cumulative[i][l] = before + f64::from(counts[i][l]);
        }
    }
}

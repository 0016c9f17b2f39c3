//! Owns the draws of the study: eight replicates in lanes, one pass over prompts that serves every arm.
//!
//! Responses are counted into segments between the distinct depths that arms ask for, so that the counts of any K are
//! a sum of segments and those of any N_p are what has been counted when that prompt is reached.

use super::measure::{Measure, Slots};
use super::{BATCH, Method, Pool, Selection};
use crate::engine::{Ready, Tally, Worker};
use crate::numerics::lanes::{LANES, Lanes, dispatch};
use crate::numerics::stream::Streams;
use crate::world::Sampler;
use std::ops::Range;

/// What all workers share.
pub(super) struct Prepared<'a> {
    study: &'a Selection,
    streams: Streams,
    modes: usize,
    /// Distinct depths (K and N of arms), ascending.
    depths: Vec<u32>,
    /// Where prompts stop for some arms, ascending.
    stops: Vec<Stop>,
    arms: Vec<ArmPlan>,
    slots: usize,
}

/// A number of prompts at which arms take their statistic.
struct Stop {
    prompts: u32,
    /// Responses that prompts up to this stop need, for the arms not yet done.
    depth: u32,
    /// Segments that this depth spans.
    segments: usize,
    arms: Vec<usize>,
}

/// Where an arm reads its counts and writes its slots.
struct ArmPlan {
    kept: usize,
    pool: Option<usize>,
    per_kept: f64,
    per_pool: f64,
    measures: Vec<MeasurePlan>,
}

struct MeasurePlan {
    measure: Measure,
    slots: Slots,
    truth: Vec<f64>,
    /// p_theta for the gradient, -ln p_theta for the loss.
    policy: Vec<f64>,
}

impl<'a> Prepared<'a> {
    pub fn new(study: &'a Selection, streams: Streams) -> Self {
        let mut depths: Vec<u32> = study.arms.iter().flat_map(|arm| [arm.responses, arm.depth()]).collect();
        depths.sort_unstable();
        depths.dedup();
        let mut slots = 0;
        let arms = study
            .arms
            .iter()
            .map(|arm| ArmPlan::new(study, arm, &depths, &mut slots))
            .collect();
        Self {
            modes: study.world.mean().len(),
            stops: stops(&study.arms, &depths),
            study,
            streams,
            depths,
            arms,
            slots,
        }
    }
}

fn place(depths: &[u32], depth: u32) -> usize {
    // Every depth asked for is in the list by construction; the end would be caught as an index out of bounds.
    depths.partition_point(|&d| d < depth)
}

fn stops(arms: &[Method], depths: &[u32]) -> Vec<Stop> {
    let mut prompts: Vec<u32> = arms.iter().map(|arm| arm.prompts).collect();
    prompts.sort_unstable();
    prompts.dedup();
    let stop = |&n: &u32| {
        let depth = arms
            .iter()
            .filter(|arm| arm.prompts >= n)
            .map(Method::depth)
            .max()
            .unwrap_or(0);
        let here = arms.iter().enumerate().filter(|(_, arm)| arm.prompts == n);
        Stop {
            prompts: n,
            depth,
            segments: place(depths, depth) + 1,
            arms: here.map(|(index, _)| index).collect(),
        }
    };
    prompts.iter().map(stop).collect()
}

impl ArmPlan {
    fn new(study: &Selection, arm: &Method, depths: &[u32], slots: &mut usize) -> Self {
        let world = study.world.as_ref();
        let policy = arm.theta.policy(world);
        let measures = study.measures.iter().map(|&measure| {
            let plan = MeasurePlan {
                measure,
                slots: measure.slots(world, arm, *slots),
                truth: measure.truth(world, arm),
                policy: match measure {
                    Measure::Loss => policy.log_probabilities().iter().map(|l| -l).collect(),
                    _ => policy.probabilities(),
                },
            };
            *slots += plan.slots.count();
            plan
        });
        let prompts = f64::from(arm.prompts);
        Self {
            measures: measures.collect(),
            kept: place(depths, arm.responses),
            pool: match arm.candidates {
                Pool::AsKept => None,
                Pool::Of(n) => Some(place(depths, n)),
            },
            per_kept: 1.0 / (prompts * f64::from(arm.responses)),
            per_pool: 1.0 / (prompts * f64::from(arm.depth())),
        }
    }
}

impl Ready for Prepared<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        let deepest = self.depths.last().copied().unwrap_or(0) as usize;
        let rows = self.depths.len() * self.modes;
        Box::new(Lanework {
            plan: self,
            sampler: self.study.world.sampler(&self.streams, deepest),
            counts: vec![[0; LANES]; rows],
            cumulative: vec![[0.0; LANES]; rows],
            mass: vec![[0.0; LANES]; self.modes],
            pool: vec![[0.0; LANES]; self.modes],
            sums: vec![[0.0; LANES]; self.slots],
        })
    }
}

/// A worker: the plan and its scratch.
struct Lanework<'a> {
    plan: &'a Prepared<'a>,
    sampler: Box<dyn Sampler + 'a>,
    /// Responses counted since the first prompt, by segment of depth and mode.
    counts: Vec<Lanes<u32>>,
    /// The same up to and including a segment.
    cumulative: Vec<Lanes<f64>>,
    mass: Vec<Lanes<f64>>,
    pool: Vec<Lanes<f64>>,
    /// Slots summed over the sets of lanes of one batch.
    sums: Vec<Lanes<f64>>,
}

impl Worker for Lanework<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally) {
        for batch in replicates.step_by(BATCH as usize) {
            self.sums.fill([0.0; LANES]);
            for first in (batch..batch + BATCH).step_by(LANES) {
                self.replicates(first);
            }
            let group = tally.batch(batch);
            group.replicates += BATCH;
            group.valid.iter_mut().for_each(|valid| *valid += BATCH);
            for (sum, lanes) in group.sums.iter_mut().zip(&self.sums) {
                *sum += across(lanes);
            }
        }
    }
}

impl Lanework<'_> {
    /// Draws eight replicates and adds their slots.
    fn replicates(&mut self, first: u64) {
        let plan = self.plan;
        self.counts.fill([0; LANES]);
        let mut prompt = 0;
        for stop in &plan.stops {
            for prompt in prompt..stop.prompts {
                let rows = self.sampler.draw(first, prompt, stop.depth as usize);
                count::run(rows, &plan.depths[..stop.segments], plan.modes, &mut self.counts);
            }
            prompt = stop.prompts;
            cumulate(&self.counts, plan.modes, &mut self.cumulative);
            for &arm in &stop.arms {
                self.measure(&plan.arms[arm]);
            }
        }
    }

    fn measure(&mut self, arm: &ArmPlan) {
        let modes = self.plan.modes;
        let of = |segment: usize| segment * modes..(segment + 1) * modes;
        scale(&self.cumulative[of(arm.kept)], arm.per_kept, &mut self.mass);
        if let Some(pool) = arm.pool {
            scale(&self.cumulative[of(pool)], arm.per_pool, &mut self.pool);
        }
        for measure in &arm.measures {
            add_slots(measure, &self.mass, &self.pool, &mut self.sums);
        }
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

fn scale(counts: &[Lanes<f64>], by: f64, out: &mut [Lanes<f64>]) {
    for (count, out) in counts.iter().zip(out) {
        for l in 0..LANES {
            out[l] = count[l] * by;
        }
    }
}

/// Adds one measure's slots: deviations from the truth, their squares, and the squared effect of selection.
fn add_slots(plan: &MeasurePlan, mass: &[Lanes<f64>], pool: &[Lanes<f64>], sums: &mut [Lanes<f64>]) {
    let mut norm = [0.0; LANES];
    let mut selected = [0.0; LANES];
    let by_mode = plan.measure == Measure::ModeMassByMode;
    for (part, &truth) in plan.truth.iter().enumerate() {
        let x = statistic(plan, mass, part);
        let mut deviation = [0.0; LANES];
        for l in 0..LANES {
            deviation[l] = x[l] - truth;
            norm[l] += deviation[l] * deviation[l];
        }
        add(&mut sums[plan.slots.deviation.start + part], &deviation);
        if by_mode {
            add(&mut sums[plan.slots.squares.start + part], &norm);
            norm = [0.0; LANES];
        }
        if !plan.slots.selection.is_empty() {
            let whole = statistic(plan, pool, part);
            for l in 0..LANES {
                selected[l] += (x[l] - whole[l]) * (x[l] - whole[l]);
            }
        }
    }
    if !by_mode {
        add(&mut sums[plan.slots.squares.start], &norm);
    }
    if !plan.slots.selection.is_empty() {
        add(&mut sums[plan.slots.selection.start], &selected);
    }
}

/// Coordinate `part` of the statistic of a mode-mass vector.
fn statistic(plan: &MeasurePlan, mass: &[Lanes<f64>], part: usize) -> Lanes<f64> {
    let mut x = [0.0; LANES];
    match plan.measure {
        Measure::ModeMass | Measure::ModeMassByMode => x = mass[part],
        Measure::Gradient => {
            for l in 0..LANES {
                x[l] = plan.policy[part] - mass[part][l];
            }
        }
        Measure::Loss => {
            for (mass, loss) in mass.iter().zip(&plan.policy) {
                for l in 0..LANES {
                    x[l] += mass[l] * loss;
                }
            }
        }
    }
    x
}

fn add(sum: &mut Lanes<f64>, x: &Lanes<f64>) {
    for l in 0..LANES {
        sum[l] += x[l];
    }
}

/// The sum over lanes, as a balanced tree in lane order.
fn across(x: &Lanes<f64>) -> f64 {
    ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]))
}

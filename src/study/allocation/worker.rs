//! Owns the slots of the study: data sets of eight replicates at a time, all arms on the same open prompts and responses.

use super::{AllocationArm, Allocations, slots};
use crate::engine::{BATCH, Prepared, Tally, Worker};
use crate::inference::groups::Group;
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::Streams;
use crate::theory::neyman::two_stage::TwoStage;
use crate::world::{Sampler, World};
use std::ops::Range;
use std::sync::Arc;

/// What all workers share.
pub(super) struct Plan {
    world: Arc<dyn World>,
    arms: Vec<ArmPlan>,
    slots: usize,
    streams: Streams,
}

struct ArmPlan {
    arm: AllocationArm,
    stage: TwoStage,
    open: u32,
    deepest: usize,
}

impl Plan {
    pub fn new(study: &Allocations) -> Self {
        let plan = |&arm: &AllocationArm| ArmPlan {
            stage: arm.stage(),
            open: arm.open(),
            deepest: arm.deepest(),
            arm,
        };
        Self {
            world: study.world.clone(),
            arms: study.arms.iter().map(plan).collect(),
            slots: slots(study.world.as_ref()),
            streams: Streams::new(study.scenario.spec.draws.text()),
        }
    }

    /// The most responses of open prompt `prompt` in any arm.
    fn depth(&self, prompt: u32) -> usize {
        let own = self.arms.iter().filter(|own| own.open > prompt);
        own.map(|own| own.deepest).max().unwrap_or(0)
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        Box::new(Drawing {
            plan: self,
            sampler: self.world.sampler(&self.streams, self.depth(0)),
            sums: vec![[0.0; LANES]; self.arms.len() * self.slots],
        })
    }
}

/// A worker: the plan, the draws and what eight data sets of each arm give.
struct Drawing<'a> {
    plan: &'a Plan,
    sampler: Box<dyn Sampler + 'a>,
    /// By arm and slot. While prompts are drawn: the sum of their shares by mode, nothing yet, and their responses.
    sums: Vec<Lanes<f64>>,
}

impl Worker for Drawing<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        for batch in replicates.step_by(BATCH as usize) {
            for first in (batch..batch + BATCH).step_by(LANES) {
                if tally.is_stopped() {
                    return;
                }
                self.draw(first);
                let group = tally.batch(batch);
                (0..LANES).for_each(|lane| self.give(lane, group));
            }
        }
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        let lane = (replicate % LANES as u64) as usize;
        self.draw(replicate - lane as u64);
        self.give(lane, alone);
    }
}

impl Drawing<'_> {
    /// Draws the data sets of replicates `first..first + 8`, for all arms.
    fn draw(&mut self, first: u64) {
        let plan = self.plan;
        self.sums.fill([0.0; LANES]);
        let most = plan.arms.iter().map(|own| own.open).max().unwrap_or(0);
        for prompt in 0..most {
            let rows = self.sampler.draw(first, prompt, plan.depth(prompt));
            for (own, sums) in plan.arms.iter().zip(self.sums.chunks_exact_mut(plan.slots)) {
                if own.open > prompt {
                    own.add_prompt(rows, sums);
                }
            }
        }
        for (own, sums) in plan.arms.iter().zip(self.sums.chunks_exact_mut(plan.slots)) {
            own.settle(plan.world.mean(), sums);
        }
    }

    /// Adds one lane to a group.
    fn give(&self, lane: usize, group: &mut Group) {
        group.replicates += 1;
        group.valid.iter_mut().for_each(|valid| *valid += 1);
        let pairs = group.sums.iter_mut().zip(&self.sums);
        pairs.for_each(|(sum, own)| *sum += own[lane]);
    }
}

impl ArmPlan {
    /// Adds what the responses of an open prompt say of its shares, in eight data sets, and how many the arm has of it.
    fn add_prompt(&self, rows: &[Lanes<u16>], sums: &mut [Lanes<f64>]) {
        let (modes, pilot) = (sums.len() - 2, self.stage.pilot as usize);
        for l in 0..LANES {
            let agrees = rows[1..pilot].iter().all(|row| row[l] == rows[0][l]);
            let all = if agrees { self.stage.agreed } else { self.stage.open };
            let [of_pilot, of_later] = self.stage.weights(all);
            for row in &rows[..pilot] {
                sums[usize::from(row[l])][l] += of_pilot;
            }
            for row in &rows[pilot..all as usize] {
                sums[usize::from(row[l])][l] += of_later;
            }
            sums[modes + 1][l] += all as f64;
        }
    }

    /// Turns sums over prompts into slots.
    fn settle(&self, base: &[f64], sums: &mut [Lanes<f64>]) {
        let (modes, open) = (base.len(), f64::from(self.open));
        let mut square = [0.0; LANES];
        for (row, &pi) in sums.iter_mut().zip(base) {
            let root = pi.sqrt();
            for l in 0..LANES {
                let off = (row[l] / open - pi) / root;
                row[l] = off;
                square[l] += off * off;
            }
        }
        sums[modes] = square;
        sums[modes + 1] = sums[modes + 1].map(|all| self.arm.price(all / open));
    }
}

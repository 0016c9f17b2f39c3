//! Owns the slots of the study: pilots of eight replicates at a time, all arms on the same prompts and responses.

use super::cover::Covers;
use super::measures::{Analysed, Measure};
use super::sizes::SizeLaw;
use super::truth::Truth;
use super::{PilotArm, Pilots};
use crate::engine::{BATCH, Prepared, Tally, Worker};
use crate::inference::groups::Group;
use crate::inference::pilot::{Kind, Meaning, Pilot, Responses};
use crate::numerics::lanes::LANES;
use crate::numerics::stream::{Purpose, Streams};
use crate::world::{Sampler, World};
use std::ops::Range;
use std::sync::Arc;

/// What all workers share.
pub(super) struct Plan {
    world: Arc<dyn World>,
    arms: Vec<ArmPlan>,
    measures: Arc<[Measure]>,
    /// Whether some measure takes the tests of the model.
    tested: bool,
    covers: Covers,
    streams: Streams,
}

struct ArmPlan {
    arm: PilotArm,
    sizes: SizeLaw,
    truth: Truth,
}

impl Plan {
    pub fn new(study: &Pilots) -> Self {
        let plan = |&arm: &PilotArm| ArmPlan {
            sizes: SizeLaw::of(arm.sizes, arm.responses),
            truth: Truth::of(study.world.as_ref(), &arm),
            arm,
        };
        Self {
            world: study.world.clone(),
            arms: study.arms.iter().map(plan).collect(),
            measures: study.measures.clone(),
            tested: study.measures.iter().any(|measure| measure.own().tests),
            covers: study.covers,
            streams: Streams::new(study.scenario.spec.draws.text()),
        }
    }

    /// The most responses of prompt `prompt` in any arm.
    fn depth(&self, prompt: u32) -> usize {
        let own = self.arms.iter().filter(|own| own.arm.prompts > prompt);
        own.map(|own| own.sizes.most()).max().unwrap_or(0)
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        let most = self.arms.iter().map(|own| own.arm.prompts).max().unwrap_or(0);
        let deepest = self.arms.iter().map(|own| own.sizes.most()).max().unwrap_or(0);
        Box::new(Drawing {
            plan: self,
            most,
            sampler: self.world.sampler(&self.streams, deepest),
            sizes: self.streams.purpose("numbers of responses"),
            tests: self.streams.purpose("tests of pilots"),
            labels: Vec::with_capacity(deepest),
            pilots: Vec::new(),
        })
    }
}

/// A worker: the plan, the draws and scratch.
struct Drawing<'a> {
    plan: &'a Plan,
    /// The most prompts of an arm.
    most: u32,
    sampler: Box<dyn Sampler + 'a>,
    sizes: Purpose,
    tests: Purpose,
    labels: Vec<u32>,
    /// Those being drawn: one for each arm and lane, arm by arm.
    pilots: Vec<Pilot>,
}

impl Worker for Drawing<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        for batch in replicates.step_by(BATCH as usize) {
            for first in (batch..batch + BATCH).step_by(LANES) {
                if tally.is_stopped() {
                    return;
                }
                self.draw(first, 0..LANES);
                let group = tally.batch(batch);
                (0..LANES).for_each(|lane| self.add(lane, group));
            }
            tally.batch(batch).replicates += BATCH;
        }
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        let lane = (replicate % LANES as u64) as usize;
        self.draw(replicate - lane as u64, lane..lane + 1);
        alone.replicates += 1;
        self.add(0, alone);
    }
}

impl Drawing<'_> {
    /// Draws the pilots of these lanes of the set that begins with replicate `first`, for all arms.
    fn draw(&mut self, first: u64, lanes: Range<usize>) {
        let plan = self.plan;
        self.pilots.clear();
        for _ in &plan.arms {
            let seed = |lane: usize| self.tests.stream(first + lane as u64, 0).word();
            let pilot = |lane| Pilot::new(Kind::Labels(Meaning::Shared), seed(lane));
            self.pilots.extend(lanes.clone().map(pilot));
        }
        let numbered = plan.arms.iter().any(|own| own.sizes.varies());
        for prompt in 0..self.most {
            let mut uniforms = [[0.0; LANES]];
            if numbered {
                self.sizes.fill_uniforms(first, prompt, &mut uniforms);
            }
            let rows = self.sampler.draw(first, prompt, plan.depth(prompt));
            for (own, pilots) in plan.arms.iter().zip(self.pilots.chunks_exact_mut(lanes.len())) {
                if own.arm.prompts <= prompt {
                    continue;
                }
                for (lane, pilot) in lanes.clone().zip(pilots) {
                    let rows = &rows[..own.sizes.size(uniforms[0][lane])];
                    self.labels.clear();
                    self.labels.extend(rows.iter().map(|row| u32::from(row[lane])));
                    push(pilot, &self.labels);
                }
            }
        }
    }

    /// Adds what the pilots at `place` among those of their arms give.
    fn add(&self, place: usize, group: &mut Group) {
        let plan = self.plan;
        let of_arm = self.pilots.len() / plan.arms.len();
        for (index, own) in plan.arms.iter().enumerate() {
            let pilot = &self.pilots[index * of_arm + place];
            plan.add(index, own, pilot, group);
        }
    }
}

/// Adds a prompt.
fn push(pilot: &mut Pilot, labels: &[u32]) {
    if let Err(refusal) = pilot.push(Responses::Labels(labels), None) {
        unreachable!("labels of a prompt, of which there is at least one, were refused: {refusal}");
    }
}

impl Plan {
    /// Adds what one pilot of an arm gives. One that has no answer, such as a pilot of single responses, voids its arm here.
    fn add(&self, index: usize, own: &ArmPlan, pilot: &Pilot, group: &mut Group) {
        let Ok(estimated) = pilot.components() else {
            return;
        };
        let analysed = Analysed {
            estimated,
            verdict: self.tested.then(|| pilot.verdict(own.arm.test_draws as usize)),
            truth: &own.truth,
            covers: self.covers,
        };
        let numbers = self.measures.iter().map(|measure| (measure.own().of_pilot)(&analysed));
        let numbers: Vec<f64> = numbers.collect();
        if numbers.iter().any(|number| !number.is_finite()) {
            return;
        }
        group.valid[index] += 1;
        let slots = &mut group.sums[index * numbers.len()..];
        slots
            .iter_mut()
            .zip(&numbers)
            .for_each(|(slot, number)| *slot += number);
    }
}

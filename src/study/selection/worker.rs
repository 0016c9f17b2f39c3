//! Owns the slots of the study: eight replicates in lanes, each arm's statistic from its counts.

use super::measures::{Measure, Slots};
use super::{Method, Selection};
use crate::engine::{Prepared, Tally, Worker};
use crate::inference::groups::Group;
use crate::numerics::lanes::{LANES, Lanes, add};
use crate::numerics::stream::Streams;
use crate::study::batches::{ALL_VALID, Sums};
use crate::study::draws::{CountRef, Counts, DrawPlan, ModeCounter};
use std::ops::Range;

/// What all workers share.
pub(super) struct Plan {
    study: Selection,
    streams: Streams,
    arms: Vec<ArmPlan>,
    slots: usize,
}

/// Where an arm reads its counts and writes its slots.
struct ArmPlan {
    kept: CountRef,
    pool: Option<CountRef>,
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

impl Plan {
    pub fn new(study: &Selection, streams: Streams) -> Self {
        let mut slots = 0;
        let arms = study.arms.iter();
        Self {
            arms: arms
                .map(|arm| ArmPlan::new(study, arm, &study.pass, &mut slots))
                .collect(),
            study: study.clone(),
            streams,
            slots,
        }
    }
}

impl ArmPlan {
    fn new(study: &Selection, arm: &Method, pass: &DrawPlan, slots: &mut usize) -> Self {
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
        let arm = &arm.pool;
        let prompts = f64::from(arm.prompts);
        Self {
            measures: measures.collect(),
            kept: pass.kept(arm),
            pool: arm.candidates.filter(|_| arm.choice.is_random()).map(|n| pass.place(n)),
            per_kept: 1.0 / (prompts * f64::from(arm.responses)),
            per_pool: 1.0 / (prompts * f64::from(arm.depth())),
        }
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        let world = self.study.world.as_ref();
        let modes = world.mean().len();
        Box::new(LaneWorker {
            plan: self,
            counter: self.study.pass.counter(world, &self.streams),
            scratch: Scratch {
                mass: vec![[0.0; LANES]; modes],
                pool: vec![[0.0; LANES]; modes],
            },
            sums: Sums::new(self.slots, self.arms.len()),
        })
    }
}

/// A worker: the plan, the draws and scratch.
struct LaneWorker<'a> {
    plan: &'a Plan,
    counter: ModeCounter<'a>,
    scratch: Scratch,
    sums: Sums,
}

struct Scratch {
    mass: Vec<Lanes<f64>>,
    pool: Vec<Lanes<f64>>,
}

impl Worker for LaneWorker<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        let (plan, scratch) = (self.plan, &mut self.scratch);
        self.counter
            .batches(replicates, tally, &mut self.sums, |arm, counts, sums| {
                scratch.add_arm(plan, arm, counts, sums);
            });
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        let (plan, scratch) = (self.plan, &mut self.scratch);
        self.counter
            .replay(replicate, alone, &mut self.sums, |arm, counts, sums| {
                scratch.add_arm(plan, arm, counts, sums);
            });
    }
}

impl Scratch {
    fn add_arm(&mut self, plan: &Plan, arm: usize, counts: &Counts<'_>, sums: &mut Sums) {
        self.measure(&plan.arms[arm], counts, &mut sums.slots);
        add(&mut sums.valid[arm], &ALL_VALID);
    }

    fn measure(&mut self, arm: &ArmPlan, counts: &Counts<'_>, slots: &mut [Lanes<f64>]) {
        scale(counts.of(arm.kept), arm.per_kept, &mut self.mass);
        if let Some(pool) = arm.pool {
            scale(counts.of(pool), arm.per_pool, &mut self.pool);
        }
        for measure in &arm.measures {
            match measure.measure {
                Measure::ModeMassByMode => add_counts(measure, counts.of(arm.kept), slots),
                _ => add_slots(measure, &self.mass, &self.pool, slots),
            }
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

/// Adds each mode's kept responses and their square.
fn add_counts(plan: &MeasurePlan, counts: &[Lanes<f64>], sums: &mut [Lanes<f64>]) {
    for (part, count) in counts.iter().enumerate() {
        add(&mut sums[plan.slots.deviation.start + part], count);
        add(
            &mut sums[plan.slots.squares.start + part],
            &count.map(|count| count * count),
        );
    }
}

/// Adds the slots of a measure that is one vector or one number: deviations from the truth, their squares, and the squared effect of selection.
fn add_slots(plan: &MeasurePlan, mass: &[Lanes<f64>], pool: &[Lanes<f64>], sums: &mut [Lanes<f64>]) {
    let mut norm = [0.0; LANES];
    let mut selected = [0.0; LANES];
    for (part, &truth) in plan.truth.iter().enumerate() {
        let x = statistic(plan, mass, part);
        let mut deviation = [0.0; LANES];
        for l in 0..LANES {
            deviation[l] = x[l] - truth;
            norm[l] += deviation[l] * deviation[l];
        }
        add(&mut sums[plan.slots.deviation.start + part], &deviation);
        if !plan.slots.selection.is_empty() {
            let whole = statistic(plan, pool, part);
            for l in 0..LANES {
                selected[l] += (x[l] - whole[l]) * (x[l] - whole[l]);
            }
        }
    }
    add(&mut sums[plan.slots.squares.start], &norm);
    if !plan.slots.selection.is_empty() {
        add(&mut sums[plan.slots.selection.start], &selected);
    }
}

/// Coordinate `part` of the statistic of a mode-mass vector.
fn statistic(plan: &MeasurePlan, mass: &[Lanes<f64>], part: usize) -> Lanes<f64> {
    let mut x = [0.0; LANES];
    match plan.measure {
        Measure::ModeMass | Measure::ModeMassByMode | Measure::Returns => x = mass[part],
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

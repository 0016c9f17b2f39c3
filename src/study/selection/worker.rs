//! Owns the slots of the study: each arm's statistics of eight replicates in lanes, from its counts.

use super::statistic::{Form, Slots};
use super::{Method, Selection};
use crate::numerics::lanes::{LANES, Lanes, add};
use crate::study::batches::{ALL_VALID, LanePlan, Sums};
use crate::study::draws::{CountRef, Counts};

/// What all workers share.
pub(super) struct Plan {
    arms: Vec<ArmPlan>,
    modes: usize,
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
    form: Form,
    by_mode: bool,
    slots: Slots,
    truth: Vec<f64>,
}

impl Plan {
    pub fn new(study: &Selection) -> Self {
        let mut slots = 0;
        let arms = study.arms.iter();
        Self {
            arms: arms.map(|arm| ArmPlan::new(study, arm, &mut slots)).collect(),
            modes: study.draws.world.mean().len(),
        }
    }
}

impl ArmPlan {
    fn new(study: &Selection, arm: &Method, slots: &mut usize) -> Self {
        let (world, pass) = (study.draws.world.as_ref(), &study.draws.pass);
        let measures = study.measures.iter().map(|measure| {
            let (own, form) = (measure.own(), (measure.own().form)(world, arm));
            let plan = MeasurePlan {
                slots: own.slots(world, arm, *slots),
                truth: form.truth(world),
                by_mode: own.by_mode,
                form,
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

/// The shares by mode of what an arm kept, and of its pools.
pub(super) struct Scratch {
    mass: Vec<Lanes<f64>>,
    pool: Vec<Lanes<f64>>,
}

impl LanePlan for Plan {
    type Scratch = Scratch;

    fn scratch(&self) -> Scratch {
        Scratch {
            mass: vec![[0.0; LANES]; self.modes],
            pool: vec![[0.0; LANES]; self.modes],
        }
    }

    fn add(&self, own: &mut Scratch, arm: usize, counts: &Counts<'_>, sums: &mut Sums) {
        add(&mut sums.valid[arm], &ALL_VALID);
        let arm = &self.arms[arm];
        scale(counts.of(arm.kept), arm.per_kept, &mut own.mass);
        if let Some(pool) = arm.pool {
            scale(counts.of(pool), arm.per_pool, &mut own.pool);
        }
        for measure in &arm.measures {
            match measure.by_mode {
                true => add_counts(measure, counts.of(arm.kept), &mut sums.slots),
                false => add_slots(measure, &own.mass, &own.pool, &mut sums.slots),
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
        let x = coordinate(&plan.form, mass, part);
        let mut deviation = [0.0; LANES];
        for l in 0..LANES {
            deviation[l] = x[l] - truth;
            norm[l] += deviation[l] * deviation[l];
        }
        add(&mut sums[plan.slots.deviation.start + part], &deviation);
        if !plan.slots.selection.is_empty() {
            let whole = coordinate(&plan.form, pool, part);
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
fn coordinate(form: &Form, mass: &[Lanes<f64>], part: usize) -> Lanes<f64> {
    let mut x = [0.0; LANES];
    match form {
        Form::Mass => x = mass[part],
        Form::From(p) => {
            for l in 0..LANES {
                x[l] = p[part] - mass[part][l];
            }
        }
        Form::Scaled(weights) => {
            for l in 0..LANES {
                x[l] = weights[part] * mass[part][l];
            }
        }
        Form::Weighed(weights) => {
            for (mass, weight) in mass.iter().zip(weights) {
                for l in 0..LANES {
                    x[l] += mass[l] * weight;
                }
            }
        }
    }
    x
}

//! Owns the fits: eight replicates in lanes, each arm fitted to its counts and measured, several sets of eight at a time.

use super::measures::{OfFits, Slots};
use super::view::View;
use super::{FitArm, Training};
use crate::numerics::elementary::{exp, ln};
use crate::numerics::lanes::{LANES, Lanes, add};
use crate::policy::{Descent, Fitted, SETS};
use crate::study::batches::{LanePlan, Sums};
use crate::study::draws::{CountRef, Counts};
use std::collections::HashMap;

/// What all workers share.
pub(super) struct Plan {
    arms: Vec<ArmPlan>,
    measures: Vec<OfFits>,
    slots: Slots,
    /// The world's target.
    truth: Vec<f64>,
    /// Its logarithm.
    log_truth: Vec<f64>,
    /// R_m; empty in a world without rewards.
    rewards: Vec<f64>,
    /// The distinct ways to descend, in order of first use.
    descents: Vec<Descent>,
}

/// Where an arm reads its counts, what one kept response is a share of and a mode without any has, and which of the descents it takes.
#[derive(Clone, Copy)]
struct ArmPlan {
    place: CountRef,
    share: f64,
    unseen: f64,
    bounded: bool,
    descent: usize,
}

impl Plan {
    pub fn new(study: &Training) -> Self {
        let (world, (descents, descent_of_arm)) = (study.draws.world.as_ref(), descents(&study.arms));
        let arm = |(arm, descent): (&FitArm, usize)| {
            let (share, unseen) = arm.shares(world.mean().len());
            ArmPlan {
                place: study.draws.pass.kept(&arm.pool),
                share,
                unseen,
                bounded: arm.always_has_optimum(),
                descent,
            }
        };
        Self {
            arms: study.arms.iter().zip(descent_of_arm).map(arm).collect(),
            measures: study.measures.iter().map(|measure| measure.own().of_fits).collect(),
            slots: Slots::of_measures(&study.measures),
            truth: world.target().to_vec(),
            // Where there is no truth its logarithm is not asked for.
            log_truth: world
                .target()
                .iter()
                .map(|&p| if p > 0.0 { ln(p) } else { 0.0 })
                .collect(),
            rewards: world.attributes().map_or(Vec::new(), |own| own.rewards.values.clone()),
            descents,
        }
    }
}

/// The distinct descents of arms in order of first use, and which of them each arm takes. A file may have a hundred
/// thousand arms: no search through all of them for each, and none in workers.
fn descents(arms: &[FitArm]) -> (Vec<Descent>, Vec<usize>) {
    let mut distinct = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let of_arm = arms.iter().map(|arm| {
        *places.entry(arm.descent.canonical()).or_insert_with(|| {
            distinct.push(arm.descent);
            distinct.len() - 1
        })
    });
    let of_arm = of_arm.collect();
    (distinct, of_arm)
}

pub(super) struct Scratch {
    /// One for each way to descend.
    desks: Vec<Desk>,
    logits: Vec<Lanes<f64>>,
    work: Vec<Lanes<f64>>,
}

/// Where fits wait for others that descend alike: of another arm on the same set of lanes, or of the same on the next.
struct Desk {
    /// The arms of those that wait.
    arms: Vec<usize>,
    /// Shares of modes among the responses that they are fitted to, one after the other.
    target: Vec<Lanes<f64>>,
}

impl LanePlan for Plan {
    type Scratch = Scratch;

    fn scratch(&self) -> Scratch {
        let rows = SETS * self.truth.len();
        let desk = |_: &Descent| Desk {
            arms: Vec::with_capacity(SETS),
            target: vec![[0.0; LANES]; rows],
        };
        Scratch {
            desks: self.descents.iter().map(desk).collect(),
            logits: vec![[0.0; LANES]; rows],
            work: vec![[0.0; LANES]; Descent::scratch(rows)],
        }
    }

    fn add(&self, scratch: &mut Scratch, arm: usize, counts: &Counts<'_>, sums: &mut Sums) {
        let own = &self.arms[arm];
        let desk = &mut scratch.desks[own.descent];
        let rows = &mut desk.target[desk.arms.len() * self.truth.len()..];
        for (target, count) in rows.iter_mut().zip(counts.of(own.place)) {
            *target = count.map(|count| count * own.share + own.unseen);
        }
        desk.arms.push(arm);
        if desk.arms.len() == SETS {
            scratch.fit(self, own.descent, sums);
        }
    }

    fn finish(&self, scratch: &mut Scratch, sums: &mut Sums) {
        (0..self.descents.len()).for_each(|descent| scratch.fit(self, descent, sums));
    }
}

impl Scratch {
    /// Fits what waits, in its order, and adds what measures see of it.
    fn fit(&mut self, plan: &Plan, descent: usize, sums: &mut Sums) {
        let (desk, modes) = (&mut self.desks[descent], plan.truth.len());
        self.logits.fill([0.0; LANES]);
        let descent = &plan.descents[descent];
        if let Ok(arms) = <[usize; SETS]>::try_from(&desk.arms[..]) {
            let fitted = descent.fit_together(&desk.target, &mut self.logits, &mut self.work);
            for (set, (arm, fitted)) in arms.into_iter().zip(fitted).enumerate() {
                let of_set = set * modes..(set + 1) * modes;
                tally(
                    plan,
                    arm,
                    &desk.target[of_set.clone()],
                    &mut self.logits[of_set],
                    &fitted,
                    sums,
                );
            }
        } else {
            let sets = desk.target.chunks_exact(modes).zip(self.logits.chunks_exact_mut(modes));
            for (&arm, (target, logits)) in desk.arms.iter().zip(sets) {
                let fitted = descent.fit(target, logits, &mut self.work);
                tally(plan, arm, target, logits, &fitted, sums);
            }
        }
        desk.arms.clear();
    }
}

/// Adds the measures of one arm's fits to the sums.
fn tally(plan: &Plan, arm: usize, target: &[Lanes<f64>], logits: &mut [Lanes<f64>], fitted: &Fitted, sums: &mut Sums) {
    normalise(logits);
    let view = View {
        truth: &plan.truth,
        rewards: &plan.rewards,
        log_truth: &plan.log_truth,
        target,
        log_p: logits,
        steps: fitted.steps,
        converged: fitted.converged,
        bounded: plan.arms[arm].bounded,
        unseen: plan.arms[arm].unseen,
    };
    let slots = &mut sums.slots[plan.slots.of(arm, 0)..][..plan.slots.per_arm()];
    measure(&view, &plan.measures, slots, &mut sums.valid[arm]);
}

/// Turns logits into log-probabilities.
fn normalise(logits: &mut [Lanes<f64>]) {
    for l in 0..LANES {
        let top = logits
            .iter()
            .map(|row| row[l])
            .fold(f64::NEG_INFINITY, |a, b| if b > a { b } else { a });
        let total: f64 = logits.iter().map(|row| exp(row[l] - top)).sum();
        let shift = top + ln(total);
        logits.iter_mut().for_each(|row| row[l] -= shift);
    }
}

/// Adds the measures of fits that did not fail to `sums`, and how many these are to `count`.
fn measure(view: &View<'_>, measures: &[OfFits], sums: &mut [Lanes<f64>], count: &mut Lanes<f64>) {
    // Room for every measure there is, on the stack: a file takes each at most once.
    let mut values = [[0.0; LANES]; Slots::most_per_arm()];
    // A diverged fit is void whatever is measured of it: its steps are finite when its logits are not (law 8).
    let mut valid = [1.0; LANES];
    for row in view.log_p {
        for l in 0..LANES {
            valid[l] = if row[l].is_finite() { valid[l] } else { 0.0 };
        }
    }
    for (value, of_fits) in values.iter_mut().zip(measures) {
        *value = of_fits(view);
        for l in 0..LANES {
            // So does a measure that is no number, and no other fit.
            valid[l] = if value[l].is_finite() { valid[l] } else { 0.0 };
        }
    }
    let complete = view.complete();
    let excess = view.excess_nll();
    values[measures.len()] = complete;
    values[measures.len() + 1] = std::array::from_fn(|l| complete[l] * excess[l]);
    for (slot, value) in sums.iter_mut().zip(&values) {
        for l in 0..LANES {
            slot[l] += if valid[l] == 1.0 { value[l] } else { 0.0 };
        }
    }
    add(count, &valid);
}

//! Owns the fits: eight replicates in lanes, each arm fitted to its counts and measured, two sets of eight at a time.

use super::measures::{OfFits, Slots};
use super::view::View;
use super::{FitArm, Training};
use crate::engine::BATCH;
use crate::numerics::elementary::{exp, ln};
use crate::numerics::lanes::{LANES, Lanes, add};
use crate::policy::{Descent, PAIR};
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
    desks: Vec<PairBuffer>,
    /// Shares of modes among the responses that the two fits at hand are fitted to.
    target: Vec<[f64; PAIR]>,
    logits: Vec<[f64; PAIR]>,
    work: Vec<[f64; PAIR]>,
}

/// Where a fit waits for another that descends alike: of another arm on the same set of lanes, or of the same on the next.
struct PairBuffer {
    /// The arm of the fit that waits.
    waiting: Option<usize>,
    /// Its shares of modes.
    target: Vec<Lanes<f64>>,
}

impl PairBuffer {
    fn new(modes: usize) -> Self {
        Self {
            waiting: None,
            target: vec![[0.0; LANES]; modes],
        }
    }
}

/// An even number of sets of lanes in a batch leaves no fit waiting at its end: every arm sends one from each.
const _: () = assert!((BATCH as usize).is_multiple_of(PAIR));

impl LanePlan for Plan {
    type Scratch = Scratch;

    fn scratch(&self) -> Scratch {
        let modes = self.truth.len();
        Scratch {
            desks: (0..self.descents.len()).map(|_| PairBuffer::new(modes)).collect(),
            target: vec![[0.0; PAIR]; modes],
            logits: vec![[0.0; PAIR]; modes],
            work: vec![[0.0; PAIR]; Descent::SCRATCH * modes],
        }
    }

    fn add(&self, scratch: &mut Scratch, arm: usize, counts: &Counts<'_>, sums: &mut Sums) {
        scratch.fit(self, arm, counts, sums);
    }
}

impl Scratch {
    /// Takes an arm's counts, and fits two arms where one was waiting.
    fn fit(&mut self, plan: &Plan, index: usize, counts: &Counts<'_>, sums: &mut Sums) {
        let ArmPlan {
            place,
            share,
            unseen,
            descent,
            ..
        } = plan.arms[index];
        let desk = &mut self.desks[descent];
        let counts = counts.of(place);
        let Some(waited) = desk.waiting.take() else {
            for (target, count) in desk.target.iter_mut().zip(counts) {
                *target = count.map(|count| count * share + unseen);
            }
            desk.waiting = Some(index);
            return;
        };
        for ((target, waited), count) in self.target.iter_mut().zip(&desk.target).zip(counts) {
            for l in 0..LANES {
                (target[l], target[LANES + l]) = (waited[l], count[l] * share + unseen);
            }
        }
        self.logits.fill([0.0; PAIR]);
        let fitted = plan.descents[descent].fit_pair(&self.target, &mut self.logits, &mut self.work);
        normalise(&mut self.logits);
        for (first, index) in [(0, waited), (LANES, index)] {
            let view = View {
                truth: &plan.truth,
                rewards: &plan.rewards,
                log_truth: &plan.log_truth,
                target: &self.target,
                log_p: &self.logits,
                first,
                steps: std::array::from_fn(|l| fitted.steps[first + l]),
                converged: std::array::from_fn(|l| fitted.converged[first + l]),
                bounded: plan.arms[index].bounded,
                unseen: plan.arms[index].unseen,
            };
            let slots = &mut sums.slots[plan.slots.of(index, 0)..][..plan.slots.per_arm()];
            tally(&view, &plan.measures, slots, &mut sums.valid[index]);
        }
    }
}

/// Turns logits into log-probabilities.
fn normalise(logits: &mut [[f64; PAIR]]) {
    for l in 0..PAIR {
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
fn tally(view: &View<'_>, measures: &[OfFits], sums: &mut [Lanes<f64>], count: &mut Lanes<f64>) {
    // Room for every measure there is, on the stack: a file takes each at most once.
    let mut values = [[0.0; LANES]; Slots::most_per_arm()];
    // A diverged fit is void whatever is measured of it: its steps are finite when its logits are not (law 8).
    let mut valid = [1.0; LANES];
    for row in view.log_p {
        for l in 0..LANES {
            valid[l] = if row[view.first + l].is_finite() { valid[l] } else { 0.0 };
        }
    }
    for (value, measure) in values.iter_mut().zip(measures) {
        *value = measure(view);
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

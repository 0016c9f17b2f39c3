//! Owns the fits: eight replicates in lanes, each arm fitted to its counts and measured, two sets of eight at a time.

use super::estimands::Slots;
use super::measures::Measure;
use super::{FitArm, Training};
use crate::engine::{Prepared, Tally, Worker};
use crate::inference::groups::Group;
use crate::numerics::elementary::{exp, ln};
use crate::numerics::lanes::{LANES, Lanes, add};
use crate::numerics::stream::Streams;
use crate::policy::{Descent, PAIR};
use crate::study::batches::{BATCH, Sums};
use crate::study::draws::{CountRef, Counts, ModeCounter};
use std::collections::HashMap;
use std::ops::Range;

/// What all workers share.
pub(super) struct Plan {
    study: Training,
    streams: Streams,
    /// ln of the world's mean distribution.
    log_truth: Vec<f64>,
    /// Where each arm reads its counts.
    places: Vec<CountRef>,
    /// The distinct ways to descend, in order of first use.
    descents: Vec<Descent>,
    /// Which of them each arm takes.
    descent_of_arm: Vec<usize>,
}

impl Plan {
    pub fn new(study: &Training, streams: Streams) -> Self {
        let (descents, descent_of_arm) = descents(&study.arms);
        Self {
            descents,
            descent_of_arm,
            log_truth: study.world.mean().iter().map(|&p| ln(p)).collect(),
            places: study.arms.iter().map(|arm| study.pass.kept(&arm.pool)).collect(),
            study: study.clone(),
            streams,
        }
    }
}

impl Prepared for Plan {
    fn worker(&self) -> Box<dyn Worker + '_> {
        let world = self.study.world.as_ref();
        let (modes, arms) = (world.mean().len(), self.study.arms.len());
        Box::new(LaneWorker {
            plan: self,
            counter: self.study.pass.counter(world, &self.streams),
            scratch: Scratch {
                desks: (0..self.descents.len()).map(|_| PairBuffer::new(modes)).collect(),
                target: vec![[0.0; PAIR]; modes],
                logits: vec![[0.0; PAIR]; modes],
                work: vec![[0.0; PAIR]; 2 * modes],
            },
            sums: Sums::new(arms * self.study.slots().per_arm(), arms),
        })
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

struct LaneWorker<'a> {
    plan: &'a Plan,
    counter: ModeCounter<'a>,
    scratch: Scratch,
    sums: Sums,
}

struct Scratch {
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

impl Worker for LaneWorker<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally<'_>) {
        let (plan, scratch) = (self.plan, &mut self.scratch);
        self.counter
            .batches(replicates, tally, &mut self.sums, |arm, counts, sums| {
                scratch.fit(plan, arm, counts, sums);
            });
    }

    fn replay(&mut self, replicate: u64, alone: &mut Group) {
        let (plan, scratch) = (self.plan, &mut self.scratch);
        self.counter
            .replay(replicate, alone, &mut self.sums, |arm, counts, sums| {
                scratch.fit(plan, arm, counts, sums);
            });
    }
}

/// Eight fits of a pair and their distributions, as measures see them.
struct View<'a> {
    truth: &'a [f64],
    /// R_m; empty in a world without rewards.
    rewards: &'a [f64],
    log_truth: &'a [f64],
    target: &'a [[f64; PAIR]],
    /// ln p of the fitted policies.
    log_p: &'a [[f64; PAIR]],
    /// The first of the eight lanes in a row.
    first: usize,
    steps: Lanes<f64>,
    converged: Lanes<f64>,
    /// Whether the fits have one, and so an optimum whatever they saw.
    ridge: bool,
}

impl Scratch {
    /// Takes an arm's counts, and fits two arms where one was waiting.
    fn fit(&mut self, plan: &Plan, index: usize, counts: &Counts<'_>, sums: &mut Sums) {
        let arm = &plan.study.arms[index];
        let descent = plan.descent_of_arm[index];
        let desk = &mut self.desks[descent];
        let share = 1.0 / (f64::from(arm.pool.prompts) * f64::from(arm.pool.responses));
        let counts = counts.of(plan.places[index]);
        let Some(waited) = desk.waiting.take() else {
            for (target, count) in desk.target.iter_mut().zip(counts) {
                *target = count.map(|count| count * share);
            }
            desk.waiting = Some(index);
            return;
        };
        for ((target, waited), count) in self.target.iter_mut().zip(&desk.target).zip(counts) {
            for l in 0..LANES {
                (target[l], target[LANES + l]) = (waited[l], count[l] * share);
            }
        }
        self.logits.fill([0.0; PAIR]);
        let fitted = plan.descents[descent].fit_pair(&self.target, &mut self.logits, &mut self.work);
        normalise(&mut self.logits);
        for (first, index) in [(0, waited), (LANES, index)] {
            let view = View {
                truth: plan.study.world.mean(),
                rewards: plan.study.world.attributes().map_or(&[], |own| &own.rewards.values),
                log_truth: &plan.log_truth,
                target: &self.target,
                log_p: &self.logits,
                first,
                steps: std::array::from_fn(|l| fitted.steps[first + l]),
                converged: std::array::from_fn(|l| fitted.converged[first + l]),
                ridge: plan.descents[descent].ridge > 0.0,
            };
            let places = plan.study.slots();
            let slots = &mut sums.slots[places.of(index, 0)..][..places.per_arm()];
            view.tally(&plan.study.measures, slots, &mut sums.valid[index]);
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

impl View<'_> {
    /// Adds the measures of fits that did not fail to `sums`, and how many these are to `count`.
    fn tally(&self, measures: &[Measure], sums: &mut [Lanes<f64>], count: &mut Lanes<f64>) {
        // Room for every measure there is, on the stack: a file takes each at most once.
        let mut values = [[0.0; LANES]; Slots::most_per_arm()];
        // A diverged fit is void whatever is measured of it: its steps are finite when its logits are not (law 8).
        let mut valid = [1.0; LANES];
        for row in self.log_p {
            for l in 0..LANES {
                valid[l] = if row[self.first + l].is_finite() { valid[l] } else { 0.0 };
            }
        }
        for (value, &measure) in values.iter_mut().zip(measures) {
            *value = self.measure(measure);
            for l in 0..LANES {
                // So does a measure that is no number, and no other fit.
                valid[l] = if value[l].is_finite() { valid[l] } else { 0.0 };
            }
        }
        let complete = self.complete();
        let excess = self.measure(Measure::ExcessNll);
        values[measures.len()] = complete;
        values[measures.len() + 1] = std::array::from_fn(|l| complete[l] * excess[l]);
        for (slot, value) in sums.iter_mut().zip(&values) {
            for l in 0..LANES {
                slot[l] += if valid[l] == 1.0 { value[l] } else { 0.0 };
            }
        }
        add(count, &valid);
    }

    fn measure(&self, measure: Measure) -> Lanes<f64> {
        match measure {
            // The slot of the test NLL leaves out the best policy's: what remains is the excess.
            Measure::ExcessNll | Measure::TestNll => {
                self.sum(|m, l| self.truth[m] * (self.log_truth[m] - self.log_p[m][l]))
            }
            Measure::ReverseKl => self.sum(|m, l| exp(self.log_p[m][l]) * (self.log_p[m][l] - self.log_truth[m])),
            Measure::TotalVariation => self.sum(|m, l| 0.5 * (exp(self.log_p[m][l]) - self.truth[m]).abs()),
            Measure::Entropy => self.sum(|m, l| -exp(self.log_p[m][l]) * self.log_p[m][l]),
            Measure::ExpectedReward => self.sum(|m, l| exp(self.log_p[m][l]) * self.rewards[m]),
            Measure::ModesSeen => self.sum(|m, l| if self.target[m][l] == 0.0 { 0.0 } else { 1.0 }),
            Measure::MissingMode => self.complete().map(|complete| 1.0 - complete),
            Measure::Unconverged => {
                let complete = self.complete();
                let optimum = |l: usize| if self.ridge { 1.0 } else { complete[l] };
                std::array::from_fn(|l| optimum(l) * (1.0 - self.converged[l]))
            }
            Measure::Steps => self.steps,
        }
    }

    /// 1 for fits that saw every mode, else 0.
    fn complete(&self) -> Lanes<f64> {
        let absent = self.sum(|m, l| if self.target[m][l] == 0.0 { 1.0 } else { 0.0 });
        absent.map(|modes| if modes > 0.0 { 0.0 } else { 1.0 })
    }

    fn sum(&self, term: impl Fn(usize, usize) -> f64) -> Lanes<f64> {
        let mut sum = [0.0; LANES];
        for m in 0..self.truth.len() {
            for l in 0..LANES {
                sum[l] += term(m, self.first + l);
            }
        }
        sum
    }
}

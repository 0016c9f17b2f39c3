//! Owns the fits: eight replicates in lanes, each arm fitted to its counts and measured.

use super::estimands::{MEASURES, Measure};
use super::{BATCH, FitArm, Training};
use crate::engine::{Ready, Tally, Worker};
use crate::numerics::elementary::{exp, ln};
use crate::numerics::lanes::{LANES, Lanes, across};
use crate::numerics::stream::Streams;
use crate::study::draws::{Counter, Counts};
use std::ops::Range;

/// What all workers share.
pub(super) struct Prepared<'a> {
    study: &'a Training,
    streams: Streams,
    /// ln of the world's mean distribution.
    log_truth: Vec<f64>,
    /// Where each arm reads its counts.
    places: Vec<usize>,
}

impl<'a> Prepared<'a> {
    pub fn new(study: &'a Training, streams: Streams) -> Self {
        Self {
            log_truth: study.world.mean().iter().map(|&p| ln(p)).collect(),
            places: study.arms.iter().map(|arm| study.pass.place(arm.responses)).collect(),
            study,
            streams,
        }
    }
}

impl Ready for Prepared<'_> {
    fn worker(&self) -> Box<dyn Worker + '_> {
        let world = self.study.world.as_ref();
        let rows = vec![[0.0; LANES]; world.mean().len()];
        let arms = self.study.arms.len();
        Box::new(Lanework {
            plan: self,
            counter: self.study.pass.counter(world, &self.streams),
            scratch: Scratch {
                target: rows.clone(),
                logits: rows.clone(),
                work: [rows.as_slice(), &rows].concat(),
                sums: vec![[0.0; LANES]; arms * self.study.measures.len()],
                valid: vec![[0.0; LANES]; arms],
            },
        })
    }
}

struct Lanework<'a> {
    plan: &'a Prepared<'a>,
    counter: Counter<'a>,
    scratch: Scratch,
}

struct Scratch {
    /// Shares of modes among the responses kept.
    target: Vec<Lanes<f64>>,
    logits: Vec<Lanes<f64>>,
    work: Vec<Lanes<f64>>,
    /// Slots summed over the sets of lanes of one batch.
    sums: Vec<Lanes<f64>>,
    /// Fits that did not fail, likewise.
    valid: Vec<Lanes<f64>>,
}

impl Worker for Lanework<'_> {
    fn run(&mut self, replicates: Range<u64>, tally: &mut Tally) {
        for batch in replicates.step_by(BATCH as usize) {
            self.scratch.sums.fill([0.0; LANES]);
            self.scratch.valid.fill([0.0; LANES]);
            for first in (batch..batch + BATCH).step_by(LANES) {
                let (plan, scratch) = (self.plan, &mut self.scratch);
                self.counter.run(first, |arm, counts| scratch.fit(plan, arm, counts));
            }
            let group = tally.batch(batch);
            group.replicates += BATCH;
            for (valid, lanes) in group.valid.iter_mut().zip(&self.scratch.valid) {
                *valid += across(lanes) as u64;
            }
            for (sum, lanes) in group.sums.iter_mut().zip(&self.scratch.sums) {
                *sum += across(lanes);
            }
        }
    }
}

/// A fit and its distribution, as measures see it.
struct View<'a> {
    truth: &'a [f64],
    log_truth: &'a [f64],
    target: &'a [Lanes<f64>],
    /// ln p of the fitted policy.
    log_p: &'a [Lanes<f64>],
    steps: Lanes<f64>,
    converged: Lanes<f64>,
}

impl Scratch {
    fn fit(&mut self, plan: &Prepared<'_>, index: usize, counts: &Counts<'_>) {
        let study = plan.study;
        let arm: &FitArm = &study.arms[index];
        let share = 1.0 / (f64::from(arm.prompts) * f64::from(arm.responses));
        for (target, count) in self.target.iter_mut().zip(counts.of(plan.places[index])) {
            for l in 0..LANES {
                target[l] = count[l] * share;
            }
        }
        self.logits.fill([0.0; LANES]);
        let fitted = arm.descent.fit(&self.target, &mut self.logits, &mut self.work);
        normalise(&mut self.logits);
        let view = View {
            truth: study.world.mean(),
            log_truth: &plan.log_truth,
            target: &self.target,
            log_p: &self.logits,
            steps: fitted.steps,
            converged: fitted.converged,
        };
        let count = study.measures.len();
        // Room for every measure there is, on the stack: a file takes each at most once.
        let mut values = [[0.0; LANES]; MEASURES.len()];
        // A diverged fit is void whatever is measured of it: its steps are finite when its logits are not (law 8).
        let mut valid = [1.0; LANES];
        for row in view.log_p {
            for l in 0..LANES {
                valid[l] = if row[l].is_finite() { valid[l] } else { 0.0 };
            }
        }
        for (value, &measure) in values.iter_mut().zip(&study.measures) {
            *value = view.measure(measure);
            for l in 0..LANES {
                // So does a measure that is no number, and no other fit.
                valid[l] = if value[l].is_finite() { valid[l] } else { 0.0 };
            }
        }
        for (slot, value) in self.sums[index * count..(index + 1) * count].iter_mut().zip(&values) {
            for l in 0..LANES {
                slot[l] += if valid[l] == 1.0 { value[l] } else { 0.0 };
            }
        }
        for l in 0..LANES {
            self.valid[index][l] += valid[l];
        }
    }
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

impl View<'_> {
    fn measure(&self, measure: Measure) -> Lanes<f64> {
        match measure {
            // The slot of the test NLL leaves out the best policy's: what remains is the excess.
            Measure::ExcessNll | Measure::TestNll => {
                self.sum(|m, l| self.truth[m] * (self.log_truth[m] - self.log_p[m][l]))
            }
            Measure::ReverseKl => self.sum(|m, l| exp(self.log_p[m][l]) * (self.log_p[m][l] - self.log_truth[m])),
            Measure::TotalVariation => self.sum(|m, l| 0.5 * (exp(self.log_p[m][l]) - self.truth[m]).abs()),
            Measure::Entropy => self.sum(|m, l| -exp(self.log_p[m][l]) * self.log_p[m][l]),
            Measure::MissingMode => {
                let absent = self.sum(|m, l| if self.target[m][l] == 0.0 { 1.0 } else { 0.0 });
                absent.map(|modes| if modes > 0.0 { 1.0 } else { 0.0 })
            }
            Measure::Unconverged => self.converged.map(|c| 1.0 - c),
            Measure::Steps => self.steps,
        }
    }

    fn sum(&self, term: impl Fn(usize, usize) -> f64) -> Lanes<f64> {
        let mut sum = [0.0; LANES];
        for m in 0..self.truth.len() {
            for l in 0..LANES {
                sum[l] += term(m, l);
            }
        }
        sum
    }
}

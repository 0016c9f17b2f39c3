//! Owns how weights are trained: minibatches with fresh recall bits, all examples with both recall bits at their probabilities, and the
//! minimum itself.

use super::rows::Rows;
use super::{BESIDE, Weights, kernels};
use crate::numerics::cholesky::Cholesky;
use crate::numerics::gram::Gram;
use crate::numerics::lanes::{LANES, Lanes, across};
use crate::numerics::softmax::softmax;
use crate::numerics::stream::Stream;
use crate::numerics::symmetric::spectrum;
use crate::policy::Schedule;

/// Examples: slots of queries, with drafts or without, and the mode to answer.
#[derive(Debug, Clone, Copy)]
pub struct Examples<'a> {
    /// What is shown, and to which mode each slot is to be answered.
    pub rows: Rows<'a>,
    /// Groups of eight slots of a query.
    pub groups: usize,
    /// Slots of a query.
    pub slots: usize,
}

/// Which passes an average is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recall {
    /// Those that recall.
    Always,
    /// Those that do not.
    Never,
}

/// Gradient descent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descent {
    /// Step length.
    pub rate: f64,
    /// Steps, 0 for none.
    pub steps: u32,
    /// How the length changes.
    pub schedule: Schedule,
    /// Queries of a minibatch, drawn at random for each step; none for all of them, and then both recall bits count at their probabilities.
    pub minibatch: Option<u32>,
}

/// How training went.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Where it ended.
    pub weights: Weights,
    /// The loss at the start of each step, of what the step saw.
    pub losses: Vec<f64>,
}

impl Examples<'_> {
    /// Queries.
    pub fn queries(&self) -> usize {
        self.rows.target.len() / (self.rows.modes * self.groups)
    }

    /// The mean loss per slot of passes with this recall bit, after its slopes in all parameters.
    fn slopes_of(&self, weights: &[f64], recall: Recall) -> Vec<f64> {
        let all: Vec<u32> = (0..(self.queries() * self.groups) as u32).collect();
        let bit = if recall == Recall::Always { 1.0 } else { 0.0 };
        let bits = vec![[bit; LANES]; all.len()];
        self.slopes(weights, &all, &bits, self.queries())
    }

    fn slopes(&self, weights: &[f64], groups: &[u32], recall: &[Lanes<f64>], queries: usize) -> Vec<f64> {
        let mut sums = vec![[0.0; LANES]; weights.len() + 1];
        kernels::slopes::run(self.rows, weights, groups, recall, &mut sums);
        let share = 1.0 / (queries * self.slots) as f64;
        sums.iter().map(|sum| share * across(sum)).collect()
    }

    /// The same over both recall bits at their probabilities: the cross-entropy of a pass, in nats per slot, after its slopes.
    fn expected_slopes(&self, weights: &[f64], lapse: f64) -> Vec<f64> {
        let recalled = self.slopes_of(weights, Recall::Always);
        if lapse == 0.0 {
            return recalled;
        }
        let lapsed = self.slopes_of(weights, Recall::Never);
        let both = recalled.iter().zip(lapsed);
        both.map(|(a, b)| (1.0 - lapse) * a + lapse * b).collect()
    }

    /// The cross-entropy of a pass, in nats per slot: passes lapse with probability `lapse`.
    pub fn loss(&self, weights: &Weights, lapse: f64) -> f64 {
        // The loss stands last.
        self.expected_slopes(weights.all(), lapse)[weights.all().len()]
    }

    /// Its slopes.
    pub fn gradient(&self, weights: &Weights, lapse: f64) -> Vec<f64> {
        let mut slopes = self.expected_slopes(weights.all(), lapse);
        slopes.pop();
        slopes
    }

    /// Descends from `start`, with choices and recall bits drawn from the two streams. Ends before its last step where `stopped` says so.
    pub fn descend(
        &self,
        start: &Weights,
        descent: Descent,
        lapse: f64,
        [choices, recall]: [&mut Stream; 2],
        stopped: &dyn Fn() -> bool,
    ) -> Ended {
        let mut theta = start.all().to_vec();
        let mut losses = Vec::with_capacity(descent.steps as usize);
        let (mut groups, mut bits) = (Vec::new(), Vec::new());
        for step in 0..descent.steps {
            if stopped() {
                break;
            }
            let slopes = match descent.minibatch {
                None => self.expected_slopes(&theta, lapse),
                Some(size) => {
                    self.minibatch(size, lapse, [choices, recall], &mut groups, &mut bits);
                    self.slopes(&theta, &groups, &bits, size as usize)
                }
            };
            let rate = descent.rate * descent.schedule.factor(step, descent.steps);
            losses.push(slopes[theta.len()]);
            theta
                .iter_mut()
                .zip(slopes)
                .for_each(|(own, slope)| *own -= rate * slope);
        }
        Ended {
            weights: Weights(theta),
            losses,
        }
    }

    /// Draws queries, and a recall bit for each of their slots.
    fn minibatch(
        &self,
        size: u32,
        lapse: f64,
        [choices, recall]: [&mut Stream; 2],
        groups: &mut Vec<u32>,
        bits: &mut Vec<Lanes<f64>>,
    ) {
        groups.clear();
        bits.clear();
        let all = self.queries() as f64;
        for _ in 0..size {
            let query = (choices.uniform() * all) as u32;
            for group in 0..self.groups as u32 {
                groups.push(query * self.groups as u32 + group);
                bits.push(std::array::from_fn(
                    |_| if recall.uniform() < lapse { 0.0 } else { 1.0 },
                ));
            }
        }
    }

    /// The matrix of second derivatives of [`loss`](Self::loss).
    pub fn hessian(&self, weights: &Weights, lapse: f64) -> Gram {
        let mut hessian = Gram::new(weights.all().len());
        let passes = [(1.0, 1.0 - lapse), (0.0, lapse)];
        let share = 1.0 / (self.queries() * self.slots) as f64;
        for group in 0..self.queries() * self.groups {
            let active = &self.rows.active[group % self.groups];
            for lane in (0..LANES).filter(|&lane| active[lane] > 0.0) {
                for (recall, chance) in passes.into_iter().filter(|(_, chance)| *chance > 0.0) {
                    self.add_curvature(weights, group, lane, recall, share * chance, &mut hessian);
                }
            }
        }
        hessian
    }

    /// Adds `weight` times the covariance of what a pass sees, under what it answers.
    fn add_curvature(&self, weights: &Weights, group: usize, lane: usize, recall: f64, weight: f64, sum: &mut Gram) {
        let (modes, size) = (self.rows.modes, weights.all().len());
        let see = |m: usize| self.seen(group * modes + m, lane, recall, size - BESIDE);
        let mut seen: Vec<Vec<f64>> = (0..modes).map(see).collect();
        let logit = |seen: &Vec<f64>| seen.iter().zip(weights.all()).map(|(x, w)| x * w).sum();
        let mut p: Vec<f64> = seen.iter().map(logit).collect();
        softmax(&mut p);
        let mut mean = vec![0.0; size];
        for (p, seen) in p.iter().zip(&seen) {
            mean.iter_mut().zip(seen).for_each(|(mean, x)| *mean += p * x);
        }
        for (p, seen) in p.iter().zip(&mut seen) {
            let root = (weight * p).sqrt();
            seen.iter_mut().zip(&mean).for_each(|(x, mean)| *x = root * (*x - mean));
            seen.resize(sum.width(), 0.0);
            sum.add(seen);
        }
    }

    /// What a pass sees of a mode of a slot, in the order of the weights.
    fn seen(&self, row: usize, lane: usize, recall: f64, width: usize) -> Vec<f64> {
        let features = &self.rows.features[row * width..][..width];
        let mut seen: Vec<f64> = features.iter().map(|x| recall * x[lane]).collect();
        seen.extend(match self.rows.drafts {
            None => [0.0; BESIDE],
            Some(own) => [
                recall * self.rows.prior[row][lane],
                own.votes[row][lane],
                own.checked[row][lane],
                own.presence[row][lane],
            ],
        });
        seen
    }

    /// The least loss, by Newton's method with halved steps. Parameters that examples say nothing of stay where they are.
    pub fn minimum(&self, start: &Weights, lapse: f64) -> Weights {
        let mut own = start.clone();
        for _ in 0..50 {
            let slopes = self.gradient(&own, lapse);
            if slopes.iter().all(|slope| slope.abs() < 1e-10) {
                break;
            }
            let Some(step) = self.newton_step(&own, lapse, &slopes) else {
                break;
            };
            let (before, mut length) = (self.loss(&own, lapse), 1.0);
            loop {
                let next = own.0.iter().zip(&step).map(|(own, step)| own - length * step);
                let next = Weights(next.collect());
                if self.loss(&next, lapse) <= before || length < 1e-6 {
                    own = next;
                    break;
                }
                length *= 0.5;
            }
        }
        own
    }

    /// H^-1 times slopes; none where they say no more than rounding.
    fn newton_step(&self, weights: &Weights, lapse: f64, slopes: &[f64]) -> Option<Vec<f64>> {
        /// Makes the Hessian regular where examples say nothing of a parameter, or of two but together; the loss hardly moves.
        const RIDGE: f64 = 1e-10;
        let mut hessian = self.hessian(weights, lapse);
        hessian.add_to_diagonal(RIDGE);
        Some(Cholesky::of(hessian)?.solve(slopes))
    }

    /// The largest eigenvalue of the Hessian: steps longer than 2 over it oscillate.
    pub fn sharpness(&self, weights: &Weights, lapse: f64) -> f64 {
        let size = weights.all().len();
        let hessian = self.hessian(weights, lapse);
        let all: Vec<f64> = (0..size * size).map(|at| hessian.at(at / size, at % size)).collect();
        let values = spectrum(&all, size).values;
        // The greatest stands first.
        values.first().copied().unwrap_or(0.0)
    }
}

//! Owns how weights are trained: minibatches with fresh recall bits, all examples with both recall bits at their probabilities, and the
//! minimum itself.

use super::rows::Rows;
use super::{BESIDE, EVIDENCE, MOST_MODES, PRESENCE, PRIOR, VOTES, Weights, kernels};
use crate::numerics::cholesky::Cholesky;
use crate::numerics::elementary::ln;
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

impl Descent {
    /// Whether another from the same start is the beginning of this one: steps depend neither on chance nor on how many there are.
    pub fn is_begun_by(&self, other: &Self) -> bool {
        let longer = Self {
            steps: self.steps,
            ..*other
        };
        let plain = self.minibatch.is_none() && self.schedule == Schedule::Constant;
        plain && longer == *self && other.steps <= self.steps
    }
}

/// How training went.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Where it ended.
    pub weights: Weights,
    /// The loss at the start of each step, of what the step saw.
    pub losses: Vec<f64>,
}

impl Ended {
    /// Before any step.
    pub fn at(weights: Weights) -> Self {
        Self {
            weights,
            losses: Vec::new(),
        }
    }
}

impl Examples<'_> {
    /// Queries.
    pub fn queries(&self) -> usize {
        self.rows.target.len() / (self.rows.modes * self.groups)
    }

    /// The mean loss per slot of passes with these recall bits, none of which is set where there are none, after its slopes in all parameters.
    fn slopes(&self, weights: &[f64], groups: &[u32], recall: Option<&[Lanes<f64>]>, queries: usize) -> Vec<f64> {
        let mut sums = vec![[0.0; LANES]; weights.len() + 1];
        kernels::slopes::run(self.rows, weights, groups, recall, &mut sums);
        self.means(&sums, queries)
    }

    fn means(&self, sums: &[Lanes<f64>], queries: usize) -> Vec<f64> {
        let share = 1.0 / (queries * self.slots) as f64;
        sums.iter().map(|sum| share * across(sum)).collect()
    }

    /// The same over both recall bits at their probabilities: the cross-entropy of a pass, in nats per slot, after its slopes.
    fn expected_slopes(&self, weights: &[f64], lapse: f64) -> Vec<f64> {
        let all: Vec<u32> = (0..(self.queries() * self.groups) as u32).collect();
        let recalled = self.slopes(weights, &all, Some(&vec![[1.0; LANES]; all.len()]), self.queries());
        if lapse == 0.0 {
            return recalled;
        }
        let lapsed = match self.rows.drafts {
            Some(_) => self.slopes(weights, &all, None, self.queries()),
            None => self.blind(weights.len()),
        };
        let both = recalled.iter().zip(lapsed);
        both.map(|(a, b)| (1.0 - lapse) * a + lapse * b).collect()
    }

    /// The same of passes that see nothing: each mode is as likely whatever the weights.
    fn blind(&self, weights: usize) -> Vec<f64> {
        let mut sums = vec![[0.0; LANES]; weights + 1];
        let hit = ln(1.0 / self.rows.modes as f64);
        for active in self.rows.active.iter().cycle().take(self.queries() * self.groups) {
            (0..LANES).for_each(|l| sums[weights][l] -= hit * active[l]);
        }
        self.means(&sums, self.queries())
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

    /// Descends from where `begun` ended, with choices and recall bits drawn from the two streams. Ends before its last step where `stopped`
    /// says so.
    pub fn descend(
        &self,
        begun: Ended,
        descent: Descent,
        lapse: f64,
        [choices, recall]: [&mut Stream; 2],
        stopped: &dyn Fn() -> bool,
    ) -> Ended {
        let Ended {
            weights: Weights(mut theta),
            mut losses,
        } = begun;
        let (mut groups, mut bits) = (Vec::new(), Vec::new());
        for step in losses.len() as u32..descent.steps {
            if stopped() {
                break;
            }
            let slopes = match descent.minibatch {
                None => self.expected_slopes(&theta, lapse),
                Some(size) => {
                    self.minibatch(size, lapse, [choices, recall], &mut groups, &mut bits);
                    self.slopes(&theta, &groups, Some(&bits), size as usize)
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
        let mut seen = vec![0.0; self.rows.modes * hessian.width()];
        for group in 0..self.queries() * self.groups {
            let active = &self.rows.active[group % self.groups];
            for lane in (0..LANES).filter(|&lane| active[lane] > 0.0) {
                for (recall, chance) in passes.into_iter().filter(|(_, chance)| *chance > 0.0) {
                    for (m, seen) in seen.chunks_exact_mut(hessian.width()).enumerate() {
                        self.see(
                            group * self.rows.modes + m,
                            lane,
                            recall,
                            &mut seen[..weights.all().len()],
                        );
                    }
                    to_deviations(&mut seen, hessian.width(), weights.all(), share * chance);
                    hessian.add(&seen);
                }
            }
        }
        hessian
    }

    /// What a pass sees of a mode of a slot, in the order of the weights.
    fn see(&self, row: usize, lane: usize, recall: f64, seen: &mut [f64]) {
        let (own, beside) = seen.split_at_mut(seen.len() - BESIDE);
        let features = &self.rows.features[row * own.len()..][..own.len()];
        own.iter_mut()
            .zip(features)
            .for_each(|(own, x)| *own = recall * x[lane]);
        let Some(shown) = self.rows.drafts else {
            return beside.fill(0.0);
        };
        beside[PRIOR] = recall * self.rows.prior[row][lane];
        beside[VOTES] = shown.votes[row][lane];
        beside[EVIDENCE] = shown.checked[row][lane];
        beside[PRESENCE] = shown.presence[row][lane];
    }

    /// The least loss, by Newton's method with halved steps. Parameters that examples say nothing of stay where they are.
    pub fn minimum(&self, start: &Weights, lapse: f64) -> Weights {
        let mut own = start.clone();
        let mut slopes = self.expected_slopes(own.all(), lapse);
        for _ in 0..50 {
            // The loss stands last.
            let before = slopes.pop().unwrap_or(f64::NAN);
            if slopes.iter().all(|slope| slope.abs() < 1e-10) {
                break;
            }
            let Some(step) = self.newton_step(&own, lapse, &slopes) else {
                break;
            };
            let mut length = 1.0;
            loop {
                let next = own.0.iter().zip(&step).map(|(own, step)| own - length * step);
                let next = Weights(next.collect());
                slopes = self.expected_slopes(next.all(), lapse);
                if slopes[next.0.len()] <= before || length < 1e-6 {
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

/// From what a pass sees of modes, rows of `width`, to its deviations from the mean under what the pass answers: their products are `weight`
/// times its covariance.
fn to_deviations(seen: &mut [f64], width: usize, weights: &[f64], weight: f64) {
    let mut p = [0.0; MOST_MODES];
    let p = &mut p[..seen.len() / width];
    for (p, seen) in p.iter_mut().zip(seen.chunks_exact(width)) {
        *p = seen.iter().zip(weights).map(|(x, w)| x * w).sum();
    }
    softmax(p);
    let mut mean = vec![0.0; weights.len()];
    for (p, seen) in p.iter().zip(seen.chunks_exact(width)) {
        mean.iter_mut().zip(seen).for_each(|(mean, x)| *mean += p * x);
    }
    for (p, seen) in p.iter().zip(seen.chunks_exact_mut(width)) {
        let root = (weight * p).sqrt();
        seen.iter_mut().zip(&mean).for_each(|(x, mean)| *x = root * (*x - mean));
    }
}

//! Owns Newton's method for log-linear policies.
//!
//! The Hessian of a prompt's loss is (diag p - p p') (x) phi phi': of each pair of modes, a weight times one and the same
//! triangle of products of features. Their sums are one product of matrices.

use super::Training;
use super::cholesky::{factor, place, solve};
use super::evaluation::{BLOCK, Data, Evaluation};
use super::kernels::{Matrix, add_dot, add_product, largest, scale_prompts};
use super::rows::Rows;
use crate::numerics::lanes::{LANES, Lanes, dispatch};

/// A lane has converged where its decrement is within this, and its gradient within the tolerance.
const DECREMENT: f64 = 1e-10;
/// What part of the gain that its slope promises a step must bring (Armijo).
const ARMIJO: f64 = 1e-4;
/// Losses of about 1 differ by less than this through rounding alone.
const ROUNDING: f64 = 1e-14;
/// How often a step is halved before a lane counts as stuck.
const HALVINGS: u32 = 40;

/// Scratch of Newton's method.
pub(super) struct Newton {
    /// Modes with a row of parameters, and features that they see.
    free: usize,
    seen: usize,
    weights: Rows,
    squares: Rows,
    sums: Rows,
    hessian: Rows,
    direction: Rows,
    trial: Rows,
}

impl Newton {
    pub fn new(modes: usize, seen: usize) -> Self {
        let free = modes - 1;
        let mut all = [const { Rows::new() }; 6];
        let parameters = free * seen;
        let (pairs, triangle) = (place(free, 0), place(seen, 0));
        let counts = [BLOCK * pairs, BLOCK * triangle, pairs * triangle, place(parameters, 0)];
        for (rows, count) in all.iter_mut().zip(counts.into_iter().chain([parameters, parameters])) {
            rows.resize(count);
        }
        let [weights, squares, sums, hessian, direction, trial] = all;
        Self {
            free,
            seen,
            weights,
            squares,
            sums,
            hessian,
            direction,
            trial,
        }
    }

    /// Moves `theta` towards the least loss on `data`; returns how many steps each lane took.
    pub fn fit(
        &mut self,
        evaluation: &mut Evaluation,
        data: Data<'_>,
        training: &Training,
        theta: &mut [Lanes<f64>],
        gradient: &mut [Lanes<f64>],
    ) -> Lanes<f64> {
        let (mut taken, mut moving) = ([0.0; LANES], [1.0; LANES]);
        let mut loss = evaluation.loss(data, theta, training.decay);
        for _ in 0..training.steps {
            evaluation.gradient(data, theta, training.decay, gradient);
            let decrement = self.point(evaluation, data, training.decay, gradient);
            let largest = largest::run_at(evaluation.level, gradient);
            for l in 0..LANES {
                let arrived = largest[l] <= training.tolerance && decrement[l] < DECREMENT;
                // Without meaning where the lane has failed.
                let going = decrement[l] > 0.0 && !arrived;
                moving[l] = if going { moving[l] } else { 0.0 };
            }
            self.search(
                evaluation,
                data,
                training.decay,
                &decrement,
                (theta, &mut loss, &mut moving),
            );
            if moving == [0.0; LANES] {
                break;
            }
            for l in 0..LANES {
                taken[l] += moving[l];
            }
        }
        taken
    }

    /// Points `direction` to where the gradient would be 0 if the loss were quadratic; returns the decrement, twice what would be gained.
    /// The parameters are those that `evaluation` took up last.
    fn point(
        &mut self,
        evaluation: &mut Evaluation,
        data: Data<'_>,
        decay: f64,
        gradient: &[Lanes<f64>],
    ) -> Lanes<f64> {
        let level = evaluation.level;
        self.add_up(evaluation, data);
        self.spread(decay);
        factor::run_at(level, self.hessian.rows_mut(), gradient.len());
        let direction = self.direction.rows_mut();
        direction.copy_from_slice(gradient);
        solve::run_at(level, self.hessian.rows(), direction);
        let mut decrement = [0.0; LANES];
        add_dot::run_at(level, &mut decrement, gradient, self.direction.rows());
        decrement
    }

    /// Sums weights times products of features over prompts, of each pair of modes and each pair of features.
    fn add_up(&mut self, evaluation: &mut Evaluation, data: Data<'_>) {
        let (pairs, triangle) = (place(self.free, 0), place(self.seen, 0));
        let (level, modes) = (evaluation.level, evaluation.modes);
        let share = 1.0 / data.prompts.count() as f64;
        self.sums.rows_mut().fill([0.0; LANES]);
        for block in data.blocks(modes) {
            let count = block.prompts.count();
            let p = evaluation.probabilities(block.prompts);
            weigh::run_at(level, p, modes, share, self.weights.rows_mut());
            if let Some(weights) = block.weights {
                scale_prompts::run_at(level, self.weights.rows_mut(), weights, pairs);
            }
            let features = block.prompts.features;
            multiply::run_at(level, features, self.seen, self.squares.rows_mut());
            let weights = Matrix::transposed(self.weights.rows(), pairs);
            let squares = Matrix::of(self.squares.rows(), triangle);
            add_product(
                level,
                self.sums.rows_mut(),
                triangle,
                weights,
                squares,
                [pairs, triangle, count],
            );
        }
    }

    /// Writes the lower triangle of the Hessian, row by row.
    fn spread(&mut self, decay: f64) {
        let triangle = place(self.seen, 0);
        let (sums, out) = (self.sums.rows(), self.hessian.rows_mut());
        for a in 0..self.free {
            for c in 0..self.seen {
                let i = a * self.seen + c;
                let row = &mut out[place(i, 0)..=place(i, i)];
                for (b, part) in row.chunks_mut(self.seen).enumerate() {
                    let own = &sums[place(a, b) * triangle..][..triangle];
                    for (d, x) in part.iter_mut().enumerate() {
                        *x = own[place(c.max(d), c.min(d))];
                    }
                }
                row[i] = row[i].map(|x| x + decay);
            }
        }
    }

    /// Moves the lanes that are moving, along `direction`, as far as makes their loss smaller; those that cannot stand still.
    fn search(
        &mut self,
        evaluation: &mut Evaluation,
        data: Data<'_>,
        decay: f64,
        decrement: &Lanes<f64>,
        (theta, loss, moving): (&mut [Lanes<f64>], &mut Lanes<f64>, &mut Lanes<f64>),
    ) {
        let (mut length, mut open) = (*moving, *moving);
        for _ in 0..HALVINGS {
            if open == [0.0; LANES] {
                break;
            }
            self.walk(theta, &length);
            let found = evaluation.loss(data, self.trial.rows(), decay);
            for l in 0..LANES {
                let bound = loss[l] - ARMIJO * length[l] * decrement[l] + ROUNDING * (1.0 + loss[l].abs());
                if open[l] > 0.0 && found[l] <= bound {
                    (loss[l], open[l]) = (found[l], 0.0);
                } else if open[l] > 0.0 {
                    length[l] *= 0.5;
                }
            }
        }
        for l in 0..LANES {
            moving[l] -= open[l];
            length[l] *= moving[l];
        }
        self.walk(theta, &length);
        theta.copy_from_slice(self.trial.rows());
    }

    /// Writes into `trial` where steps of these lengths lead. A lane of length 0 stays, whatever its direction is.
    fn walk(&mut self, theta: &[Lanes<f64>], length: &Lanes<f64>) {
        let trial = self.trial.rows_mut().iter_mut();
        for ((trial, theta), direction) in trial.zip(theta).zip(self.direction.rows()) {
            for l in 0..LANES {
                let to = theta[l] - length[l] * direction[l];
                trial[l] = if length[l] > 0.0 { to } else { theta[l] };
            }
        }
    }
}

/// Weights of pairs of modes but the last, by prompt: a row for each (a, b), b <= a.
#[inline(always)]
fn weigh_kernel(p: &[Lanes<f64>], modes: usize, share: f64, out: &mut [Lanes<f64>]) {
    let mut out = out.iter_mut();
    for p in p.chunks_exact(modes) {
        for a in 0..modes - 1 {
            for (b, w) in (0..=a).zip(&mut out) {
                for l in 0..LANES {
                    let own = if a == b { 1.0 } else { 0.0 };
                    w[l] = share * (p[a][l] * (own - p[b][l]));
                }
            }
        }
    }
}

dispatch!(mod weigh = weigh_kernel(p: &[Lanes<f64>], modes: usize, share: f64, out: &mut [Lanes<f64>]));

/// Products of pairs of features, by prompt: a row for each (c, d), d <= c.
#[inline(always)]
fn multiply_kernel(features: &[Lanes<f64>], seen: usize, out: &mut [Lanes<f64>]) {
    let mut out = out.iter_mut();
    for features in features.chunks_exact(seen) {
        for c in 0..seen {
            for (d, x) in (0..=c).zip(&mut out) {
                for l in 0..LANES {
                    x[l] = features[c][l] * features[d][l];
                }
            }
        }
    }
}

dispatch!(mod multiply = multiply_kernel(features: &[Lanes<f64>], seen: usize, out: &mut [Lanes<f64>]));

//! Owns the steps of gradient descent and Adam.

use super::kernels::anew;
use super::rows::Rows;
use super::{Optimiser, Training};
use crate::numerics::lanes::{LANES, Lanes, Level, dispatch};

const BETA: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

/// What an optimiser keeps from step to step.
pub(in crate::policy) struct Steps {
    first: Rows,
    second: Rows,
    /// Powers of [`BETA`].
    powers: [f64; 2],
}

impl Steps {
    pub fn new() -> Self {
        Self {
            first: Rows::new(),
            second: Rows::new(),
            powers: [1.0; 2],
        }
    }

    /// Forgets all steps.
    pub fn begin(&mut self, parameters: usize) {
        self.first.resize(parameters).fill([0.0; LANES]);
        self.second.resize(parameters).fill([0.0; LANES]);
        self.powers = [1.0; 2];
    }

    /// Makes step `step` in the lanes whose `moving` is 1 and not 0. Newton's method is none of its.
    pub fn step(
        &mut self,
        level: Level,
        (training, step): (&Training, u32),
        moving: &Lanes<f64>,
        theta: &mut [Lanes<f64>],
        gradient: &[Lanes<f64>],
    ) {
        match training.optimiser {
            Optimiser::Newton => {}
            Optimiser::Gradient {
                rate,
                momentum,
                schedule,
            } => {
                let rate = rate * schedule.factor(step, training.steps);
                let rates = moving.map(|moving| rate * moving);
                descend::run_at(level, theta, gradient, self.first.rows_mut(), momentum, &rates);
            }
            Optimiser::Adam { rate, schedule } => {
                self.powers = [self.powers[0] * BETA[0], self.powers[1] * BETA[1]];
                let rate = rate * schedule.factor(step, training.steps) / (1.0 - self.powers[0]);
                let rates = moving.map(|moving| rate * moving);
                let scale = 1.0 / (1.0 - self.powers[1]);
                let (first, second) = (self.first.rows_mut(), self.second.rows_mut());
                adapt::run_at(level, theta, gradient, first, second, scale, &rates);
            }
        }
    }
}

#[inline(always)]
fn descend_kernel(
    theta: &mut [Lanes<f64>],
    gradient: &[Lanes<f64>],
    velocity: &mut [Lanes<f64>],
    momentum: f64,
    rates: &Lanes<f64>,
) {
    for ((theta, slope), velocity) in theta.iter_mut().zip(gradient).zip(velocity) {
        let rates = anew(rates);
        for l in 0..LANES {
            velocity[l] = momentum * velocity[l] + slope[l];
            theta[l] -= rates[l] * velocity[l];
        }
    }
}

dispatch!(mod descend = descend_kernel(
    theta: &mut [Lanes<f64>],
    gradient: &[Lanes<f64>],
    velocity: &mut [Lanes<f64>],
    momentum: f64,
    rates: &Lanes<f64>,
));

#[inline(always)]
fn adapt_kernel(
    theta: &mut [Lanes<f64>],
    gradient: &[Lanes<f64>],
    first: &mut [Lanes<f64>],
    second: &mut [Lanes<f64>],
    scale: f64,
    rates: &Lanes<f64>,
) {
    for (((theta, slope), first), second) in theta.iter_mut().zip(gradient).zip(first).zip(second) {
        let rates = anew(rates);
        for l in 0..LANES {
            first[l] = BETA[0] * first[l] + (1.0 - BETA[0]) * slope[l];
            second[l] = BETA[1] * second[l] + (1.0 - BETA[1]) * (slope[l] * slope[l]);
            theta[l] -= rates[l] * first[l] / ((second[l] * scale).sqrt() + EPSILON);
        }
    }
}

dispatch!(mod adapt = adapt_kernel(
    theta: &mut [Lanes<f64>],
    gradient: &[Lanes<f64>],
    first: &mut [Lanes<f64>],
    second: &mut [Lanes<f64>],
    scale: f64,
    rates: &Lanes<f64>,
));

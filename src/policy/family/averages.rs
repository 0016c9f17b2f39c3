//! Owns means of the parameters that descent passes through: what a fit hands on instead of its last step.

use super::rows::Rows;
use super::training::Average;
use crate::numerics::lanes::{LANES, Lanes};

/// The mean so far.
pub(super) struct Averages {
    kind: Average,
    /// Steps of the whole fit.
    steps: u32,
    mean: Rows,
    /// How many parameters are in the mean, where all count alike.
    count: f64,
}

impl Averages {
    pub fn new(kind: Average, steps: u32) -> Self {
        let mean = Rows::new();
        let count = 0.0;
        Self {
            kind,
            steps,
            mean,
            count,
        }
    }

    /// Begins at the parameters before any step.
    pub fn begin(&mut self, theta: &[Lanes<f64>]) {
        self.count = 0.0;
        if self.kind != Average::Last {
            self.mean.resize(theta.len()).copy_from_slice(theta);
        }
    }

    /// Takes in what step `step`, counted from 0, came to.
    pub fn take(&mut self, step: u32, theta: &[Lanes<f64>]) {
        let new = match self.kind {
            Average::Last => return,
            Average::SecondHalf if step < self.steps / 2 => return,
            Average::SecondHalf => {
                self.count += 1.0;
                1.0 / self.count
            }
            Average::Exponential(decay) => 1.0 - decay,
        };
        for (mean, theta) in self.mean.rows_mut().iter_mut().zip(theta) {
            for l in 0..LANES {
                mean[l] += new * (theta[l] - mean[l]);
            }
        }
    }

    /// Writes what the fit hands on in the place of its last parameters.
    pub fn finish(&self, theta: &mut [Lanes<f64>]) {
        if self.kind != Average::Last {
            theta.copy_from_slice(self.mean.rows());
        }
    }
}

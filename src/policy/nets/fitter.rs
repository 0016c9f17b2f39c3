//! Owns the fits of eight nets at once, by Adam on the whole data from one start.

use super::parts::Shape;
use super::{Net, Scratch};
use crate::numerics::lanes::{LANES, Lanes, Level};
use crate::policy::family::{Steps, Training};
use crate::policy::{Batch, Optimiser};

/// Steps after which a fit asks whether it is to be left.
const STEPS_BETWEEN: u32 = 16;

/// One worker's scratch; a fit does not depend on those before it.
pub struct NetFitter {
    net: Net,
    shape: Shape,
    training: Training,
    level: Level,
    start: Vec<f64>,
    steps: Steps,
    theta: Vec<Lanes<f64>>,
    slopes: Vec<Lanes<f64>>,
    scratch: Scratch,
}

impl NetFitter {
    /// A fitter of nets to responses of `length` increments out of `tokens`, from start `which`; the loss is that of a response plus (decay/2)
    /// |theta|^2. It makes all of the training's steps, whatever its tolerance.
    ///
    /// # Panics
    ///
    /// Where the training does not see full batches, or is Newton's method.
    pub fn new(net: Net, (tokens, length): (usize, usize), which: u32, training: Training) -> Self {
        assert!(
            training.batch == Batch::Full && training.optimiser != Optimiser::Newton,
            "{training:?}"
        );
        let start = net.start(tokens, length, which);
        Self {
            net,
            shape: Shape { tokens, length },
            training,
            level: Level::current(),
            steps: Steps::new(),
            theta: vec![[0.0; LANES]; start.len()],
            slopes: vec![[0.0; LANES]; start.len()],
            scratch: Scratch::default(),
            start,
        }
    }

    /// About what a fitter takes, in bytes.
    pub fn memory(net: Net, (tokens, length): (usize, usize)) -> u64 {
        let prefixes = Shape { tokens, length }.prefixes();
        let rows = 4 * net.parameters(tokens, length) + 6 * super::parts::WIDTH * prefixes;
        (rows * size_of::<Lanes<f64>>()) as u64
    }

    /// Runs kernels at another level.
    #[cfg(test)]
    pub(super) fn at(&mut self, level: Level) {
        self.level = level;
    }

    /// Fits eight nets to `cells`: how often a response makes each increment after each prefix on average, prefixes x tokens rows. Left when
    /// `stop` says so: what it gives then is of no use.
    pub fn fit(&mut self, cells: &[Lanes<f64>], stop: &mut dyn FnMut() -> bool) {
        self.theta
            .iter_mut()
            .zip(&self.start)
            .for_each(|(row, &x)| *row = [x; LANES]);
        self.steps.begin(self.theta.len());
        for step in 0..self.training.steps {
            if step % STEPS_BETWEEN == 0 && stop() {
                return;
            }
            let (net, decay) = (self.net, self.training.decay);
            net.slopes(
                self.level,
                self.shape,
                &self.theta,
                cells,
                &mut self.scratch,
                &mut self.slopes,
            );
            for (slope, theta) in self.slopes.iter_mut().zip(&self.theta) {
                (0..LANES).for_each(|l| slope[l] += decay * theta[l]);
            }
            let (at, all) = ((&self.training, step), [1.0; LANES]);
            self.steps.step(self.level, at, &all, &mut self.theta, &self.slopes);
        }
    }

    /// The parameters of the last fits.
    pub fn theta(&self) -> &[Lanes<f64>] {
        &self.theta
    }

    /// Writes ln p of each increment after each prefix of the last fits, prefixes x tokens rows.
    pub fn log_probabilities(&mut self, out: &mut [Lanes<f64>]) {
        self.net
            .log_probabilities(self.level, self.shape, &self.theta, &mut self.scratch, out);
    }
}

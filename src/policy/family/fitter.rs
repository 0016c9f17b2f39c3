//! Owns fits of eight policies.

use super::averages::Averages;
use super::batches::Batches;
use super::evaluation::{Data, Evaluation, Target};
use super::form::Prompts;
use super::kept::KeptWeights;
use super::kernels::largest;
use super::newton::Newton;
use super::rows::Rows;
use super::steps::Steps;
use super::{Batch, Examples, Family, FitReport, Optimiser, Training};
use crate::numerics::lanes::{LANES, Lanes};
use crate::numerics::stream::LaneStreams;

/// Steps after which a fit asks whether it is to be left: those of the smallest take microseconds.
const STEPS_BETWEEN: u32 = 16;

/// One worker's scratch; makes fits. A fit does not depend on those before it.
pub struct Fitter {
    training: Training,
    evaluation: Evaluation,
    batches: Batches,
    steps: Steps,
    averages: Averages,
    newton: Option<Newton>,
    /// Of descent whose logits change by what a step says.
    kept: Option<KeptWeights>,
    theta: Rows,
    gradient: Rows,
}

impl Fitter {
    /// A fitter of policies of a family over `modes` modes. Panics where the training does not fit the family (ask
    /// [`Training::fits`] first).
    pub fn new(family: Family, modes: usize, training: Training) -> Self {
        let fits = training.fits(&family);
        assert!(fits.is_ok(), "{fits:?}");
        let evaluation = Evaluation::new(family.form(modes), modes);
        let (seen, parameters) = (evaluation.form.seen(), evaluation.form.parameters());
        let [mut theta, mut gradient] = [const { Rows::new() }; 2];
        theta.resize(parameters);
        gradient.resize(parameters);
        Self {
            training,
            evaluation,
            batches: Batches::new(training.batch, seen, modes),
            steps: Steps::new(),
            averages: Averages::new(training.average, training.steps),
            newton: (training.optimiser == Optimiser::Newton).then(|| Newton::new(modes, seen)),
            kept: (family.is_convex() && training.batch == Batch::Full && training.optimiser != Optimiser::Newton)
                .then(KeptWeights::new),
            theta,
            gradient,
        }
    }

    /// About what a fitter takes, in bytes: parameters several times, and the Hessian of Newton's method.
    pub fn memory(family: Family, modes: usize, training: Training) -> u64 {
        let parameters = family.parameters(modes);
        let hessian = match training.optimiser {
            Optimiser::Newton => parameters * parameters,
            _ => 0,
        };
        ((6 * parameters + hessian) * size_of::<Lanes<f64>>()) as u64
    }

    /// Fits eight policies from `theta` (parameters rows of lanes) in place. `order` are the streams that minibatches are
    /// shuffled by; full batches need none. A lane's bits do not depend on its neighbours, nor on the vector
    /// unit. Panics where the numbers of rows do not fit.
    pub fn fit(
        &mut self,
        examples: &Examples<'_>,
        theta: &mut [Lanes<f64>],
        order: Option<&mut LaneStreams>,
    ) -> FitReport {
        self.fit_until(examples, theta, order, &mut || false)
    }

    /// The same of a fit that is left when `stop` says so, which is asked now and then: what it gives then is of no use.
    pub fn fit_until(
        &mut self,
        examples: &Examples<'_>,
        theta: &mut [Lanes<f64>],
        order: Option<&mut LaneStreams>,
        stop: &mut dyn FnMut() -> bool,
    ) -> FitReport {
        self.check(examples, theta, order.is_some());
        self.theta.rows_mut().copy_from_slice(theta);
        self.batches.begin(examples);
        if let Some(kept) = &mut self.kept {
            kept.begin(&self.evaluation, self.batches.data());
        }
        let steps = match &mut self.newton {
            Some(newton) => newton.fit(
                &mut self.evaluation,
                self.batches.data(),
                &self.training,
                self.theta.rows_mut(),
                self.gradient.rows_mut(),
            ),
            None => self.descend(order, stop),
        };
        for (to, from) in theta.iter_mut().zip(self.theta.rows()) {
            *to = from.map(number);
        }
        self.report(examples, steps)
    }

    /// Runs kernels at another level.
    #[cfg(test)]
    pub(super) fn at(&mut self, level: crate::numerics::lanes::Level) {
        self.evaluation.level = level;
    }

    fn check(&self, examples: &Examples<'_>, theta: &[Lanes<f64>], ordered: bool) {
        let modes = self.evaluation.modes;
        assert!(examples.modes == modes && examples.prompts > 0);
        assert!(examples.coordinates >= self.evaluation.form.seen());
        assert_eq!(examples.features.len(), examples.prompts * examples.coordinates);
        assert_eq!(examples.target.len(), examples.prompts * modes);
        assert_eq!(theta.len(), self.evaluation.form.parameters());
        assert!(self.training.batch == Batch::Full || (ordered && examples.weights.is_none()));
        assert!(examples.weights.is_none_or(|weights| weights.len() == examples.prompts));
    }

    /// Goes down the gradients of what steps see; returns how many steps each lane took.
    fn descend(&mut self, mut order: Option<&mut LaneStreams>, stop: &mut dyn FnMut() -> bool) -> Lanes<f64> {
        let (level, training) = (self.evaluation.level, &self.training);
        let (mut taken, mut moving) = ([0.0; LANES], [1.0; LANES]);
        self.steps.begin(self.evaluation.form.parameters());
        self.averages.begin(self.theta.rows());
        for step in 0..training.steps {
            if step % STEPS_BETWEEN == 0 && stop() {
                break;
            }
            self.batches.next(level, order.as_deref_mut());
            let (data, theta, gradient) = (self.batches.data(), self.theta.rows_mut(), self.gradient.rows_mut());
            match &mut self.kept {
                Some(kept) => kept.gradient(&mut self.evaluation, data, theta, training.decay, gradient),
                None => self.evaluation.gradient(data, theta, training.decay, gradient),
            }
            if training.tolerance > 0.0 && self.batches.are_full() {
                // A gradient that is no number stands still too: its lane has failed.
                let going = |largest| if largest > training.tolerance { 1.0 } else { 0.0 };
                moving = largest::run_at(level, gradient).map(going);
            }
            if moving == [0.0; LANES] {
                break;
            }
            self.steps.step(level, (training, step), &moving, theta, gradient);
            self.averages.take(step, theta);
            for l in 0..LANES {
                taken[l] += moving[l];
            }
        }
        self.averages.finish(self.theta.rows_mut());
        taken
    }

    fn report(&mut self, examples: &Examples<'_>, steps: Lanes<f64>) -> FitReport {
        let data = Data {
            prompts: Prompts {
                features: examples.features,
                coordinates: examples.coordinates,
            },
            target: Target::Shares(examples.target),
            weights: examples.weights,
        };
        let (decay, theta, gradient) = (self.training.decay, self.theta.rows(), self.gradient.rows_mut());
        match &mut self.kept {
            // By the same arithmetic as the last of the steps, which may have stopped by it.
            Some(kept) => kept.gradient(&mut self.evaluation, self.batches.data(), theta, decay, gradient),
            None => self.evaluation.gradient(data, theta, decay, gradient),
        }
        let gradient = largest::run_at(self.evaluation.level, gradient).map(number);
        let within = |largest| if largest <= self.training.tolerance { 1.0 } else { 0.0 };
        FitReport {
            steps,
            gradient,
            converged: gradient.map(within),
        }
    }
}

/// x, with one payload for NaN: that of a computed one differs between processors.
fn number(x: f64) -> f64 {
    if x.is_nan() { f64::NAN } else { x }
}

//! The exact values of the study `training`, through its public surface: against runs of the engine, and against routes that
//! share nothing with the closed forms.
//!
//! Seeds are fixed. A tolerance is a number of standard errors of what was drawn; z beyond 4 has a probability of 6e-5.

mod budget;
mod complete;
mod copies;
mod counts;
mod excess;
mod missing;
mod selectors;
mod smoothing;

use mode_lottery::engine::{self, Study};
use mode_lottery::inference::estimate::Estimate;
use mode_lottery::policy::Descent;
use mode_lottery::study::pools::PoolArm;
use mode_lottery::study::training::{FitArm, Measure, Training};
use mode_lottery::world::{BaseWeights, Copies, Dirichlet, World};
use std::sync::Arc;

/// Standard errors that a right value may be off.
const FAR: f64 = 4.0;

/// A world in plain numbers; without copies (0) it is World A.
#[derive(Debug, Clone)]
struct Plain {
    base: Vec<f64>,
    alpha: f64,
    copies: f64,
}

impl Plain {
    fn new(weights: &[f64], alpha: f64, copies: f64) -> Self {
        let base = BaseWeights::listed(weights).unwrap().probabilities().to_vec();
        Self { base, alpha, copies }
    }

    /// Eight modes with weights exp(-0.45 m).
    fn geo8(alpha: f64) -> Self {
        let base = BaseWeights::geometric(8, 0.637_628_151_621_773_3).unwrap();
        Self::new(base.probabilities(), alpha, 0.0)
    }

    fn world(&self) -> Arc<dyn World> {
        let prompts = Dirichlet::new(BaseWeights::listed(&self.base).unwrap(), self.alpha);
        match self.copies {
            0.0 => Arc::new(prompts),
            c => Arc::new(Copies::new(prompts, c)),
        }
    }
}

/// Rate 2 is below 2 over the largest curvature, 1/2; the rarest mode here, of probability 0.1, is learned in a hundred steps.
const CONVERGED: Descent = Descent {
    rate: 2.0,
    steps: 2_000,
    tolerance: 1e-7,
    ..Descent::USUAL
};

/// For measures of the counts alone.
const ONE_STEP: Descent = Descent { steps: 1, ..CONVERGED };

fn arm(prompts: u32, responses: u32, descent: Descent) -> FitArm {
    FitArm {
        pool: PoolArm::all(prompts, responses),
        descent,
        smoothing: 0.0,
        pseudo_count: 0.0,
    }
}

/// The rows of a study: estimate, exact value, reference.
fn rows(study: &Training, replicates: u64) -> Vec<(Estimate, Option<f64>, Option<f64>)> {
    let groups = engine::run(study, replicates).unwrap();
    let measured = engine::estimate(study.spec(), &groups);
    let with_exact = measured.into_iter().zip(crate::theory::rows(study));
    with_exact
        .map(|(row, own)| {
            (
                row.measured.unwrap().estimate(),
                own.exact.value(),
                own.reference.map(|reference| reference.value),
            )
        })
        .collect()
}

/// The mean of one arm's complete fits, as [`one`] gives that of all.
fn complete(seed: u64, plain: &Plain, arm: FitArm, replicates: u64) -> (Estimate, Option<f64>, Option<f64>) {
    let study = Training::new(seed, plain.world(), vec![arm], vec![Measure::ExcessNll]).unwrap();
    let place = study
        .estimands()
        .iter()
        .position(|own| own.name() == "excess-nll.complete");
    rows(&study, replicates).remove(place.unwrap())
}

/// One arm's mean of one measure with its exact value and its reference.
fn one(
    seed: u64,
    plain: &Plain,
    arm: FitArm,
    measure: Measure,
    replicates: u64,
) -> (Estimate, Option<f64>, Option<f64>) {
    rows(
        &Training::new(seed, plain.world(), vec![arm], vec![measure]).unwrap(),
        replicates,
    )
    .remove(0)
}

//! Owns what theory knows of small nets: the net that is trained on the population, and the three-stage law near it.
//!
//! The net makes the same steps from the same start as fits do, on the true frequencies, and its loss is what fits are measured from. Near it the
//! law takes the Gauss-Newton matrix for the Hessian, sum over prefixes of visits times the covariance of the gradient of ln p under the net,
//! with [`DAMPING`] on its diagonal: parameters that the data hardly speak of do not move in so many steps.

use super::arm::NetFit;
use super::known::Known;
use crate::numerics::elementary::exp;
use crate::numerics::lanes::{LANES, Lanes};
use crate::policy::{Net, NetFitter};
use crate::theory::sequences::{BestPolicy, Contexts, Paths, Scores};
use crate::world::PlanWorld;

/// What is added to the diagonal, in nats per response.
const DAMPING: f64 = 1e-4;

/// All of it.
pub(super) fn known(world: &PlanWorld, contexts: &Contexts, net: Net, fit: &NetFit) -> Known {
    let (plans, size) = (world.plans(), (contexts.tokens(), contexts.length()));
    let truth = BestPolicy::new(contexts, plans);
    let cells: Vec<Lanes<f64>> = truth.cells.iter().map(|&cell| [cell; LANES]).collect();
    let mut fitter = NetFitter::new(net, size, fit.start, fit.training);
    fitter.fit(&cells, &mut || false);
    let mut log_p = vec![[0.0; LANES]; cells.len()];
    fitter.log_probabilities(&mut log_p);
    let probabilities: Vec<f64> = log_p.iter().map(|row| exp(row[0])).collect();
    let theta: Vec<f64> = fitter.theta().iter().map(|row| row[0]).collect();
    let best = BestPolicy::of(contexts, plans, probabilities);
    let gradients = net.gradients(size.0, size.1, &theta);
    let stages = Scores::of_gradients(contexts, &best, &gradients, DAMPING).map(|own| own.stages(contexts, plans));
    let rows: Vec<Lanes<f64>> = best.probabilities.iter().map(|&p| [p; LANES]).collect();
    let looks = Paths::new(contexts, plans).shares(&rows);
    Known {
        loss: best.loss,
        entropy: plans.entropy(contexts.length()),
        stages,
        components: stages.map(|own| own.components(world.concentration())),
        token_merged: stages.map(|own| own.token_merged(world.concentration())),
        parameters: theta.len(),
        purity: Some(looks.purity[0]),
        shares: looks.shares.iter().map(|row| row[0]).collect(),
        limit: None,
        probabilities: best.probabilities,
    }
}

/// About how long that takes: the fit, gradients, and a matrix of so many parameters.
pub(super) fn nanoseconds(fit: &NetFit, cells: u64, parameters: u64) -> u64 {
    u64::from(fit.training.steps) * cells * 200 + cells * parameters * (parameters / 4 + 16)
}

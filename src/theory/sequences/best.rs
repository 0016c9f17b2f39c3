//! Owns the best policy that sees given contexts, for responses to random prompts of a mixture of plans.

use super::contexts::Contexts;
use super::plans::PlanMixture;
use crate::numerics::elementary::ln;
use crate::theory::optimum::{log_linear_policy, weighted_log_linear_optimum};

/// The policy of least expected NLL of a response: what ever more data tend to.
#[derive(Debug, Clone, PartialEq)]
pub struct BestPolicy {
    /// How often a response visits each state.
    pub visits: Vec<f64>,
    /// The mean number of times that a response makes each increment in each state: states x tokens.
    pub cells: Vec<f64>,
    /// p(d given state): states x tokens.
    pub probabilities: Vec<f64>,
    /// L(theta*): expected NLL of the increments of a response, in nats.
    pub loss: f64,
}

impl BestPolicy {
    /// That of a log-linear policy with these contexts. Saturated ones have the share of each increment in each state; of others it is
    /// found by Newton's method, exact to rounding.
    pub fn new(contexts: &Contexts, plans: &PlanMixture) -> Self {
        let (visits, cells) = cells(contexts, plans);
        let shares = |(at, cell): (usize, &f64)| cell / visits[at / contexts.tokens()];
        let conditionals: Vec<f64> = cells.iter().enumerate().map(shares).collect();
        let probabilities = match contexts.is_saturated() {
            true => conditionals,
            false => {
                let (features, width) = (contexts.features(), contexts.coordinates());
                let theta =
                    weighted_log_linear_optimum(features, width, width, &conditionals, &visits, contexts.tokens(), 0.0);
                log_linear_policy(features, width, width, &theta)
            }
        };
        Self::of(contexts, plans, probabilities)
    }

    /// The same from its probabilities.
    ///
    /// # Panics
    ///
    /// Where they are not states x tokens.
    pub fn of(contexts: &Contexts, plans: &PlanMixture, probabilities: Vec<f64>) -> Self {
        let (visits, cells) = cells(contexts, plans);
        assert_eq!(probabilities.len(), cells.len(), "one for each increment in each state");
        let loss = cells.iter().zip(&probabilities).map(|(cell, p)| -cell * ln(*p)).sum();
        Self {
            visits,
            cells,
            probabilities,
            loss,
        }
    }
}

/// How often a response to a random prompt visits each state, and makes each increment there.
fn cells(contexts: &Contexts, plans: &PlanMixture) -> (Vec<f64>, Vec<f64>) {
    let tokens = contexts.tokens();
    let mut visits = vec![0.0; contexts.states()];
    let mut cells = vec![0.0; contexts.states() * tokens];
    for plan in 0..plans.plans() {
        let (weight, emission) = (plans.base()[plan], plans.emission(plan));
        let own = contexts.visits(|_| emission);
        for ((sum, own), row) in visits.iter_mut().zip(own).zip(cells.chunks_exact_mut(tokens)) {
            *sum += weight * own;
            row.iter_mut()
                .zip(emission)
                .for_each(|(cell, b)| *cell += weight * own * b);
        }
    }
    (visits, cells)
}

//! Owns what is known of an arm before anything is drawn: bias and variance of its estimate, and its price.

use super::{AllocationArm, Rule};
use crate::world::World;

/// What is known of an arm; none of what rests on a law that the world does not have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Truth {
    /// Of the estimate, by mode.
    pub bias: Option<Vec<f64>>,
    /// sum over modes of bias^2 over the mean.
    pub bias2: Option<f64>,
    /// sum over modes of the variance over the mean.
    pub variance: Option<f64>,
    /// What a prompt costs on average, in responses.
    pub price: Option<f64>,
    /// Variance of one open prompt times what a prompt costs.
    pub product: Option<f64>,
}

impl Truth {
    pub fn of(world: &dyn World, arm: &AllocationArm) -> Self {
        let found = match arm.rule {
            Rule::Constant | Rule::Known => Some(of_fixed(world, arm)),
            Rule::Reused | Rule::Weighted => of_pilot(world, arm),
        };
        let Some((bias, variance, price)) = found else {
            return Self {
                bias: None,
                bias2: None,
                variance: None,
                price: None,
                product: None,
            };
        };
        let squares = bias.iter().zip(world.mean()).map(|(bias, pi)| bias * bias / pi);
        Self {
            bias2: Some(squares.sum()),
            bias: Some(bias),
            variance: Some(variance),
            price: Some(price),
            product: Some(f64::from(arm.open()) * variance * price),
        }
    }
}

/// Bias, variance and price where no draw decides how many responses a prompt has: in any world, by the variance law.
fn of_fixed(world: &dyn World, arm: &AllocationArm) -> (Vec<f64>, f64, f64) {
    let (open, responses) = (u64::from(arm.open()), u64::from(arm.responses));
    let components = world.mode_components();
    let modes = components.iter().zip(world.mean());
    let variance = modes.map(|(own, pi)| world.variance(own, open, responses) / pi).sum();
    let price = arm.price(f64::from(arm.responses));
    (vec![0.0; components.len()], variance, price)
}

/// The same where a pilot does, of prompts with a Dirichlet distribution and independent responses.
fn of_pilot(world: &dyn World, arm: &AllocationArm) -> Option<(Vec<f64>, f64, f64)> {
    let alpha = world.concentration().filter(|alpha| alpha.is_finite())?;
    let law = arm.stage().of_prompt(world.mean(), alpha);
    let variance = law.spread(world.mean()) / f64::from(arm.open());
    let price = arm.price(law.responses);
    Some((law.bias, variance, price))
}

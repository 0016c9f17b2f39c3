//! Owns what is known of a world and an arm before any pilot is drawn: components, K*, and what estimates of them are expected to be.
//!
//! # What a pilot estimates
//!
//! Any two responses of one prompt have the covariance c_1, of two prompts c_2 on average, and one has the variance V. Whatever the
//! numbers of responses, as long as they do not depend on the prompts, E MSW = V - c_1 and E V_x-hat = c_1 - c_2 (Searle, Casella and
//! McCulloch 1992, section 3.6, with covariances in place of independent effects). Where responses are independent given the prompt and
//! prompts independent that is V_{y|x} and V_x. Where two responses have the correlation r given the prompt, and prompts the design effect d,
//! c_1 = V_x + r V_{y|x} and c_2 = V_x (d - 1)/(n - 1): a pilot takes copies for what prompts differ by.

use super::PilotArm;
use crate::inference::pilot::{Size, log_error};
use crate::numerics::elementary::powi;
use crate::theory::budget::Costs;
use crate::theory::variance_law::Components;
use crate::world::World;

/// What is known of pilots of one arm.
#[derive(Debug, Clone, Copy)]
pub(super) struct Truth {
    /// V_x and V_{y|x}, traces for one-hot responses, of independent responses to independent prompts.
    pub components: Components,
    /// The expected estimates of the two.
    pub expected: Components,
    pub costs: Costs,
    /// K*, infinite where V_x is 0.
    pub best: f64,
    /// The most responses that a design may have.
    pub most: f64,
    /// SE(ln K*) by the delta method for effects close to normal; NaN where V_x is 0.
    pub log_error: f64,
}

impl Truth {
    pub fn of(world: &dyn World, arm: &PilotArm) -> Self {
        let (components, costs) = (world.trace_components(), arm.costs());
        let n = u64::from(arm.prompts);
        let r = world.response_correlation();
        let between = (world.prompt_design_effect(n) - 1.0) / (n as f64 - 1.0);
        let expected = Components {
            prompt: components.prompt * (1.0 - between) + r * components.response,
            response: components.response * (1.0 - r),
        };
        let size = Size {
            prompts: f64::from(arm.prompts),
            responses: f64::from(arm.responses),
        };
        Self {
            components,
            expected,
            costs,
            best: costs.best_responses(&components),
            most: f64::from(arm.most_responses),
            log_error: log_error(components.response / components.prompt, dimension(world.mean()), size),
        }
    }

    /// rho = V_x/V_{y|x}.
    pub fn ratio(&self) -> f64 {
        self.components.prompt / self.components.response
    }

    /// By how much the variance under one budget with so many responses, cut to what a design may have, exceeds the least there is, as a
    /// share of it. NaN for NaN.
    pub fn regret(&self, responses: f64) -> f64 {
        let over = |k: f64| self.costs.regret(&self.components, k.clamp(1.0, self.most));
        (over(responses) - over(self.best)) / (1.0 + over(self.best))
    }

    /// What a K* that is off by a factor exp(e), e normal with the [`log_error`](Self::log_error) s, loses on average: s^2 times
    /// sqrt(ab)/(sqrt a + sqrt b)^2, a = C_p V_x and b = C_r V_{y|x}, to first order in s^2. None where K* is beyond what a design may have.
    pub fn expected_regret(&self) -> Option<f64> {
        let [a, b] = [
            self.costs.prompt * self.components.prompt,
            self.costs.response * self.components.response,
        ]
        .map(f64::sqrt);
        let flatness = a * b / ((a + b) * (a + b));
        let regret = flatness * self.log_error * self.log_error;
        (regret.is_finite() && (1.0..=self.most).contains(&self.best)).then_some(regret)
    }
}

/// nu = (tr S)^2/tr S^2, S = diag p - p p' the covariance of a one-hot response: how many directions it has.
fn dimension(mean: &[f64]) -> f64 {
    let power = |r: i32| mean.iter().map(|p| powi(*p, r)).sum::<f64>();
    let (two, three) = (power(2), power(3));
    (1.0 - two) * (1.0 - two) / (two - 2.0 * three + two * two)
}

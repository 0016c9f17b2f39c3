//! Owns one arm: the pilots that are drawn, the costs under which K* is asked for, and how their model is tested.

use super::PilotSizes;
use crate::numerics::text::float;
use crate::theory::budget::Costs;
use crate::world::World;

/// One arm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PilotArm {
    /// n: prompts of a pilot, 2 or more.
    pub prompts: u32,
    /// k: responses of each prompt, or their expected number; 2 or more.
    pub responses: u32,
    /// Whether all prompts have as many.
    pub sizes: PilotSizes,
    /// C_p/C_r: what a prompt costs, in responses; above 0.
    pub cost_ratio: f64,
    /// The most responses of a prompt that a design may have, 1 or more: where K* is larger, or infinite, it takes these.
    pub most_responses: u32,
    /// Permutations, and pilots drawn from the fitted law, of each test of the model; [`FEWEST_DRAWS`](Self::FEWEST_DRAWS) or
    /// more.
    pub test_draws: u32,
}

impl PilotArm {
    /// The most prompts of a pilot.
    pub const MOST_PROMPTS: u32 = 1 << 16;

    /// The most responses of a prompt, or their most expected number.
    pub const MOST_RESPONSES: u32 = 512;

    /// With fewer draws the least p-value of the test of order, 2/(draws + 1), is no alarm of a verdict, which takes both tests at 2.5%.
    pub const FEWEST_DRAWS: u32 = 80;

    /// What prompts and responses cost, in responses.
    pub fn costs(&self) -> Costs {
        Costs {
            prompt: self.cost_ratio,
            response: 1.0,
        }
    }

    /// An error where there can be no such arm; `tested` where the model of its pilots is.
    pub(super) fn check(&self, tested: bool) -> Result<(), String> {
        let within = |what: &str, own: u32, low: u32, high: u32| match (low..=high).contains(&own) {
            true => Ok(()),
            false => Err(format!("{own} {what}: there must be {low} to {high}")),
        };
        within("prompts", self.prompts, 2, Self::MOST_PROMPTS)?;
        within("responses", self.responses, 2, Self::MOST_RESPONSES)?;
        within("draws of a test", self.test_draws, Self::FEWEST_DRAWS, u32::MAX)?;
        within("responses at most", self.most_responses, 1, u32::MAX)?;
        if !(self.cost_ratio > 0.0 && self.cost_ratio.is_finite()) {
            return Err(format!("a cost ratio of {:e}: it must be above 0", self.cost_ratio));
        }
        // Of two responses every order looks alike, and a law with their rate of agreement is always found.
        match tested && self.sizes == PilotSizes::Equal && self.responses < 3 {
            true => Err(
                "2 responses of each prompt do not test the model: take 3 or more, or no measure of alarms".to_owned(),
            ),
            false => Ok(()),
        }
    }

    pub(super) fn canonical(&self) -> String {
        format!(
            "prompts {} responses {} {} cost-ratio {} most-responses {} test-draws {}",
            self.prompts,
            self.responses,
            match self.sizes {
                PilotSizes::Equal => "equal",
                PilotSizes::Unequal => "unequal",
            },
            float(self.cost_ratio),
            self.most_responses,
            self.test_draws
        )
    }
}

/// About how many random words one replicate draws: responses, their numbers, and what the tests' seed is made of.
pub(super) fn words(world: &dyn World, arms: &[PilotArm]) -> u64 {
    let of = |arm: &PilotArm| u64::from(arm.prompts) * (world.words(u64::from(arm.responses)) + 1) + 1;
    arms.iter().map(of).max().unwrap_or(0)
}

//! Owns what is asked of `allocate`, and refuses what has no answer.

use super::args::Args;
use super::pilot::Told;
use crate::cli::CliError;
use crate::numerics::text::{float, short};
use crate::theory::budget::Costs;
use crate::theory::design::Question;
use crate::theory::evaluation::{Comparison, Power};
use crate::theory::plan::{Goal, Plan};
use crate::theory::variance_law::Components;

/// A plan, and what is to be said with it.
#[derive(Debug)]
pub(super) struct Asked {
    /// The question, the goal and the best design.
    pub plan: Plan,
    /// With what probability which difference is to be found, where that is asked.
    pub power: Option<Power>,
    /// The two models that are compared, each with its own variance, where that is asked.
    pub comparison: Option<Comparison>,
    /// c of a fitted policy.
    pub design_constant: Option<f64>,
    /// What a pilot says.
    pub told: Option<Told>,
}

impl Asked {
    /// The plan that is asked for with these components, beside `other`, V_y|x of a second model: then V_x is that of the difference.
    pub fn new(args: &Args, components: Components, other: Option<f64>, told: Option<Told>) -> Result<Self, CliError> {
        let comparison = other.map(|other| Comparison {
            question: components.prompt,
            sample_a: components.response,
            sample_b: other,
        });
        let costs = args.prices().at_random();
        // A response is then one of each model.
        let models = if comparison.is_some() { 2.0 } else { 1.0 };
        let question = Question {
            components: Components {
                response: components.response + other.unwrap_or(0.0),
                ..components
            },
            costs: Costs {
                response: models * costs.response,
                ..costs
            },
            most_responses: args.max_responses.unwrap_or(u64::MAX),
            most_prompts: args.max_prompts.unwrap_or(u64::MAX),
        };
        refuse_senseless(args, &question)?;
        let goal = goal(args);
        let plan = Plan::new(question, goal).ok_or_else(|| CliError::Input(why_none(&question, goal)))?;
        Ok(Self {
            plan,
            power: power(args),
            comparison,
            design_constant: args.design_constant,
            told,
        })
    }

    /// 1 + (K - 1) ICC of the best design: its variance beside that of as many responses of a prompt each.
    pub fn design_effect(&self) -> f64 {
        1.0 + (self.plan.best.responses as f64 - 1.0) * self.plan.question.components.icc()
    }

    /// K_fin under the budget, where a design constant is given.
    pub fn best_finite(&self) -> Option<f64> {
        match (self.plan.goal, self.design_constant) {
            (Goal::Budget(budget), Some(constant)) => self.plan.question.costs.best_finite(budget, constant),
            _ => None,
        }
    }
}

/// How often a difference is to be found, where one is asked for or the power is stated.
fn power(args: &Args) -> Option<Power> {
    let asked = args.mde.is_some() || args.power.is_some() || args.level.is_some();
    asked.then(|| Power {
        level: args.level.unwrap_or(0.05),
        power: args.power.unwrap_or(0.8),
    })
}

pub(super) fn goal(args: &Args) -> Goal {
    let detected = args.mde.zip(power(args)).map(|(delta, power)| {
        let error = delta / power.standard_errors();
        error * error
    });
    let variance = args
        .target_variance
        .or(args.target_se.map(|error| error * error))
        .or(detected);
    match (args.budget, variance) {
        (Some(budget), _) => Goal::Budget(budget),
        (None, variance) => Goal::Variance(variance.unwrap_or(f64::NAN)),
    }
}

/// Variances and costs that leave nothing to decide.
fn refuse_senseless(args: &Args, question: &Question) -> Result<(), CliError> {
    let Question { components, costs, .. } = question;
    let what = if components.prompt == 0.0 && components.response == 0.0 {
        "V_x and V_y|x are both 0: nothing varies, and one response of one prompt tells all"
    } else if costs.prompt == 0.0 && costs.response == 0.0 {
        match args.cost_response {
            Some(_) => "--cost-prompt and --cost-response are both 0: take all there is",
            None => "--cost-prompt, --cost-generated and --cost-trained are all 0: take all there is",
        }
    } else {
        return Ok(());
    };
    Err(CliError::Input(what.to_owned()))
}

/// Why there is no best design.
fn why_none(question: &Question, goal: Goal) -> String {
    let Question { components, costs, .. } = question;
    if costs.response == 0.0 {
        return "responses cost nothing, so each prompt should have as many as there are: say how many, --max-responses".to_owned();
    }
    match goal {
        Goal::Budget(budget) => format!(
            "--budget {} buys no prompt: one with one response costs {}",
            float(budget),
            short(costs.of_prompt(1))
        ),
        Goal::Variance(target) => format!(
            "no design within --max-prompts and --max-responses has a variance of {}: the least is {}",
            short(target),
            short(components.law(question.most_prompts, question.most_responses))
        ),
    }
}

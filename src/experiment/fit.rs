//! Owns the validation of one scenario of the study `training`: its arms, budgets and descents.

use super::choice;
use super::de;
use super::fault::Fault;
use super::grid::Point;
use super::scenario::{DEEPEST_POOL, arm_tree, integer, pool};
use super::tree::Node;
use super::wire::{WireBudget, WireDescent, WireFitArm, WireFitMeasure};
use crate::policy::Descent;
use crate::study::training::{Budget, FitArm, Measure};
use crate::theory::budget::Costs;
use crate::world::World;

/// The measures of a file, each once.
pub(super) fn measures(tree: &Node, wire: &[WireFitMeasure]) -> Result<Vec<Measure>, Fault> {
    let domain = |wire: &WireFitMeasure| match wire {
        WireFitMeasure::ExcessNll => Measure::ExcessNll,
        WireFitMeasure::TestNll => Measure::TestNll,
        WireFitMeasure::ReverseKl => Measure::ReverseKl,
        WireFitMeasure::TotalVariation => Measure::TotalVariation,
        WireFitMeasure::Entropy => Measure::Entropy,
        WireFitMeasure::MissingMode => Measure::MissingMode,
        WireFitMeasure::Unconverged => Measure::Unconverged,
        WireFitMeasure::Steps => Measure::Steps,
    };
    let measures: Vec<Measure> = wire.iter().map(domain).collect();
    super::scenario::refuse_no_or_double_measures(tree, &measures, Measure::name)?;
    Ok(measures)
}

/// One arm of the tree that its scenario's settings are laid over.
pub(super) fn arm(tree: &Node, point: &Point, world: &dyn World) -> Result<FitArm, Fault> {
    let own = arm_tree(tree, point)?;
    // Cannot be absent because `arm_tree` puts it there.
    let wire: WireFitArm = de::from_node(own.get("arms").unwrap_or(&own), "arms")?;
    let responses = integer(&own, "arms.responses", wire.responses, 1, DEEPEST_POOL)?;
    let budget = budget(&own)?;
    let prompts = prompts(&own, wire.prompts, budget, responses)?;
    let candidates = match wire.candidates {
        None => responses as u32,
        Some(n) => pool(&own, n, responses)?,
    };
    let drawn = i128::from(prompts) * i128::from(candidates);
    if drawn > i128::from(u32::MAX) {
        let what =
            format!("{prompts} prompts with {candidates} responses are {drawn}; a replicate has fewer than 2^32");
        return Err(Fault::new(&own.origin_of("arms.responses"), "responses", what));
    }
    Ok(FitArm {
        choice: choice::read(&own, world, wire.selector, wire.candidates)?,
        prompts: prompts as u32,
        responses: responses as u32,
        candidates,
        budget,
        descent: descent(&own)?,
    })
}

/// N_p: stated, or as many as the budget buys.
fn prompts(own: &Node, stated: Option<i64>, budget: Option<Budget>, responses: i64) -> Result<i64, Fault> {
    match (stated, budget) {
        (Some(_), Some(_)) => {
            let what = "is set, but the budget decides how many prompts there are";
            let fault = Fault::new(&own.origin_of("arms.prompts"), "prompts", what);
            Err(fault.and(&own.origin_of("budget"), "the budget"))
        }
        (Some(prompts), None) => integer(own, "arms.prompts", prompts, 1, i64::from(u32::MAX)),
        (None, None) => {
            let what = "neither `prompts` nor a [budget] says how many prompts there are";
            Err(Fault::new(&own.origin_of("arms"), "arms", what))
        }
        (None, Some(budget)) => {
            let bought = budget.costs.prompts(budget.total, responses as u64);
            if (1..=u64::from(u32::MAX)).contains(&bought) {
                return Ok(bought as i64);
            }
            let price = budget.costs.of_prompt(responses as u64);
            let what = if bought == 0 {
                format!("{} buys no prompt: one with its responses costs {price}", budget.total)
            } else {
                let most = u32::MAX;
                format!(
                    "{} buys more than {most} prompts, at {price} each with its responses",
                    budget.total
                )
            };
            let fault = Fault::new(&own.origin_of("budget.total"), "budget.total", what);
            Err(fault.and(&own.origin_of("arms.responses"), format!("responses = {responses}")))
        }
    }
}

fn budget(own: &Node) -> Result<Option<Budget>, Fault> {
    let Some(node) = own.get("budget") else {
        return Ok(None);
    };
    let wire: WireBudget = de::from_node(node, "budget")?;
    Ok(Some(Budget {
        total: positive(own, "budget.total", wire.total)?,
        costs: Costs {
            prompt: positive(own, "budget.prompt-cost", wire.prompt_cost)?,
            response: positive(own, "budget.response-cost", wire.response_cost)?,
        },
    }))
}

fn positive(own: &Node, path: &str, value: f64) -> Result<f64, Fault> {
    // Beyond this, products of costs and counts leave the range of a double.
    if value > 0.0 && value <= 1e100 {
        return Ok(value);
    }
    let what = format!("{value} is out of range: a number above 0 and up to 1e100 is expected");
    Err(Fault::new(&own.origin_of(path), path, what))
}

fn descent(own: &Node) -> Result<Descent, Fault> {
    let wire: WireDescent = match own.get("training") {
        None => WireDescent::default(),
        Some(node) => de::from_node(node, "training")?,
    };
    let between = |path: &str, value: f64, low: f64, high: f64| {
        if (low..=high).contains(&value) {
            return Ok(value);
        }
        let what = format!("{value} is out of range: a number from {low} to {high} is expected");
        Err(Fault::new(&own.origin_of(path), path, what))
    };
    let steps = integer(own, "training.steps", wire.steps, 1, 10_000_000)?;
    Ok(Descent {
        rate: between("training.rate", wire.rate, 1e-6, 1e3)?,
        steps: steps as u32,
        ridge: between("training.ridge", wire.ridge, 0.0, 1e3)?,
        tolerance: between("training.tolerance", wire.tolerance, 0.0, 1.0)?,
    })
}

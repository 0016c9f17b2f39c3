//! Owns the validation of a budget: what prompts and responses cost, and how many prompts an arm buys.

use super::check::integer;
use super::de;
use super::fault::Fault;
use super::tree::Node;
use super::wire::WireBudget;
use crate::theory::budget::{Budget, Costs};

/// N_p: stated, or as many as the budget buys.
pub(super) fn prompts(own: &Node, stated: Option<i64>, budget: Option<Budget>, responses: i64) -> Result<i64, Fault> {
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

/// The budget of an arm's own tree, where it has one.
pub(super) fn read(own: &Node) -> Result<Option<Budget>, Fault> {
    let Some(node) = own.get("budget") else {
        return Ok(None);
    };
    let wire: WireBudget = de::from_node(node, "budget")?;
    let total = number(own, "budget.total", wire.total)?;
    let costs = Costs {
        prompt: number(own, "budget.prompt-cost", wire.prompt_cost)?,
        response: number(own, "budget.response-cost", wire.response_cost)?,
    };
    let refuse = |path: &str, what: &str| Fault::new(&own.origin_of(path), path, what);
    if total == 0.0 {
        return Err(refuse("budget.total", "0 buys nothing: a number above 0 is expected"));
    }
    if costs.prompt + costs.response == 0.0 {
        let fault = refuse(
            "budget.prompt-cost",
            "prompts and responses are both free, so the budget buys any number of them: give one of them a cost above 0",
        );
        return Err(fault.and(&own.origin_of("budget.response-cost"), "response-cost = 0"));
    }
    Ok(Some(Budget { total, costs }))
}

fn number(own: &Node, path: &str, value: f64) -> Result<f64, Fault> {
    // Beyond this, products of costs and counts leave the range of a double; far below, the sum of two costs is one of them.
    if value == 0.0 || (1e-100..=1e100).contains(&value) {
        return Ok(value);
    }
    let what = format!("{value} is out of range: 0 or a number from 1e-100 to 1e100 is expected");
    Err(Fault::new(&own.origin_of(path), path, what))
}

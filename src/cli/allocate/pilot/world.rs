//! Owns the world that a pilot of labels fits, as an experiment file.

use super::brought::Prompts;
use crate::cli::CliError;
use crate::numerics::text::float;
use crate::record::replace;
use crate::theory::plan::{Goal, Plan};
use std::path::Path;

/// Writes the fitted world: Dirichlet conditionals about the pooled shares, with the concentration that the components say, and the K
/// of the plan among those compared.
pub(in crate::cli::allocate) fn write(own: &Prompts, plan: &Plan, path: &Path) -> Result<(), CliError> {
    let concentration = own.estimated.response.value / own.estimated.prompt.value;
    if !(concentration.is_finite() && concentration > 0.0) {
        let why = "--as-world: the pilot does not tell V_x or V_y|x apart from 0, and no Dirichlet world has that";
        return Err(CliError::Input(why.to_owned()));
    }
    let mut shares = own.labels.clone();
    shares.sort_unstable_by(|one, other| other.cmp(one));
    let all: u64 = shares.iter().sum();
    let base: Vec<f64> = shares.iter().map(|&count| count as f64 / all as f64).collect();
    let (best, costs) = (plan.best, plan.question.costs);
    let mut responses: Vec<u64> = std::iter::successors(Some(1_u64), |k| k.checked_mul(2))
        .take_while(|k| *k <= best.responses.saturating_mul(4).min(256))
        .chain([best.responses.min(256)])
        .collect();
    responses.sort_unstable();
    responses.dedup();
    let budget = match plan.goal {
        Goal::Budget(budget) => budget,
        Goal::Variance(_) => best.cost(&costs),
    };
    let listed = |numbers: &[f64]| numbers.iter().map(|x| float(*x)).collect::<Vec<_>>().join(", ");
    // Of modes from the most frequent one on, evenly from 1 to 0.
    let last = (base.len().max(2) - 1) as f64;
    let rewards: Vec<f64> = (0..base.len()).map(|mode| 1.0 - mode as f64 / last).collect();
    let text = format!(
        include_str!("world.toml"),
        prompts = own.estimated.prompts,
        all = own.estimated.responses,
        best = best.responses,
        modes = base.len(),
        base = listed(&base),
        concentration = float(concentration),
        rewards = listed(&rewards),
        budget = float(budget),
        prompt_cost = float(costs.prompt),
        response_cost = float(costs.response),
        candidates = responses.last().unwrap_or(&1),
        responses = responses.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    );
    replace(path, text.as_bytes()).map_err(CliError::run)
}

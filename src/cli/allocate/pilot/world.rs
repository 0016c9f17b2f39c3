//! Owns the world that a pilot of labels fits, as an experiment file.

use super::Prompts;
use crate::cli::CliError;
use crate::numerics::text::{float, floats};
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
    let text = format!(
        "title = \"The world that a pilot fits\"\n\
         about = \"\"\"\n\
         {} prompts with {} responses fit a Dirichlet law about their pooled shares, most frequent first. Whether they look like one, the\n\
         verdict of the pilot says. The smallest error is to be expected near K = {}.\n\
         \"\"\"\n\
         study = \"selection\"\n\
         seed = 1\n\
         measures = [\"mode-mass\"]\n\n\
         [world]\nkind = \"dirichlet\"\nmodes = {}\nbase = [{}]\nconcentration = {}\n\n\
         [budget]\ntotal = {}\nprompt-cost = {}\nresponse-cost = {}\n\n\
         [arms]\nselector = \"random\"\ngrid = {{ responses = [{}] }}\n\n\
         [run]\nreplicates = 10_000\n\n\
         [[figures]]\nkind = \"line\"\nname = \"by-responses\"\nx = \"responses\"\ny = \"mode-mass.emse\"\nexact = true\n",
        own.estimated.prompts,
        own.estimated.responses,
        best.responses,
        base.len(),
        floats(&base),
        float(concentration),
        float(budget),
        float(costs.prompt),
        float(costs.response),
        responses.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    );
    replace(path, text.as_bytes()).map_err(CliError::run)
}

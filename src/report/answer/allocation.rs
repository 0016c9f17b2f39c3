//! Owns what a page says of a budget: K*, the design of whole numbers, how flat the valley is, and what one response per prompt wastes.

use crate::experiment::Experiment;
use crate::numerics::text::{count, short_3};
use crate::theory::design::Design;
use crate::theory::plan::Plan;

/// Designs whose variance is at most this share above the best are as good, for most purposes.
const BAND: f64 = 0.05;

/// A list of what the law says of the first scenario's budget; nothing where its arms share none.
pub(super) fn html(experiment: &Experiment) -> String {
    let first = experiment.scenarios.first();
    first
        .and_then(|own| own.study.allocation())
        .map_or_else(String::new, |plan| list(&plan))
}

/// K* of the same budget; none without, or where any number of responses is better than fewer.
pub(super) fn best(experiment: &Experiment) -> Option<f64> {
    let plan = experiment.scenarios.first()?.study.allocation()?;
    let best = plan.question.costs.best_responses(&plan.question.components);
    best.is_finite().then_some(best)
}

fn list(plan: &Plan) -> String {
    let question = &plan.question;
    let (low, high) = plan.band(BAND);
    let mut items = vec![
        format!(
            "K* = &radic;((V<sub>y|x</sub>/V<sub>x</sub>)(C<sub>p</sub>/C<sub>r</sub>)) = <b>{}</b>",
            short_3(question.costs.best_responses(&question.components))
        ),
        format!("the best design of whole numbers: {}", design(&plan.best)),
        match low == high {
            true => format!("no other K is within {}% of its variance", 100.0 * BAND),
            false => format!("any K from {low} to {high} is within {}% of its variance", 100.0 * BAND),
        },
    ];
    if let Some(one) = plan.at(1) {
        let wasted = (1.0 - 1.0 / plan.times(&one)) * 100.0;
        items.push(format!(
            "K = 1 ({}) has <b>{}</b> times the variance: {}% of the budget is wasted",
            count(one.prompts as usize, "prompt"),
            short_3(plan.times(&one)),
            short_3(wasted)
        ));
    }
    let items: String = items.iter().map(|item| format!("<li>{item}</li>\n")).collect();
    format!("<ul>\n{items}</ul>\n")
}

fn design(design: &Design) -> String {
    let prompts = count(design.prompts as usize, "prompt");
    format!("{prompts} with {} each", count(design.responses as usize, "response"))
}

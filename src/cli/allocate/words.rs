//! Owns what `allocate` says in words: what the best K rests on, how flat the valley is, and what it means.

use super::asked::Asked;
use crate::cli::short_2;
use crate::numerics::text::short;
use crate::theory::budget::Costs;
use crate::theory::plan::Goal;
use crate::theory::variance_law::Components;

/// Shares of the best within which designs are said to be as good.
pub(super) const BANDS: [f64; 2] = [0.05, 0.125];

/// K*, and the words of survey sampling for what it rests on.
pub(super) fn head(asked: &Asked) -> String {
    let question = &asked.plan.question;
    let best = question.costs.best_responses(&question.components);
    let more = match best.is_finite() && best > question.most_responses as f64 {
        true => format!(
            "\nmore than the {} that there are: all of them are kept",
            question.most_responses
        ),
        false => String::new(),
    };
    format!(
        "{}{more}\nICC = {}, the share of variance that a prompt's responses have in common",
        best_responses(asked, best),
        short(question.components.icc())
    )
}

/// K*, and why.
fn best_responses(asked: &Asked, best: f64) -> String {
    let (components, costs) = (&asked.plan.question.components, &asked.plan.question.costs);
    if components.prompt == 0.0 {
        let bounded = match asked.best_finite() {
            Some(finite) => format!(
                "\nof a fitted policy few prompts are a loss by themselves: with c = {} K_fin = {}, (sqrt(C_p B/c) - C_p)/C_r, is best",
                short(asked.design_constant.unwrap_or(f64::NAN)),
                short(finite)
            ),
            None => String::new(),
        };
        format!(
            "K* is unbounded: prompts do not differ (V_x = 0), so one prompt says as much as many, and responses are all that helps{bounded}"
        )
    } else if components.response == 0.0 {
        "K* = 0: the responses of a prompt are all alike (V_y|x = 0), so one of each is enough".to_owned()
    } else if costs.prompt == 0.0 {
        "K* = 0: prompts cost nothing beside their responses, and two responses of one prompt tell less than one of each of two".to_owned()
    } else if costs.response == 0.0 {
        "K* is unbounded: responses cost nothing".to_owned()
    } else {
        format!(
            "K* = {} responses of each prompt, sqrt(V_y|x/V_x x C_p/C_r) = sqrt({} x {}){}",
            short(best),
            short(components.response / components.prompt),
            short(costs.prompt / costs.response),
            if best < 1.0 { ": below 1, so one of each" } else { "" }
        )
    }
}

/// How flat the valley is, what one response of each prompt wastes, and what that says of a training run.
pub(super) fn below(asked: &Asked) -> String {
    let plan = &asked.plan;
    let mut out = format!(
        "design effect of the best: {} (1 + (K - 1) ICC)\n",
        short(asked.design_effect())
    );
    for within in BANDS {
        let (low, high) = plan.band(within);
        out += &format!("within {}% of the best: K from {low} to {high}\n", 100.0 * within);
    }
    out += &comparison(asked);
    if let (Some(one), true) = (plan.at(1), plan.best.responses > 1) {
        let times = short_2(plan.times(&one));
        out += &match (plan.goal, asked.power) {
            (Goal::Variance(_), _) => format!("one response of each prompt: {times} times the cost"),
            (Goal::Budget(_), _) => format!("one response of each prompt: {times} times the variance"),
        };
        out += match asked.power {
            // An evaluation has no regulariser.
            Some(_) => "\n",
            None => {
                ". Of a loss in training less is at stake: a tuned regulariser recovers much of it, and in the\n\
                 networks tried 8% to 43% of the excess loss was left to gain from K; where the best K lies does not move\n"
            }
        };
    }
    out
}

/// What is found, and whether two models want different numbers of samples.
fn comparison(asked: &Asked) -> String {
    let Some(power) = asked.power else { return String::new() };
    let mut out = format!(
        "detects: the true difference that is found with probability {}, by a two-sided test at {}\n",
        power.power, power.level
    );
    if let Some(own) = &asked.comparison {
        let costs = &asked.plan.question.costs;
        let one = Costs {
            response: 0.5 * costs.response,
            ..*costs
        };
        let best = |response: f64| {
            one.best_responses(&Components {
                prompt: own.question,
                response,
            })
        };
        out += &format!(
            "a response is one of each model, and costs {}; by itself the first would have K* = {}, the second {}\n",
            short(costs.response),
            short(best(own.sample_a)),
            short(best(own.sample_b))
        );
    }
    out
}

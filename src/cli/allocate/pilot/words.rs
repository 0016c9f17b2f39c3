//! Owns what `allocate` says of a pilot: its components with their errors, K* with its interval, and a verdict on the model.

use super::brought::{Brought, Prompts};
use crate::inference::estimate::Estimate;
use crate::inference::pilot::{ALARM, Bounded, DRAWS, LEVEL, PairedVariances, Verdict};
use crate::numerics::text::{short_2, short_3};
use crate::theory::budget::Costs;
use crate::theory::variance_law::Components;
use serde_json::{Value, json};

/// What is said of a pilot, for people and for programs, and the components of the plan.
#[derive(Debug)]
pub(in crate::cli::allocate) struct Told {
    pub text: String,
    pub json: Value,
    /// V_x and V_y|x, at least 0.
    pub components: Components,
    /// V_y|x of a second model.
    pub other: Option<f64>,
}

/// Says what a pilot tells under these costs.
pub(in crate::cli::allocate) fn described(brought: &Brought, costs: &Costs) -> Told {
    match brought {
        Brought::Prompts(own) => of_prompts(own, costs),
        Brought::Paired(own, questions) => of_two_models(own, *questions),
    }
}

fn at_least_0(estimate: &Estimate) -> f64 {
    estimate.value.max(0.0)
}

fn with_error(estimate: &Estimate) -> String {
    format!("{} \u{b1} {}", short_3(estimate.value), short_2(estimate.mcse))
}

fn of_two_models(own: &PairedVariances, questions: u64) -> Told {
    let text = format!(
        "pilot: {questions} prompts with numbers of two models, whose means differ by {}\n\
         V_x = {}, of the prompt's difference; V_y|x = {} of the first model, {} of the second (standard errors by the jackknife over \
         prompts){}\n",
        with_error(&own.difference),
        with_error(&own.question),
        with_error(&own.sample_a),
        with_error(&own.sample_b),
        no_prompt_variance(own.question.value),
    );
    let json = json!({
        "prompts": questions, "difference": number(&own.difference), "vx": number(&own.question),
        "vy": number(&own.sample_a), "vy_other": number(&own.sample_b),
    });
    Told {
        text,
        json,
        components: Components {
            prompt: at_least_0(&own.question),
            response: at_least_0(&own.sample_a),
        },
        other: Some(at_least_0(&own.sample_b)),
    }
}

fn no_prompt_variance(estimate: f64) -> &'static str {
    match estimate <= 0.0 {
        true => {
            "\nV_x is not told apart from 0, and counts as 0: K* is then unbounded, and a larger pilot would bound it"
        }
        false => "",
    }
}

fn of_prompts(own: &Prompts, costs: &Costs) -> Told {
    let estimated = &own.estimated;
    let ratio = costs.prompt / costs.response;
    let (best, icc) = (estimated.best_responses(ratio, LEVEL), estimated.icc(LEVEL));
    let (split, components) = clusters(own, costs);
    let judged = own.pilot.verdict(DRAWS as usize);
    let text = format!(
        "pilot: {} prompts, {} responses, {}\n\
         V_x = {}, V_y|x = {} (standard errors by the jackknife over prompts){}\n\
         K* = {}\nICC = {}\n{split}{}{}{}{}",
        estimated.prompts,
        estimated.responses,
        own.kind,
        with_error(&estimated.prompt),
        with_error(&estimated.response),
        no_prompt_variance(estimated.prompt.value),
        bounded(&best),
        bounded(&icc),
        needed(own),
        diagnostics(own, &judged),
        verdict(&judged),
        meaning(own.kind),
    );
    let ends = |own: &Bounded| json!({ "value": finite(own.value), "low": finite(own.interval.low), "high": finite(own.interval.high) });
    let json = json!({
        "prompts": estimated.prompts, "responses": estimated.responses, "kind": own.kind,
        "vx": number(&estimated.prompt), "vy": number(&estimated.response), "best_k": ends(&best), "icc": ends(&icc),
        "exchangeable_p": judged.order.map(|own| own.p), "dirichlet_p": judged.law.map(|own| own.p), "alarm": judged.alarms(),
    });
    Told {
        text,
        json,
        components,
        other: None,
    }
}

fn finite(x: f64) -> Option<f64> {
    Some(x).filter(|x| x.is_finite())
}

fn number(estimate: &Estimate) -> Value {
    json!({ "value": finite(estimate.value), "standard_error": finite(estimate.mcse) })
}

fn bounded(own: &Bounded) -> String {
    let end = |x: f64| match x.is_finite() {
        true => short_3(x),
        false => "no end".to_owned(),
    };
    let interval = &own.interval;
    let unbounded = match interval.high.is_infinite() {
        true => ": this pilot does not exclude prompts that are all alike, and then no K is too many",
        false => "",
    };
    let value = match own.value.is_finite() {
        true => short_3(own.value),
        false => "unbounded".to_owned(),
    };
    format!(
        "{value}, 95% interval {} to {}{unbounded}",
        end(interval.low),
        end(interval.high)
    )
}

/// The split of V_x by clusters, and the components of the plan: with clusters, those of prompts that come in clusters as the pilot's do.
fn clusters(own: &Prompts, costs: &Costs) -> (String, Components) {
    let estimated = &own.estimated;
    let response = at_least_0(&estimated.response);
    let Some(nested) = &own.nested else {
        let prompt = at_least_0(&estimated.prompt);
        return (String::new(), Components { prompt, response });
    };
    let size = estimated.prompts as f64 / nested.clusters as f64;
    let (between, within) = (at_least_0(&nested.cluster), at_least_0(&nested.prompt));
    let response = at_least_0(&nested.response);
    let of = |prompt: f64| Components { prompt, response };
    let (fixed_size, fixed_number) = (of(within + size * between), of(within));
    let text = format!(
        "{} clusters of {} prompts on average: V_x splits into {} between clusters and {} between the prompts of one\n\
         K* = {} where new prompts come in clusters of that size, which the plan below takes; {} where they come from these {} clusters,\n\
         and then {} of the variance stays whatever is bought\n",
        nested.clusters,
        short_3(size),
        with_error(&nested.cluster),
        with_error(&nested.prompt),
        short_3(costs.best_responses(&fixed_size)),
        short_3(costs.best_responses(&fixed_number)),
        nested.clusters,
        short_2(between / nested.clusters as f64),
    );
    (text, fixed_size)
}

/// What a pilot must be for K* within 25%.
fn needed(own: &Prompts) -> String {
    let Some(needed) = own.estimated.needed(0.25, LEVEL) else {
        return String::new();
    };
    let (today, best) = (needed.as_today, needed.best);
    format!(
        "K* to \u{b1}25%, with 95%: takes some {} prompts of {} responses, or {} of {}\n",
        today.prompts.ceil(),
        short_2(today.responses),
        best.prompts.ceil(),
        short_2(best.responses.round()),
    )
}

/// What the tests say, and what still holds.
fn verdict(judged: &Verdict) -> String {
    let order = judged.order.map(|order| {
        let alike = match (order.p < ALARM, order.neighbours.value < 0.0) {
            (true, true) => ", neighbours are alike",
            (true, false) => ", neighbours are unlike",
            (false, _) => "",
        };
        format!("order of responses: p = {}{alike}\n", short_2(order.p))
    });
    let law = judged
        .law
        .map(|law| format!("Dirichlet world: p = {}\n", short_2(law.p)));
    let verdict = match (judged.alarms(), judged.law.is_some()) {
        (true, true) => {
            "verdict: this pilot looks like none of these worlds. V_x, V_y|x and the variance law need none of them, only responses that \
             are drawn independently given their prompt; what is simulated on a fitted world does not hold\n"
        }
        (true, false) => {
            "verdict: responses of a prompt depend on their order, as if they were copied or drifted. V_y|x is then too small or too \
             large, and K* with it: draw them again, independently\n"
        }
        (false, _) => "verdict: nothing speaks against the model\n",
    };
    let copied = match (judged.alarms(), judged.order) {
        (true, Some(order)) if judged.law.is_some() && 2.0 * order.p < ALARM => {
            "responses of a prompt depend on their order, so they are not independent: K* rests on that too\n"
        }
        _ => "",
    };
    let untested = match judged.order {
        None => "order of responses: no prompt has three responses, so it is not tested\n",
        Some(_) => "",
    };
    format!(
        "{}{untested}{}{verdict}{copied}",
        order.unwrap_or_default(),
        law.unwrap_or_default()
    )
}

/// What else speaks against the assumptions.
fn diagnostics(own: &Prompts, judged: &Verdict) -> String {
    let found = own.pilot.diagnostics();
    let mut out = String::new();
    if let Some(tested) = found.size_and_variance {
        let biased = match tested.p < ALARM {
            true => ": numbers of responses depend on the prompts, which biases V_x and V_y|x",
            false => "",
        };
        out += &format!(
            "numbers of responses and variances of prompts: correlation {}, p = {}{biased}\n",
            short_2(tested.value),
            short_2(tested.p)
        );
    }
    if let Some(spread) = found.spread {
        let implied = judged
            .law
            .map(|law| format!(", {} in a Dirichlet world of these V_x and V_y|x", short_2(law.spread)));
        let skewness = found
            .skewness
            .map(|skewness| format!("; skewness {}", short_2(skewness)));
        out += &format!(
            "V_y|x between prompts: coefficient of variation {}{}{}\n",
            short_2(spread),
            implied.unwrap_or_default(),
            skewness.unwrap_or_default()
        );
    }
    out
}

/// What components of this kind mean for a policy that is to be trained.
fn meaning(kind: &str) -> &'static str {
    match kind {
        "labels" => {
            "these are components of labels: K* of a policy depends on what it learns from responses, and labels give a lower bound of it\n"
        }
        "numbers" => {
            "these are components of a number: K* is that for its mean, and a policy trained on the responses has its own\n"
        }
        _ => {
            "these are components of vectors as they are: for gradients, K* is that of the policy whose gradients they are, before whitening; \
             at a network fitted to the same data gradients are too small, and so are both components\n"
        }
    }
}

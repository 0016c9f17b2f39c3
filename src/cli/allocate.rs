//! Owns the command `allocate`: how many prompts and how many responses of each a budget should buy, or what a target costs.

use super::options::amount;
use super::{CliError, print, short_2};
use crate::numerics::text::{float, short};
use crate::report::table::{markdown, plain};
use crate::theory::budget::Costs;
use crate::theory::design::{Design, Question};
use crate::theory::variance_law::Components;
use serde_json::json;

/// Arguments of `allocate`.
#[derive(Debug, clap::Args)]
#[command(allow_negative_numbers = true, group = clap::ArgGroup::new("goal").required(true))]
pub struct Args {
    /// V_x: how much what is expected of a prompt's responses varies between prompts
    #[arg(long, value_name = "V", value_parser = amount)]
    vx: f64,
    /// V_{y|x}: how much the responses of one prompt vary, on average
    #[arg(long, value_name = "V", value_parser = amount)]
    vy: f64,
    /// What a prompt costs
    #[arg(long, value_name = "C", value_parser = amount)]
    cost_prompt: f64,
    /// What a response costs, in the same currency
    #[arg(long, value_name = "C", value_parser = amount)]
    cost_response: f64,
    /// What there is to spend: the design of the least variance
    #[arg(long, value_name = "B", group = "goal", value_parser = positive)]
    budget: Option<f64>,
    /// The variance to reach: the cheapest design
    #[arg(long, value_name = "V", group = "goal", value_parser = positive)]
    target_variance: Option<f64>,
    /// The same as a standard error
    #[arg(long, value_name = "S", group = "goal", value_parser = positive)]
    target_se: Option<f64>,
    /// The most responses of a prompt that there are
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_responses: Option<u64>,
    /// The most prompts that there are
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_prompts: Option<u64>,
    /// How designs are printed
    #[arg(long, value_enum, default_value_t = Form::Table)]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Columns, and what follows from them in words
    Table,
    /// The same for a page
    Markdown,
    /// Designs alone
    Csv,
    /// One object
    Json,
}

fn positive(text: &str) -> Result<f64, String> {
    amount(text)
        .ok()
        .filter(|x| *x > 0.0)
        .ok_or_else(|| "a number above 0 is expected".to_owned())
}

/// What the design is for.
#[derive(Debug, Clone, Copy)]
enum Goal {
    Budget(f64),
    Variance(f64),
}

impl Args {
    fn goal(&self) -> Goal {
        match (self.budget, self.target_variance, self.target_se) {
            (Some(budget), ..) => Goal::Budget(budget),
            (None, Some(variance), _) => Goal::Variance(variance),
            (None, None, se) => Goal::Variance(se.map_or(f64::NAN, |se| se * se)),
        }
    }

    fn question(&self) -> Question {
        Question {
            components: Components {
                prompt: self.vx,
                response: self.vy,
            },
            costs: Costs {
                prompt: self.cost_prompt,
                response: self.cost_response,
            },
            most_responses: self.max_responses.unwrap_or(u64::MAX),
            most_prompts: self.max_prompts.unwrap_or(u64::MAX),
        }
    }
}

/// Prints the best design, what others reach beside it, and what must be known of it.
pub(super) fn run(args: &Args) -> Result<(), CliError> {
    let (question, goal) = (args.question(), args.goal());
    refuse_senseless(&question)?;
    let best = match goal {
        Goal::Budget(budget) => question.best(budget),
        Goal::Variance(variance) => question.cheapest(variance),
    };
    let best = best.ok_or_else(|| CliError::Input(why_none(&question, goal)))?;
    let rows = rows(&question, goal, best);
    match args.format {
        Form::Table => print(&format!(
            "{}\n\n{}\n{}",
            head(&question),
            plain(&HEADER, &cells(&question, &rows)),
            words(&question, goal, best)
        )),
        Form::Markdown => print(&format!(
            "{}\n\n{}\n{}",
            head(&question),
            markdown(&HEADER, &cells(&question, &rows)),
            words(&question, goal, best)
        )),
        Form::Csv => print(&csv(&question, &rows)),
        Form::Json => print(&format!("{}\n", json_of(&question, &rows))),
    }
}

/// Variances and costs that leave nothing to decide.
fn refuse_senseless(question: &Question) -> Result<(), CliError> {
    let Question { components, costs, .. } = question;
    let what = if components.prompt == 0.0 && components.response == 0.0 {
        "--vx and --vy are both 0: nothing varies, and one response of one prompt tells all"
    } else if costs.prompt == 0.0 && costs.response == 0.0 {
        "--cost-prompt and --cost-response are both 0: take all there is"
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
            float(target),
            short(components.law(question.most_prompts, question.most_responses))
        ),
    }
}

const HEADER: [&str; 7] = [
    "design",
    "prompts",
    "responses",
    "cost",
    "variance",
    "standard error",
    "efficiency",
];

/// A design with its name, and what it reaches of what the best does.
struct Row {
    name: String,
    design: Design,
    efficiency: f64,
}

/// The best design, Cochran's integer, and K = 1, 2, 4, 8, ... up to four times the best K.
fn rows(question: &Question, goal: Goal, best: Design) -> Vec<Row> {
    let Question { components, costs, .. } = question;
    let most = best.responses.saturating_mul(4).min(question.most_responses);
    let doubled = std::iter::successors(Some(1_u64), |k| k.checked_mul(2)).take_while(|k| *k <= most);
    let cochran = costs.best_integer(components).map(|k| k.min(question.most_responses));
    let named = [("best whole numbers".to_owned(), best.responses)]
        .into_iter()
        .chain(cochran.map(|k| ("Cochran's integer".to_owned(), k)))
        .chain(doubled.map(|k| (format!("K = {k}"), k)));
    let row = |(name, responses): (String, u64)| {
        let design = if responses == best.responses {
            best
        } else {
            at(question, goal, responses)?
        };
        let efficiency = match goal {
            Goal::Budget(_) => best.variance(components) / design.variance(components),
            Goal::Variance(_) => best.cost(costs) / design.cost(costs),
        };
        Some(Row {
            name,
            design,
            efficiency,
        })
    };
    named.filter_map(row).collect()
}

/// The best design with so many responses of each prompt.
fn at(question: &Question, goal: Goal, responses: u64) -> Option<Design> {
    let Question { components, costs, .. } = question;
    let prompts = match goal {
        Goal::Budget(budget) => costs.prompts(budget, responses),
        Goal::Variance(target) => {
            let needed = (components.prompt + components.response / responses as f64) / target;
            (needed * (1.0 - 4.0 * f64::EPSILON)).ceil().max(1.0) as u64
        }
    };
    let within = match goal {
        Goal::Budget(_) => prompts.min(question.most_prompts),
        Goal::Variance(_) if prompts > question.most_prompts => 0,
        Goal::Variance(_) => prompts,
    };
    (within > 0).then_some(Design {
        prompts: within,
        responses,
    })
}

fn cells(question: &Question, rows: &[Row]) -> Vec<Vec<String>> {
    let cell = |row: &Row| {
        let variance = row.design.variance(&question.components);
        vec![
            row.name.clone(),
            row.design.prompts.to_string(),
            row.design.responses.to_string(),
            short(row.design.cost(&question.costs)),
            short(variance),
            short(variance.sqrt()),
            format!("{:.1}%", 100.0 * row.efficiency),
        ]
    };
    rows.iter().map(cell).collect()
}

fn csv(question: &Question, rows: &[Row]) -> String {
    let line = |row: &Row| {
        let variance = row.design.variance(&question.components);
        let numbers = [
            row.design.cost(&question.costs),
            variance,
            variance.sqrt(),
            row.efficiency,
        ]
        .map(float);
        format!(
            "{},{},{},{}\n",
            row.name,
            row.design.prompts,
            row.design.responses,
            numbers.join(",")
        )
    };
    let lines: String = rows.iter().map(line).collect();
    format!("{}\n{lines}", HEADER.join(",").replace(' ', "_"))
}

fn json_of(question: &Question, rows: &[Row]) -> serde_json::Value {
    let Question { components, costs, .. } = question;
    let row = |row: &Row| {
        let variance = row.design.variance(components);
        json!({
            "design": row.name, "prompts": row.design.prompts, "responses": row.design.responses,
            "cost": row.design.cost(costs), "variance": variance, "standard_error": variance.sqrt(),
            "efficiency": row.efficiency,
        })
    };
    json!({
        "best_k": known(costs.best_responses(components)),
        "icc": components.icc(),
        "designs": rows.iter().map(row).collect::<Vec<_>>(),
    })
}

/// JSON has neither infinity nor NaN.
fn known(x: f64) -> Option<f64> {
    Some(x).filter(|x| x.is_finite())
}

/// K*, and the words of survey sampling for what it rests on.
fn head(question: &Question) -> String {
    let Question { components, costs, .. } = question;
    let best = costs.best_responses(components);
    let why = if components.prompt == 0.0 {
        "K* is unbounded: prompts do not differ (V_x = 0), so one prompt says as much as many, and responses are all that helps".to_owned()
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
    };
    let more = match best.is_finite() && best > question.most_responses as f64 {
        true => format!(
            "\nmore than the {} that there are: all of them are kept",
            question.most_responses
        ),
        false => String::new(),
    };
    format!(
        "{why}{more}\nICC = {}, the share of variance that a prompt's responses have in common",
        short(components.icc())
    )
}

/// How flat the valley is, what one response of each prompt wastes, and what that says of a training run.
fn words(question: &Question, goal: Goal, best: Design) -> String {
    let Question { components, costs, .. } = question;
    let design_effect = 1.0 + (best.responses as f64 - 1.0) * components.icc();
    let mut out = format!(
        "design effect of the best: {} (1 + (K - 1) ICC)\n",
        short(design_effect)
    );
    for within in [0.05, 0.125] {
        let (low, high) = band(question, goal, best, within);
        out += &format!("within {}% of the best: K from {low} to {high}\n", 100.0 * within);
    }
    if let (Some(one), true) = (at(question, goal, 1), best.responses > 1) {
        let waste = match goal {
            Goal::Budget(_) => format!(
                "{} times the variance",
                short_2(one.variance(components) / best.variance(components))
            ),
            Goal::Variance(_) => format!("{} times the cost", short_2(one.cost(costs) / best.cost(costs))),
        };
        out += &format!(
            "one response of each prompt: {waste}. Of a loss in training less is at stake: a tuned regulariser recovers much of it, and in the\n\
             networks tried 8% to 43% of the excess loss was left to gain from K; where the best K lies does not move\n"
        );
    }
    out
}

/// The least and the largest K whose own best design is within a share of the best.
fn band(question: &Question, goal: Goal, best: Design, within: f64) -> (u64, u64) {
    let Question { components, costs, .. } = question;
    let good = |responses: u64| {
        at(question, goal, responses).is_some_and(|own| match goal {
            Goal::Budget(_) => own.variance(components) <= best.variance(components) * (1.0 + within),
            Goal::Variance(_) => own.cost(costs) <= best.cost(costs) * (1.0 + within),
        })
    };
    // Rests of the budget make single K worse: the ends are those of the unbroken stretch.
    let low = (1..best.responses)
        .rev()
        .take(MOST_STEPS)
        .take_while(|&k| good(k))
        .last();
    let high = (best.responses + 1..=question.most_responses)
        .take(MOST_STEPS)
        .take_while(|&k| good(k))
        .last();
    (low.unwrap_or(best.responses), high.unwrap_or(best.responses))
}

/// Steps from the best K that are looked at on each side.
const MOST_STEPS: usize = 10_000_000;

//! Owns the design of one response of each mode: how many candidates of how many prompts, beside responses kept at random.

use super::args::{Args, Form};
use super::asked::Asked;
use super::pilot::{Brought, Told};
use crate::cli::CliError;
use crate::numerics::text::{float, short};
use crate::report::table::{markdown, plain};
use crate::theory::missing::modes_seen;
use crate::theory::plan::Goal;
use crate::theory::prices::{Merged, MergedQuestion, within_modes};
use crate::theory::variance_law::Components;
use serde_json::{Map, Value, json};

/// The deepest pool that is looked at: further candidates of a prompt hardly show a mode that so many did not.
const DEEPEST: u64 = 1 << 12;

/// The concentration beyond which prompts are all alike for so few candidates.
const ALIKE: f64 = 1e12;

/// The shares of modes among all responses, and how much prompts differ in them.
struct Modes {
    base: Vec<f64>,
    concentration: f64,
}

impl Modes {
    /// Those that are stated, or those of a pilot of labels.
    fn of(args: &Args, brought: Option<&Brought>, components: &Components) -> Result<Self, CliError> {
        let (base, components) = match (&args.shares, brought) {
            (Some(shares), _) => (checked(shares)?, *components),
            (None, Some(Brought::Prompts(own))) if !own.labels.is_empty() => {
                let all: u64 = own.labels.iter().sum();
                let base = own.labels.iter().map(|&count| count as f64 / all as f64).collect();
                let own = Components {
                    prompt: own.estimated.prompt.value,
                    response: own.estimated.response.value,
                };
                (base, own)
            }
            _ => {
                let what = "--design one-per-mode: how many modes a prompt's candidates have follows from the share of each mode among all \
                            responses: state them with --shares, or bring a --pilot with a --label";
                return Err(CliError::Input(what.to_owned()));
            }
        };
        if components.response <= 0.0 {
            let what =
                "--design one-per-mode: V_y|x is 0, so that a prompt's responses are all alike: one of each is enough";
            return Err(CliError::Input(what.to_owned()));
        }
        // A pilot may find that prompts differ less than its noise.
        let concentration = match components.prompt > 0.0 {
            true => (components.response / components.prompt).min(ALIKE),
            false => ALIKE,
        };
        Ok(Self { base, concentration })
    }

    /// T(N).
    fn seen(&self, candidates: u64) -> f64 {
        modes_seen(&self.base, self.concentration, 1, candidates)
    }

    /// E sum pi^2: how often two responses of a prompt are of one mode.
    fn same(&self) -> f64 {
        let square: f64 = self.base.iter().map(|p| p * p).sum();
        square + (1.0 - square) / (1.0 + self.concentration)
    }
}

/// Shares that are stated: above 0, and 1 in all to within rounding of decimals.
fn checked(shares: &[f64]) -> Result<Vec<f64>, CliError> {
    let sum: f64 = shares.iter().sum();
    match (sum - 1.0).abs() <= 1e-3 {
        true => Ok(shares.iter().map(|share| share / sum).collect()),
        false => Err(CliError::Input(format!(
            "--shares: {} shares sum to {}: give the share of every mode among all responses, 1 in all",
            shares.len(),
            short(sum)
        ))),
    }
}

/// A design with its name, all by the same columns.
struct Row {
    name: String,
    own: Merged,
}

type Column = (&'static str, fn(&Merged, &Merged, Goal) -> f64);

const COLUMNS: [Column; 7] = [
    ("prompts", |own, _, _| own.prompts as f64),
    ("candidates", |own, _, _| own.candidates as f64),
    ("trained", |own, _, _| own.trained),
    ("cost", |own, _, _| own.cost),
    ("variance", |own, _, _| own.variance),
    ("standard error", |own, _, _| own.variance.sqrt()),
    ("efficiency", |own, best, goal| best.takes(goal) / own.takes(goal)),
];

/// What is printed of it: `asked` is the plan of responses at random.
pub(super) fn text(args: &Args, asked: &Asked, brought: Option<&Brought>) -> Result<String, CliError> {
    let components = asked.plan.question.components;
    let modes = Modes::of(args, brought, &components)?;
    let prices = args.prices();
    if prices.generated == 0.0 && args.max_responses.is_none() {
        let what = "candidates cost nothing, so more of them may be better without end: say how many there are, --max-responses";
        return Err(CliError::Input(what.to_owned()));
    }
    let seen = |candidates| modes.seen(candidates);
    let question = MergedQuestion {
        components,
        prices,
        modes: &seen,
        most_candidates: args.max_responses.unwrap_or(DEEPEST).min(DEEPEST),
        most_prompts: asked.plan.question.most_prompts,
    };
    let goal = asked.plan.goal;
    // Random responses have a design, and one response of each prompt is one of both.
    let best = question.best(goal).ok_or_else(|| {
        CliError::Input("--design one-per-mode: no design within the bounds reaches the goal".to_owned())
    })?;
    let rows = rows(asked, &question, best);
    Ok(match args.format {
        Form::Table => page(asked.told.as_ref(), &modes, &rows, goal, plain),
        Form::Markdown => page(asked.told.as_ref(), &modes, &rows, goal, markdown),
        Form::Csv => csv(&rows, goal),
        Form::Json => format!("{}\n", object(asked.told.as_ref(), &modes, &rows, goal)),
    })
}

/// The best, N = 1, 2, 4, ... up to four times as many, and the best of responses at random.
fn rows(asked: &Asked, question: &MergedQuestion<'_>, best: Merged) -> Vec<Row> {
    let most = best.candidates.saturating_mul(4).min(question.most_candidates);
    let doubled = std::iter::successors(Some(1_u64), |n| n.checked_mul(2)).take_while(|n| *n <= most);
    let at = |n: u64| {
        let own = question.at(asked.plan.goal, n)?;
        Some(Row {
            name: format!("N = {n}"),
            own,
        })
    };
    let random = asked.plan.best;
    let random = Merged {
        prompts: random.prompts,
        candidates: random.responses,
        trained: random.responses as f64,
        cost: random.cost(&asked.plan.question.costs),
        variance: random.variance(&asked.plan.question.components),
    };
    let named = |name: &str, own| Row {
        name: name.to_owned(),
        own,
    };
    std::iter::once(named("best, one per mode", best))
        .chain(doubled.filter_map(at))
        .chain([named("best at random, N = K", random)])
        .collect()
}

fn page(
    told: Option<&Told>,
    modes: &Modes,
    rows: &[Row],
    goal: Goal,
    table: fn(&[&str], &[Vec<String>]) -> String,
) -> String {
    let best = &rows[0].own;
    let header: Vec<&str> = ["design"].into_iter().chain(COLUMNS.map(|(name, _)| name)).collect();
    let cell = |(name, number): Column, own: &Merged| match name {
        "efficiency" => format!("{:.1}%", 100.0 * number(own, best, goal)),
        _ => short(number(own, best, goal)),
    };
    let line = |row: &Row| {
        let numbers = COLUMNS.map(|column| cell(column, &row.own));
        [row.name.clone()].into_iter().chain(numbers).collect()
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    format!(
        "{}{}\n\n{}\n{}",
        told.map(|told| told.text.clone() + "\n").unwrap_or_default(),
        head(best),
        table(&header, &lines),
        below(modes, rows, goal)
    )
}

fn head(best: &Merged) -> String {
    format!(
        "one response of each mode, weighted by its share of N candidates: no bias, and the variance of all N, (V_x + V_y|x/N)/N_p\n\
         of {} candidates {} are trained on in mean, T(N)",
        best.candidates,
        short(best.trained)
    )
}

fn below(modes: &Modes, rows: &[Row], goal: Goal) -> String {
    let (best, random) = (&rows[0].own, &rows[rows.len() - 1].own);
    let saved = 100.0 * (1.0 - best.takes(goal) / random.takes(goal));
    let what = match goal {
        Goal::Budget(_) => "variance",
        Goal::Variance(_) => "cost",
    };
    let verdict = match saved > 0.0 {
        true => {
            format!("{saved:.1}% less {what} than the best of responses at random, of which each one is trained on")
        }
        false => format!("no less {what} than the best of responses at random: training is cheap beside candidates"),
    };
    let left = within_modes(1.0, modes.same(), best.candidates) * best.candidates as f64;
    format!(
        "{verdict}\nit rests on what is learned from a response being that of its mode: of differences within modes, so few responses leave {}\n\
         times what all {} would\n",
        short(left),
        best.candidates
    )
}

fn csv(rows: &[Row], goal: Goal) -> String {
    let best = &rows[0].own;
    let header: String = COLUMNS.map(|(name, _)| format!(",{}", name.replace(' ', "_"))).concat();
    let line = |row: &Row| {
        let numbers = COLUMNS.map(|(_, number)| format!(",{}", float(number(&row.own, best, goal))));
        // Names have commas.
        format!("\"{}\"{}\n", row.name, numbers.concat())
    };
    let lines: String = rows.iter().map(line).collect();
    format!("design{header}\n{lines}")
}

fn object(told: Option<&Told>, modes: &Modes, rows: &[Row], goal: Goal) -> Value {
    let best = &rows[0].own;
    let row = |row: &Row| {
        let numbers = COLUMNS.map(|(name, number)| (name.replace(' ', "_"), json!(number(&row.own, best, goal))));
        let own: Map<String, Value> = [("design".to_owned(), json!(row.name))]
            .into_iter()
            .chain(numbers)
            .collect();
        Value::Object(own)
    };
    json!({
        "pilot": told.map(|told| &told.json),
        "shares": modes.base,
        "concentration": modes.concentration,
        "same_mode": modes.same(),
        "designs": rows.iter().map(row).collect::<Vec<_>>(),
    })
}

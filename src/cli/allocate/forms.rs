//! Owns how designs are set out: as a table, for a page, and for programs.

use super::args::Form;
use super::asked::Asked;
use super::words;
use crate::numerics::text::{float, short};
use crate::report::table::{markdown, plain};
use crate::theory::design::Design;
use serde_json::{Map, Value, json};

/// A design with its name.
struct Row {
    name: String,
    design: Design,
}

/// A column: its name, and its number for a design.
type Column = (&'static str, fn(&Asked, &Design) -> f64);

const COLUMNS: [Column; 6] = [
    ("prompts", |_, own| own.prompts as f64),
    ("responses", |_, own| own.responses as f64),
    ("cost", |asked, own| own.cost(&asked.plan.question.costs)),
    ("variance", |asked, own| own.variance(&asked.plan.question.components)),
    ("standard error", |asked, own| {
        own.variance(&asked.plan.question.components).sqrt()
    }),
    ("efficiency", |asked, own| 1.0 / asked.plan.times(own)),
];

/// The smallest true difference that is found; where one is asked for.
const DETECTED: Column = ("detects", |asked, own| {
    let errors = asked.power.map_or(f64::NAN, |power| power.standard_errors());
    errors * own.variance(&asked.plan.question.components).sqrt()
});

/// What is printed.
pub(super) fn text(asked: &Asked, form: Form) -> String {
    let rows = rows(asked);
    match form {
        Form::Table => page(asked, &rows, plain),
        Form::Markdown => page(asked, &rows, markdown),
        Form::Csv => csv(asked, &rows),
        Form::Json => format!("{}\n", object(asked, &rows)),
    }
}

fn columns(asked: &Asked) -> impl Iterator<Item = Column> {
    COLUMNS.into_iter().chain(asked.power.map(|_| DETECTED))
}

/// The best design, Cochran's integer, and K = 1, 2, 4, 8, ... up to four times the best K.
fn rows(asked: &Asked) -> Vec<Row> {
    let (plan, most) = (&asked.plan, asked.plan.best.responses.saturating_mul(4));
    let most = most.min(plan.question.most_responses);
    let doubled = std::iter::successors(Some(1_u64), |k| k.checked_mul(2)).take_while(|k| *k <= most);
    let row = |name: String, design: Option<Design>| design.map(|design| Row { name, design });
    let named = [
        row("best whole numbers".to_owned(), Some(plan.best)),
        row("Cochran's integer".to_owned(), plan.cochran()),
    ];
    let named = named.into_iter().flatten();
    named
        .chain(doubled.filter_map(|k| row(format!("K = {k}"), plan.at(k))))
        .collect()
}

fn page(asked: &Asked, rows: &[Row], table: fn(&[&str], &[Vec<String>]) -> String) -> String {
    let header: Vec<&str> = ["design"]
        .into_iter()
        .chain(columns(asked).map(|(name, _)| name))
        .collect();
    let cell = |(name, number): Column, design: &Design| match name {
        "efficiency" => format!("{:.1}%", 100.0 * number(asked, design)),
        _ => short(number(asked, design)),
    };
    let line = |row: &Row| {
        let numbers = columns(asked).map(|column| cell(column, &row.design));
        [row.name.clone()].into_iter().chain(numbers).collect()
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    let told = asked.told.as_ref().map(|told| told.text.clone() + "\n");
    format!(
        "{}{}\n\n{}\n{}",
        told.unwrap_or_default(),
        words::head(asked),
        table(&header, &lines),
        words::below(asked)
    )
}

fn csv(asked: &Asked, rows: &[Row]) -> String {
    let header: String = columns(asked)
        .map(|(name, _)| format!(",{}", name.replace(' ', "_")))
        .collect();
    let line = |row: &Row| {
        let numbers: String = columns(asked)
            .map(|(_, number)| format!(",{}", float(number(asked, &row.design))))
            .collect();
        format!("{}{numbers}\n", row.name)
    };
    let lines: String = rows.iter().map(line).collect();
    format!("design{header}\n{lines}")
}

fn object(asked: &Asked, rows: &[Row]) -> Value {
    let row = |row: &Row| {
        let numbers = columns(asked).map(|(name, number)| (name.replace(' ', "_"), whole(number(asked, &row.design))));
        let own: Map<String, Value> = [("design".to_owned(), json!(row.name))]
            .into_iter()
            .chain(numbers)
            .collect();
        Value::Object(own)
    };
    let question = &asked.plan.question;
    let within = |share: f64| {
        let (low, high) = asked.plan.band(share);
        json!({ "within": share, "low": low, "high": high })
    };
    json!({
        "pilot": asked.told.as_ref().map(|told| &told.json),
        "vx": question.components.prompt,
        "vy": question.components.response,
        "best_k": known(question.costs.best_responses(&question.components)),
        "best_k_finite": asked.best_finite(),
        "icc": question.components.icc(),
        "design_effect": asked.design_effect(),
        "bands": words::BANDS.map(within),
        "designs": rows.iter().map(row).collect::<Vec<_>>(),
    })
}

/// A whole number as such: 8 and not 8.0.
fn whole(x: f64) -> Value {
    match x.fract() == 0.0 && x.abs() < 9e15 && x.is_finite() {
        true => json!(x as i64),
        false => json!(known(x)),
    }
}

/// JSON has neither infinity nor NaN.
fn known(x: f64) -> Option<f64> {
    Some(x).filter(|x| x.is_finite())
}

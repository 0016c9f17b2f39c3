//! Owns the statement of a claim in words, where the file gives none.

use super::kinds::{At, Pairing};
use super::{ClaimKind, Direction, Margin, Side, Sign, Target};
use crate::engine::Reference;
use crate::format::tree::{Node, Value};
use crate::numerics::text::{float, short};

/// What a claim says of an estimand, and where. `reference` is that of its first row.
pub(super) fn statement(
    kind: &ClaimKind,
    pairing: &Pairing,
    estimand: &str,
    reference: Option<Reference>,
    node: &Node,
) -> String {
    let of_rows = |kind: &ClaimKind| of_rows(kind, reference);
    let said = match pairing {
        Pairing::Steps { along } => format!("{} along {along}", of_rows(kind)),
        Pairing::Partners => format!("{} that at {}", of_rows(kind), columns(node, "versus")),
        Pairing::Rivals { along, at } => {
            let at = match at {
                At::Number(number) => float(*number),
                At::Theory => "the optimum of theory".to_owned(),
            };
            format!("at {along} = {at} {} along {along}", of_rows(kind))
        }
        Pairing::None => of_rows(kind),
    };
    let place = match node.get("where") {
        None => String::new(),
        Some(_) => format!(" where {}", columns(node, "where")),
    };
    let known = match node.get("with-exact").map(|given| &given.value) {
        Some(Value::Boolean(true)) => ", for rows with an exact value",
        _ => "",
    };
    let often = match node.get("condition-at-least").and_then(|given| given.value.number()) {
        Some(least) => format!(", for rows that keep at least {}% of replicates", short(100.0 * least)),
        None => String::new(),
    };
    format!("{estimand} {said}{place}{known}{often}")
}

fn of_rows(kind: &ClaimKind, reference: Option<Reference>) -> String {
    let percent = |share: f64| short(100.0 * share);
    match kind {
        ClaimKind::Agrees { target, margin } => {
            let target = match target {
                Target::Exact => "its exact value".to_owned(),
                Target::Reference => reference.map_or("its reference", |reference| reference.name).to_owned(),
                Target::Value(value) => value.to_string(),
            };
            match margin {
                Margin::Ratio(m) => format!("equals {target} within {}%", percent(*m)),
                Margin::Absolute(a) => format!("equals {target} within {a}"),
                Margin::Both { ratio, absolute } => {
                    format!("equals {target} within {absolute} and {}% of it", percent(*ratio))
                }
            }
        }
        ClaimKind::AtMost(bound) => format!("is at most {bound}"),
        ClaimKind::AtLeast(bound) => format!("is at least {bound}"),
        ClaimKind::Sign(Sign::Positive) => "is positive".to_owned(),
        ClaimKind::Sign(Sign::Negative) => "is negative".to_owned(),
        ClaimKind::Zero(absolute) => format!("is 0 within {absolute}"),
        ClaimKind::Monotone(Direction::Decreasing) => "falls at every step".to_owned(),
        ClaimKind::Monotone(Direction::Increasing) => "rises at every step".to_owned(),
        ClaimKind::Ordering { side, factor } => {
            let side = match side {
                Side::Below => "is below",
                Side::Above => "is above",
            };
            match factor {
                None => side.to_owned(),
                Some(factor) => format!("{side} {factor} times"),
            }
        }
        ClaimKind::Optimum { within } => format!("is within {}% of the smallest", percent(*within)),
    }
}

/// The columns of `where` or `versus`: `prompts = 4, responses in [1, 2]`.
pub(super) fn columns(node: &Node, key: &str) -> String {
    let entries = node.get(key).map(Node::entries).unwrap_or_default();
    let parts: Vec<String> = entries
        .iter()
        .map(|entry| match &entry.node.value {
            Value::Array(_) => format!("{} in {}", entry.key, entry.node.value.text()),
            value => format!("{} = {}", entry.key, value.text()),
        })
        .collect();
    parts.join(", ")
}

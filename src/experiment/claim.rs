//! Owns validated claims: which rows each covers, what it says of them, and that it can be judged at all.

use super::fault::{Fault, Origin};
use super::tree::{Node, Value};
use super::wire::{ClaimCommon, WireAgrees, WireBound, WireExpect, WireSign, WireSignClaim};
use super::{Experiment, RowRef, de};
use crate::engine::{Functional, Study};

/// The level of tests where a claim names none.
const ALPHA: f64 = 0.05;

/// The claim kinds.
pub(super) const KINDS: [&str; 4] = ["agrees", "at-most", "at-least", "sign"];

/// A statement about rows, each a cell that must hold.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Short name.
    pub name: String,
    /// The claim in words.
    pub statement: String,
    /// What is said of each cell.
    pub kind: ClaimKind,
    /// The estimand's name.
    pub estimand: String,
    /// The rows covered; at least one.
    pub cells: Vec<RowRef>,
    /// How it must come out.
    pub expect: Expect,
    /// Level of its tests, in (0, 0.5).
    pub alpha: f64,
}

/// What a claim says of each cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ClaimKind {
    /// Equals a target within a margin.
    Agrees {
        /// The target.
        target: Target,
        /// The margin.
        margin: Margin,
    },
    /// Does not exceed a bound.
    AtMost(f64),
    /// Does not fall below a bound.
    AtLeast(f64),
    /// Has a sign.
    Sign(Sign),
}

impl ClaimKind {
    /// The kind's name in files.
    pub fn name(&self) -> &'static str {
        match self {
            ClaimKind::Agrees { .. } => "agrees",
            ClaimKind::AtMost(_) => "at-most",
            ClaimKind::AtLeast(_) => "at-least",
            ClaimKind::Sign(_) => "sign",
        }
    }
}

/// What `agrees` compares with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Each cell's exact value.
    Exact,
    /// A stated number.
    Value(f64),
}

/// How far `agrees` lets an estimand be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Margin {
    /// The ratio stays within 1/(1+m) and 1+m.
    Ratio(f64),
    /// The difference stays within this.
    Absolute(f64),
}

/// A sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Above 0.
    Positive,
    /// Below 0.
    Negative,
}

/// How a claim must come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// An ordinary claim.
    Confirmed,
    /// A negative control: it must be positively refuted.
    Refuted,
}

/// Reads `[[claims]]`.
pub(super) fn read(root: &Node, experiment: &Experiment) -> Result<Vec<Claim>, Fault> {
    let claims = tables(root, "claims")?
        .iter()
        .enumerate()
        .map(|(index, node)| read_one(node, index, experiment))
        .collect::<Result<Vec<Claim>, _>>()?;
    for (index, claim) in claims.iter().enumerate() {
        if claims[..index].iter().any(|earlier| earlier.name == claim.name) {
            let node = &tables(root, "claims")?[index];
            let what = format!("two claims are called {:?}", claim.name);
            return Err(Fault::new(&node.origin_of("name"), "claims.name", what));
        }
    }
    Ok(claims)
}

/// The tables of a list such as `[[claims]]`.
pub(super) fn tables<'a>(root: &'a Node, key: &str) -> Result<&'a [Node], Fault> {
    match root.get(key) {
        None => Ok(&[]),
        Some(Node {
            value: Value::Array(items),
            ..
        }) => match items.iter().find(|node| !matches!(node.value, Value::Table(_))) {
            None => Ok(items),
            Some(node) => Err(Fault::new(
                &node.origin,
                key,
                format!("{} where a table is expected", node.value.kind()),
            )),
        },
        Some(node) => {
            let what = format!(
                "{} where a list of tables is expected: write [[{key}]]",
                node.value.kind()
            );
            Err(Fault::new(&node.origin, key, what))
        }
    }
}

/// The word under `kind`, which decides the struct that a table is read into.
pub(super) fn kind<'a>(node: &'a Node, table: &str, known: &[&str]) -> Result<&'a str, Fault> {
    let key = format!("{table}.kind");
    let Some(entry) = node.entry("kind") else {
        return Err(Fault::new(&node.origin, table, "the key `kind` is missing here"));
    };
    match &entry.node.value {
        Value::String(word) if known.contains(&word.as_str()) => Ok(word),
        Value::String(word) => Err(Fault::unknown(&entry.node.origin, key, "value", word, known)),
        other => Err(Fault::new(
            &entry.node.origin,
            key,
            format!("{} where a word is expected", other.kind()),
        )),
    }
}

fn read_one(node: &Node, index: usize, experiment: &Experiment) -> Result<Claim, Fault> {
    let word = kind(node, "claims", &KINDS)?;
    let (common, kind) = match word {
        "agrees" => {
            let wire: WireAgrees = de::from_node(node, "claims")?;
            (wire.common(), agrees(node, &wire)?)
        }
        "sign" => {
            let wire: WireSignClaim = de::from_node(node, "claims")?;
            let sign = match wire.sign {
                WireSign::Positive => Sign::Positive,
                WireSign::Negative => Sign::Negative,
            };
            (wire.common(), ClaimKind::Sign(sign))
        }
        _ => {
            let wire: WireBound = de::from_node(node, "claims")?;
            finite(node, "bound", wire.bound)?;
            let at_most = word == "at-most";
            let kind = if at_most {
                ClaimKind::AtMost(wire.bound)
            } else {
                ClaimKind::AtLeast(wire.bound)
            };
            (wire.common(), kind)
        }
    };
    build(node, index, experiment, common, kind)
}

fn build(
    node: &Node,
    index: usize,
    experiment: &Experiment,
    common: ClaimCommon,
    kind: ClaimKind,
) -> Result<Claim, Fault> {
    let alpha = common.alpha.unwrap_or(ALPHA);
    if !(alpha > 0.0 && alpha < 0.5) {
        let what = format!("{alpha} is out of range: a number above 0 and below 0.5 is expected");
        return Err(Fault::new(&node.origin_of("alpha"), "claims.alpha", what));
    }
    let origin = node.origin_of("estimand");
    let cells = rows(experiment, &common.estimand, &origin, "claims.estimand")?;
    let cells = select(experiment, cells, node, "claims")?;
    for &cell in &cells {
        can_be_judged(experiment, cell, &kind, &origin)?;
    }
    let claim = Claim {
        name: common.name.unwrap_or_else(|| format!("{}-{}", kind.name(), index + 1)),
        statement: common
            .statement
            .unwrap_or_else(|| statement(&kind, &common.estimand, node)),
        kind,
        estimand: common.estimand,
        cells,
        expect: match common.expect {
            WireExpect::Confirmed => Expect::Confirmed,
            WireExpect::Refuted => Expect::Refuted,
        },
        alpha,
    };
    Ok(claim)
}

fn finite(node: &Node, key: &str, value: f64) -> Result<f64, Fault> {
    if value.is_finite() {
        return Ok(value);
    }
    let what = format!("{value} is out of range: a finite number is expected");
    Err(Fault::new(&node.origin_of(key), format!("claims.{key}"), what))
}

fn agrees(node: &Node, wire: &WireAgrees) -> Result<ClaimKind, Fault> {
    let positive = |key: &str, value: f64| {
        if value > 0.0 && value.is_finite() {
            return Ok(value);
        }
        let what = format!("{value} is out of range: a number above 0 is expected");
        Err(Fault::new(&node.origin_of(key), format!("claims.{key}"), what))
    };
    let margin = match (wire.margin, wire.absolute) {
        (Some(m), None) => Margin::Ratio(positive("margin", m)?),
        (None, Some(a)) => Margin::Absolute(positive("absolute", a)?),
        (None, None) => {
            return Err(Fault::new(
                &node.origin,
                "claims",
                "`agrees` needs a `margin` (of the ratio) or `absolute`",
            ));
        }
        (Some(_), Some(_)) => {
            let fault = Fault::new(
                &node.origin_of("absolute"),
                "claims.absolute",
                "stands beside a margin; one of them is enough",
            );
            return Err(fault.and(&node.origin_of("margin"), "the margin"));
        }
    };
    let target = match wire.value {
        None => Target::Exact,
        Some(value) => Target::Value(finite(node, "value", value)?),
    };
    if let (Margin::Ratio(_), Target::Value(value)) = (margin, target) {
        positive("value", value)?;
    }
    Ok(ClaimKind::Agrees { target, margin })
}

/// All rows of an estimand, or a fault that lists the estimands there are.
pub(super) fn rows(experiment: &Experiment, estimand: &str, origin: &Origin, key: &str) -> Result<Vec<RowRef>, Fault> {
    let mut rows = Vec::new();
    let mut known: Vec<&str> = Vec::new();
    for (scenario, one) in experiment.scenarios.iter().enumerate() {
        for (index, own) in one.study.spec().estimands.iter().enumerate() {
            if own.name == estimand {
                rows.push(RowRef {
                    scenario,
                    estimand: index,
                });
            } else if !known.contains(&own.name.as_str()) {
                known.push(&own.name);
            }
        }
    }
    if rows.is_empty() {
        let mut fault = Fault::unknown(origin, key, "estimand", estimand, known);
        if estimand.ends_with(".conditional-variance") {
            fault.what.push_str(", which needs `candidates` to be set");
        }
        return Err(fault);
    }
    Ok(rows)
}

/// The rows that match `where` of a claim or figure.
pub(super) fn select(
    experiment: &Experiment,
    rows: Vec<RowRef>,
    node: &Node,
    table: &str,
) -> Result<Vec<RowRef>, Fault> {
    let Some(filter) = node.get("where") else {
        return Ok(rows);
    };
    let key = format!("{table}.where");
    if !matches!(filter.value, Value::Table(_)) {
        let what = format!("{} where a table of columns is expected", filter.value.kind());
        return Err(Fault::new(&filter.origin, key, what));
    }
    let mut kept = rows;
    for entry in filter.entries() {
        let key = format!("{key}.{}", entry.key);
        let wanted: &[Node] = match &entry.node.value {
            Value::Array(items) => items,
            _ => std::slice::from_ref(&entry.node),
        };
        let column = column(experiment, &entry.key, &entry.origin, &key)?;
        for node in wanted {
            if !kept.iter().any(|&row| column.matches(experiment, row, &node.value)) {
                let known = column.values(experiment, &kept);
                return Err(Fault::unknown(&node.origin, key, "value", &node.value.text(), known));
            }
        }
        kept.retain(|&row| wanted.iter().any(|node| column.matches(experiment, row, &node.value)));
    }
    if kept.is_empty() {
        return Err(Fault::new(&filter.origin, key, "matches no row"));
    }
    Ok(kept)
}

/// A column that rows can be selected by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnRef {
    Key(usize),
    At,
}

/// The column of a name: short, dotted, or `at`.
pub(super) fn column(experiment: &Experiment, name: &str, origin: &Origin, key: &str) -> Result<ColumnRef, Fault> {
    if name == "at" {
        return Ok(ColumnRef::At);
    }
    let found = experiment
        .columns
        .iter()
        .position(|column| column.name == name || column.key == name);
    let known = experiment
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .chain(["at"]);
    found
        .map(ColumnRef::Key)
        .ok_or_else(|| Fault::unknown(origin, key, "column", name, known))
}

impl ColumnRef {
    fn matches(self, experiment: &Experiment, row: RowRef, value: &Value) -> bool {
        match self {
            ColumnRef::At => experiment.estimand(row).at == value.text(),
            ColumnRef::Key(index) => {
                let cell = &experiment.cells(row)[index];
                match (value.number(), cell.number) {
                    (Some(a), Some(b)) => a == b,
                    (None, None) => cell.text == value.text(),
                    _ => false,
                }
            }
        }
    }

    fn values(self, experiment: &Experiment, rows: &[RowRef]) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for &row in rows {
            let text = match self {
                ColumnRef::At => &experiment.estimand(row).at,
                ColumnRef::Key(index) => &experiment.cells(row)[index].text,
            };
            if !values.contains(text) {
                values.push(text.clone());
            }
        }
        values
    }
}

/// Refuses claims that no data could decide: no target, a ratio to 0, a test of a value that is theory alone.
fn can_be_judged(experiment: &Experiment, cell: RowRef, kind: &ClaimKind, origin: &Origin) -> Result<(), Fault> {
    let estimand = experiment.estimand(cell);
    let refuse = |what: String| Err(Fault::new(origin, "claims.estimand", what));
    if matches!(estimand.functional, Functional::ExactOnly) {
        return refuse(format!(
            "{} is a value of theory with no estimate to judge",
            estimand.name
        ));
    }
    let ClaimKind::Agrees { target, margin } = kind else {
        return Ok(());
    };
    let place = experiment.describe(cell);
    match (target, margin, estimand.exact) {
        (Target::Exact, _, None) => refuse(format!(
            "{} has no exact value at {place}: give a `value`",
            estimand.name
        )),
        (Target::Exact, Margin::Ratio(_), Some(exact)) if exact <= 0.0 => refuse(format!(
            "the exact value of {} at {place} is {exact}, and a margin of the ratio needs a positive one: \
             use `absolute`, or leave that cell out",
            estimand.name
        )),
        (_, Margin::Ratio(_), _) if matches!(estimand.functional, Functional::SquaredNorm(_)) => refuse(format!(
            "{} may be 0 or below: use `absolute` instead of a margin of the ratio",
            estimand.name
        )),
        _ => Ok(()),
    }
}

fn statement(kind: &ClaimKind, estimand: &str, node: &Node) -> String {
    let said = match kind {
        ClaimKind::Agrees { target, margin } => {
            let target = match target {
                Target::Exact => "its exact value".to_owned(),
                Target::Value(value) => value.to_string(),
            };
            match margin {
                Margin::Ratio(m) => format!("equals {target} within {}%", crate::numerics::text::short(100.0 * m)),
                Margin::Absolute(a) => format!("equals {target} within {a}"),
            }
        }
        ClaimKind::AtMost(bound) => format!("is at most {bound}"),
        ClaimKind::AtLeast(bound) => format!("is at least {bound}"),
        ClaimKind::Sign(Sign::Positive) => "is positive".to_owned(),
        ClaimKind::Sign(Sign::Negative) => "is negative".to_owned(),
    };
    let place = match node.get("where") {
        None => String::new(),
        Some(filter) => {
            let parts: Vec<String> = filter
                .entries()
                .iter()
                .map(|entry| match &entry.node.value {
                    Value::Array(_) => format!("{} in {}", entry.key, entry.node.value.text()),
                    value => format!("{} = {}", entry.key, value.text()),
                })
                .collect();
            format!(" where {}", parts.join(", "))
        }
    };
    format!("{estimand} {said}{place}")
}

//! Owns validated claims: which rows each covers, what it says of them, and that it can be judged at all.

use super::fault::{Fault, Origin, quoted};
use super::load::one_line;
use super::rows::{Rows, kind, select, tables};
use super::tree::{Node, Value};
use super::wire::{ClaimCommon, WireAgrees, WireBound, WireExpect, WireSign, WireSignClaim};
use super::{Experiment, RowRef, de};
use crate::engine::Functional;

/// The level of tests where a claim names none.
const ALPHA: f64 = 0.05;

/// The claim kinds.
pub const KINDS: [&str; 4] = ["agrees", "at-most", "at-least", "sign"];

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
pub(super) fn read(root: &Node, experiment: &Experiment, rows: &mut Rows) -> Result<Vec<Claim>, Fault> {
    let nodes = tables(root, "claims")?;
    let mut claims: Vec<Claim> = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        let claim = read_one(node, index, experiment, rows)?;
        if let Some(earlier) = claims.iter().position(|earlier| earlier.name == claim.name) {
            let what = format!("two claims are called {}", quoted(&claim.name));
            let fault = Fault::new(&node.origin_of("name"), "claims.name", what);
            return Err(fault.and(&nodes[earlier].origin_of("name"), "the first one"));
        }
        claims.push(claim);
    }
    Ok(claims)
}

fn read_one(node: &Node, index: usize, experiment: &Experiment, rows: &mut Rows) -> Result<Claim, Fault> {
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
    build(node, index, (experiment, rows), common, kind)
}

fn build(
    node: &Node,
    index: usize,
    (experiment, rows): (&Experiment, &mut Rows),
    common: ClaimCommon,
    kind: ClaimKind,
) -> Result<Claim, Fault> {
    let alpha = common.alpha.unwrap_or(ALPHA);
    if !(alpha > 0.0 && alpha < 0.5) {
        let what = format!("{alpha} is out of range: a number above 0 and below 0.5 is expected");
        return Err(Fault::new(&node.origin_of("alpha"), "claims.alpha", what));
    }
    let origin = node.origin_of("estimand");
    let cells = rows.of(experiment, &common.estimand, &origin, "claims.estimand")?;
    let cells = select(experiment, cells, node, "claims")?;
    for &cell in &cells {
        can_be_judged(experiment, cell, &kind, &origin)?;
    }
    let given = |key: &str, text: Option<String>| {
        text.map(|text| one_line(node, key, &format!("claims.{key}"), text))
            .transpose()
    };
    let claim = Claim {
        name: given("name", common.name)?.unwrap_or_else(|| format!("{}-{}", kind.name(), index + 1)),
        statement: given("statement", common.statement)?.unwrap_or_else(|| statement(&kind, &common.estimand, node)),
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
    let place = || experiment.describe(cell);
    match (target, margin, estimand.exact) {
        (Target::Exact, _, None) => refuse(format!(
            "{} has no exact value at {}: give a `value`",
            estimand.name,
            place()
        )),
        (Target::Exact, Margin::Ratio(_), Some(exact)) if exact <= 0.0 => refuse(format!(
            "the exact value of {} at {} is {exact}, and a margin of the ratio needs a positive one: \
             use `absolute`, or leave that cell out",
            estimand.name,
            place()
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

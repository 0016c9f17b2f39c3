//! Owns the reading of each claim kind from its table: its own keys, their ranges, and the rules between them.
//! It looks at no rows.

use super::super::de;
use super::super::fault::Fault;
use super::super::tree::Node;
use super::wire::{
    ClaimCommon, WireAgrees, WireAt, WireBound, WireDirection, WireMonotone, WireOptimum, WireOrdering, WireSide,
    WireSign, WireSignClaim, WireTarget, WireTargetName, WireZero,
};
use super::{ClaimKind, Direction, Margin, Side, Sign, Target};
use std::ops::RangeInclusive;

/// The factor of an optimum where a claim names none: 2 % more than the best is as good as the best.
const WITHIN: f64 = 0.02;

/// A claim's table as read, before its rows are known.
pub(super) struct Read {
    pub common: ClaimCommon,
    pub kind: ClaimKind,
    pub pairing: Pairing,
}

/// How a claim's cells are made of rows.
pub(super) enum Pairing {
    /// Each row is a cell.
    None,
    /// Neighbours along a column.
    Steps { along: String },
    /// Each row with the partner that `versus` gives it.
    Partners,
    /// One arm with every other arm along a column.
    Rivals { along: String, at: At },
}

/// The arm that is claimed to be best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum At {
    /// The one at this number.
    Number(f64),
    /// The one that theory names.
    Theory,
}

/// Reads a table of the kind `word`.
pub(super) fn read(word: &str, node: &Node) -> Result<Read, Fault> {
    match word {
        "agrees" => {
            let wire: WireAgrees = de::from_node(node, "claims")?;
            Ok(rows(wire.common(), agrees(node, &wire)?))
        }
        "sign" => {
            let wire: WireSignClaim = de::from_node(node, "claims")?;
            let sign = match wire.sign {
                WireSign::Positive => Sign::Positive,
                WireSign::Negative => Sign::Negative,
            };
            Ok(rows(wire.common(), ClaimKind::Sign(sign)))
        }
        "zero" => {
            let wire: WireZero = de::from_node(node, "claims")?;
            let kind = ClaimKind::Zero(positive(node, "absolute", wire.absolute)?);
            Ok(rows(wire.common(), kind))
        }
        "monotone" => monotone(node),
        "ordering" => ordering(node),
        "optimum" => optimum(node),
        _ => {
            let wire: WireBound = de::from_node(node, "claims")?;
            finite(node, "bound", wire.bound)?;
            let kind = match word {
                "at-most" => ClaimKind::AtMost(wire.bound),
                _ => ClaimKind::AtLeast(wire.bound),
            };
            Ok(rows(wire.common(), kind))
        }
    }
}

/// A share that a claim of any kind may give, within its range: from 0, or from the least number above it.
pub(super) fn share(node: &Node, key: &str, value: f64, range: RangeInclusive<f64>) -> Result<f64, Fault> {
    if range.contains(&value) {
        return Ok(value);
    }
    let least = if *range.start() == 0.0 {
        "from 0"
    } else {
        "above 0 and up"
    };
    let what = format!(
        "{value} is out of range: a number {least} to {} is expected",
        range.end()
    );
    Err(Fault::new(&node.origin_of(key), format!("claims.{key}"), what))
}

fn rows(common: ClaimCommon, kind: ClaimKind) -> Read {
    Read {
        common,
        kind,
        pairing: Pairing::None,
    }
}

fn monotone(node: &Node) -> Result<Read, Fault> {
    let wire: WireMonotone = de::from_node(node, "claims")?;
    let direction = match wire.direction {
        WireDirection::Decreasing => Direction::Decreasing,
        WireDirection::Increasing => Direction::Increasing,
    };
    Ok(Read {
        common: wire.common(),
        kind: ClaimKind::Monotone(direction),
        pairing: Pairing::Steps { along: wire.along },
    })
}

fn ordering(node: &Node) -> Result<Read, Fault> {
    let wire: WireOrdering = de::from_node(node, "claims")?;
    let side = match wire.direction {
        WireSide::Below => Side::Below,
        WireSide::Above => Side::Above,
    };
    let factor = wire.factor.map(|factor| positive(node, "factor", factor)).transpose()?;
    Ok(Read {
        common: wire.common(),
        kind: ClaimKind::Ordering { side, factor },
        pairing: Pairing::Partners,
    })
}

fn optimum(node: &Node) -> Result<Read, Fault> {
    let wire: WireOptimum = de::from_node(node, "claims")?;
    let at = match wire.at {
        WireAt::Named(_) => At::Theory,
        WireAt::Number(number) => At::Number(finite(node, "at", number)?),
    };
    let within = positive(node, "within", wire.within.unwrap_or(WITHIN))?;
    Ok(Read {
        common: wire.common(),
        kind: ClaimKind::Optimum { within },
        pairing: Pairing::Rivals { along: wire.along, at },
    })
}

fn finite(node: &Node, key: &str, value: f64) -> Result<f64, Fault> {
    if value.is_finite() {
        return Ok(value);
    }
    let what = format!("{value} is out of range: a finite number is expected");
    Err(Fault::new(&node.origin_of(key), format!("claims.{key}"), what))
}

fn positive(node: &Node, key: &str, value: f64) -> Result<f64, Fault> {
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    let what = format!("{value} is out of range: a number above 0 is expected");
    Err(Fault::new(&node.origin_of(key), format!("claims.{key}"), what))
}

fn agrees(node: &Node, wire: &WireAgrees) -> Result<ClaimKind, Fault> {
    let margin = match (wire.margin, wire.absolute) {
        (Some(m), None) => Margin::Ratio(positive(node, "margin", m)?),
        (None, Some(a)) => Margin::Absolute(positive(node, "absolute", a)?),
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
    let target = match wire.target {
        None | Some(WireTarget::Named(WireTargetName::Exact)) => Target::Exact,
        Some(WireTarget::Named(WireTargetName::Reference)) => Target::Reference,
        Some(WireTarget::Number(value)) => Target::Value(finite(node, "target", value)?),
    };
    if let (Margin::Ratio(_), Target::Value(value)) = (margin, target) {
        positive(node, "target", value)?;
    }
    Ok(ClaimKind::Agrees { target, margin })
}

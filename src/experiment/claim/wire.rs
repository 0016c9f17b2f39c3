//! Owns the serialised twins of claims: one plain struct per kind. Ranges and rules between keys are checked by the readers of kinds.

use super::super::wire::{LINE, Subtree};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use std::fmt;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireExpect {
    #[default]
    Confirmed,
    Refuted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireSign {
    Positive,
    Negative,
}

macro_rules! wire_claim {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        #[expect(dead_code, reason = "the kind was read first; `where` is read from the tree")]
        pub(in crate::experiment) struct $name {
            pub kind: String,
            #[schemars(extend("pattern" = LINE))]
            pub name: Option<String>,
            #[schemars(extend("pattern" = LINE))]
            pub statement: Option<String>,
            pub estimand: String,
            #[serde(default)]
            pub r#where: Subtree,
            #[serde(default)]
            pub expect: WireExpect,
            #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 0.5))]
            pub alpha: Option<f64>,
            #[serde(default)]
            pub with_exact: bool,
            #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
            pub condition_at_least: Option<f64>,
            #[schemars(extend("minimum" = 0, "maximum" = 1))]
            pub unconverged_at_most: Option<f64>,
            #[schemars(extend("pattern" = LINE))]
            pub attrition: Option<String>,
            $($(#[$field_meta])* pub $field: $ty,)*
        }

        impl $name {
            pub fn common(&self) -> ClaimCommon {
                ClaimCommon {
                    name: self.name.clone(),
                    statement: self.statement.clone(),
                    estimand: self.estimand.clone(),
                    expect: self.expect,
                    alpha: self.alpha,
                    with_exact: self.with_exact,
                    condition_at_least: self.condition_at_least,
                    unconverged_at_most: self.unconverged_at_most,
                    attrition: self.attrition.clone(),
                }
            }
        }
    };
}

/// What claims of every kind have.
pub(in crate::experiment) struct ClaimCommon {
    pub name: Option<String>,
    pub statement: Option<String>,
    pub estimand: String,
    pub expect: WireExpect,
    pub alpha: Option<f64>,
    pub with_exact: bool,
    pub condition_at_least: Option<f64>,
    pub unconverged_at_most: Option<f64>,
    pub attrition: Option<String>,
}

wire_claim!(WireAgrees {
    #[schemars(extend("exclusiveMinimum" = 0))]
    margin: Option<f64>,
    #[schemars(extend("exclusiveMinimum" = 0))]
    absolute: Option<f64>,
    target: Option<WireTarget>,
});
wire_claim!(WireBound { bound: f64 });
wire_claim!(WireSignClaim { sign: WireSign });
wire_claim!(WireZero {
    #[schemars(extend("exclusiveMinimum" = 0))]
    absolute: f64,
});
wire_claim!(WireMonotone {
    along: String,
    direction: WireDirection
});
wire_claim!(WireOrdering {
    versus: Subtree,
    direction: WireSide,
    #[schemars(extend("exclusiveMinimum" = 0))]
    factor: Option<f64>,
});
wire_claim!(WireOptimum {
    along: String,
    at: WireAt,
    #[schemars(extend("exclusiveMinimum" = 0))]
    within: Option<f64>,
});

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireDirection {
    Decreasing,
    Increasing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireSide {
    Below,
    Above,
}

/// A number or `"theory"`.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(in crate::experiment) enum WireAt {
    Named(WireTheory),
    Number(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireTheory {
    Theory,
}

/// A number, or a word for a value that each cell has.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(in crate::experiment) enum WireTarget {
    Named(WireTargetName),
    Number(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireTargetName {
    Exact,
    Reference,
}

/// As [`AtVisitor`].
struct TargetVisitor;

impl<'de> Visitor<'de> for TargetVisitor {
    type Value = WireTarget;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, \"exact\" or \"reference\"")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<WireTarget, E> {
        Ok(WireTarget::Number(number as f64))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<WireTarget, E> {
        Ok(WireTarget::Number(number))
    }

    fn visit_borrowed_str<E: de::Error>(self, word: &'de str) -> Result<WireTarget, E> {
        match word {
            "exact" => Ok(WireTarget::Named(WireTargetName::Exact)),
            "reference" => Ok(WireTarget::Named(WireTargetName::Reference)),
            _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
        }
    }
}

impl<'de> Deserialize<'de> for WireTarget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TargetVisitor)
    }
}

/// The two forms are told apart by a visitor: serde's untagged enums forget positions and known values.
struct AtVisitor;

impl<'de> Visitor<'de> for AtVisitor {
    type Value = WireAt;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or \"theory\"")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<WireAt, E> {
        Ok(WireAt::Number(number as f64))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<WireAt, E> {
        Ok(WireAt::Number(number))
    }

    fn visit_borrowed_str<E: de::Error>(self, word: &'de str) -> Result<WireAt, E> {
        match word {
            "theory" => Ok(WireAt::Named(WireTheory::Theory)),
            _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
        }
    }
}

impl<'de> Deserialize<'de> for WireAt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AtVisitor)
    }
}

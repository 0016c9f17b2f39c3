//! Owns the serialised twins of an experiment file: plain structs, one per table and kind.
//!
//! They say what the file may hold and no more; ranges and cross-field rules are checked where they are turned into
//! the domain's types. Numbers are wide here, so that a wrong one is refused by rule and not by its bits.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A table or list that is read from the tree in its own way: kinds first, or with keys that are not fixed.
#[derive(Debug, Clone, Copy, Default, JsonSchema)]
#[schemars(transparent)]
pub(super) struct Subtree(());

impl<'de> Deserialize<'de> for Subtree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(()))
    }
}

/// A file of the study `selection`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(
    dead_code,
    reason = "subtrees are read from the tree; here they only have to be known keys"
)]
pub(super) struct WireSelection {
    pub title: String,
    #[serde(default)]
    pub about: String,
    pub study: WireStudy,
    pub seed: i64,
    pub measures: Vec<WireMeasure>,
    pub world: Subtree,
    #[serde(default)]
    pub policy: WirePolicy,
    pub arms: Subtree,
    #[serde(default)]
    pub sweep: Subtree,
    pub run: WireRun,
    #[serde(default)]
    pub claims: Subtree,
    #[serde(default)]
    pub figures: Subtree,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireStudy {
    Selection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireMeasure {
    ModeMass,
    ModeMassByMode,
    Gradient,
    Loss,
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WirePolicy {
    #[serde(default)]
    pub theta: WireTheta,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WireRun {
    pub replicates: i64,
    pub quick: Option<i64>,
}

/// World A.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first and chose this struct")]
pub(super) struct WireDirichlet {
    pub kind: String,
    pub modes: Option<i64>,
    #[serde(default)]
    pub base: WireBase,
    pub concentration: f64,
}

/// World A with copied responses.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first and chose this struct")]
pub(super) struct WireCopies {
    pub kind: String,
    pub modes: Option<i64>,
    #[serde(default)]
    pub base: WireBase,
    pub concentration: f64,
    pub copy_probability: f64,
}

/// The method keys of one arm that stand in `[arms]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WireArm {
    pub prompts: i64,
    pub responses: i64,
    pub candidates: Option<i64>,
    #[serde(default)]
    pub selector: WireSelector,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireSelector {
    #[default]
    Random,
}

/// `"uniform"`, `{ geometric = r }` or a list of weights.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(super) enum WireBase {
    Named(WireUniform),
    Geometric(WireGeometric),
    Listed(Vec<f64>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireUniform {
    Uniform,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WireGeometric {
    pub geometric: f64,
}

impl Default for WireBase {
    fn default() -> Self {
        Self::Named(WireUniform::Uniform)
    }
}

/// `"uniform"`, `"optimum"` or a list of logits.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(super) enum WireTheta {
    Named(WireThetaName),
    Logits(Vec<f64>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireThetaName {
    Uniform,
    Optimum,
}

impl Default for WireTheta {
    fn default() -> Self {
        Self::Named(WireThetaName::Uniform)
    }
}

/// Forms of different types are told apart by a visitor: serde's untagged enums forget positions and known values.
struct Forms<T> {
    expected: &'static str,
    form: std::marker::PhantomData<T>,
}

trait FromForm: Sized {
    const EXPECTED: &'static str;
    fn word<'de, D: Deserializer<'de>>(word: D) -> Result<Self, D::Error>;
    fn list(numbers: Vec<f64>) -> Self;
    fn table<'de, D: Deserializer<'de>>(table: D) -> Result<Self, D::Error>;
}

impl<'de, T: FromForm> Visitor<'de> for Forms<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_borrowed_str<E: de::Error>(self, word: &'de str) -> Result<T, E> {
        T::word(de::value::BorrowedStrDeserializer::new(word))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(T::list)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::table(de::value::MapAccessDeserializer::new(map))
    }
}

fn forms<'de, T: FromForm, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(Forms {
        expected: T::EXPECTED,
        form: std::marker::PhantomData,
    })
}

impl FromForm for WireBase {
    const EXPECTED: &'static str = "\"uniform\", { geometric = r } or a list of weights";

    fn word<'de, D: Deserializer<'de>>(word: D) -> Result<Self, D::Error> {
        WireUniform::deserialize(word).map(Self::Named)
    }

    fn list(numbers: Vec<f64>) -> Self {
        Self::Listed(numbers)
    }

    fn table<'de, D: Deserializer<'de>>(table: D) -> Result<Self, D::Error> {
        WireGeometric::deserialize(table).map(Self::Geometric)
    }
}

impl<'de> Deserialize<'de> for WireBase {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        forms(deserializer)
    }
}

impl FromForm for WireTheta {
    const EXPECTED: &'static str = "\"uniform\", \"optimum\" or a list of logits";

    fn word<'de, D: Deserializer<'de>>(word: D) -> Result<Self, D::Error> {
        WireThetaName::deserialize(word).map(Self::Named)
    }

    fn list(numbers: Vec<f64>) -> Self {
        Self::Logits(numbers)
    }

    fn table<'de, D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(de::Error::custom(format!(
            "a table where {} is expected",
            Self::EXPECTED
        )))
    }
}

impl<'de> Deserialize<'de> for WireTheta {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        forms(deserializer)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireExpect {
    #[default]
    Confirmed,
    Refuted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireSign {
    Positive,
    Negative,
}

macro_rules! wire_claim {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        #[expect(dead_code, reason = "the kind was read first; `where` is read from the tree")]
        pub(super) struct $name {
            pub kind: String,
            pub name: Option<String>,
            pub statement: Option<String>,
            pub estimand: String,
            #[serde(default)]
            pub r#where: Subtree,
            #[serde(default)]
            pub expect: WireExpect,
            pub alpha: Option<f64>,
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
                }
            }
        }
    };
}

/// What claims of every kind have.
pub(super) struct ClaimCommon {
    pub name: Option<String>,
    pub statement: Option<String>,
    pub estimand: String,
    pub expect: WireExpect,
    pub alpha: Option<f64>,
}

wire_claim!(WireAgrees { margin: Option<f64>, absolute: Option<f64>, value: Option<f64> });
wire_claim!(WireBound { bound: f64 });
wire_claim!(WireSignClaim { sign: WireSign });

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireScale {
    Linear,
    Log,
    Log2,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireWidth {
    #[default]
    OneColumn,
    TwoColumns,
}

/// Points, lines and error bars.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first; `where` is read from the tree")]
pub(super) struct WireLine {
    pub kind: String,
    pub name: Option<String>,
    pub title: Option<String>,
    pub x: String,
    pub y: String,
    pub series: Option<String>,
    pub panel: Option<String>,
    #[serde(default)]
    pub r#where: Subtree,
    #[serde(default)]
    pub exact: bool,
    #[serde(default)]
    pub floor: bool,
    pub x_scale: Option<WireScale>,
    pub y_scale: Option<WireScale>,
    #[serde(default)]
    pub width: WireWidth,
}

/// Colours over two columns.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first; `where` is read from the tree")]
pub(super) struct WireHeatMap {
    pub kind: String,
    pub name: Option<String>,
    pub title: Option<String>,
    pub x: String,
    pub y: String,
    pub value: String,
    pub panel: Option<String>,
    #[serde(default)]
    pub r#where: Subtree,
    pub centre: Option<f64>,
    #[serde(default)]
    pub width: WireWidth,
}

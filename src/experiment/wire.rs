//! Owns the serialised twins of an experiment file: plain structs, one per table and kind.
//!
//! They say what the file may hold and no more; ranges and cross-field rules are checked where they are turned into
//! the domain's types. Numbers are wide here, so that a wrong one is refused by rule and not by its bits.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// One line of plain text, not empty: what the schema can say of it.
pub(super) const LINE: &str = "^[^\\u0000-\\u001f\\u007f]+$";

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
    #[schemars(extend("pattern" = LINE))]
    pub title: String,
    #[serde(default)]
    pub about: String,
    pub study: WireStudy,
    #[schemars(range(min = 0))]
    pub seed: i64,
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
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
    Training,
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
    #[schemars(range(min = 1, max = 1_000_000_000_000_i64))]
    pub replicates: i64,
    #[schemars(range(min = 1, max = 1_000_000_000_000_i64))]
    pub quick: Option<i64>,
}

/// World A.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first and chose this struct")]
pub(super) struct WireDirichlet {
    pub kind: String,
    #[schemars(range(min = 2, max = 65535))]
    pub modes: Option<i64>,
    #[serde(default)]
    pub base: WireBase,
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub concentration: f64,
}

/// World A with copied responses.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first and chose this struct")]
pub(super) struct WireCopies {
    pub kind: String,
    #[schemars(range(min = 2, max = 65535))]
    pub modes: Option<i64>,
    #[serde(default)]
    pub base: WireBase,
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub concentration: f64,
    #[schemars(range(min = 0.0, max = 1.0))]
    pub copy_probability: f64,
}

/// The measures of a file, by study.
#[derive(Debug)]
pub(super) enum WireMeasures {
    Selection(Vec<WireMeasure>),
    Training(Vec<WireFitMeasure>),
}

/// A file of the study `training`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(
    dead_code,
    reason = "subtrees are read from the tree; here they only have to be known keys"
)]
pub(super) struct WireTraining {
    pub title: String,
    #[serde(default)]
    pub about: String,
    pub study: WireStudy,
    pub seed: i64,
    pub measures: Vec<WireFitMeasure>,
    pub world: Subtree,
    #[serde(default)]
    pub training: Subtree,
    #[serde(default)]
    pub budget: Subtree,
    pub arms: Subtree,
    #[serde(default)]
    pub sweep: Subtree,
    pub run: WireRun,
    #[serde(default)]
    pub claims: Subtree,
    #[serde(default)]
    pub figures: Subtree,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireFitMeasure {
    ExcessNll,
    TestNll,
    ReverseKl,
    TotalVariation,
    Entropy,
    MissingMode,
    Unconverged,
    Steps,
}

/// The method keys of one arm of `training` that stand in `[arms]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WireFitArm {
    pub prompts: Option<i64>,
    pub responses: i64,
    #[serde(default)]
    pub selector: WireSelector,
}

/// How fits descend.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(super) struct WireDescent {
    pub rate: f64,
    pub steps: i64,
    pub ridge: f64,
    pub tolerance: f64,
}

impl Default for WireDescent {
    fn default() -> Self {
        Self {
            rate: 1.0,
            steps: 3000,
            ridge: 0.0,
            tolerance: 1e-6,
        }
    }
}

/// A budget that buys prompts with K responses each.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WireBudget {
    pub total: f64,
    pub prompt_cost: f64,
    pub response_cost: f64,
}

/// The method keys of one arm that stand in `[arms]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WireArm {
    #[schemars(range(min = 1, max = 4_294_967_295_i64))]
    pub prompts: i64,
    #[schemars(range(min = 1, max = 1048576))]
    pub responses: i64,
    #[schemars(range(min = 1, max = 1048576))]
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

fn weights(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let weight = serde_json::json!({ "type": "number", "exclusiveMinimum": 0 });
    schemars::json_schema!({ "type": "array", "items": weight, "minItems": 2, "maxItems": 65535 })
}

/// `"uniform"`, `{ geometric = r }` or a list of weights.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(super) enum WireBase {
    Named(WireUniform),
    Geometric(WireGeometric),
    Listed(#[schemars(schema_with = "weights")] Vec<f64>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireUniform {
    Uniform,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WireGeometric {
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
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
    #[schemars(extend("pattern" = "^[a-z0-9-]{1,100}$"))]
    pub name: Option<String>,
    #[schemars(extend("pattern" = LINE))]
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
    #[serde(default)]
    pub reference: bool,
    #[serde(default)]
    pub optimum: bool,
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
    #[schemars(extend("pattern" = "^[a-z0-9-]{1,100}$"))]
    pub name: Option<String>,
    #[schemars(extend("pattern" = LINE))]
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

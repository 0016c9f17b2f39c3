//! Owns the twins of what arms are made of.

use super::form::{FromForm, forms, refused};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Deserializer};

/// The method keys that stand in `[arms]`, of an arm whose prompts a budget may buy.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::experiment) struct WireBudgetedArm {
    pub prompts: Option<i64>,
    pub responses: i64,
    pub candidates: Option<i64>,
    #[serde(default)]
    pub selector: WireSelector,
}

/// How fits descend.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(in crate::experiment) struct WireDescent {
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
pub(in crate::experiment) struct WireBudget {
    pub total: f64,
    pub prompt_cost: f64,
    pub response_cost: f64,
}

/// The same of an arm whose prompts are stated.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::experiment) struct WireArm {
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
pub(in crate::experiment) enum WireSelector {
    #[default]
    Random,
    Best,
    Diverse,
    DiverseMaxMin,
    DiverseBest,
    DiverseWeighted,
    DiverseBestWeighted,
}

/// What `diverse` and its kin maximise.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(in crate::experiment) struct WireObjective {
    #[schemars(range(min = 0.0, max = 1.0))]
    pub reward_share: f64,
    pub reward_scale: WireRewardScale,
    pub balance: WireBalance,
    pub similarity: WireSimilarity,
    pub ties: WireTies,
}

impl Default for WireObjective {
    fn default() -> Self {
        Self {
            reward_share: 0.5,
            reward_scale: WireRewardScale::MinMax,
            balance: WireBalance::Sums,
            similarity: WireSimilarity::Named(WireCosine::Cosine),
            ties: WireTies::Split,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireRewardScale {
    MinMax,
    Raw,
    ZScore,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireBalance {
    Sums,
    Means,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireTies {
    Split,
    First,
}

/// `"cosine"`, `"raw-cosine"` or `{ rbf = bandwidth }`.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(in crate::experiment) enum WireSimilarity {
    Named(WireCosine),
    Rbf(WireRbf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireCosine {
    Cosine,
    RawCosine,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::experiment) struct WireRbf {
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub rbf: f64,
}

impl FromForm for WireSimilarity {
    const EXPECTED: &'static str = "\"cosine\", \"raw-cosine\" or { rbf = bandwidth }";

    fn word<'de, D: Deserializer<'de>>(word: D) -> Result<Self, D::Error> {
        WireCosine::deserialize(word).map(Self::Named)
    }

    fn list<E: de::Error>(_: Vec<f64>) -> Result<Self, E> {
        Err(refused("a list", Self::EXPECTED))
    }

    fn table<'de, D: Deserializer<'de>>(table: D) -> Result<Self, D::Error> {
        WireRbf::deserialize(table).map(Self::Rbf)
    }
}

impl<'de> Deserialize<'de> for WireSimilarity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        forms(deserializer)
    }
}

#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::experiment) struct WirePolicy {
    #[serde(default)]
    pub theta: WireTheta,
}

/// `"uniform"`, `"optimum"` or a list of logits.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(in crate::experiment) enum WireTheta {
    Named(WireThetaName),
    Logits(Vec<f64>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireThetaName {
    Uniform,
    Optimum,
}

impl Default for WireTheta {
    fn default() -> Self {
        Self::Named(WireThetaName::Uniform)
    }
}

impl FromForm for WireTheta {
    const EXPECTED: &'static str = "\"uniform\", \"optimum\" or a list of logits";

    fn word<'de, D: Deserializer<'de>>(word: D) -> Result<Self, D::Error> {
        WireThetaName::deserialize(word).map(Self::Named)
    }

    fn list<E: de::Error>(numbers: Vec<f64>) -> Result<Self, E> {
        Ok(Self::Logits(numbers))
    }

    fn table<'de, D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(refused("a table", Self::EXPECTED))
    }
}

impl<'de> Deserialize<'de> for WireTheta {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        forms(deserializer)
    }
}

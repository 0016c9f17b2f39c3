//! Owns the twins of worlds.

use super::form::{FromForm, forms};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{self, Deserializer};

/// World A.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first and chose this struct")]
pub(in crate::experiment) struct WireDirichlet {
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
pub(in crate::experiment) struct WireCopies {
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

/// World E: World A's modes with rewards and embeddings.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first and chose this struct")]
pub(in crate::experiment) struct WireEmbedded {
    pub kind: String,
    #[schemars(range(min = 2, max = 65535))]
    pub modes: Option<i64>,
    #[serde(default)]
    pub base: WireBase,
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub concentration: f64,
    #[serde(default)]
    pub reward: WireReward,
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub reward_noise: f64,
    #[serde(default)]
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub centre_correlation: f64,
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub embedding_noise: f64,
    #[schemars(range(min = 2, max = 65536))]
    pub dimension: Option<i64>,
}

/// `"aligned"`, `"opposed"`, `{ permuted = seed }` or a list of rewards.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(in crate::experiment) enum WireReward {
    Named(WireOrder),
    Permuted(WirePermuted),
    Listed(Vec<f64>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireOrder {
    Aligned,
    Opposed,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::experiment) struct WirePermuted {
    #[schemars(range(min = 0))]
    pub permuted: i64,
}

impl Default for WireReward {
    fn default() -> Self {
        Self::Named(WireOrder::Aligned)
    }
}

impl FromForm for WireReward {
    const EXPECTED: &'static str = "\"aligned\", \"opposed\", { permuted = seed } or a list of rewards";

    fn word<'de, D: Deserializer<'de>>(word: D) -> Result<Self, D::Error> {
        WireOrder::deserialize(word).map(Self::Named)
    }

    fn list<E: de::Error>(numbers: Vec<f64>) -> Result<Self, E> {
        Ok(Self::Listed(numbers))
    }

    fn table<'de, D: Deserializer<'de>>(table: D) -> Result<Self, D::Error> {
        WirePermuted::deserialize(table).map(Self::Permuted)
    }
}

impl<'de> Deserialize<'de> for WireReward {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        forms(deserializer)
    }
}

fn weights(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let weight = serde_json::json!({ "type": "number", "exclusiveMinimum": 0 });
    schemars::json_schema!({ "type": "array", "items": weight, "minItems": 2, "maxItems": 65535 })
}

/// `"uniform"`, `{ geometric = r }` or a list of weights.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[serde(rename_all = "kebab-case", untagged)]
pub(in crate::experiment) enum WireBase {
    Named(WireUniform),
    Geometric(WireGeometric),
    Listed(#[schemars(schema_with = "weights")] Vec<f64>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireUniform {
    Uniform,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::experiment) struct WireGeometric {
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub geometric: f64,
}

impl Default for WireBase {
    fn default() -> Self {
        Self::Named(WireUniform::Uniform)
    }
}

impl FromForm for WireBase {
    const EXPECTED: &'static str = "\"uniform\", { geometric = r } or a list of weights";

    fn word<'de, D: Deserializer<'de>>(word: D) -> Result<Self, D::Error> {
        WireUniform::deserialize(word).map(Self::Named)
    }

    fn list<E: de::Error>(numbers: Vec<f64>) -> Result<Self, E> {
        Ok(Self::Listed(numbers))
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

//! Owns the twins of the study `stopping`: laws of samples, arms, measures.

use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireStoppingMeasure {
    Coverage,
    Bias,
    Replicates,
    Missed,
}

/// The method keys of one arm of `stopping`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::experiment) struct WireStoppingArm {
    #[serde(default)]
    pub looks: WireRunLooks,
    #[schemars(range(min = 2, max = 128))]
    pub groups: Option<i64>,
    #[schemars(range(min = 1e-6, max = 0.25))]
    pub relative: Option<f64>,
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub absolute: Option<f64>,
    #[schemars(range(min = 16, max = 10_000_000))]
    pub at_most: Option<i64>,
}

/// When a simulated run looks: as `run.looks`, or as no run should.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireRunLooks {
    #[default]
    Rounds,
    TwoStage,
    EveryBlock,
}

/// Normal samples.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first and chose this struct")]
pub(in crate::experiment) struct WireNormal {
    pub kind: String,
    #[schemars(range(min = -1e6, max = 1e6))]
    pub mean: Option<f64>,
    #[schemars(extend("exclusiveMinimum" = 0), range(max = 1e6))]
    pub deviation: Option<f64>,
}

/// Exponential samples.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first and chose this struct")]
pub(in crate::experiment) struct WireExponential {
    pub kind: String,
    #[schemars(extend("exclusiveMinimum" = 0), range(max = 1e6))]
    pub mean: Option<f64>,
}

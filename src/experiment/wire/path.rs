//! Owns the twins of what only files of the study `alignment` have.

use schemars::JsonSchema;
use serde::Deserialize;

/// The last step that can be recorded. Each estimate walks its path once per group of replicates.
pub(in crate::experiment) const MOST_STEPS: i64 = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireAlignMeasure {
    Alignment,
    Path,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireAlong {
    Own,
    True,
}

/// Which path is taken, and where it is looked at.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(in crate::experiment) struct WirePath {
    pub along: WireAlong,
    #[schemars(range(min = 1e-6, max = 1e3))]
    pub rate: f64,
    #[schemars(length(min = 1, max = 256), inner(range(min = 0, max = MOST_STEPS)))]
    pub steps: Vec<i64>,
}

impl Default for WirePath {
    fn default() -> Self {
        Self {
            along: WireAlong::Own,
            rate: 1.0,
            steps: vec![0, 1, 2, 5, 10, 20, 50, 100, 200],
        }
    }
}

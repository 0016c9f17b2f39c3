//! Owns the twins of figures.

use super::{LINE, Subtree};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireScale {
    Linear,
    Log,
    Log2,
    Log1p,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireWidth {
    #[default]
    OneColumn,
    TwoColumns,
}

/// Points, lines and error bars.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first; `where` is read from the tree")]
pub(in crate::experiment) struct WireLine {
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
    #[serde(default)]
    pub bound: bool,
    pub x_scale: Option<WireScale>,
    pub y_scale: Option<WireScale>,
    #[serde(default)]
    pub width: WireWidth,
}

/// Colours over two columns.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first; `where` is read from the tree")]
pub(in crate::experiment) struct WireHeatMap {
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

/// Stacked bars.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first; `where` is read from the tree")]
pub(in crate::experiment) struct WireBars {
    pub kind: String,
    #[schemars(extend("pattern" = "^[a-z0-9-]{1,100}$"))]
    pub name: Option<String>,
    #[schemars(extend("pattern" = LINE))]
    pub title: Option<String>,
    pub x: String,
    #[schemars(length(min = 1, max = 4), extend("uniqueItems" = true))]
    pub y: Vec<String>,
    pub total: Option<String>,
    pub series: Option<String>,
    pub panel: Option<String>,
    #[serde(default)]
    pub r#where: Subtree,
    #[serde(default)]
    pub exact: bool,
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub y_max: Option<f64>,
    #[serde(default)]
    pub width: WireWidth,
}

/// One pool in the plane.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[expect(dead_code, reason = "the kind was read first; `where` is read from the tree")]
pub(in crate::experiment) struct WirePool {
    pub kind: String,
    #[schemars(extend("pattern" = "^[a-z0-9-]{1,100}$"))]
    pub name: Option<String>,
    #[schemars(extend("pattern" = LINE))]
    pub title: Option<String>,
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub replicate: i64,
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub prompt: i64,
    #[schemars(range(min = 1))]
    pub responses: Option<i64>,
    pub panel: Option<String>,
    #[serde(default)]
    pub r#where: Subtree,
    #[serde(default)]
    pub width: WireWidth,
}

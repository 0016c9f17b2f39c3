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

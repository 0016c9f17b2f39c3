//! Owns the serialised twins of an experiment file: plain structs, one per table and kind.
//!
//! They say what the file may hold and no more; ranges and cross-field rules are checked where they are turned into
//! the domain's types. Numbers are wide here, so that a wrong one is refused by rule and not by its bits.

mod arms;
mod figures;
mod form;
mod world;

pub(super) use arms::{
    WireArm, WireBalance, WireBudget, WireCosine, WireDescent, WireFitArm, WireObjective, WirePolicy, WireRewardScale,
    WireSelector, WireSimilarity, WireTheta, WireThetaName,
};
pub(super) use figures::{WireHeatMap, WireLine, WireScale, WireWidth};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
pub(super) use world::{WireBase, WireCopies, WireDirichlet, WireEmbedded, WireOrder, WireReward};

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
    #[serde(default)]
    pub objective: Subtree,
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

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WireRun {
    #[schemars(range(min = 1, max = 1_000_000_000_000_i64))]
    pub replicates: i64,
    #[schemars(range(min = 1, max = 1_000_000_000_000_i64))]
    pub quick: Option<i64>,
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
    #[serde(default)]
    pub objective: Subtree,
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

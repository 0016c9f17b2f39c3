//! Owns the serialised twins of an experiment file: plain structs, one per table and kind.
//!
//! They say what the file may hold and no more; ranges and cross-field rules are checked where they are turned into
//! the domain's types. Numbers are wide here, so that a wrong one is refused by rule and not by its bits.

mod arms;
mod figures;
mod form;
mod greedy;
mod path;
mod roots;
mod stopping;
mod world;

pub(super) use arms::{
    WireArm, WireBalance, WireBudget, WireBudgetedArm, WireCosine, WireDescent, WireObjective, WirePolicy,
    WireRewardScale, WireSelector, WireSimilarity, WireTheta, WireThetaName, WireTies,
};
pub(super) use figures::{WireBars, WireHeatMap, WireLine, WirePool, WireScale, WireWidth};
pub(super) use greedy::{
    WireAdversarial, WireBinary, WireClusters, WireGreedyArm, WireGreedyMeasure, WireGreedySelector, WireSphere,
    WireUniformPairs,
};
pub(super) use path::{MOST_STEPS, WireAlignMeasure, WireAlong, WirePath};
pub(super) use roots::{Header, WireAlignment, WireGreedy, WireSelection, WireStopping, WireTraining};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
pub(super) use stopping::{WireExponential, WireNormal, WireRunLooks, WireStoppingArm, WireStoppingMeasure};
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

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireStudy {
    Selection,
    Training,
    Alignment,
    Greedy,
    Stopping,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireMeasure {
    ModeMass,
    ModeMassByMode,
    Gradient,
    Loss,
    Returns,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WireRun {
    #[schemars(range(min = 1, max = 1_000_000_000_000_i64))]
    pub replicates: Option<i64>,
    #[schemars(length(min = 1))]
    pub precision: Option<Vec<WirePrecision>>,
    #[schemars(range(min = 1, max = 1_000_000_000_000_i64))]
    pub at_most: Option<i64>,
    #[serde(default)]
    pub looks: WireLooks,
    #[schemars(range(min = 0, max = 1))]
    pub failures: Option<f64>,
    #[schemars(range(min = 1, max = 1_000_000_000_000_i64))]
    pub quick: Option<i64>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WirePrecision {
    pub estimand: String,
    #[schemars(range(min = 1e-6, max = 0.25))]
    pub relative: Option<f64>,
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub absolute: Option<f64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireLooks {
    #[default]
    Rounds,
    TwoStage,
}

/// The measures of a file, by study.
#[derive(Debug)]
pub(super) enum WireMeasures {
    Selection(Vec<WireMeasure>),
    Training(Vec<WireFitMeasure>),
    Alignment(Vec<WireAlignMeasure>),
    Greedy(Vec<WireGreedyMeasure>),
    Stopping(Vec<WireStoppingMeasure>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum WireFitMeasure {
    ExcessNll,
    TestNll,
    ReverseKl,
    TotalVariation,
    Entropy,
    ExpectedReward,
    MissingMode,
    ModesSeen,
    Unconverged,
    Steps,
}

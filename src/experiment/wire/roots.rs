//! Owns the twins of whole files: what every study's file has, and the tables that each adds.

use super::{
    LINE, Subtree, WireAlignMeasure, WireFitMeasure, WireGreedyMeasure, WireMeasure, WireMeasures, WireRun,
    WireStoppingMeasure, WireStudy,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// What files of every study have.
#[derive(Debug)]
pub(in crate::experiment) struct Header {
    pub title: String,
    pub about: String,
    pub run: WireRun,
    pub measures: WireMeasures,
}

/// A file of one study: its measures, and the tables that only it has.
macro_rules! root {
    ($(#[$doc:meta])* $name:ident: $measure:ty => $study:ident { $($table:ident),* }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        #[expect(
            dead_code,
            reason = "subtrees are read from the tree; here they only have to be known keys"
        )]
        pub(in crate::experiment) struct $name {
            #[schemars(extend("pattern" = LINE))]
            title: String,
            #[serde(default)]
            about: String,
            study: WireStudy,
            #[schemars(range(min = 0))]
            seed: i64,
            #[schemars(length(min = 1), extend("uniqueItems" = true))]
            measures: Vec<$measure>,
            world: Subtree,
            $(
                #[serde(default)]
                $table: Subtree,
            )*
            arms: Subtree,
            #[serde(default)]
            sweep: Subtree,
            run: WireRun,
            #[serde(default)]
            claims: Subtree,
            #[serde(default)]
            figures: Subtree,
        }

        impl From<$name> for Header {
            fn from(wire: $name) -> Self {
                Self {
                    title: wire.title,
                    about: wire.about,
                    run: wire.run,
                    measures: WireMeasures::$study(wire.measures),
                }
            }
        }
    };
}

root!(
    /// A file of the study `selection`.
    WireSelection: WireMeasure => Selection { policy, budget, objective }
);
root!(
    /// A file of the study `training`.
    WireTraining: WireFitMeasure => Training { training, budget, objective }
);
root!(
    /// A file of the study `alignment`.
    WireAlignment: WireAlignMeasure => Alignment { path, objective }
);
root!(
    /// A file of the study `greedy`.
    WireGreedy: WireGreedyMeasure => Greedy { objective }
);
root!(
    /// A file of the study `stopping`.
    WireStopping: WireStoppingMeasure => Stopping {}
);

//! Owns the twins of the study `greedy`: families of instances, arms, measures.

use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireGreedyMeasure {
    Guarantee,
    Conditions,
}

/// The method keys of one arm of `greedy` that stand in `[arms]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::experiment) struct WireGreedyArm {
    #[schemars(range(min = 1, max = 16))]
    pub responses: i64,
    #[schemars(range(min = 2, max = 16))]
    pub candidates: i64,
    pub selector: WireGreedySelector,
}

/// The selectors whose picks have a guarantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::experiment) enum WireGreedySelector {
    Diverse,
    DiverseBest,
}

macro_rules! family {
    ($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $key:ident: $type:ty),* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        #[expect(dead_code, reason = "the kind was read first and chose this struct")]
        pub(in crate::experiment) struct $name {
            pub kind: String,
            $($(#[$meta])* pub $key: Option<$type>,)*
        }
    };
}

family!(
    /// Random directions.
    WireSphere {
        #[schemars(range(min = 1, max = 256))]
        dimension: i64
    }
);
family!(
    /// Directions near orthonormal centres.
    WireClusters {
        #[schemars(range(min = 1, max = 256))]
        clusters: i64,
        #[schemars(range(min = 1, max = 256))]
        dimension: i64,
        #[schemars(range(min = 0.0))]
        embedding_noise: f64
    }
);
family!(
    /// Symmetric uniform similarities.
    WireUniformPairs {}
);
family!(
    /// Similarities of 0 and 1.
    WireBinary {
        #[schemars(range(min = 0.0, max = 1.0))]
        density: f64
    }
);
family!(
    /// Similarities of 0 and 1, made worse.
    WireAdversarial {
        #[schemars(range(min = 0.0, max = 1.0))]
        density: f64,
        #[schemars(range(min = 0, max = 100_000))]
        steps: i64
    }
);

//! Owns what every key of an experiment file means: one table, from which `explain` and the schema's descriptions are made.

mod claims;
mod doc;
mod figures;
mod file;
mod methods;

pub use doc::KeyDoc;
use doc::key;

/// Every key, in the order of a file.
pub fn all() -> impl Iterator<Item = &'static KeyDoc> + Clone {
    let own = file::FILE.iter().chain(methods::METHODS);
    own.chain(claims::CLAIMS).chain(figures::FIGURES)
}

/// The keys that a word or path may mean: the one with this path (`claims.kind` as well as `claims[].kind`), a method key
/// by its name in grids, a key as messages name it (`arms.grid.prompts`), or every key that ends in this word.
pub fn find(path: &str) -> Vec<&'static KeyDoc> {
    let in_grid = ["grid", "zip", "points", "exclude"]
        .iter()
        .find_map(|part| path.split_once(&format!(".{part}.")));
    if let Some(("arms" | "sweep", key)) = in_grid {
        return find(key);
    }
    let listed = path.replace("claims.", "claims[].").replace("figures.", "figures[].");
    for whole in [path, &listed] {
        if let Some(doc) = all().find(|doc| doc.path == whole) {
            return vec![doc];
        }
    }
    // What a simulated run looks at is what a run looks at: both are shown.
    let method = format!("arms.{path}");
    let is_method = all().any(|doc| doc.path == method);
    let ends = |doc: &&KeyDoc| doc.path.rsplit('.').next() == Some(path);
    let meant = |doc: &&KeyDoc| !is_method || doc.path == method || doc.path.starts_with("run.");
    all().filter(ends).filter(meant).collect()
}

/// Method keys that stand directly in `[arms]`, in any study.
pub const ARM_KEYS: [&str; 9] = [
    "prompts",
    "responses",
    "candidates",
    "selector",
    "looks",
    "groups",
    "relative",
    "absolute",
    "at-most",
];

/// Those of studies of prompts and responses.
const POOL_KEYS: [&str; 4] = ["prompts", "responses", "candidates", "selector"];

/// Those of `stopping`.
const RULE_KEYS: [&str; 5] = ["looks", "groups", "relative", "absolute", "at-most"];

/// The keys of one study that methods are made of.
#[derive(Debug, Clone, Copy)]
pub struct StudyKeys {
    /// The study's name in files.
    pub study: &'static str,
    /// Method keys that stand directly in `[arms]`.
    pub arms: &'static [&'static str],
    /// Method keys, as they are named in grids.
    pub methods: &'static [&'static str],
    /// Keys that change the draws, as they are named in grids.
    pub draws: &'static [&'static str],
}

/// The method keys of every study.
pub const STUDY_KEYS: [StudyKeys; 5] = [
    StudyKeys {
        study: "selection",
        arms: &POOL_KEYS,
        methods: &[
            "prompts",
            "responses",
            "candidates",
            "selector",
            "policy.theta",
            "objective.reward-share",
            "objective.reward-scale",
            "objective.balance",
            "objective.similarity",
            "objective.ties",
            "budget.total",
            "budget.prompt-cost",
            "budget.response-cost",
        ],
        draws: &WORLD_KEYS,
    },
    StudyKeys {
        study: "training",
        arms: &POOL_KEYS,
        methods: &[
            "prompts",
            "responses",
            "candidates",
            "selector",
            "objective.reward-share",
            "objective.reward-scale",
            "objective.balance",
            "objective.similarity",
            "objective.ties",
            "training.rate",
            "training.steps",
            "training.ridge",
            "training.tolerance",
            "budget.total",
            "budget.prompt-cost",
            "budget.response-cost",
        ],
        draws: &WORLD_KEYS,
    },
    StudyKeys {
        study: "alignment",
        arms: &POOL_KEYS,
        methods: &[
            "prompts",
            "responses",
            "candidates",
            "selector",
            "objective.reward-share",
            "objective.reward-scale",
            "objective.balance",
            "objective.similarity",
            "objective.ties",
            "path.along",
            "path.rate",
        ],
        draws: &WORLD_KEYS,
    },
    StudyKeys {
        study: "greedy",
        arms: &["responses", "candidates", "selector"],
        methods: &[
            "responses",
            "candidates",
            "selector",
            "objective.reward-share",
            "objective.reward-scale",
            "objective.balance",
            "objective.similarity",
        ],
        draws: &[
            "seed",
            "world.kind",
            "world.dimension",
            "world.clusters",
            "world.embedding-noise",
            "world.density",
            "world.steps",
        ],
    },
    StudyKeys {
        study: "stopping",
        arms: &RULE_KEYS,
        methods: &RULE_KEYS,
        draws: &["seed", "world.kind", "world.mean", "world.deviation"],
    },
];

/// Keys that change the draws of worlds with prompts and responses.
const WORLD_KEYS: [&str; 11] = [
    "seed",
    "world.kind",
    "world.modes",
    "world.base",
    "world.concentration",
    "world.copy-probability",
    "world.reward",
    "world.reward-noise",
    "world.centre-correlation",
    "world.embedding-noise",
    "world.dimension",
];

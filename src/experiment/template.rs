//! Owns the commented starting points that `new` writes. A test checks that each is a valid experiment.

/// The studies that have a template.
pub const TEMPLATES: [&str; 5] = ["selection", "training", "alignment", "greedy", "stopping"];

/// The template of a study.
pub fn template(study: &str) -> Option<&'static str> {
    match study {
        "selection" => Some(SELECTION),
        "training" => Some(TRAINING),
        "alignment" => Some(ALIGNMENT),
        "greedy" => Some(GREEDY),
        "stopping" => Some(STOPPING),
        _ => None,
    }
}

const SELECTION: &str = include_str!("template-selection.toml");
const TRAINING: &str = include_str!("template-training.toml");
const ALIGNMENT: &str = include_str!("template-alignment.toml");
const GREEDY: &str = include_str!("template-greedy.toml");
const STOPPING: &str = include_str!("template-stopping.toml");

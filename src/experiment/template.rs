//! Owns the commented starting points that `new` writes. A test checks that each is a valid experiment.

/// The studies that have a template.
pub const TEMPLATES: [&str; 1] = ["selection"];

/// The template of a study.
pub fn template(study: &str) -> Option<&'static str> {
    match study {
        "selection" => Some(SELECTION),
        _ => None,
    }
}

const SELECTION: &str = include_str!("template-selection.toml");

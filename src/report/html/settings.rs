//! Owns the settings of an experiment as a table: each key with its value and what it means.

use super::elements::table;
use crate::experiment::Experiment;
use crate::experiment::docs::{self, KeyEntry};
use crate::format::keys::Role;
use crate::format::tree;

/// Which keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Those that decide the draws, and how many there are.
    Mechanism,
    /// Those of arms.
    Methods,
}

/// Tables and keys that stand elsewhere on the page.
const ELSEWHERE: [&str; 5] = ["title", "about", "measures", "claims", "figures"];

/// The keys of a part, in the order of the file, and what was laid over it.
pub(super) fn table_of(experiment: &Experiment, part: Part) -> String {
    // Cannot fail because the experiment was read from this text.
    let file = tree::parse(&experiment.source);
    let entries = file.as_ref().map(tree::Node::entries).unwrap_or_default();
    let study = entries.iter().find(|entry| entry.key == "study");
    let study = study.map(|entry| entry.node.value.text()).unwrap_or_default();
    let mut values = Vec::new();
    for own in entries.iter().filter(|entry| !ELSEWHERE.contains(&entry.key.as_str())) {
        flatten(&own.key, &own.node, &mut values);
    }
    let row = |(path, value): (String, String)| {
        let entry = entry(&study, &path);
        let is_method = path.starts_with("arms.") || entry.is_some_and(|entry| entry.doc.role == Role::Method);
        let is_swept = path.starts_with("sweep.");
        let meaning = entry.map_or("", |entry| entry.doc.about).to_owned();
        ((is_method && !is_swept) == (part == Part::Methods)).then(|| vec![path, value, meaning])
    };
    let mut rows: Vec<Vec<String>> = values.into_iter().filter_map(row).collect();
    if part == Part::Mechanism {
        let laid = |set: &String| vec!["--set".to_owned(), set.clone(), "laid over the file".to_owned()];
        rows.extend(experiment.sets.iter().map(laid));
    }
    match rows.is_empty() {
        true => String::new(),
        false => table("", &["key", "value", "meaning"], &rows),
    }
}

/// Every value below a path, by dotted paths.
fn flatten(path: &str, node: &tree::Node, rows: &mut Vec<(String, String)>) {
    match node.entries() {
        [] => rows.push((path.to_owned(), node.value.text())),
        entries => {
            for own in entries {
                flatten(&format!("{path}.{}", own.key), &own.node, rows);
            }
        }
    }
}

/// What is known of a key in a study. What stands in a value, as `geometric` in that of `base`, is told by the key it belongs to.
fn entry(study: &str, path: &str) -> Option<&'static KeyEntry> {
    let entries = docs::find(path);
    let own = entries
        .iter()
        .find(|entry| entry.studies.is_empty() || entry.studies.contains(&study));
    own.or(entries.first())
        .copied()
        .or_else(|| entry(study, path.rsplit_once('.')?.0))
}

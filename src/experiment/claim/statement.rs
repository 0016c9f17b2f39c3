//! Owns the statement of a claim in words, where the file gives none.

use super::keys::ClaimKeys;
use crate::engine::Reference;
use crate::format::tree::{Entry, Node, Value};
use crate::numerics::text::short;

/// What a claim says of an estimand, and where. `reference` is that of its first row.
pub(super) fn statement(keys: &ClaimKeys, reference: Option<Reference>, node: &Node) -> String {
    let reference = reference.map_or("its reference", |own| own.name);
    let said = keys.kind.words(&columns(node, "versus"), reference);
    let place = match node.get("where") {
        None => String::new(),
        Some(_) => format!(" where {}", columns(node, "where")),
    };
    let known = keys.with_exact.then_some(", for rows with an exact value");
    let often = keys.condition_at_least.map_or(String::new(), |least| {
        format!(", for rows that keep at least {}% of replicates", short(100.0 * least))
    });
    format!("{} {said}{place}{}{often}", keys.estimand, known.unwrap_or_default())
}

/// The columns of `where` or `versus`: `prompts = 4, responses in [1, 2]`.
pub(super) fn columns(node: &Node, key: &str) -> String {
    let entries = node.get(key).map(Node::entries).unwrap_or_default();
    let part = |Entry { key, node, .. }: &Entry| {
        let is = if matches!(node.value, Value::Array(_)) {
            "in"
        } else {
            "="
        };
        format!("{key} {is} {}", node.value.text())
    };
    entries.iter().map(part).collect::<Vec<String>>().join(", ")
}

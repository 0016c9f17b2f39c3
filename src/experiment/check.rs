//! Owns what every part of an experiment file checks alike: ranges, lists, lines of text, and the tree of one arm.

use super::fault::{Fault, Origin};
use super::grid::Point;
use super::keys::ARM_KEYS;
use super::paths::path_of;
use super::tree::{Entry, Node, Value};
use crate::study::countable;

/// The deepest pool: beyond it a prompt's responses no longer fit into a core's cache, let alone a budget.
pub(super) const DEEPEST_POOL: i64 = 1 << 20;

/// Tables beside `[arms]` that hold method keys.
pub(super) const ARM_TABLES: [&str; 5] = ["policy", "objective", "training", "budget", "path"];

/// The tree in which this arm's settings stand where they belong, for its values and their origins.
pub(super) fn arm_tree(tree: &Node, point: &Point) -> Result<Node, Fault> {
    let shared = tree.get("arms").map_or(&[][..], Node::entries);
    let fixed: Vec<Entry> = shared
        .iter()
        .filter(|entry| ARM_KEYS.contains(&entry.key.as_str()))
        .cloned()
        .collect();
    let tables = ARM_TABLES.iter().filter_map(|table| tree.entry(table).cloned());
    let arms = Entry {
        key: "arms".to_owned(),
        origin: tree.origin_of("arms"),
        node: Node {
            value: Value::Table(fixed),
            origin: tree.origin_of("arms"),
        },
    };
    let mut own = Node {
        value: Value::Table(std::iter::once(arms).chain(tables).collect()),
        origin: tree.origin.clone(),
    };
    for setting in point {
        own.lay(
            &path_of(&setting.key),
            &setting.key_origin,
            setting.node.as_ref().clone(),
        )?;
    }
    Ok(own)
}

/// The integer at `path` if it lies in range, or a fault that says which range.
pub(super) fn integer(tree: &Node, path: &str, value: i64, low: i64, high: i64) -> Result<i64, Fault> {
    if (low..=high).contains(&value) {
        return Ok(value);
    }
    let what = format!("{value} is out of range: an integer from {low} to {high} is expected");
    Err(Fault::new(&tree.origin_of(path), path, what))
}

/// Where an item of a list stands, or the list itself.
pub(super) fn item(tree: &Node, path: &str, index: usize) -> Origin {
    match tree.get(path).map(|node| &node.value) {
        Some(Value::Array(items)) if index < items.len() => items[index].origin.clone(),
        _ => tree.origin_of(path),
    }
}

pub(super) fn pool(own: &Node, candidates: i64, responses: i64) -> Result<u32, Fault> {
    let n = integer(own, "arms.candidates", candidates, 1, DEEPEST_POOL)?;
    if responses > n {
        let what = format!("K = {responses} responses cannot be kept of N = {n} candidates");
        let fault = Fault::new(&own.origin_of("arms.responses"), "responses", what);
        return Err(fault.and(&own.origin_of("arms.candidates"), format!("candidates = {n}")));
    }
    Ok(n as u32)
}

/// An empty list would measure nothing, and a repeated measure would give rows that nothing tells apart.
pub(super) fn refuse_no_or_double_measures<M: Copy + PartialEq>(
    tree: &Node,
    measures: &[M],
    name: fn(M) -> &'static str,
) -> Result<(), Fault> {
    let origin = tree.origin_of("measures");
    if measures.is_empty() {
        let what = "the list is empty: nothing would be measured";
        return Err(Fault::new(&origin, "measures", what));
    }
    let items = match tree.get("measures").map(|node| &node.value) {
        Some(Value::Array(items)) => items.as_slice(),
        _ => &[],
    };
    for (index, &measure) in measures.iter().enumerate() {
        if measures[..index].contains(&measure) {
            let origin = items.get(index).map_or(&origin, |item| &item.origin);
            let what = format!("{:?} stands here twice", name(measure));
            return Err(Fault::new(origin, "measures", what));
        }
    }
    Ok(())
}

/// A text that stands in tables and figures: one line, not empty, no control characters.
pub(super) fn one_line(node: &Node, key: &str, path: &str, text: String) -> Result<String, Fault> {
    let what = if text.trim().is_empty() {
        "the text is empty".to_owned()
    } else if let Some(bad) = text.chars().find(|c| c.is_control()) {
        format!("the character {bad:?} cannot stand here: one line of plain text is expected")
    } else {
        return Ok(text);
    };
    Err(Fault::new(&node.origin_of(key), path, what))
}

/// A replicate counts its responses in 32 bits. `depth` is N, or K where the pool has no size of its own.
pub(super) fn refuse_uncountable(own: &Node, prompts: i64, depth: u32) -> Result<(), Fault> {
    // Cannot cut off anything because prompts have been checked to lie in this range.
    if countable(prompts as u32, depth) {
        return Ok(());
    }
    let drawn = prompts * i64::from(depth);
    let what =
        format!("{prompts} prompts of {depth} candidates are {drawn} responses; a replicate has fewer than 2^32");
    let (path, shown) = match own.get("arms.prompts") {
        Some(_) => ("arms.prompts", "prompts"),
        None => ("budget.total", "budget.total"),
    };
    let fault = Fault::new(&own.origin_of(path), shown, what);
    let key = match own.get("arms.candidates") {
        Some(_) => "candidates",
        None => "responses",
    };
    Err(fault.and(&own.origin_of(&format!("arms.{key}")), format!("{key} = {depth}")))
}

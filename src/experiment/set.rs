//! Owns `--set KEY=VALUE`: values from the command line, laid over the file's tree with an origin of their own.

use super::docs::{self, KeyEntry};
use crate::format::grid::{Expansion, Point};
use crate::format::keys::Role;
use crate::format::tree::{self, DEEPEST, Node, Value};
use crate::format::{Fault, Origin, Source, bare_or_quoted, nearest, quoted, shown};
use crate::study::registry::Registry;
use std::cell::LazyCell;
use std::sync::Arc;

/// A value that was laid over the file.
pub struct Overlaid {
    /// Its path in the file.
    path: String,
    /// The argument.
    origin: Origin,
}

/// Lays one argument over the tree. A bare word counts as a string, and a method key needs no `arms.` before it.
pub fn overlay(root: &mut Node, set: &str, registry: &Registry) -> Result<Overlaid, Fault> {
    // All that is said of all keys takes a third of the time before a short run draws: most arguments do without.
    let keys = LazyCell::new(|| docs::of(registry));
    let set = set.trim_end();
    let source = Source::argument(&format!("--set {}", shown(set)), set.to_owned());
    let origin = Origin::new(&source, 0);
    let fault = |what: String| Fault::new(&origin, "", what);
    let (mut path, value) = split(set).map_err(fault)?;
    let in_arms = format!("arms.{}", path[0]);
    let of_written_table = path.len() > 1 && root.entry(&path[0]).is_some();
    if !of_written_table
        && keys.iter().any(|entry| entry.path == in_arms)
        && !keys.iter().any(|entry| entry.path == path[0])
    {
        path.insert(0, "arms".to_owned());
    }
    if let [key] = &path[..] {
        refuse_last_word(key, &origin, &keys)?;
    }
    let bare = value.trim_start();
    let node = match tree::parse_value(&source, set.len() - bare.len()) {
        Err(_) if is_word(bare) => Node {
            value: Value::String(bare.to_owned()),
            origin: origin.clone(),
        },
        Err(fault) => {
            let place = place_of_list(root, &path, &keys);
            let Some((place, list)) = place.zip(values(bare, &source)) else {
                return Err(fault);
            };
            if place != path {
                root.remove(&path);
            }
            path = place;
            list
        }
        Ok(node) => node,
    };
    root.overlay(&path, &origin, node)?;
    Ok(Overlaid {
        path: path.join("."),
        origin,
    })
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
}

/// `1,2,4` and `random,best`, which is no TOML, as a list of these values.
fn values(text: &str, source: &Arc<Source>) -> Option<Node> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let part = |part: &&str| {
        if is_word(part) {
            format!("{part:?}")
        } else {
            (*part).to_owned()
        }
    };
    let list: Vec<String> = parts.iter().map(part).collect();
    let listed = Source::argument(&source.name, format!("[{}]", list.join(", ")));
    // Not `1,,2` nor `[1,2],3`: who writes brackets means what TOML means.
    let plain = parts.len() > 1 && !text.contains(['[', ']', '{', '}', '"', '\'']);
    let node = plain.then(|| tree::parse_value(&listed, 0).ok())??;
    matches!(&node.value, Value::Array(items) if items.len() == parts.len()).then_some(node)
}

/// Where a list of values of a key stands: in the grid that varies it; of a key that takes lists, and of a grid's own, at its place;
/// else nowhere.
fn place_of_list(root: &Node, path: &[String], keys: &[KeyEntry]) -> Option<Vec<String>> {
    let whole = path.join(".");
    if ["arms.grid.", "sweep.grid."].iter().any(|grid| whole.starts_with(grid)) {
        return Some(path.to_vec());
    }
    let doc = keys.iter().find(|entry| entry.path == whole).map(|entry| &entry.doc)?;
    let key = match path.first().map(String::as_str) {
        Some("arms") => path[1..].join("."),
        _ => whole,
    };
    let swept = root.get("sweep.grid").is_some_and(|grid| grid.entry(&key).is_some());
    let table = match doc.role {
        _ if doc.kind.takes_lists() => return Some(path.to_vec()),
        Role::Fixed => return None,
        Role::Draws => "sweep",
        Role::Method if swept => "sweep",
        Role::Method => "arms",
    };
    Some([table.to_owned(), "grid".to_owned(), key].to_vec())
}

/// `--set modes=4` means `world.modes`, and says so; only method keys go without their table.
fn refuse_last_word(key: &str, origin: &Origin, keys: &[KeyEntry]) -> Result<(), Fault> {
    let mut seen = std::collections::HashSet::new();
    let known: Vec<&str> = keys
        .iter()
        .map(|entry| entry.path.as_str())
        .filter(|path| !path.contains('[') && seen.insert(*path))
        .collect();
    if known.contains(&key) {
        return Ok(());
    }
    let top = known.iter().filter(|path| !path.contains('.'));
    let mut fault = Fault::unknown(origin, "", "key", key, top);
    fault.nearest = nearest(key, &known).map(String::into_boxed_str);
    Err(fault)
}

/// Refuses a value that the sweep sets anew in every scenario: it would change nothing, in silence.
pub fn refuse_overruled(overlaid: &[Overlaid], sweep: &Expansion) -> Result<(), Fault> {
    for set in overlaid {
        let key = set.path.strip_prefix("arms.").unwrap_or(&set.path);
        let everywhere = |key: &str| {
            let sets = |point: &Point| point.iter().any(|setting| setting.key == key);
            sweep.points.iter().all(sets)
        };
        if let Some((key, origin)) = sweep.keys.iter().find(|(swept, _)| swept == key)
            && everywhere(key)
        {
            let fault = Fault::new(&set.origin, key.as_str(), "has no effect, because the sweep sets it");
            let place = format!("here; to sweep other values, set sweep.grid.{}", bare_or_quoted(key));
            return Err(fault.and(origin, place));
        }
    }
    Ok(())
}

/// The parts of the dotted key, and the text of the value.
pub(super) fn split(set: &str) -> Result<(Vec<String>, &str), String> {
    let mut parts = Vec::new();
    let mut rest = set;
    loop {
        let (part, after) = part(rest.trim_start())?;
        parts.push(part);
        let after = after.trim_start();
        if parts.len() > DEEPEST {
            return Err(format!("a key of more than {DEEPEST} parts"));
        }
        if let Some(value) = after.strip_prefix('=') {
            return Ok((parts, value));
        }
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => {
                return Err("has no `=`: write KEY=VALUE, for instance run.replicates=1000".to_owned());
            }
            None => return Err(format!("{} cannot stand in a key", quoted(after))),
        }
    }
}

/// One part of a dotted key, bare or in quotes, and what follows it.
fn part(text: &str) -> Result<(String, &str), String> {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            let Some((part, after)) = inner.split_once(quote) else {
                return Err("the quotes of the key are not closed".to_owned());
            };
            return Ok((part.to_owned(), after));
        }
    }
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let end = text.find(|c| !is_bare(c)).unwrap_or(text.len());
    let (part, after) = text.split_at(end);
    if part.is_empty() {
        return Err("a key is missing: write KEY=VALUE, for instance run.replicates=1000".to_owned());
    }
    Ok((part.to_owned(), after))
}

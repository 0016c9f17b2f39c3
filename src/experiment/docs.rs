//! Owns the list of all keys with their paths, for help texts, completions and messages.

use super::header;
use crate::format::keys::{KeyDoc, Kind, TableDoc};
use crate::study::registry::Registry;
use std::sync::LazyLock;

/// A key, where it stands, and which files have it.
#[derive(Debug, Clone)]
pub struct KeyEntry {
    /// Dotted path; `[]` stands for the tables of a list.
    pub path: String,
    /// What is said of it.
    pub doc: KeyDoc,
    /// The studies that have it so; empty where all do.
    pub studies: Vec<&'static str>,
    /// The kinds of its table that have it so; empty where all do.
    pub kinds: Vec<&'static str>,
}

static ALL: LazyLock<Vec<KeyEntry>> = LazyLock::new(|| of(&Registry::standard()));

/// Every key of the studies of this crate, in the order of a file; one that two studies describe differently stands there twice.
pub fn all() -> &'static [KeyEntry] {
    &ALL
}

/// Every key of the studies of a registry, likewise.
pub fn of(registry: &Registry) -> Vec<KeyEntry> {
    let mut entries: Vec<KeyEntry> = Vec::new();
    for study in &registry.studies {
        let table = header::describe(registry, &registry.describe(study));
        let mut own = Vec::new();
        walk(&table, "", &mut own);
        for mut entry in own {
            let same = |other: &&mut KeyEntry| {
                other.path == entry.path && other.kinds == entry.kinds && alike(&other.doc, &entry.doc)
            };
            match entries.iter_mut().find(same) {
                Some(known) => known.studies.push(study.name),
                None => {
                    entry.studies.push(study.name);
                    let last = entries.iter().rposition(|other| other.path == entry.path);
                    entries.insert(last.map_or(entries.len(), |last| last + 1), entry);
                }
            }
        }
    }
    for entry in &mut entries {
        if entry.studies.len() == registry.studies.len() {
            entry.studies.clear();
        }
    }
    entries
}

/// Whether two keys are described alike. Of tables their own keys, which are entries too, do not count.
fn alike(one: &KeyDoc, other: &KeyDoc) -> bool {
    let table = |doc: &KeyDoc| matches!(doc.kind, Kind::Table(_) | Kind::Tables(_));
    let words = |doc: &KeyDoc| (doc.about, doc.absent.clone(), doc.role, doc.symbol);
    words(one) == words(other) && (one.kind == other.kind || (table(one) && table(other)))
}

fn walk(table: &TableDoc, at: &str, out: &mut Vec<KeyEntry>) {
    for doc in table.all() {
        let path = match at {
            "" => doc.name.to_owned(),
            at => format!("{at}.{}", doc.name),
        };
        let inner = match &doc.kind {
            Kind::Table(inner) => Some((inner, path.clone())),
            Kind::Tables(inner) => Some((inner, format!("{path}[]"))),
            _ => None,
        };
        out.push(KeyEntry {
            path,
            doc: doc.clone(),
            studies: Vec::new(),
            kinds: table.kinds_with(doc),
        });
        if let Some((inner, at)) = inner {
            walk(inner, &at, out);
        }
    }
}

/// The keys that a word or path may mean: those with this path (`claims.kind` as well as `claims[].kind`), a method key by its
/// name in grids, a key as messages name it (`arms.grid.prompts`), or every key that ends in this word.
pub fn find(path: &str) -> Vec<&'static KeyEntry> {
    let in_grid = ["grid", "zip", "points", "exclude"]
        .iter()
        .find_map(|part| path.split_once(&format!(".{part}.")));
    if let Some(("arms" | "sweep", key)) = in_grid {
        return find(key);
    }
    let is = |entry: &KeyEntry, path: &str| entry.path == path || entry.path.replace("[]", "") == path;
    let whole: Vec<&KeyEntry> = all().iter().filter(|entry| is(entry, path)).collect();
    if !whole.is_empty() {
        return whole;
    }
    // What a simulated run looks at is what a run looks at: both are shown.
    let method = format!("arms.{path}");
    let is_method = all().iter().any(|entry| entry.path == method);
    let ends = |entry: &&KeyEntry| entry.path.rsplit('.').next() == Some(path);
    let meant = |entry: &&KeyEntry| !is_method || entry.path == method || entry.path.starts_with("run.");
    all().iter().filter(ends).filter(meant).collect()
}

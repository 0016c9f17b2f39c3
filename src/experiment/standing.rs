//! Owns which keys of a study may stand in `[sweep]` and in `[arms]`, alone or in a grid.

use super::header;
use crate::format::grid;
use crate::format::keys::Role;
use crate::format::tree::{Entry, Node, Value};
use crate::format::{Fault, Origin, bare_or_quoted};
use crate::study::registry::{Registry, StudyKeys, StudyKind};

/// Which keys of a study may stand where.
pub(super) struct Keys {
    pub study: StudyKeys,
    draws: Vec<String>,
    methods: Vec<String>,
}

impl Keys {
    pub fn of(registry: &Registry, study: &StudyKind) -> Self {
        let study = registry.describe(study);
        Self {
            draws: header::varying(&study, Role::Draws),
            methods: header::varying(&study, Role::Method),
            study,
        }
    }

    fn varying(&self) -> impl Iterator<Item = &str> + Clone {
        self.draws.iter().chain(&self.methods).map(String::as_str)
    }

    fn draws(&self, key: &str) -> bool {
        key == "world" || self.draws.iter().any(|own| own == key)
    }

    pub fn may_sweep(&self, key: &str, origin: &Origin, at: &str) -> Result<(), Fault> {
        if self.varying().any(|own| own == key) {
            return Ok(());
        }
        self.refuse_unquoted(key, origin, at)?;
        Err(Fault::unknown(origin, at, "key", key, self.varying()))
    }

    /// In a grid `world.modes = [...]` would be a table within a table: there a dotted key is one key, in quotes.
    fn refuse_unquoted(&self, key: &str, origin: &Origin, at: &str) -> Result<(), Fault> {
        let mut keys = self.varying();
        match keys.find(|known| known.split_once('.').is_some_and(|(table, _)| table == key)) {
            None => Ok(()),
            Some(example) => {
                let what = format!("a dotted key stands in quotes here, for instance {example:?}");
                Err(Fault::new(origin, at, what))
            }
        }
    }

    pub fn may_stand_in_arms(&self, key: &str, origin: &Origin, at: &str) -> Result<(), Fault> {
        if self.methods.iter().any(|own| own == key) {
            return Ok(());
        }
        if self.draws(key) {
            let what = "changes the draws, and all arms of a scenario share their draws: it may stand only in [sweep]";
            return Err(Fault::new(origin, at, what));
        }
        self.refuse_unquoted(key, origin, at)?;
        Err(Fault::unknown(origin, at, "key", key, &self.methods))
    }

    pub fn refuse_unknown_parts(&self, root: &Node, table: &str) -> Result<(), Fault> {
        let Some(node) = root.get(table) else {
            return Ok(());
        };
        if !matches!(node.value, Value::Table(_)) {
            let what = format!("{} where a table is expected", node.value.kind());
            return Err(Fault::new(&node.origin, table, what));
        }
        let alone = if table == "arms" { &self.study.arms[..] } else { &[] };
        let known: Vec<&str> = alone.iter().map(|key| key.name).chain(grid::EXPANDING).collect();
        match node.entries().iter().find(|entry| !known.contains(&entry.key.as_str())) {
            None => Ok(()),
            Some(entry) if table == "arms" && self.draws(&entry.key) => {
                self.may_stand_in_arms(&entry.key, &entry.origin, &format!("arms.{}", entry.key))
            }
            Some(entry) => Err(self.misplaced(entry, table, &known)),
        }
    }

    /// A key that may stand in a grid, but not alone.
    fn misplaced(&self, entry: &Entry, table: &str, known: &[&str]) -> Fault {
        let path = format!("{table}.{}", entry.key);
        let mut varying = self.varying();
        match varying.find(|key| *key == entry.key || key.split('.').next() == Some(&entry.key)) {
            Some(key) if table == "sweep" => {
                let inner = entry.node.entries().first();
                let key = inner.map_or_else(|| key.to_owned(), |inner| format!("{}.{}", entry.key, inner.key));
                let what = format!(
                    "is not swept by standing here: write grid = {{ {} = [...] }}",
                    bare_or_quoted(&key)
                );
                Fault::new(&entry.origin, path, what)
            }
            Some(key) => {
                let table_of_key = key.split('.').next().unwrap_or(key);
                let what = format!(
                    "cannot stand here alone: give it in [{table_of_key}] for all arms, or in grid = {{ {} = [...] }}",
                    bare_or_quoted(key)
                );
                Fault::new(&entry.origin, path, what)
            }
            None => Fault::unknown(&entry.origin, table, "key", &entry.key, known),
        }
    }
}

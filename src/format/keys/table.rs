//! Owns the reading of a table: each key is asked for once, by a statement that reads it, or describes it where there is no file.

use super::doc::{Absent, KeyDoc, Kind, Role, TableDoc, VariantDoc};
use super::form::Form;
use super::key::{Got, Key};
use super::own::{Own, Read, Refused, Tree};
use super::sink::{Place, Sink};
use crate::format::tree::Node;
use crate::format::{Fault, nearest};

/// Unknown keys of one table that are told: to look for what each may mean takes its time.
const MOST_UNKNOWN: usize = 100;

/// A table on its way through a reader.
pub struct Table<'a> {
    /// None where keys are only described.
    pub(super) source: Option<Tree<'a>>,
    /// How messages call it; empty for a whole file.
    pub(super) name: String,
    /// What stands before its keys in messages.
    pub(super) prefix: String,
    pub(super) role: Role,
    pub(super) known: Vec<&'static str>,
    pub(super) missing: Vec<&'static str>,
    pub(super) refused: bool,
    pub(super) derived: Option<(&'static str, f64)>,
    pub(super) docs: Vec<KeyDoc>,
    pub(super) variants: Vec<VariantDoc>,
}

impl<'a> Table<'a> {
    /// The table `node`, which messages call `name` (empty for a whole file).
    pub fn reading(node: &'a Node, name: &str, role: Role, sink: &'a Sink) -> Self {
        let tree = Tree {
            node: Some(node),
            origin: node.origin.clone(),
            beside: None,
            sink,
        };
        Self::new(Some(tree), name, role)
    }

    /// A table whose keys are described.
    pub fn describing() -> Self {
        Self::new(None, "", Role::Fixed)
    }

    /// What a reader describes.
    pub fn described<T>(role: Role, read: impl FnOnce(&mut Table<'_>) -> Read<T>) -> TableDoc {
        let mut table = Table {
            role,
            ..Table::describing()
        };
        // It errs, since there is nothing to read.
        let _ = read(&mut table);
        table.into_doc()
    }

    /// The method keys of an arm's tree: those in `[arms]`, and tables beside it.
    pub(super) fn arm(tree: &'a Node, sink: &'a Sink) -> Self {
        let own = Tree {
            node: tree.get("arms"),
            origin: tree.origin_of("arms"),
            beside: Some(tree),
            sink,
        };
        let mut table = Self::new(Some(own), "arms", Role::Method);
        // In messages method keys are called as in grids.
        table.prefix.clear();
        table
    }

    /// A table that is the value of a key.
    pub(super) fn inline(node: &'a Node, place: &Place<'a>) -> Self {
        Self::reading(node, &place.key(), Role::Fixed, place.sink)
    }

    pub(super) fn new(source: Option<Tree<'a>>, name: &str, role: Role) -> Self {
        let prefix = if name.is_empty() {
            String::new()
        } else {
            format!("{name}.")
        };
        Self {
            source,
            name: name.to_owned(),
            prefix,
            role,
            known: Vec::new(),
            missing: Vec::new(),
            refused: false,
            derived: None,
            docs: Vec::new(),
            variants: Vec::new(),
        }
    }

    /// A key that other readers of the same table ask for.
    pub fn knows(&mut self, name: &'static str) {
        self.known.push(name);
    }

    /// The value of a key.
    pub fn get<F: Form>(&mut self, key: Key<F>) -> Got<F::Value> {
        self.known.push(key.name);
        if self.source.is_none() {
            let absent = match &key.default {
                None => Absent::Required,
                Some(value) => Absent::Default(key.form.text(value)),
            };
            self.docs.push(key.doc(self.role, absent));
            return Got(None);
        }
        match (self.entry(key.name), key.default) {
            (Some(node), _) => Got(self.read(key.name, &key.form, node, key.fixed)),
            (None, None) => {
                self.missing.push(key.name);
                Got(None)
            }
            (None, default) => Got(default),
        }
    }

    /// The value of a key that may be absent; `absent` says what holds then.
    pub fn find<F: Form>(&mut self, key: Key<F>, absent: &'static str) -> Got<Option<F::Value>> {
        self.known.push(key.name);
        if self.source.is_none() {
            self.docs.push(key.doc(self.role, Absent::Said(absent)));
            return Got(None);
        }
        match self.entry(key.name) {
            Some(node) => Got(self.read(key.name, &key.form, node, key.fixed).map(Some)),
            None => Got(Some(None)),
        }
    }

    pub(super) fn entry(&self, name: &str) -> Option<&'a Node> {
        let node = self.source.as_ref()?.node?;
        node.entry(name).map(|entry| &entry.node)
    }

    fn read<F: Form>(&mut self, name: &'static str, form: &F, node: &Node, fixed: bool) -> Option<F::Value> {
        // Cannot be absent because a value of a file is read.
        let sink = self.source.as_ref()?.sink;
        let place = Place {
            sink,
            prefix: &self.prefix,
            name,
            role: if fixed { Role::Fixed } else { self.role },
        };
        let value = form.read(node, &place);
        self.refused |= value.is_none();
        value
    }

    pub(super) fn describe(&mut self, name: &'static str, about: &'static str, kind: Kind, absent: Absent) {
        let role = self.role;
        self.docs.push(KeyDoc {
            name,
            about,
            kind,
            absent,
            role,
            symbol: None,
        });
    }

    /// A key that is read in a way of its own, from the tree: here it only has to be known.
    pub fn known(&mut self, name: &'static str, about: &'static str, kind: Kind, absent: Absent) {
        self.known.push(name);
        if self.source.is_none() {
            self.describe(name, about, kind, absent);
        } else if absent == Absent::Required && self.entry(name).is_none() && self.table_node(name).is_none() {
            self.missing.push(name);
        }
    }

    /// The same where unknown keys were told before.
    pub(super) fn end_known(&mut self) -> Read<Own<'_, 'a>> {
        self.tell_missing();
        self.own()
    }

    fn own(&self) -> Read<Own<'_, 'a>> {
        match &self.source {
            Some(tree) if !self.refused => Ok(Own {
                tree,
                name: &self.name,
                prefix: &self.prefix,
            }),
            _ => Err(Refused),
        }
    }

    fn tell_missing(&mut self) {
        let Some(tree) = &self.source else { return };
        for key in &self.missing {
            let what = format!("the key `{key}` is missing");
            tree.sink.tell(Fault::new(&tree.origin, self.name.as_str(), what));
            self.refused = true;
        }
    }

    /// Tells unknown and missing keys, and says whether all values may be taken.
    pub fn end(&mut self) -> Read<Own<'_, 'a>> {
        let Some(tree) = &self.source else {
            return Err(Refused);
        };
        // Keys of `[arms]` that are not an arm's own are told once for the file.
        let entries = if tree.beside.is_some() {
            &[][..]
        } else {
            tree.node.map_or(&[][..], Node::entries)
        };
        let unknown = entries.iter().filter(|entry| !self.known.contains(&entry.key.as_str()));
        for (told, entry) in unknown.enumerate() {
            self.refused = true;
            if told == MOST_UNKNOWN {
                break;
            }
            let fault = Fault::unknown(&entry.origin, self.name.as_str(), "key", &entry.key, &self.known);
            // A key that is misspelt is not missing too.
            let meant = nearest(&entry.key, &self.known);
            self.missing.retain(|missing| Some(*missing) != meant.as_deref());
            tree.sink.tell(fault);
        }
        self.tell_missing();
        self.own()
    }

    /// Says what this arm's settings decide of a key that the file does not set: a column.
    pub fn derive(&mut self, key: &'static str, value: f64) {
        self.derived = Some((key, value));
    }

    /// The table as it was described.
    pub fn into_doc(self) -> TableDoc {
        TableDoc {
            keys: self.docs,
            variants: self.variants,
        }
    }
}
